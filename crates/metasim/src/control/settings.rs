//! The switches and addresses that an app's dashboard at Meta has.

use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use serde_json::json;

use super::bodies::SettingsBody;
use super::{ControlError, Outcome, answer, read};
use crate::Sim;
use crate::webhooks::check_address;

pub(super) async fn change(State(sim): State<Sim>, body: Bytes) -> Response {
    answer(read(&body).and_then(|wanted: SettingsBody| apply(&sim, wanted)))
}

pub(super) fn apply(sim: &Sim, wanted: SettingsBody) -> Outcome {
    let mut addresses = Vec::new();
    for (name, given) in [
        ("webhook_url", wanted.webhook_url),
        ("deauthorize_url", wanted.deauthorize_url),
        ("data_deletion_url", wanted.data_deletion_url),
    ] {
        if let Some(url) = given.as_deref().filter(|url| !url.is_empty()) {
            check_address(url).map_err(|text| ControlError::about(name, text))?;
        }
        addresses.push(given);
    }
    Ok(sim.with(|meta| {
        let settings = &mut meta.state.settings;
        let [webhook, deauthorize, deletion] =
            [&mut settings.webhook_url, &mut settings.deauthorize_url, &mut settings.data_deletion_url];
        let moved = addresses.first().is_some_and(Option::is_some);
        for (setting, given) in [webhook, deauthorize, deletion].into_iter().zip(addresses) {
            if let Some(url) = given {
                *setting = Some(url).filter(|url| !url.is_empty());
            }
        }
        if let Some(token) = wanted.verify_token {
            settings.verify_token = Some(token).filter(|token| !token.is_empty());
        }
        if let Some(required) = wanted.require_appsecret_proof {
            settings.require_appsecret_proof = required;
        }
        if let Some(wrapped) = wanted.instagram_answers_in_data {
            settings.instagram_answers_in_data = wrapped;
        }
        if let Some(policy) = wanted.opener_policy {
            settings.opener_policy = policy;
        }
        if wanted.calls_an_hour.is_some() {
            settings.calls_an_hour = wanted.calls_an_hour;
        }
        if let Some(omitted) = wanted.granular_scopes_without_targets {
            settings.granular_scopes_without_targets = omitted;
        }
        if let Some(code) = wanted.data_access_lapsed_code {
            settings.data_access_lapsed_code = code;
        }
        if moved {
            // This one is for all objects.
            for subscription in meta.state.app_subscriptions.values_mut() {
                subscription.callback_url = None;
            }
        }
        meta.state.changed = true;
        json!(meta.state.settings)
    }))
}
