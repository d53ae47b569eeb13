//! The data of the pages for developers: keys, webhooks, embeds.

use lifecycle::{DisabledReason, Timestamp, ids::WebhookEndpointId};
use renewal::{EndpointOwner, Error, Identity, Renova, Scope};
use secrecy::{ExposeSecret as _, SecretString};
use store::{ApiKey, WebhookDelivery, WebhookEndpoint};

use super::{dates::Calendar, people::Own};
use crate::{
    model::{
        ApiKeyLine, ApiKeys, Choice, DeliveryLine, DeliveryState, Endpoint, EndpointLine, EndpointState, RefusedForm,
        Shown, Webhooks,
    },
    texts::texts,
};

/// Of the log, on a page.
const DELIVERIES: usize = 50;

pub async fn api_keys(
    renova: &Renova,
    who: &Identity,
    calendar: &Calendar,
    own: &Own,
    refused: Option<RefusedForm>,
) -> Result<ApiKeys, Error> {
    let keys = renova.own_api_keys(who).await?;
    let (revoked, in_use): (Vec<_>, Vec<_>) = keys.into_iter().partition(|key| key.revoked_at.is_some());
    let lines = |keys: Vec<ApiKey>| keys.into_iter().rev().map(|key| key_line(calendar, key)).collect();
    let typed = refused.as_ref().map(|it| it.scopes.as_str()).unwrap_or_default();
    Ok(ApiKeys {
        in_use: lines(in_use),
        revoked: lines(revoked),
        made: made_key(renova, who, own).await?,
        scopes: Scope::of_organizations().map(|scope| scope_choice(calendar, scope, typed)).collect(),
        refused,
    })
}

async fn made_key(renova: &Renova, who: &Identity, own: &Own) -> Result<Option<Shown>, Error> {
    let Some(secret) = &own.shown_once else { return Ok(None) };
    let found = renova.own_api_key(who, secret).await?;
    Ok(found.map(|key| Shown { name: key.name, secret: secret.expose_secret().to_owned() }))
}

fn scope_choice(calendar: &Calendar, scope: Scope, typed: &str) -> Choice {
    let value = scope.as_str();
    Choice {
        value: value.to_owned(),
        label: texts(calendar.locale()).developers.scope(value).to_owned(),
        is_chosen: typed.split(',').any(|it| it == value),
    }
}

fn key_line(calendar: &Calendar, key: ApiKey) -> ApiKeyLine {
    ApiKeyLine {
        id: key.id.to_string(),
        name: key.name,
        hint: format!("rk_…{}", key.hint),
        scopes: key.scopes,
        made: calendar.date(key.created_at),
        last_used: key.last_used_at.map(|at| calendar.minute(at)),
        revoked: key.revoked_at.map(|at| calendar.date(at)),
    }
}

pub async fn webhooks(
    renova: &Renova,
    who: &Identity,
    calendar: &Calendar,
    refused: Option<RefusedForm>,
) -> Result<Webhooks, Error> {
    let endpoints = renova.webhook_endpoints(EndpointOwner::admin(who)?).await?;
    Ok(Webhooks { endpoints: endpoints.into_iter().map(|it| endpoint_line(calendar, it)).collect(), refused })
}

pub async fn webhook(
    renova: &Renova,
    who: &Identity,
    calendar: &Calendar,
    own: &Own,
    id: &str,
) -> Result<Endpoint, Error> {
    let owner = EndpointOwner::admin(who)?;
    let id: WebhookEndpointId = id.parse().map_err(|_| Error::NotFound)?;
    let endpoint = renova.webhook_endpoint(owner, id).await?;
    let limit = i64::try_from(DELIVERIES).unwrap_or_default() + 1;
    let deliveries = renova.webhook_deliveries(owner, id, limit).await?;
    let now = renova.wall_now();
    let previous_until = endpoint.previous.as_ref().map(|it| it.until).filter(|until| *until > now);
    Ok(Endpoint {
        line: endpoint_line(calendar, endpoint),
        secret: own.shown_once.as_ref().and_then(|shown| secret_of(id, shown)),
        previous_until: previous_until.map(|at| calendar.minute(at)),
        has_more: deliveries.len() > DELIVERIES,
        deliveries: deliveries.into_iter().take(DELIVERIES).map(|it| delivery_line(calendar, it, now)).collect(),
    })
}

/// How a page is told which endpoint's secret it shows.
#[must_use]
pub fn secret_to_show(id: &str, secret: &SecretString) -> SecretString {
    format!("{id}.{}", secret.expose_secret()).into()
}

fn secret_of(id: WebhookEndpointId, shown: &SecretString) -> Option<String> {
    let (of, secret) = shown.expose_secret().split_once('.')?;
    (of == id.to_string()).then(|| secret.to_owned())
}

fn endpoint_line(calendar: &Calendar, endpoint: WebhookEndpoint) -> EndpointLine {
    let (state, since) = match (endpoint.disabled, endpoint.failing_since) {
        (Some((at, DisabledReason::Operator)), _) => (EndpointState::Paused, Some(at)),
        (Some((at, DisabledReason::Gone)), _) => (EndpointState::Gone, Some(at)),
        (Some((at, DisabledReason::Failing)), _) => (EndpointState::GivenUp, Some(at)),
        (None, Some(at)) => (EndpointState::Failing, Some(at)),
        (None, None) => (EndpointState::Well, None),
    };
    EndpointLine {
        id: endpoint.id.to_string(),
        url: endpoint.url,
        description: endpoint.description,
        state,
        since: since.map(|at| calendar.minute(at)),
    }
}

fn delivery_line(calendar: &Calendar, delivery: WebhookDelivery, now: Timestamp) -> DeliveryLine {
    let (state, when) = match (delivery.delivered_at, delivery.given_up_at) {
        (Some(at), _) => (DeliveryState::Delivered, Some(at)),
        (None, Some(at)) => (DeliveryState::GivenUp, Some(at)),
        (None, None) if delivery.attempts == 0 => (DeliveryState::Waits, None),
        (None, None) => (DeliveryState::Again, Some(delivery.due_at).filter(|at| *at > now)),
    };
    let status = delivery.last_status.map(|status| format!("HTTP {status}"));
    DeliveryLine {
        event: delivery.event_id.to_string(),
        kind: delivery.kind,
        at: calendar.exact(delivery.created_at),
        state,
        when: when.map(|at| calendar.exact(at)),
        attempts: delivery.attempts,
        answer: status.or(delivery.last_error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_shown_beside_its_endpoint_alone() {
        let id = |number| WebhookEndpointId::new(Timestamp(1), [number; 10]);
        let shown = secret_to_show(&id(1).to_string(), &"whsec_a.b=".to_owned().into());
        assert_eq!(secret_of(id(1), &shown).as_deref(), Some("whsec_a.b="));
        assert_eq!(secret_of(id(2), &shown), None);
        assert_eq!(secret_of(id(1), &"nonsense".to_owned().into()), None);
    }
}
