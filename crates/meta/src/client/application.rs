//! What the app itself is subscribed to.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Client;
use super::call::Call;
use crate::app::App;
use crate::error::Error;
use crate::wire::{self, Object, Text};

#[derive(Deserialize)]
struct WireSubscription {
    object: Text,
    #[serde(default)]
    active: Option<bool>,
    #[serde(default, deserialize_with = "wire::list")]
    fields: Vec<WireField>,
}

/// A name, in newer versions with the version it was subscribed in.
#[derive(Deserialize)]
#[serde(untagged)]
enum WireField {
    Name(Text),
    Named(Object<Named>),
}

#[derive(Deserialize)]
struct Named {
    name: Text,
}

impl Client {
    /// Fields that the app is subscribed to, by object (`page`, `instagram`…).
    /// A subscription that is not active counts as none.
    /// Meta: `graph-api/reference/application/subscriptions`.
    pub async fn app_fields(&self, app: &App) -> Result<BTreeMap<String, Vec<String>>, Error> {
        let own = app.token();
        let path = [app.app_id.as_str(), "subscriptions"];
        let call = Call::get("the app's subscriptions", &path).signed(app, &own);
        let listed: Vec<WireSubscription> = self.list(call).await.map_err(Error::of_the_app)?;
        let mut fields: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for subscription in listed.into_iter().filter(|subscription| subscription.active != Some(false)) {
            fields.entry(subscription.object.0).or_default().extend(subscription.fields.into_iter().map(name));
        }
        Ok(fields)
    }
}

fn name(field: WireField) -> String {
    match field {
        WireField::Name(Text(name)) | WireField::Named(Object(Named { name: Text(name) })) => name,
    }
}
