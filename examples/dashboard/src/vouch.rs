//! How this dashboard's server asks another Renova for a session: `REMOTE_RENOVA` is its origin,
//! `RENOVA_API_KEY` a key of it (scope `embed-sessions:write`).

use anyhow::{Context as _, bail};
use leptos::prelude::{expect_context, use_context};
use serde_json::json;
use wizard::remote::SessionToken;

use crate::people::Sessions;

/// The other Renova, and what is needed to speak with it.
#[derive(Clone)]
pub struct Elsewhere {
    pub renova: String,
    pub api_key: String,
    /// Of this dashboard.
    pub origin: String,
    pub http: reqwest::Client,
    pub sessions: Sessions,
}

/// A session of the person who is signed in.
pub async fn session() -> anyhow::Result<SessionToken> {
    let there = use_context::<Elsewhere>().context("REMOTE_RENOVA is not set")?;
    let parts = expect_context::<axum::http::request::Parts>();
    let (person, email) = there.sessions.person(&parts.headers).context("nobody is signed in")?;
    let Elsewhere { renova, api_key, origin, http, .. } = there;
    let role = if person == "ana" { "admin" } else { "agent" };
    let asked = json!({
        "organization": "aurora",
        "user": { "external_id": person, "name": person, "email": email, "locale": "pt-BR", "role": role },
        "origin": origin,
        "return_url": format!("{origin}/away"),
    });
    let address = format!("{renova}/api/v1/embed-sessions");
    let answer = http.post(address).bearer_auth(api_key).json(&asked).send().await?;
    if !answer.status().is_success() {
        bail!("Renova answers {}", answer.status());
    }
    Ok(answer.json().await?)
}
