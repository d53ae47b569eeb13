//! The apps as Meta sees them, and Meta's clock.

use std::collections::BTreeMap;

use lifecycle::{Clock as _, clock::SECOND_MS};
use meta::{AccountKind, App, Client, FacebookLogin, InstagramLogin, LoginProvider};

use super::Line;
use crate::{clock::SystemClock, open, settings::Settings};

const FACEBOOK: &str = "meta app";
const INSTAGRAM: &str = "instagram app";
const CLOCK: &str = "clock";
/// Meta refuses timed proofs that are further off.
const MOST_SKEW_S: i64 = 5 * 60;
const WARNING_SKEW_S: i64 = 30;

pub(super) async fn examine(settings: &Settings) -> Vec<Line> {
    let http = match meta::http_client() {
        Ok(http) => http,
        Err(error) => return vec![Line::error(FACEBOOK, error.to_string(), "TLS cannot be set up on this machine")],
    };
    let client = open::meta_client(http, open::endpoints(settings));
    let mut lines = Vec::new();
    match &settings.meta_app {
        Some(app) => lines.extend(facebook(&client, open::meta_app(app)).await),
        None => lines.push(Line::warning(
            FACEBOOK,
            "none is configured: nothing can be connected by Facebook",
            "set RENOVA_META_APP_ID and RENOVA_META_APP_SECRET",
        )),
    }
    lines.push(match &settings.instagram_app {
        Some(app) => instagram(&client, open::meta_app(app)),
        None => Line::ok(INSTAGRAM, "off: Instagram accounts are connected through their Pages"),
    });
    lines.extend(clock(&client, settings.meta_timed_proofs));
    lines
}

async fn facebook(client: &Client, app: App) -> Vec<Line> {
    let fields = match client.app_fields(&app).await {
        Ok(fields) => fields,
        Err(error) if error.is_metas_trouble() => {
            return vec![Line::warning(FACEBOOK, error.to_string(), "ask again later; check the way to Meta")];
        }
        Err(error) => {
            let fix = "compare RENOVA_META_APP_ID and RENOVA_META_APP_SECRET with Meta's app dashboard";
            return vec![Line::error(FACEBOOK, error.to_string(), fix)];
        }
    };
    let login = FacebookLogin::new(client.clone(), app);
    let mut lines = vec![Line::ok(FACEBOOK, "Meta accepts its credentials")];
    for (object, kind) in [("page", AccountKind::Page), ("instagram", AccountKind::Instagram)] {
        lines.extend(missing_fields(&fields, object, login.needs(kind).fields));
    }
    lines
}

/// A field arrives only where the app as a whole is subscribed to it.
fn missing_fields(fields: &BTreeMap<String, Vec<String>>, object: &str, needed: &[&str]) -> Option<Line> {
    let of_object = fields.get(object);
    let has = |name: &str| of_object.is_some_and(|fields| fields.iter().any(|it| it == name));
    let is_there = |field: &&&str| has(field) || (object == "instagram" && has(meta::instagram_name(field)));
    let missing: Vec<_> = needed.iter().filter(|field| !is_there(field)).copied().collect();
    (!missing.is_empty()).then(|| {
        Line::warning(
            FACEBOOK,
            format!("webhooks of the object `{object}` lack {}", missing.join(", ")),
            "subscribe to these fields under Webhooks in Meta's app dashboard",
        )
    })
}

fn instagram(client: &Client, app: App) -> Line {
    let login = InstagramLogin::new(client.clone(), app);
    // Meta tells nothing about this app without somebody's token.
    Line::ok(
        INSTAGRAM,
        format!("{} is configured; a first log-in shows whether its secret is right", login.app().app_id),
    )
}

fn clock(client: &Client, timed_proofs: bool) -> Option<Line> {
    let skew = SystemClock.now().0.div_euclid(SECOND_MS) - client.meta_date()?;
    let fix = "set the machine's clock by NTP";
    Some(match skew.abs() {
        ..=WARNING_SKEW_S => Line::ok(CLOCK, "it agrees with Meta's"),
        MOST_SKEW_S.. if timed_proofs => Line::error(CLOCK, format!("it differs from Meta's by {skew} s"), fix),
        _ => Line::warning(CLOCK, format!("it differs from Meta's by {skew} s"), fix),
    })
}
