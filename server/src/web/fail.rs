//! The one place where failures become answers: a page for people, JSON for scripts.

use axum::{
    Json,
    extract::Request,
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, StatusCode, header};
use renewal::Identity;
use serde::Serialize;
use wizard::Locale;

use super::{
    Mount,
    html::SmallPage,
    request_id::{self, RequestId},
    texts::{self, Text},
};

/// A failure that people may see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failure {
    pub status: StatusCode,
    /// Stable, for scripts, tests and support.
    pub code: &'static str,
    pub text: Text,
}

pub const FORBIDDEN: Failure = Failure { status: StatusCode::FORBIDDEN, code: "forbidden", text: Text::Forbidden };
pub const FORBIDDEN_FLOW: Failure = Failure { text: Text::ForbiddenFlow, ..FORBIDDEN };
pub const ONLY_RENEWAL: Failure =
    Failure { status: StatusCode::FORBIDDEN, code: "only_renewal", text: Text::OnlyRenewal };
pub const NOT_FOUND: Failure = Failure { status: StatusCode::NOT_FOUND, code: "not_found", text: Text::NotFound };
pub const SIGNED_OUT: Failure =
    Failure { status: StatusCode::UNAUTHORIZED, code: "session_over", text: Text::SignedOut };
pub const ORIGIN_REQUIRED: Failure =
    Failure { status: StatusCode::FORBIDDEN, code: "origin_required", text: Text::OriginRequired };
pub const ORIGIN_FOREIGN: Failure =
    Failure { status: StatusCode::FORBIDDEN, code: "origin_foreign", text: Text::OriginForeign };
pub const START_INSIDE: Failure =
    Failure { status: StatusCode::FORBIDDEN, code: "start_inside", text: Text::StartInside };
pub const FOREIGN_LOGIN: Failure =
    Failure { status: StatusCode::BAD_REQUEST, code: "foreign_login", text: Text::ForeignLogin };
pub const INCOMPLETE: Failure =
    Failure { status: StatusCode::UNPROCESSABLE_ENTITY, code: "invalid", text: Text::Incomplete };
pub const INTERNAL: Failure = Failure::internal("internal");
pub const TOO_MANY_WINDOWS: Failure =
    Failure { status: StatusCode::TOO_MANY_REQUESTS, code: "too_many_windows", text: Text::TryAgain };
pub const TOO_SLOW: Failure = Failure { status: StatusCode::GATEWAY_TIMEOUT, code: "too_slow", text: Text::TooSlow };
pub const WRONG_HOST: Failure =
    Failure { status: StatusCode::MISDIRECTED_REQUEST, code: "wrong_host", text: Text::WrongHost };

impl Failure {
    const fn internal(code: &'static str) -> Self {
        Self { status: StatusCode::INTERNAL_SERVER_ERROR, code, text: Text::TryAgain }
    }
}

impl From<&renewal::Error> for Failure {
    fn from(error: &renewal::Error) -> Self {
        use renewal::Error as E;
        let code = error.code();
        let (status, text) = match error {
            E::NotFound => return NOT_FOUND,
            E::Forbidden | E::PlatformOnly => return FORBIDDEN,
            E::OtherIsRenewing => (StatusCode::CONFLICT, Text::OtherIsRenewing),
            E::NotApplicable(_) => (StatusCode::CONFLICT, Text::RenewalOver),
            E::Invalid { .. } => return INCOMPLETE,
            E::Conflict => (StatusCode::CONFLICT, Text::TryAgain),
            E::NoMetaApp => (StatusCode::SERVICE_UNAVAILABLE, Text::NoMetaApp),
            E::TooBusy => (StatusCode::TOO_MANY_REQUESTS, Text::TryAgain),
            E::Store(store::StoreError::Unavailable(_)) => (StatusCode::SERVICE_UNAVAILABLE, Text::TryAgain),
            _ => return Self::internal(code),
        };
        Self { status, code, text }
    }
}

/// Whom a failure is told, and where the page leads.
pub struct Telling<'a> {
    pub mount: &'a Mount,
    pub identity: Option<&'a Identity>,
    pub headers: &'a HeaderMap,
    pub request_id: &'a RequestId,
}

impl Telling<'_> {
    /// A page where a person looks at it, JSON otherwise.
    pub fn tell(&self, failure: Failure) -> Response {
        if wants_page(self.headers) { self.page(failure) } else { self.json(failure) }
    }

    /// The same where the reader's role does not allow it: a page names those who may.
    pub async fn tell_who_may(&self, failure: Failure) -> Response {
        let Some(who) = self.identity.filter(|_| wants_page(self.headers)) else { return self.tell(failure) };
        let who_may = app::present::pages::who_may(&self.mount.ui.renova, who, self.locale()).await;
        self.page_with(failure, who_may.as_deref())
    }

    pub fn page(&self, failure: Failure) -> Response {
        self.page_with(failure, None)
    }

    fn page_with(&self, failure: Failure, more: Option<&str>) -> Response {
        let locale = self.locale();
        let wording = failure.text.wording(locale);
        let facts = facts(failure, locale, self.request_id);
        let hrefs = &self.mount.ui.hrefs;
        // Whoever is here for one renewal has no other page.
        let only = self.identity.and_then(|who| who.only_renewal).map(|only| hrefs.renewal(&only.to_string()));
        let link = match &only {
            Some(renewal) => (texts::back_to_wizard(locale), renewal.as_str()),
            None => (texts::back_home(locale), hrefs.home.as_str()),
        };
        let page = SmallPage {
            locale,
            title: wording.title,
            body: wording.body,
            more,
            link: Some(link),
            technical: Some((texts::technical(locale), &facts)),
            brand: Some(self.mount.ui.renova.brand()),
            style: &self.mount.ui.assets.css,
            icon: &self.mount.ui.assets.favicon,
            ..SmallPage::default()
        };
        page.response(failure.status)
    }

    pub fn json(&self, failure: Failure) -> Response {
        json(failure, self.locale(), self.request_id)
    }

    /// As [`Telling::tell`], for an error of a use case, which is logged where it is our fault.
    pub fn error(&self, error: &renewal::Error) -> Response {
        self.tell(self.logged(error))
    }

    /// The same for a script, whatever it accepts.
    pub fn json_error(&self, error: &renewal::Error) -> Response {
        self.json(self.logged(error))
    }

    fn logged(&self, error: &renewal::Error) -> Failure {
        let failure = Failure::from(error);
        if failure.status.is_server_error() {
            tracing::error!(request = %self.request_id.0, code = failure.code, %error, "a request failed");
        }
        failure
    }

    fn locale(&self) -> Locale {
        texts::locale(self.identity, self.headers)
    }
}

/// For people to quote, and for whoever runs the installation.
fn facts(failure: Failure, locale: Locale, request_id: &RequestId) -> String {
    let quoted = format!("{}: {} · {}", texts::support(locale), failure.code, request_id.0);
    match failure.text.settings() {
        Some(settings) => format!("{quoted} · {settings}"),
        None => quoted,
    }
}

fn json(failure: Failure, locale: Locale, request_id: &RequestId) -> Response {
    let wording = failure.text.wording(locale);
    let body = Body {
        code: failure.code,
        message: format!("{}. {}", wording.title.trim_end_matches('.'), wording.body),
        request_id: &request_id.0,
    };
    (failure.status, Json(body)).into_response()
}

#[derive(Serialize)]
struct Body<'a> {
    code: &'a str,
    message: String,
    request_id: &'a str,
}

/// A navigation or a plain form: the answer is looked at.
pub fn wants_page(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .any(|value| value.contains("text/html"))
}

/// Whom a failure is told where only the request itself is known: around the routes, after which
/// nothing is left of it.
pub struct Asker {
    page: bool,
    locale: Locale,
    request_id: RequestId,
}

impl Asker {
    pub fn of(request: &mut Request) -> Self {
        let request_id = request_id::of(request);
        let headers = request.headers();
        Self { page: wants_page(headers), locale: texts::locale(None, headers), request_id }
    }

    /// As [`Telling::tell`]; `home` is where the page leads.
    pub fn tell(&self, failure: Failure, home: &str) -> Response {
        if !self.page {
            return json(failure, self.locale, &self.request_id);
        }
        let wording = failure.text.wording(self.locale);
        let facts = facts(failure, self.locale, &self.request_id);
        SmallPage {
            locale: self.locale,
            title: wording.title,
            body: wording.body,
            link: Some((texts::back_home(self.locale), home)),
            technical: Some((texts::technical(self.locale), &facts)),
            ..SmallPage::default()
        }
        .response(failure.status)
    }
}
