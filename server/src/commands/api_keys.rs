//! `renova apikey`: the platform's keys, and those of organizations, which have a page of their own.

use anyhow::anyhow;
use renewal::{Error, NewApiKey, Renova};
use secrecy::ExposeSecret as _;
use server::{console::say, open, settings::Settings};

use super::instant;
use crate::{cli::ApiKey, failure::Failure};

pub async fn api_key(settings: Settings, command: ApiKey) -> Result<(), Failure> {
    let renova = open::renova(&settings).await?;
    let done = run(&renova, command).await;
    renova.storage().close().await;
    done?.iter().for_each(|line| say(line));
    Ok(())
}

/// What is to be said.
async fn run(renova: &Renova, command: ApiKey) -> Result<Vec<String>, Failure> {
    let usage = |line: &str| Failure::Usage(vec![line.to_owned()]);
    let no_organization = |error| match error {
        Error::NotFound => usage("--org: there is no such organization"),
        error @ Error::Invalid { .. } => usage(&error.to_string()),
        error => Failure::Failed(anyhow!("{error}")),
    };
    match command {
        ApiKey::Add { org, name, scope } => {
            let new = NewApiKey { organization: org, name, scopes: scope };
            let key = renova.add_api_key(new).await.map_err(no_organization)?;
            // Shown this once: only its hash is kept.
            Ok(vec![key.expose_secret().to_owned()])
        }
        ApiKey::List { org } => {
            let keys = renova.api_keys(org.as_deref()).await.map_err(no_organization)?;
            Ok(keys.iter().map(line).collect())
        }
        ApiKey::Revoke { id } => {
            renova.revoke_api_key(id).await.map_err(|error| match error {
                Error::NotFound => {
                    usage("no key with this id opens anything: `renova apikey list`, with --org, shows all")
                }
                error => Failure::Failed(anyhow!("{error}")),
            })?;
            Ok(vec![format!("{id} is revoked.")])
        }
    }
}

fn line(key: &store::ApiKey) -> String {
    let state = match (key.revoked_at, key.last_used_at) {
        (Some(at), _) => format!("revoked {}", instant(at)),
        (None, Some(at)) => format!("last used {}", instant(at)),
        (None, None) => "never used".to_owned(),
    };
    format!("{}  …{}  {}  {state}  {}", key.id, key.hint, key.scopes.join(","), key.name).trim_end().to_owned()
}
