//! What each command does.

mod api_keys;
mod check;
mod demo;
mod doctor;
mod import;
mod people;
mod serve;
mod webhooks;
mod worker;

use std::{future::Future, path::PathBuf};

use anyhow::Context as _;
use lifecycle::Timestamp;
use server::{
    console::say,
    logging, open,
    settings::{DEFAULT_FILE, Need, Settings, Sources},
};

use crate::{
    cli::{Cli, Command},
    failure::Failure,
};

pub fn run(cli: Cli) -> Result<(), Failure> {
    let config = cli.config;
    match cli.command {
        Command::Config => {
            say(DEFAULT_FILE.trim_end());
            Ok(())
        }
        Command::Serve { no_worker } => {
            logging::start("info");
            let settings = load(config, Need::Keys)?;
            block_on(serve::serve(settings, !no_worker))
        }
        Command::Worker => {
            logging::start("info");
            let settings = load(config, Need::Keys)?;
            block_on(worker::work(settings))
        }
        Command::Check { connection, json } => {
            logging::start("error");
            let settings = load(config, Need::Keys)?;
            block_on(check::check(settings, connection, json))
        }
        Command::Demo(options) => {
            // The terminal is for the log-ins; RUST_LOG=info tells more.
            logging::start("warn");
            block_on(demo::demo(options))
        }
        Command::Sim(options) => {
            logging::start("info");
            block_on(demo::simulator(options))
        }
        Command::Migrate => {
            logging::start("warn");
            let settings = load(config, Need::Database)?;
            block_on(migrate(settings))
        }
        Command::Org(command) => {
            logging::start("warn");
            let settings = load(config, Need::Keys)?;
            block_on(people::organization(settings, command))
        }
        Command::ApiKey(command) => {
            logging::start("warn");
            let settings = load(config, Need::Keys)?;
            block_on(api_keys::api_key(settings, command))
        }
        Command::Webhook(command) => {
            logging::start("warn");
            let settings = load(config, Need::Keys)?;
            block_on(webhooks::webhook(settings, command))
        }
        Command::Import { dry_run, file } => {
            logging::start("warn");
            let settings = load(config, Need::Keys)?;
            block_on(import::import(settings, dry_run, file))
        }
        Command::OpenApi => {
            say(server::web::v1::document().trim_end());
            Ok(())
        }
        Command::Doctor { json } => {
            logging::start("error");
            block_on(doctor::doctor(Sources::of_process(config), json))
        }
        Command::User(command) => {
            logging::start("warn");
            let settings = load(config, Need::Keys)?;
            block_on(people::user(settings, command))
        }
    }
}

fn load(config: Option<PathBuf>, need: Need) -> Result<Settings, Failure> {
    Ok(Settings::load(&Sources::of_process(config), need)?)
}

fn block_on(work: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("starting the runtime")?;
    let result = runtime.block_on(work);
    // What is still running has had its time.
    runtime.shutdown_background();
    result
}

async fn migrate(settings: Settings) -> Result<(), Failure> {
    let storage = open::storage(&settings.database_url, None).await?;
    storage.close().await;
    say("The database is up to date.");
    Ok(())
}

/// For people.
fn instant(at: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(at.0).map_or_else(|_| at.0.to_string(), |instant| instant.to_string())
}
