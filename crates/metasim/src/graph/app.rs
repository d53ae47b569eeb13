//! The app itself: its node, its permissions and its subscriptions.

use axum::http::Method;
use serde_json::{Map, Value, json};

use super::GraphCall;
use super::debug::APPLICATION;
use crate::app_fields::{self, AppSubscription};
use crate::fields::{self, NodeKind};
use crate::grants::PERMISSIONS;
use crate::reply::{Answer, DEFAULT_VERSION, GraphError};
use crate::state::Meta;
use crate::tokens::Viewer;

const APP: NodeKind = NodeKind { name: "Application", fields: &["category", "id", "link", "name"], nodes: &[] };

pub(super) fn read(meta: &Meta<'_>, call: &GraphCall<'_>) -> Answer {
    if call.method != Method::GET {
        return Err(call.wrong_method());
    }
    let object = Map::from_iter([
        ("id".to_owned(), json!(meta.config.app_id)),
        ("name".to_owned(), json!(APPLICATION)),
        ("category".to_owned(), json!("Business")),
        ("link".to_owned(), json!(format!("{}/", meta.config.public_url))),
    ]);
    fields::project(&object, &call.fields("category,link,name,id")?, &APP)
}

pub(super) fn permissions(call: &GraphCall<'_>, viewer: &Viewer) -> Answer {
    check_app(viewer)?;
    if call.method != Method::GET {
        return Err(call.wrong_method());
    }
    let data: Vec<Value> =
        PERMISSIONS.iter().map(|permission| json!({"permission": permission, "status": "live"})).collect();
    Ok(json!({ "data": data }))
}

pub(super) fn subscriptions(meta: &mut Meta<'_>, call: &GraphCall<'_>, viewer: &Viewer) -> Answer {
    check_app(viewer)?;
    match *call.method {
        Method::GET => Ok(listed(meta)),
        Method::POST => subscribe(meta, call),
        Method::DELETE => remove(meta, call),
        _ => Err(call.wrong_method()),
    }
}

/// The callback that a call wants verified before it takes effect, with the
/// token to send along.
pub(super) fn callback_to_verify<'a>(call: &'a GraphCall<'_>) -> Option<(&'a str, &'a str)> {
    if call.method != Method::POST || !call.path.ends_with("/subscriptions") {
        return None;
    }
    Some((call.params.filled("callback_url")?, call.params.get("verify_token").unwrap_or_default()))
}

/// Everything about a new subscription but its callback's answer.
pub(super) fn check(call: &GraphCall<'_>) -> Result<(&'static str, Vec<String>), GraphError> {
    let object =
        call.params.filled("object").ok_or_else(|| GraphError::new(100, "(#100) The parameter object is required."))?;
    let Some((object, known)) = app_fields::object(object) else {
        let objects: Vec<&str> = app_fields::objects().collect();
        return Err(GraphError::new(
            100,
            format!("(#100) Param object must be one of {{{}}} - got \"{object}\".", objects.join(", ")),
        ));
    };
    if let Some(callback) = call.params.filled("callback_url") {
        let address = url::Url::parse(callback).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        if address.is_none() {
            return Err(GraphError::new(100, "(#100) callback_url URL is not properly formatted"));
        }
    }
    let mut fields = Vec::new();
    for field in call.params.list("fields").unwrap_or_default() {
        if !known.contains(&field.as_str()) {
            return Err(GraphError::new(100, format!("(#100) Invalid field {field} for object {object}")));
        }
        if !fields.contains(&field) {
            fields.push(field);
        }
    }
    Ok((object, fields))
}

fn subscribe(meta: &mut Meta<'_>, call: &GraphCall<'_>) -> Answer {
    let (object, fields) = check(call)?;
    let known = meta.state.app_subscriptions.get(object);
    let callback_url = call.params.filled("callback_url").map(str::to_owned);
    if callback_url.is_some() && call.callback_answered != Some(true) {
        return Err(GraphError::new(2200, "(#2200) subscription validation failed"));
    }
    let former = known.cloned().unwrap_or_default();
    let verify_token = call.params.get("verify_token").map(str::to_owned);
    let changed = AppSubscription {
        callback_url: callback_url.or(former.callback_url),
        verify_token: verify_token.or(former.verify_token),
        fields: if fields.is_empty() { former.fields } else { fields },
    };
    meta.state.app_subscriptions.insert(object.to_owned(), changed);
    meta.state.changed = true;
    Ok(json!({ "success": true }))
}

/// An object, some of its fields, or everything.
fn remove(meta: &mut Meta<'_>, call: &GraphCall<'_>) -> Answer {
    let subscriptions = &mut meta.state.app_subscriptions;
    match (call.params.filled("object"), call.params.list("fields")) {
        (None, _) => subscriptions.clear(),
        (Some(object), None) => {
            subscriptions.remove(object);
        }
        (Some(object), Some(fields)) => {
            if let Some(subscription) = subscriptions.get_mut(object) {
                subscription.fields.retain(|field| !fields.contains(field));
            }
        }
    }
    meta.state.changed = true;
    Ok(json!({ "success": true }))
}

fn listed(meta: &Meta<'_>) -> Value {
    let data: Vec<Value> = meta
        .state
        .app_subscriptions
        .iter()
        .map(|(object, subscription)| {
            let fields: Vec<Value> =
                subscription.fields.iter().map(|field| json!({"name": field, "version": DEFAULT_VERSION})).collect();
            let mut entry = json!({"object": object, "active": true, "fields": fields});
            if let Some(callback) = &subscription.callback_url {
                entry["callback_url"] = json!(callback);
            }
            entry
        })
        .collect();
    json!({ "data": data })
}

fn check_app(viewer: &Viewer) -> Result<(), GraphError> {
    match viewer {
        Viewer::App => Ok(()),
        _ => Err(GraphError::new(15, "(#15) This method must be called with an app access_token.")),
    }
}
