//! The object `permissions`: told whenever what a person has granted changes,
//! whichever way it did: dialog, `DELETE /me/permissions`, settings.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::payload;
use crate::grants::Grant;
use crate::state::{Meta, State};

const OBJECT: &str = "permissions";

/// What was granted before a step, by app-scoped user id.
pub(crate) struct Granted(BTreeMap<String, Grant>);

impl Granted {
    /// Nothing where nobody would be told.
    pub fn of(state: &State) -> Option<Granted> {
        let app = state.app_subscriptions.get(OBJECT).filter(|app| !app.fields.is_empty())?;
        let heard = app.callback_url.is_some() || state.settings.webhook_url.is_some();
        heard.then(|| Granted(state.grants.clone()))
    }
}

impl Meta<'_> {
    /// Puts a notification for each person whose grant is another than before
    /// into the outbox.
    pub fn tell_grant_changes(&mut self, before: &Granted) {
        let none = Grant::default();
        let users: BTreeSet<&String> = before.0.keys().chain(self.state.grants.keys()).collect();
        let told: Vec<(String, Vec<Value>)> = users
            .into_iter()
            .map(|user| {
                let (old, new) = (before.0.get(user), self.state.grants.get(user));
                let mut changes = Vec::new();
                match (old, new) {
                    (None, Some(_)) => changes.push(json!({"field": "connected", "verb": "granted"})),
                    (Some(_), None) => changes.push(json!({"field": "connected", "verb": "revoked"})),
                    _ => {}
                }
                let (old, new) = (old.unwrap_or(&none), new.unwrap_or(&none));
                changes.extend(new.granted.difference(&old.granted).map(|name| change(name, "granted", new)));
                changes.extend(old.granted.difference(&new.granted).map(|name| change(name, "revoked", old)));
                (user.clone(), changes)
            })
            .collect();
        for (user, changes) in told {
            self.tell(&user, changes);
        }
    }

    fn tell(&mut self, user: &str, mut changes: Vec<Value>) {
        let Some(app) = self.state.app_subscriptions.get(OBJECT) else {
            return;
        };
        changes.retain(|change| app.fields.iter().any(|field| change["field"] == **field));
        let Ok(url) = self.callback_of(OBJECT) else {
            return;
        };
        if !changes.is_empty()
            && let Some(body) = payload::of_permissions(user, self.now, changes)
        {
            let name = self.state.world.person(user).map_or(user, |person| person.name.as_str());
            let what = format!("permissions of {name}");
            self.queue_notification(url, what, body);
        }
    }
}

fn change(permission: &str, verb: &str, grant: &Grant) -> Value {
    let targets: Vec<&String> = if permission.starts_with("instagram_") {
        grant.instagrams.iter().collect()
    } else if permission.starts_with("pages_") {
        grant.pages.iter().collect()
    } else {
        Vec::new()
    };
    json!({"field": permission, "value": {"verb": verb, "target_ids": targets}})
}
