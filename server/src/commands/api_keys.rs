//! `renova apikey`.

use anyhow::anyhow;
use renewal::{Error, NewApiKey, Scope};
use secrecy::ExposeSecret as _;
use server::{console::say, open, settings::Settings};

use crate::{cli::ApiKey, failure::Failure};

pub async fn api_key(settings: Settings, command: ApiKey) -> Result<(), Failure> {
    let ApiKey::Add { org, name, scope } = command;
    let scopes = scope.iter().map(|word| parse(word)).collect::<Result<Vec<_>, _>>()?;
    let renova = open::renova(&settings).await?;
    let added = renova.add_api_key(NewApiKey { organization: org, name, scopes }).await;
    renova.storage().close().await;
    let key = added.map_err(|error| match error {
        Error::NotFound => Failure::Usage(vec!["--org: there is no such organization".to_owned()]),
        Error::Invalid { .. } => Failure::Usage(vec![error.to_string()]),
        error => Failure::Failed(anyhow!("{error}")),
    })?;
    // Shown this once: only its hash is kept.
    say(key.expose_secret());
    Ok(())
}

fn parse(word: &str) -> Result<Scope, Failure> {
    let known = || Scope::ALL.map(Scope::as_str).join(", ");
    Scope::parse(word).ok_or_else(|| Failure::Usage(vec![format!("--scope: `{word}` is none of {}", known())]))
}
