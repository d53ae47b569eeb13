//! The bodies of the server functions, as plain functions.

pub(super) mod developers;
pub(super) mod links;
pub(super) mod settings;

use std::sync::Arc;

use http::{HeaderValue, header};
use leptos_axum::ResponseOptions;
use lifecycle::{
    Provider, RenewalState,
    ids::{ChannelId, ConnectionId, RenewalId},
    reconcile::AccountKey,
};
use renewal::{Error, Identity, Renova};
use secrecy::{ExposeSecret, SecretString};
use wizard::{Alerts, RenewalView, StartView};

use super::{
    ApiError,
    answer::{self, Onward},
    people::session_cookie,
};
use crate::{
    context::{self, Request},
    model::{Page, PageData, PageRequest},
    own_path::safe_next,
    present::{self, people::Own},
};

/// The request, its response and its signed-in person: how every function begins.
pub(super) struct Call {
    pub request: Request,
    pub options: Option<ResponseOptions>,
    pub who: Identity,
}

pub(super) fn begin() -> Result<Call, ApiError> {
    let request = context::current();
    let options = answer::options();
    match request.caller.identity.clone() {
        Some(who) if who.only_renewal.is_some() => Err(answer::not_for_guests(&request, &options)),
        Some(who) => Ok(Call { request, options, who }),
        None => Err(answer::signed_out(&request, &options)),
    }
}

/// The same for the steps of a renewal: whoever is here for one renewal alone may take those.
pub(super) fn begin_step() -> Result<Call, ApiError> {
    let request = context::current();
    let options = answer::options();
    match request.caller.identity.clone() {
        Some(who) => Ok(Call { request, options, who }),
        None => Err(answer::signed_out(&request, &options)),
    }
}

pub(super) async fn page(wanted: PageRequest) -> Result<PageData, ApiError> {
    let request = context::current();
    let options = answer::options();
    if let PageRequest::Invitation { token } = wanted {
        return Ok(PageData { reader: None, page: invitation(&request, token).await });
    }
    if let PageRequest::RenewalLink { token } = wanted {
        return Ok(PageData { reader: None, page: links::page(&request, token).await });
    }
    let Some(who) = request.caller.identity.clone() else {
        if request.is_call {
            return Err(answer::signed_out(&request, &options));
        }
        return Ok(PageData { reader: None, page: Page::SignedOut });
    };
    let renova = &request.ui.renova;
    if let Some(only) = who.only_renewal {
        let reader = Some(present::pages::reader(&who, request.locale));
        let is_own = matches!(&wanted, PageRequest::Renewal { renewal_id } if *renewal_id == only.to_string());
        return Ok(PageData { reader, page: if is_own { Page::Renewal } else { Page::NotFound } });
    }
    if wanted == PageRequest::Gallery && !request.ui.is_dev {
        let reader = Some(present::pages::reader(&who, request.locale));
        return Ok(PageData { reader, page: Page::NotFound });
    }
    let shows_link = matches!(wanted, PageRequest::People) && request.made_invitation.is_some();
    if shows_link {
        set_cookie(&options, &request.ui.cookies.forget_invitation());
    }
    if let Some(path) = shows_once(&wanted).filter(|_| request.shown_once.is_some()) {
        set_cookie(&options, &request.ui.cookies.forget_once(path));
    }
    let own = Own {
        session: request.caller.session.clone(),
        made_invitation: request.made_invitation.clone(),
        shown_once: request.shown_once.clone(),
    };
    let page = match present::pages::page(renova, &who, request.locale, wanted, &own).await {
        Ok(page) => page,
        Err(Error::NotFound) => Page::NotFound,
        Err(Error::Forbidden) => present::pages::forbidden(renova, &who).await,
        Err(error) => failed(&request, &error),
    };
    Ok(PageData { reader: Some(present::pages::reader(&who, request.locale)), page })
}

/// The path of the secret that this page shows.
const fn shows_once(wanted: &PageRequest) -> Option<&'static str> {
    match wanted {
        PageRequest::ApiKeys { .. } => Some(context::API_KEYS),
        PageRequest::Webhook { .. } => Some(context::WEBHOOKS),
        PageRequest::Connection { .. } => Some(context::CONNECTIONS),
        _ => None,
    }
}

fn failed(request: &Request, error: &Error) -> Page {
    tracing::error!(%error, request_id = request.caller.request_id, "a page could not be made");
    Page::Failed(answer::told(request, error.code()))
}

/// For whoever holds the link, whoever that is.
async fn invitation(request: &Request, token: String) -> Page {
    let page = present::people::invitation(&request.ui.renova, token).await;
    page.unwrap_or_else(|error| failed(request, &error))
}

pub(super) async fn alerts() -> Result<Alerts, ApiError> {
    let Call { request, options, who } = begin()?;
    let outcome = present::alerts::alerts(&request.ui.renova, &who, request.locale).await;
    answer::plain(&request, &options, outcome)
}

pub(super) async fn login(email: String, password: String, next: String) -> Result<(), ApiError> {
    let request = context::current();
    let options = answer::options();
    let next = safe_next(&next).unwrap_or("/").to_owned();
    let failed = if next == "/" { "/login".to_owned() } else { format!("/login?next={}", encode(&next)) };
    let onward = Onward { ok: next, failed };
    let session = request.ui.renova.log_in(&email, &SecretString::from(password)).await;
    let outcome = session.and_then(|session| session.ok_or(Error::InvalidLogin)).map(|session| {
        set_cookie(&options, &session_cookie(&request, &session));
    });
    answer::finish(&request, &options, outcome, onward)
}

pub(super) async fn logout() -> Result<(), ApiError> {
    let request = context::current();
    let options = answer::options();
    let outcome = match &request.caller.session {
        Some(session) => request.ui.renova.log_out(session.expose_secret()).await,
        None => Ok(()),
    };
    set_cookie(&options, &request.ui.cookies.end());
    answer::finish(&request, &options, outcome, Onward { ok: "/login".to_owned(), failed: "/".to_owned() })
}

pub(super) async fn set_password(token: String, password: String) -> Result<(), ApiError> {
    let request = context::current();
    let options = answer::options();
    let outcome = request.ui.renova.set_password(&token, &SecretString::from(password)).await;
    let onward = Onward { ok: "/login?done=password".to_owned(), failed: format!("/reset?token={}", encode(&token)) };
    answer::finish(&request, &options, outcome, onward)
}

pub(super) async fn start(connection_id: String) -> Result<StartView, ApiError> {
    let Call { request, options, who } = begin()?;
    let wanted = Some(connection_id).filter(|id| !id.is_empty());
    let outcome = present::start::start(&request.ui.renova, &who, request.locale, wanted.as_deref()).await;
    answer::plain(&request, &options, outcome)
}

pub(super) async fn start_renewal(
    connection_id: String,
    take_over: bool,
    provider: String,
) -> Result<String, ApiError> {
    let Call { request, options, who } = begin()?;
    let unknown = || Error::Invalid { field: "provider", problem: "use facebook or instagram".to_owned() };
    let provider = match provider.as_str() {
        "" => Ok(Provider::Facebook),
        text => Provider::parse(text).ok_or_else(unknown),
    };
    let connection = match connection_id.as_str() {
        "" | present::start::NEW => Ok(None),
        text => text.parse::<ConnectionId>().map(Some).map_err(|_| Error::NotFound),
    };
    let outcome = match (who.require_admin(), connection, provider) {
        (Err(error), _, _) | (Ok(()), Err(error), _) | (Ok(()), _, Err(error)) => Err(error),
        (Ok(()), Ok(connection), Ok(provider)) => {
            request.ui.renova.start_renewal(&who, connection, provider, take_over).await
        }
    };
    let ok = outcome.as_ref().map_or_else(|_| "/".to_owned(), |id| request.ui.hrefs.renewal(&id.to_string()));
    let failed = match connection_id.as_str() {
        "" => request.ui.hrefs.integration.clone(),
        id => format!("{}?connection={}", request.ui.hrefs.integration, encode(id)),
    };
    answer::finish(&request, &options, outcome.map(|id| id.to_string()), Onward { ok, failed })
}

pub(super) async fn renewal(renewal_id: String) -> Result<RenewalView, ApiError> {
    let Call { request, options, who } = begin_step()?;
    let outcome = match own_id(&who, &renewal_id) {
        Ok(id) => view(&request, &who, id).await,
        Err(error) => Err(error),
    };
    answer::plain(&request, &options, outcome)
}

pub(super) async fn exchange(renewal_id: String) -> Result<RenewalView, ApiError> {
    step(renewal_id, async |renova, who, id, _| renova.exchange(who, id).await).await
}

pub(super) async fn hand_over(renewal_id: String) -> Result<RenewalView, ApiError> {
    step(renewal_id, async |renova, who, id, _| renova.hand_over(who, id).await).await
}

pub(super) async fn choose(
    renewal_id: String,
    accounts: Vec<String>,
    loss_confirmed: bool,
) -> Result<RenewalView, ApiError> {
    step(renewal_id, async |renova, who, id, is_form| {
        let invalid = || Error::Invalid { field: "accounts", problem: "must be kind:id".to_owned() };
        let keys = accounts.iter().map(|text| AccountKey::from_form_value(text));
        renova.choose(who, id, keys.collect::<Option<_>>().ok_or_else(invalid)?, loss_confirmed).await?;
        // Nobody would ask for the proof after a plain form.
        if is_form { renova.prove(who, id, false).await } else { Ok(()) }
    })
    .await
}

pub(super) async fn prove(renewal_id: String, again: bool) -> Result<RenewalView, ApiError> {
    step(renewal_id, async |renova, who, id, _| renova.prove(who, id, again).await).await
}

pub(super) async fn finish(renewal_id: String) -> Result<RenewalView, ApiError> {
    step(renewal_id, async |renova, who, id, _| renova.finish(who, id).await).await
}

pub(super) async fn cancel(renewal_id: String) -> Result<RenewalView, ApiError> {
    step(renewal_id, async |renova, who, id, _| renova.cancel(who, id).await).await
}

pub(super) async fn request_renewal(connection_id: String) -> Result<(), ApiError> {
    let Call { request, options, who } = begin()?;
    let outcome = match connection_id.parse::<ConnectionId>() {
        Ok(id) => request.ui.renova.request_renewal(&who, id).await,
        Err(_) => Err(Error::NotFound),
    };
    let home = request.ui.hrefs.home.clone();
    let done = if request.ui.renova.tells_by_mail() { "requested_by_mail" } else { "requested" };
    answer::finish(&request, &options, outcome, Onward { ok: format!("{home}?done={done}"), failed: home })
}

pub(super) async fn snooze(connection_id: String) -> Result<(), ApiError> {
    let Call { request, options, who } = begin()?;
    let outcome = match connection_id.parse::<ConnectionId>() {
        Ok(id) => request.ui.renova.snooze(&who, id).await,
        Err(_) => Err(Error::NotFound),
    };
    let home = request.ui.hrefs.home.clone();
    answer::finish(&request, &options, outcome, Onward { ok: format!("{home}?done=snoozed"), failed: home })
}

pub(super) async fn disconnect(connection_id: String, confirm_name: String) -> Result<(), ApiError> {
    let Call { request, options, who } = begin()?;
    let outcome = match (who.require_admin(), connection_id.parse::<ConnectionId>()) {
        (Err(error), _) => Err(error),
        (Ok(()), Err(_)) => Err(Error::NotFound),
        (Ok(()), Ok(id)) => request.ui.renova.disconnect(&who, id, &confirm_name).await,
    };
    let integration = &request.ui.hrefs.integration;
    // A second click finds it gone already: then there is no such page to go back to.
    let failed = match &outcome {
        Err(Error::NameMismatch) => format!("{integration}?connection={}", encode(&connection_id)),
        _ => integration.clone(),
    };
    let onward = Onward { ok: format!("{integration}?done=disconnected"), failed };
    answer::finish(&request, &options, outcome, onward)
}

pub(super) async fn disconnect_channel(
    connection_id: String,
    channel_id: String,
    confirm_name: String,
) -> Result<(), ApiError> {
    let Call { request, options, who } = begin()?;
    let outcome = match (who.require_admin(), connection_id.parse::<ConnectionId>(), channel_id.parse::<ChannelId>()) {
        (Err(error), _, _) => Err(error),
        (Ok(()), Ok(connection), Ok(channel)) => {
            request.ui.renova.disconnect_channel(&who, connection, channel, &confirm_name).await
        }
        (Ok(()), _, _) => Err(Error::NotFound),
    };
    let screen = format!("{}?connection={}", request.ui.hrefs.integration, encode(&connection_id));
    let onward =
        Onward { ok: format!("{screen}&done=channel"), failed: format!("{screen}&channel={}", encode(&channel_id)) };
    answer::finish(&request, &options, outcome, onward)
}

pub(super) async fn sign_review() -> Result<(), ApiError> {
    let Call { request, options, who } = begin()?;
    let outcome = request.ui.renova.sign_review(&who).await;
    answer::finish(
        &request,
        &options,
        outcome,
        Onward { ok: "/review?done=reviewed".to_owned(), failed: "/review".to_owned() },
    )
}

pub(super) async fn story_options(
    channel_id: String,
    connection_id: String,
    mentions: bool,
    replies: bool,
) -> Result<(), ApiError> {
    let Call { request, options, who } = begin()?;
    let outcome = match (who.require_admin(), channel_id.parse::<ChannelId>()) {
        (Err(error), _) => Err(error),
        (Ok(()), Err(_)) => Err(Error::NotFound),
        (Ok(()), Ok(id)) => request.ui.renova.set_story_options(&who, id, mentions, replies).await,
    };
    let integration = format!("{}?connection={}", request.ui.hrefs.integration, encode(&connection_id));
    let onward = Onward { ok: format!("{integration}&done=saved"), failed: integration };
    answer::finish(&request, &options, outcome, onward)
}

/// Role before look-up: an agent learns nothing about which ids exist.
fn own_id(who: &Identity, renewal_id: &str) -> Result<RenewalId, Error> {
    if !who.role.may_connect() {
        return Err(Error::Forbidden);
    }
    renewal_id.parse().map_err(|_| Error::NotFound)
}

async fn view(request: &Request, who: &Identity, id: RenewalId) -> Result<RenewalView, Error> {
    let renova = &request.ui.renova;
    let detail = renova.renewal(who, id).await?;
    let next = match detail.renewal.state {
        // Whoever is here for one renewal has nothing to go on with.
        RenewalState::Finished if who.only_renewal.is_none() => renova.next_renewal(who).await?,
        _ => None,
    };
    present::renewal::view(renova, who, request.locale, &detail, next.as_ref()).await
}

/// One step of the wizard on the reader's renewal; then its page for a form, its new view for the page.
async fn step(
    renewal_id: String,
    act: impl AsyncFnOnce(&Arc<Renova>, &Identity, RenewalId, bool) -> Result<(), Error>,
) -> Result<RenewalView, ApiError> {
    let Call { request, options, who } = begin_step()?;
    let page = request.ui.hrefs.renewal(&renewal_id);
    let outcome = match own_id(&who, &renewal_id) {
        Err(error) => Err(error),
        Ok(id) => match act(&request.ui.renova, &who, id, request.wants_html).await {
            Err(error) => Err(error),
            Ok(()) => view(&request, &who, id).await,
        },
    };
    answer::finish(&request, &options, outcome, Onward { ok: page.clone(), failed: page })
}

pub(super) fn set_cookie(options: &Option<ResponseOptions>, cookie: &str) {
    if let (Some(options), Ok(value)) = (options, HeaderValue::from_str(cookie)) {
        options.append_header(header::SET_COOKIE, value);
    }
}

pub(super) fn encode(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
