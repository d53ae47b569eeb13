//! Renewal links: made by an administrator for another, used by their person.

use lifecycle::ids::{ConnectionId, UserId};
use renewal::{Error, LinkUse, NewRenewalLink};

use super::{Call, begin, developers::show, encode, failed, session_cookie, set_cookie};
use crate::{
    api::{
        ApiError,
        answer::{self, Onward},
    },
    context::{self, CONNECTIONS, Request},
    model::Page,
    present,
};

pub(in crate::api) async fn send_renewal_link(connection_id: String, user_id: String) -> Result<String, ApiError> {
    let Call { request, options, who } = begin()?;
    let made = match (who.require_admin(), connection_id.parse::<ConnectionId>(), user_id.parse::<UserId>()) {
        (Err(error), _, _) => Err(error),
        (Ok(()), Ok(connection), Ok(user)) => {
            let new =
                NewRenewalLink { organization: who.organization, connection: Some(connection), user, vouched: false };
            request.ui.renova.create_renewal_link(Some(&who), new).await
        }
        (Ok(()), _, _) => Err(Error::NotFound),
    };
    let page = format!("{CONNECTIONS}/{}", encode(&connection_id));
    let outcome = made.map(|made| show(&request, &options, CONNECTIONS, made.token, made.url));
    answer::finish(&request, &options, outcome, Onward { ok: format!("{page}?done=link_made"), failed: page })
}

/// For whoever holds the link, whoever that is.
pub(super) async fn page(request: &Request, token: String) -> Page {
    let (ui, reader) = (&request.ui, request.caller.identity.as_ref());
    let page = present::links::renewal_link(&ui.renova, &ui.hrefs, reader, token).await;
    page.unwrap_or_else(|error| failed(request, &error))
}

pub(in crate::api) async fn use_renewal_link(token: String, take_over: bool) -> Result<String, ApiError> {
    let request = context::current();
    let options = answer::options();
    let caller = request.caller.identity.as_ref();
    let page = format!("/r/{}", encode(&token));
    let outcome = match request.ui.renova.use_renewal_link(&token, caller, take_over).await {
        Ok(LinkUse::Begun { renewal, session }) => {
            if let Some(session) = session {
                set_cookie(&options, &session_cookie(&request, &session));
            }
            Ok(request.ui.hrefs.renewal(&renewal.to_string()))
        }
        Ok(LinkUse::LogIn) => Ok(format!("/login?next={}", encode(&page))),
        Err(error) => Err(error),
    };
    let ok = outcome.as_ref().map_or_else(|_| page.clone(), Clone::clone);
    answer::finish(&request, &options, outcome, Onward { ok, failed: page })
}
