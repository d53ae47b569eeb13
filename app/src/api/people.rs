//! The bodies of the functions about people: passwords, the own account, the team.

use lifecycle::{
    Role,
    ids::{InvitationId, UserId},
};
use renewal::{Error, Identity, NewSession};
use secrecy::{ExposeSecret, SecretString};

use super::{
    ApiError,
    answer::{self, Onward},
    ops::{Call, begin, encode, set_cookie},
};
use crate::context::{self, PEOPLE, Request};

pub(super) async fn ask_for_reset(email: String) -> Result<(), ApiError> {
    let request = context::current();
    let options = answer::options();
    // What becomes of it is no part of the answer.
    let outcome = request.ui.renova.ask_for_reset(&email).map(drop);
    let onward = Onward { ok: "/forgot?done=reset_asked".to_owned(), failed: "/forgot".to_owned() };
    answer::finish(&request, &options, outcome, onward)
}

pub(super) async fn accept_invitation(token: String, name: String, password: String) -> Result<(), ApiError> {
    let request = context::current();
    let options = answer::options();
    let session = request.ui.renova.accept_invitation(&token, &name, &SecretString::from(password)).await;
    let outcome = session.map(|session| set_cookie(&options, &session_cookie(&request, &session)));
    let onward = Onward { ok: "/".to_owned(), failed: format!("/invitation?token={}", encode(&token)) };
    answer::finish(&request, &options, outcome, onward)
}

/// The `Set-Cookie` of a session that has just begun.
pub(super) fn session_cookie(request: &Request, session: &NewSession) -> String {
    let max_age = session.expires_at.since(request.ui.renova.wall_now()) / lifecycle::clock::SECOND_MS;
    request.ui.cookies.begin(session.token.expose_secret(), max_age)
}

pub(super) async fn change_password(current: String, password: String) -> Result<(), ApiError> {
    let Call { request, options, who } = begin()?;
    let (current, new) = (SecretString::from(current), SecretString::from(password));
    let outcome = match &request.caller.session {
        Some(session) => request.ui.renova.change_password(&who, session, &current, &new).await,
        None => Err(Error::Forbidden),
    };
    let onward = Onward { ok: "/account?done=password_changed".to_owned(), failed: "/account".to_owned() };
    answer::finish(&request, &options, outcome, onward)
}

pub(super) async fn set_language(locale: String) -> Result<(), ApiError> {
    let Call { request, options, who } = begin()?;
    let outcome = request.ui.renova.set_language(&who, &locale).await;
    let onward = Onward { ok: "/account?done=saved".to_owned(), failed: "/account".to_owned() };
    answer::finish(&request, &options, outcome, onward)
}

pub(super) async fn log_out_everywhere() -> Result<(), ApiError> {
    let Call { request, options, who } = begin()?;
    let outcome = request.ui.renova.log_out_everywhere(&who).await;
    if outcome.is_ok() {
        set_cookie(&options, &request.ui.cookies.end());
    }
    let onward = Onward { ok: "/login?done=logged_out_everywhere".to_owned(), failed: "/account".to_owned() };
    answer::finish(&request, &options, outcome, onward)
}

pub(super) async fn invite(email: String, role: String) -> Result<String, ApiError> {
    let Call { request, options, who } = begin()?;
    let outcome = match (who.require_admin(), Role::parse(&role)) {
        (Err(error), _) => Err(error),
        (Ok(()), None) => Err(Error::Invalid { field: "role", problem: "use admin or agent".to_owned() }),
        (Ok(()), Some(role)) => request.ui.renova.invite(&who, &email, role).await,
    };
    // A form's answer leads to the page that shows the link: not in its address, which is kept in many places.
    let outcome = outcome.map(|token| {
        if request.wants_html {
            set_cookie(&options, &request.ui.cookies.show_invitation(token.expose_secret()));
            return String::new();
        }
        request.ui.renova.invitation_link(&token).expose_secret().to_owned()
    });
    team_answer(&request, &options, outcome, "invited")
}

pub(super) async fn withdraw_invitation(invitation_id: String) -> Result<(), ApiError> {
    let Call { request, options, who } = begin()?;
    let outcome = match own_id::<InvitationId>(&who, &invitation_id) {
        Ok(id) => request.ui.renova.withdraw_invitation(&who, id).await,
        Err(error) => Err(error),
    };
    team_answer(&request, &options, outcome, "withdrawn")
}

pub(super) async fn set_role(user_id: String, role: String) -> Result<(), ApiError> {
    let Call { request, options, who } = begin()?;
    let outcome = match (own_id::<UserId>(&who, &user_id), Role::parse(&role)) {
        (Err(error), _) => Err(error),
        (Ok(_), None) => Err(Error::Invalid { field: "role", problem: "use admin or agent".to_owned() }),
        (Ok(id), Some(role)) => request.ui.renova.set_role(&who, id, role).await,
    };
    team_answer(&request, &options, outcome, "role")
}

pub(super) async fn remove_person(user_id: String) -> Result<(), ApiError> {
    let Call { request, options, who } = begin()?;
    let outcome = match own_id::<UserId>(&who, &user_id) {
        Ok(id) => request.ui.renova.remove_person(&who, id).await,
        Err(error) => Err(error),
    };
    team_answer(&request, &options, outcome, "removed")
}

fn team_answer<T>(
    request: &Request,
    options: &Option<leptos_axum::ResponseOptions>,
    outcome: Result<T, Error>,
    done: &str,
) -> Result<T, ApiError> {
    let onward = Onward { ok: format!("{PEOPLE}?done={done}"), failed: PEOPLE.to_owned() };
    answer::finish(request, options, outcome, onward)
}

/// Role before look-up.
fn own_id<T: std::str::FromStr>(who: &Identity, text: &str) -> Result<T, Error> {
    who.require_admin()?;
    text.parse().map_err(|_| Error::NotFound)
}
