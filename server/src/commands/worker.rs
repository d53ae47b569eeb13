//! `renova worker`.

use std::sync::Arc;

use anyhow::Context as _;
use server::{
    open::renova,
    settings::Settings,
    stop::Stop,
    worker::{self, Heartbeat},
};

use crate::failure::Failure;

pub async fn work(settings: Settings) -> Result<(), Failure> {
    let renova = renova(&settings).await?;
    let stop = Stop::on_signals();
    tracing::info!("the worker works");
    let working = tokio::spawn(worker::run(Arc::clone(&renova), Heartbeat::default(), stop.clone()));
    let worked = worker::ended(working, &stop).await;
    renova.storage().close().await;
    Ok(worked.context("the worker ended badly")?)
}
