//! Keys and webhook endpoints of an organization.

use lifecycle::ids::{ApiKeyId, EventId, WebhookEndpointId};
use renewal::{EndpointOwner, Error, Identity, Scope};
use secrecy::{ExposeSecret as _, SecretString};

use super::{Call, begin, set_cookie};
use crate::{
    api::{
        ApiError,
        answer::{self, Onward},
    },
    context::{API_KEYS, Request, WEBHOOKS},
    present::secret_to_show,
};

/// What is typed comes back by the page's address.
const TYPED_CHARS: usize = 300;
const EMBED: &str = "/settings/embed";

pub(in crate::api) async fn make_api_key(name: String, scopes: Vec<String>) -> Result<String, ApiError> {
    let Call { request, options, who } = begin()?;
    let outcome = match (who.require_admin(), parsed(&scopes)) {
        (Err(error), _) | (Ok(()), Err(error)) => Err(error),
        (Ok(()), Ok(scopes)) => request.ui.renova.make_own_api_key(&who, &name, &scopes).await,
    };
    let outcome = outcome.map(|key| show(&request, &options, API_KEYS, key.clone(), key));
    let failed = refused(API_KEYS, &outcome, &[("name", &name), ("scopes", &scopes.join(","))]);
    answer::finish(&request, &options, outcome, Onward { ok: format!("{API_KEYS}?done=key_made"), failed })
}

fn parsed(scopes: &[String]) -> Result<Vec<Scope>, Error> {
    let unknown = || Error::Invalid { field: "scope", problem: "there is no such scope".to_owned() };
    scopes.iter().map(|scope| Scope::parse(scope).ok_or_else(unknown)).collect()
}

pub(in crate::api) async fn revoke_api_key(key_id: String) -> Result<(), ApiError> {
    let Call { request, options, who } = begin()?;
    let outcome = match (who.require_admin(), key_id.parse::<ApiKeyId>()) {
        (Err(error), _) => Err(error),
        (Ok(()), Err(_)) => Err(Error::NotFound),
        (Ok(()), Ok(id)) => request.ui.renova.revoke_own_api_key(&who, id).await,
    };
    let onward = Onward { ok: format!("{API_KEYS}?done=key_revoked"), failed: API_KEYS.to_owned() };
    answer::finish(&request, &options, outcome, onward)
}

pub(in crate::api) async fn add_webhook(url: String, description: String) -> Result<String, ApiError> {
    let Call { request, options, who } = begin()?;
    let added = match EndpointOwner::admin(&who) {
        Err(error) => Err(error),
        Ok(owner) => request.ui.renova.add_webhook_endpoint(owner, url.trim(), &description).await,
    };
    let ok = added.as_ref().map_or_else(|_| WEBHOOKS.to_owned(), |it| page_of(&it.id.to_string()));
    let outcome = added.map(|it| {
        let to_show = secret_to_show(&it.id.to_string(), &it.secret);
        show(&request, &options, WEBHOOKS, to_show, it.secret)
    });
    let failed = refused(WEBHOOKS, &outcome, &[("url", &url), ("name", &description)]);
    answer::finish(&request, &options, outcome, Onward { ok: format!("{ok}?done=webhook_added"), failed })
}

pub(in crate::api) async fn rotate_webhook(endpoint_id: String) -> Result<String, ApiError> {
    let Call { request, options, who } = begin()?;
    let rotated = match own_id(&who, &endpoint_id) {
        Err(error) => Err(error),
        Ok((owner, id)) => request.ui.renova.rotate_webhook_secret(owner, id).await,
    };
    let outcome =
        rotated.map(|secret| show(&request, &options, WEBHOOKS, secret_to_show(&endpoint_id, &secret), secret));
    on_page(&request, &options, outcome, &endpoint_id, "webhook_rotated")
}

pub(in crate::api) async fn test_webhook(endpoint_id: String) -> Result<(), ApiError> {
    let Call { request, options, who } = begin()?;
    let outcome = match own_id(&who, &endpoint_id) {
        Err(error) => Err(error),
        Ok((owner, id)) => request.ui.renova.test_webhook(owner, id).await.map(drop),
    };
    on_page(&request, &options, outcome, &endpoint_id, "webhook_tested")
}

pub(in crate::api) async fn switch_webhook(endpoint_id: String, on: bool) -> Result<(), ApiError> {
    let Call { request, options, who } = begin()?;
    let outcome = match own_id(&who, &endpoint_id) {
        Err(error) => Err(error),
        Ok((owner, id)) if on => request.ui.renova.enable_webhook_endpoint(owner, id).await,
        Ok((owner, id)) => request.ui.renova.disable_webhook_endpoint(owner, id).await,
    };
    on_page(&request, &options, outcome, &endpoint_id, if on { "webhook_enabled" } else { "webhook_paused" })
}

pub(in crate::api) async fn remove_webhook(endpoint_id: String) -> Result<(), ApiError> {
    let Call { request, options, who } = begin()?;
    let outcome = match own_id(&who, &endpoint_id) {
        Err(error) => Err(error),
        Ok((owner, id)) => request.ui.renova.remove_webhook_endpoint(owner, id).await,
    };
    let onward = Onward { ok: format!("{WEBHOOKS}?done=webhook_removed"), failed: WEBHOOKS.to_owned() };
    answer::finish(&request, &options, outcome, onward)
}

pub(in crate::api) async fn resend_webhook(endpoint_id: String, event_id: String) -> Result<(), ApiError> {
    let Call { request, options, who } = begin()?;
    let outcome = match (own_id(&who, &endpoint_id), event_id.parse::<EventId>()) {
        (Err(error), _) => Err(error),
        (Ok(_), Err(_)) => Err(Error::NotFound),
        (Ok((owner, id)), Ok(event)) => request.ui.renova.resend_webhook(owner, id, event).await,
    };
    on_page(&request, &options, outcome, &endpoint_id, "webhook_resent")
}

pub(in crate::api) async fn add_embed_origin(origin: String) -> Result<(), ApiError> {
    let Call { request, options, who } = begin()?;
    let outcome = request.ui.renova.add_embed_origin(&who, origin.trim()).await.map(drop);
    let failed = refused(EMBED, &outcome, &[("url", &origin)]);
    answer::finish(&request, &options, outcome, Onward { ok: format!("{EMBED}?done=origin_added"), failed })
}

pub(in crate::api) async fn remove_embed_origin(origin: String) -> Result<(), ApiError> {
    let Call { request, options, who } = begin()?;
    let outcome = request.ui.renova.remove_embed_origin(&who, &origin).await;
    let onward = Onward { ok: format!("{EMBED}?done=origin_removed"), failed: EMBED.to_owned() };
    answer::finish(&request, &options, outcome, onward)
}

/// Role before look-up.
fn own_id<'a>(who: &'a Identity, id: &str) -> Result<(EndpointOwner<'a>, WebhookEndpointId), Error> {
    let owner = EndpointOwner::admin(who)?;
    Ok((owner, id.parse().map_err(|_| Error::NotFound)?))
}

fn page_of(endpoint_id: &str) -> String {
    format!("{WEBHOOKS}/{}", super::encode(endpoint_id))
}

/// A form's answer leads to the page that shows the secret: not in its address, which is kept in many places.
pub(super) fn show(
    request: &Request,
    options: &Option<leptos_axum::ResponseOptions>,
    path: &str,
    to_show: SecretString,
    secret: SecretString,
) -> String {
    if request.wants_html {
        set_cookie(options, &request.ui.cookies.show_once(path, to_show.expose_secret()));
        return String::new();
    }
    secret.expose_secret().to_owned()
}

fn on_page<T>(
    request: &Request,
    options: &Option<leptos_axum::ResponseOptions>,
    outcome: Result<T, Error>,
    endpoint_id: &str,
    done: &str,
) -> Result<T, ApiError> {
    let page = page_of(endpoint_id);
    // What there is not has no page.
    let failed = if matches!(outcome, Err(Error::NotFound)) { WEBHOOKS.to_owned() } else { page.clone() };
    answer::finish(request, options, outcome, Onward { ok: format!("{page}?done={done}"), failed })
}

/// A refused form finds the field and all that was typed in the address it goes back to.
fn refused<T>(page: &str, outcome: &Result<T, Error>, typed: &[(&str, &str)]) -> String {
    let Err(Error::Invalid { field, .. }) = outcome else { return page.to_owned() };
    let typed = typed.iter().map(|(name, value)| (*name, value.chars().take(TYPED_CHARS).collect::<String>()));
    let query =
        url::form_urlencoded::Serializer::new(String::new()).append_pair("field", field).extend_pairs(typed).finish();
    format!("{page}?{query}")
}
