//! The subscription of a Page's events, or of an Instagram account's with
//! Instagram Login. Meta: `graph-api/reference/page/subscribed_apps` and
//! `instagram-platform/webhooks`.

use secrecy::SecretString;
use serde::Deserialize;

use super::Client;
use super::call::Call;
use crate::app::App;
use crate::endpoints::Host;
use crate::error::Error;
use crate::wire::{self, Id};

#[derive(Deserialize)]
struct WireSubscription {
    id: Id,
    #[serde(default, deserialize_with = "wire::list")]
    subscribed_fields: Vec<String>,
}

impl Client {
    /// The fields that this app is subscribed to on the Page; empty when it is
    /// not subscribed at all.
    ///
    /// # Errors
    ///
    /// Those of [`Client`].
    pub async fn subscribed_fields(
        &self,
        app: &App,
        page_id: &str,
        page_token: &SecretString,
    ) -> Result<Vec<String>, Error> {
        self.fields_at(Host::Graph, app, page_id, page_token).await
    }

    /// Subscribes the app to exactly these fields of the Page: those not named
    /// are no longer sent. Meta takes all of them or none.
    ///
    /// # Errors
    ///
    /// Those of [`Client`]; [`Error::Request`] without any field;
    /// [`Error::NotDone`] when Meta says no without a reason.
    pub async fn subscribe(
        &self,
        app: &App,
        page_id: &str,
        page_token: &SecretString,
        fields: &[String],
    ) -> Result<(), Error> {
        self.set_fields_at(Host::Graph, app, page_id, page_token, fields).await
    }

    /// Ends the app's subscription on the Page. Other apps keep theirs.
    ///
    /// # Errors
    ///
    /// Those of [`Client`]; [`Error::NotDone`] when Meta says no without a
    /// reason.
    pub async fn unsubscribe(&self, app: &App, page_id: &str, page_token: &SecretString) -> Result<(), Error> {
        self.end_subscription_at(Host::Graph, app, page_id, page_token).await
    }

    pub(crate) async fn fields_at(
        &self,
        host: Host,
        app: &App,
        id: &str,
        token: &SecretString,
    ) -> Result<Vec<String>, Error> {
        let path = path(id);
        let call = Call::get("the subscription", &path).authorized(host, app, token);
        let subscriptions: Vec<WireSubscription> = self.list(call).await?;
        Ok(subscriptions
            .into_iter()
            .find(|subscription| subscription.id.0 == app.app_id)
            .map(|subscription| subscription.subscribed_fields)
            .unwrap_or_default())
    }

    pub(crate) async fn set_fields_at(
        &self,
        host: Host,
        app: &App,
        id: &str,
        token: &SecretString,
        fields: &[String],
    ) -> Result<(), Error> {
        if fields.is_empty() {
            return Err(Error::Request { what: "no field to subscribe to" });
        }
        let path = path(id);
        let call = Call::post("subscribing", &path).authorized(host, app, token);
        self.order(&call.with("subscribed_fields", fields.join(","))).await
    }

    pub(crate) async fn end_subscription_at(
        &self,
        host: Host,
        app: &App,
        id: &str,
        token: &SecretString,
    ) -> Result<(), Error> {
        let path = path(id);
        self.order(&Call::delete("unsubscribing", &path).authorized(host, app, token)).await
    }

    /// A call whose answer only says whether it was done: `{"success": true}`,
    /// in some of Meta's pages with the word as a string or without the object.
    async fn order(&self, call: &Call<'_>) -> Result<(), Error> {
        let answer = self.send_plain(call).await?;
        let said = answer.get("success").unwrap_or(&answer);
        match (said.as_bool(), said.as_str()) {
            (Some(true), _) | (_, Some("true")) => Ok(()),
            (Some(false), _) | (_, Some("false")) => Err(Error::NotDone { what: call.what }),
            _ => Err(Error::Malformed { what: call.what }),
        }
    }
}

fn path(id: &str) -> [&str; 2] {
    [id, "subscribed_apps"]
}
