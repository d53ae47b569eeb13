//! `renova webhook`: the platform's endpoints. Those of organizations are on their own pages.

use anyhow::anyhow;
use lifecycle::Timestamp;
use renewal::{EndpointOwner, Error, Renova};
use secrecy::ExposeSecret as _;
use server::{console::say, open, settings::Settings};
use store::{WebhookDelivery, WebhookEndpoint};

use super::instant;
use crate::{cli::Webhook, failure::Failure};

const PLATFORM: EndpointOwner<'_> = EndpointOwner::PLATFORM;

pub async fn webhook(settings: Settings, command: Webhook) -> Result<(), Failure> {
    let renova = open::renova(&settings).await?;
    let done = run(&renova, command).await;
    renova.storage().close().await;
    let lines = done.map_err(|error| match error {
        Error::NotFound => {
            Failure::Usage(vec!["there is none with this id: `renova webhook list` shows all".to_owned()])
        }
        Error::Invalid { field: field @ ("url" | "description"), problem } => {
            Failure::Usage(vec![format!("--{field}: {problem}")])
        }
        Error::Invalid { .. } => Failure::Usage(vec![error.to_string()]),
        Error::Conflict => Failure::Failed(anyhow!("something else is being done with it at this moment: try again")),
        error => Failure::Failed(anyhow!("{error}")),
    })?;
    lines.iter().for_each(|line| say(line));
    Ok(())
}

/// What is to be said.
async fn run(renova: &Renova, command: Webhook) -> Result<Vec<String>, Error> {
    Ok(match command {
        Webhook::Add { url, description } => {
            let added = renova.add_webhook_endpoint(PLATFORM, &url, &description).await?;
            // Shown this once.
            vec![added.id.to_string(), added.secret.expose_secret().to_owned()]
        }
        Webhook::List => renova.webhook_endpoints(PLATFORM).await?.iter().map(endpoint).collect(),
        Webhook::Rotate { id } => vec![renova.rotate_webhook_secret(PLATFORM, id).await?.expose_secret().to_owned()],
        Webhook::Disable { id } => {
            renova.disable_webhook_endpoint(PLATFORM, id).await?;
            vec![format!("{id} is told nothing any more.")]
        }
        Webhook::Enable { id } => {
            renova.enable_webhook_endpoint(PLATFORM, id).await?;
            vec![format!("{id} is told what happens from now on.")]
        }
        Webhook::Remove { id } => {
            renova.remove_webhook_endpoint(PLATFORM, id).await?;
            vec![format!("Removed {id}.")]
        }
        Webhook::Test { id } => vec![renova.test_webhook(PLATFORM, id).await?.to_string()],
        Webhook::Deliveries { id, limit } => {
            renova.webhook_deliveries(PLATFORM, id, limit).await?.iter().map(delivery).collect()
        }
        Webhook::Resend { id, event } => {
            renova.resend_webhook(PLATFORM, id, event).await?;
            vec![format!("{event} is told again.")]
        }
    })
}

fn endpoint(endpoint: &WebhookEndpoint) -> String {
    let WebhookEndpoint { id, url, description, .. } = endpoint;
    let state = match (endpoint.disabled, endpoint.failing_since) {
        (Some((at, reason)), _) => format!("disabled ({}) since {}", reason.as_str(), instant(at)),
        (None, Some(since)) => format!("failing since {}", instant(since)),
        (None, None) => "well".to_owned(),
    };
    format!("{id}  {url}  {state}  {description}").trim_end().to_owned()
}

fn delivery(delivery: &WebhookDelivery) -> String {
    let WebhookDelivery { event_id, kind, attempts, .. } = delivery;
    let outcome = match (delivery.delivered_at, delivery.given_up_at) {
        (Some(at), _) => format!("delivered at {}", instant(at)),
        (None, Some(at)) => format!("given up at {}", instant(at)),
        (None, None) if delivery.due_at <= Timestamp(0) => "waits".to_owned(),
        (None, None) => format!("waits until {}", instant(delivery.due_at)),
    };
    let status = delivery.last_status.map(|status| format!("  HTTP {status}")).unwrap_or_default();
    let error = delivery.last_error.as_ref().map(|word| format!("  {word}")).unwrap_or_default();
    format!("{event_id}  {kind}  attempts: {attempts}  {outcome}{status}{error}")
}
