//! The texts of the pages for developers (keys, webhooks, embeds) and of renewal links.

mod en;
mod es;
mod pt_br;

use crate::model::{DeliveryState, EndpointState};

pub(super) use en::TEXTS as EN;
pub(super) use es::TEXTS as ES;
pub(super) use pt_br::TEXTS as PT_BR;

/// The texts of one language. Sentences that carry a value have one `{}`.
pub struct DeveloperTexts {
    pub copy: &'static str,
    pub copied: &'static str,

    pub api_keys: &'static str,
    pub api_keys_intro: &'static str,
    pub no_keys: &'static str,
    pub key_made: &'static str,
    pub key: &'static str,
    pub key_once: &'static str,
    pub key_hint: &'static str,
    pub made_on: &'static str,
    pub last_used: &'static str,
    pub never_used: &'static str,
    pub revoked_on: &'static str,
    pub revoked_keys: &'static str,
    pub revoke_title: &'static str,
    pub revoke_body: &'static str,
    pub revoke: &'static str,
    pub new_key: &'static str,
    pub key_name: &'static str,
    pub key_name_hint: &'static str,
    pub scopes: &'static str,
    pub make_key: &'static str,
    /// By scope; one that is not here stands for itself.
    pub scope_words: [(&'static str, &'static str); 13],
    pub wrong_name: &'static str,
    pub wrong_scope: &'static str,
    pub too_many_keys: &'static str,
    pub done_key_made: &'static str,
    pub done_key_revoked: &'static str,

    pub webhooks: &'static str,
    pub webhooks_intro: &'static str,
    pub webhooks_none: &'static str,
    pub endpoint: &'static str,
    pub new_endpoint: &'static str,
    pub url: &'static str,
    pub url_hint: &'static str,
    pub description: &'static str,
    pub description_hint: &'static str,
    pub add_endpoint: &'static str,
    pub wrong_url: &'static str,
    pub wrong_description: &'static str,
    pub too_many_endpoints: &'static str,
    pub state_well: &'static str,
    pub state_failing: &'static str,
    pub state_paused: &'static str,
    pub state_gone: &'static str,
    pub state_given_up: &'static str,
    pub since: &'static str,
    pub secret: &'static str,
    pub secret_once: &'static str,
    pub previous_until: &'static str,
    pub test: &'static str,
    pub test_hint: &'static str,
    pub test_when_on: &'static str,
    pub pause: &'static str,
    pub pause_title: &'static str,
    pub pause_body: &'static str,
    pub resume: &'static str,
    pub rotate_title: &'static str,
    pub rotate_body: &'static str,
    pub rotate: &'static str,
    pub remove_title: &'static str,
    pub remove_body: &'static str,
    pub remove: &'static str,
    pub deliveries: &'static str,
    pub deliveries_none: &'static str,
    pub deliveries_more: &'static str,
    pub refresh: &'static str,
    pub event: &'static str,
    pub result: &'static str,
    pub attempts: &'static str,
    pub waits: &'static str,
    pub delivered: &'static str,
    pub again: &'static str,
    pub given_up: &'static str,
    pub next_attempt: &'static str,
    pub resend: &'static str,
    pub resend_one: &'static str,
    pub done_webhook_added: &'static str,
    pub done_webhook_rotated: &'static str,
    pub done_webhook_tested: &'static str,
    pub done_webhook_enabled: &'static str,
    pub done_webhook_paused: &'static str,
    pub done_webhook_removed: &'static str,
    pub done_webhook_resent: &'static str,
    pub error_endpoint_off: &'static str,
    pub error_under_way: &'static str,

    pub embedding: &'static str,
    pub embedding_intro: &'static str,
    pub origins: &'static str,
    pub origins_intro: &'static str,
    pub origins_none: &'static str,
    pub of_platform: &'static str,
    pub origin: &'static str,
    pub origin_hint: &'static str,
    pub add_origin: &'static str,
    pub remove_origin: &'static str,
    pub remove_origin_title: &'static str,
    pub remove_origin_body: &'static str,
    pub wrong_origin: &'static str,
    pub done_origin_added: &'static str,
    pub done_origin_removed: &'static str,
    pub snippets: &'static str,
    pub snippets_intro: &'static str,
    pub snippet_html: &'static str,
    pub snippet_node: &'static str,
    pub snippet_leptos: &'static str,
    pub snippet_curl: &'static str,

    pub link_title: &'static str,
    pub link_body: &'static str,
    pub link_mailed: &'static str,
    pub link_by_hand: &'static str,
    pub link_for: &'static str,
    pub send_link: &'static str,
    pub link_made_for: &'static str,
    pub link: &'static str,
    pub link_once: &'static str,
    pub done_link_made: &'static str,
    pub opened_title: &'static str,
    pub opened_connect: &'static str,
    pub opened_body: &'static str,
    pub opened_used: &'static str,
    pub opened_other: &'static str,
    pub go_on: &'static str,
    pub take_over: &'static str,
    pub link_over_title: &'static str,
    pub link_over_body: &'static str,
    pub error_somebody_else: &'static str,
}

impl DeveloperTexts {
    /// What a scope allows.
    pub(crate) fn scope(&self, scope: &'static str) -> &'static str {
        self.scope_words.into_iter().find(|(it, _)| *it == scope).map_or(scope, |(_, words)| words)
    }

    pub(crate) const fn endpoint_state(&self, state: EndpointState) -> &'static str {
        match state {
            EndpointState::Well => self.state_well,
            EndpointState::Failing => self.state_failing,
            EndpointState::Paused => self.state_paused,
            EndpointState::Gone => self.state_gone,
            EndpointState::GivenUp => self.state_given_up,
        }
    }

    pub(crate) const fn delivery_state(&self, state: DeliveryState) -> &'static str {
        match state {
            DeliveryState::Waits => self.waits,
            DeliveryState::Delivered => self.delivered,
            DeliveryState::Again => self.again,
            DeliveryState::GivenUp => self.given_up,
        }
    }

    /// What is wrong with a field, and the fix.
    pub(crate) fn wrong(&self, field: &str) -> Option<&'static str> {
        Some(match field {
            "name" => self.wrong_name,
            "scope" => self.wrong_scope,
            "key" => self.too_many_keys,
            "url" => self.wrong_url,
            "description" => self.wrong_description,
            "endpoint" => self.too_many_endpoints,
            "origin" => self.wrong_origin,
            _ => return None,
        })
    }

    /// What a page says after a form has done its work (`?done=`).
    pub(crate) fn done(&self, code: &str) -> Option<&'static str> {
        Some(match code {
            "key_made" => self.done_key_made,
            "key_revoked" => self.done_key_revoked,
            "webhook_added" => self.done_webhook_added,
            "webhook_rotated" => self.done_webhook_rotated,
            "webhook_tested" => self.done_webhook_tested,
            "webhook_enabled" => self.done_webhook_enabled,
            "webhook_paused" => self.done_webhook_paused,
            "webhook_removed" => self.done_webhook_removed,
            "webhook_resent" => self.done_webhook_resent,
            "origin_added" => self.done_origin_added,
            "origin_removed" => self.done_origin_removed,
            "link_made" => self.done_link_made,
            _ => return None,
        })
    }
}
