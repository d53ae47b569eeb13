//! `renova serve`.

use std::sync::Arc;

use anyhow::Context as _;
use server::{
    Mount,
    open::{Pages, embedded_site, mount, renova},
    serve::serve as serve_on,
    settings::Settings,
    stop::Stop,
    web,
    worker::{self, Heartbeat},
};
use tokio::net::TcpListener;

use crate::failure::Failure;

pub async fn serve(settings: Settings, with_worker: bool) -> Result<(), Failure> {
    let renova = renova(&settings).await?;
    if settings.meta_app.is_none() {
        tracing::warn!(
            "no Meta app is configured (RENOVA_META_APP_ID, RENOVA_META_APP_SECRET): nothing can be connected yet"
        );
    }
    let listener = TcpListener::bind(settings.listen).await.with_context(|| {
        format!("RENOVA_LISTEN: {} cannot be used: choose another address or port", settings.listen)
    })?;
    let stop = Stop::on_signals();
    let heartbeat = with_worker.then(Heartbeat::default);
    let worker =
        heartbeat.clone().map(|heartbeat| tokio::spawn(worker::run(Arc::clone(&renova), heartbeat, stop.clone())));
    let mut dialogs = vec![&settings.meta_www_url];
    if settings.instagram_app.is_some() {
        dialogs.push(&settings.instagram_www_url);
    }
    let mut mount = Mount {
        webhook_verify_token: settings.meta_webhook_verify_token.clone(),
        api_requests_per_minute: settings.api_requests_per_minute,
        ..mount(Arc::clone(&renova), &settings.public_url, &dialogs, embedded_site(), Pages::own())
    };
    mount.ui.is_dev |= settings.dev;
    tracing::info!(listen = %settings.listen, public_url = %settings.public_url, "Renova answers");
    let served = async {
        let served =
            serve_on(listener, web::own_with(&mount, heartbeat, web::logo(&settings.brand)), stop.clone()).await;
        stop.request();
        served
    };
    let worked = async {
        match worker {
            Some(worker) => worker::ended(worker, &stop).await,
            None => Ok(()),
        }
    };
    let (served, worked) = tokio::join!(served, worked);
    renova.storage().close().await;
    worked.context("the worker ended badly")?;
    Ok(served.context("the server stopped")?)
}
