//! Who is asking: the key, whose it is, and whether it asks too often.

use std::sync::Arc;

use axum::{
    extract::{FromRequestParts, Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, header, request::Parts};
use renewal::{ApiCaller, Scope};

use super::{
    Api,
    problem::{self, Problem},
};

/// Whose key the request carries. The first line of every handler asks it for a scope.
#[derive(Clone, Debug)]
pub struct Caller(pub Arc<ApiCaller>);

impl Caller {
    /// # Errors
    /// The problem that says how to get such a key.
    pub fn require(&self, scope: Scope) -> Result<(), Problem> {
        self.0.require(scope).map_err(|_| Problem::scope_missing(scope))
    }
}

impl std::ops::Deref for Caller {
    type Target = ApiCaller;

    fn deref(&self) -> &ApiCaller {
        &self.0
    }
}

impl FromRequestParts<Api> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Api) -> Result<Self, Problem> {
        // Put there by `identify`, around every route that asks for it.
        parts.extensions.get::<Self>().cloned().ok_or(problem::NO_KEY)
    }
}

/// Before everything else: a request without a valid key, or beyond its limit, goes no further.
pub async fn identify(State(api): State<Api>, mut request: Request, next: Next) -> Response {
    let caller = match caller_of(&api, request.headers()).await {
        Ok(caller) => caller,
        Err(problem) => return problem.into_response(),
    };
    let standing = api.limits.count(caller.key);
    let mut response = if standing.is_exceeded() {
        standing.problem().into_response()
    } else {
        request.extensions_mut().insert(caller);
        next.run(request).await
    };
    standing.tell(response.headers_mut());
    response
}

async fn caller_of(api: &Api, headers: &HeaderMap) -> Result<Caller, Problem> {
    let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    // The scheme's name may be written in any case (RFC 9110, 11.1).
    let (scheme, key) = bearer.and_then(|value| value.split_once(' ')).ok_or(problem::NO_KEY)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(problem::NO_KEY);
    }
    let caller = api.renova().api_caller(key.trim()).await?;
    caller.map(Caller).ok_or(problem::NO_KEY)
}
