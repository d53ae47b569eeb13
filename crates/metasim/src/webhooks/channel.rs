//! Which Page or account an event belongs to, and whether the app is sent it.

use super::Event;
use crate::graph::PAGE_FIELDS;
use crate::state::Meta;

/// How events of a channel reach the app.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Route {
    Page,
    /// Subscribed through the Page that the account is linked to.
    LinkedInstagram,
    /// Subscribed by Instagram Login.
    InstagramLogin,
}

#[derive(Clone, Debug)]
pub(crate) struct Channel {
    pub route: Route,
    /// Of the Page or the account: what `entry[].id` says.
    pub id: String,
    /// For people: `Loja Aurora`, `@loja.aurora`.
    pub name: String,
    /// Whose subscription it is: the Page's for a linked account.
    pub subscribed_on: String,
}

/// Why nothing was sent.
#[derive(Debug)]
pub(crate) enum NotSent {
    /// There is no such event on this kind of channel.
    NoSuchEvent(String),
    NotSubscribed(String),
    NoAddress(String),
}

impl Channel {
    pub fn object(&self) -> &'static str {
        if self.route == Route::Page { "page" } else { "instagram" }
    }

    pub fn field(&self, event: Event) -> Result<&'static str, NotSent> {
        let field = if self.route == Route::Page { event.page_field() } else { event.instagram_field() };
        field.ok_or_else(|| NotSent::NoSuchEvent(format!("{} has no event {}", self.object(), event.name())))
    }
}

impl Meta<'_> {
    /// By Page name or id, `@username`, account id.
    pub fn channel(&self, called: &str) -> Option<Channel> {
        let world = &self.state.world;
        if let Some(page) = world.page_called(called) {
            return Some(Channel {
                route: Route::Page,
                id: page.id.clone(),
                name: page.name.clone(),
                subscribed_on: page.id.clone(),
            });
        }
        let account = self.instagram_account(called)?;
        let page = world.page_of_instagram(&account.id).map(|(page, _)| page.id.clone());
        let logged_in = self.state.instagram.subscriptions.contains_key(&account.id);
        let (route, subscribed_on) = match page {
            Some(page) if !logged_in => (Route::LinkedInstagram, page),
            _ => (Route::InstagramLogin, account.id.clone()),
        };
        Some(Channel { route, id: account.id.clone(), name: format!("@{}", account.username), subscribed_on })
    }

    /// Pages and accounts, in the order of the world.
    pub fn channels(&self) -> Vec<Channel> {
        let pages = self.state.world.pages.iter().map(|page| page.id.as_str());
        let accounts = self.instagram_accounts().map(|account| account.id.as_str());
        pages.chain(accounts).filter_map(|id| self.channel(id)).collect()
    }

    /// Both levels have to be subscribed: the app to the object's field, and
    /// the Page or the account. Instagram's events of a linked account follow
    /// the Page's field of the same name; for those that Pages do not have,
    /// the Page's subscription as such is enough.
    pub fn check_subscribed(&self, channel: &Channel, field: &str) -> Result<(), NotSent> {
        let of_app = self.state.app_subscriptions.get(channel.object());
        if !of_app.is_some_and(|app| app.fields.iter().any(|known| known == field)) {
            return Err(NotSent::NotSubscribed(format!(
                "the app is not subscribed to {field} of the object {}",
                channel.object()
            )));
        }
        let subscriptions = match channel.route {
            Route::InstagramLogin => &self.state.instagram.subscriptions,
            Route::Page | Route::LinkedInstagram => &self.state.subscriptions,
        };
        let any_field = channel.route == Route::LinkedInstagram && !PAGE_FIELDS.contains(&field);
        let subscribed = subscriptions
            .get(&channel.subscribed_on)
            .is_some_and(|fields| any_field || fields.iter().any(|known| known == field));
        if subscribed {
            return Ok(());
        }
        let page = self.state.world.page(&channel.subscribed_on).map(|page| page.name.as_str());
        let whose = page.unwrap_or(&channel.name);
        Err(NotSent::NotSubscribed(format!("the app is not subscribed to {field} of {whose}")))
    }

    pub fn is_subscribed(&self, subscribed_on: &str) -> bool {
        self.state.subscriptions.contains_key(subscribed_on)
            || self.state.instagram.subscriptions.contains_key(subscribed_on)
    }

    /// The app is no longer sent anything of this Page or account.
    pub fn unsubscribe(&mut self, subscribed_on: &str) {
        self.state.subscriptions.remove(subscribed_on);
        self.state.instagram.subscriptions.remove(subscribed_on);
        self.state.changed = true;
    }

    /// Where notifications of an object go.
    pub fn callback_of(&self, object: &str) -> Result<String, NotSent> {
        let of_object = self.state.app_subscriptions.get(object).and_then(|app| app.callback_url.clone());
        of_object.or_else(|| self.state.settings.webhook_url.clone()).ok_or_else(|| {
            NotSent::NoAddress(
                "there is no callback URL: set webhook_url in /_sim/settings or POST /{app-id}/subscriptions"
                    .to_owned(),
            )
        })
    }
}
