//! The server functions: what the page asks the server.
//!
//! Each is one line that calls a plain function of [`ops`], whose first line says who may. Called
//! by a plain form, the answer is a redirect (set in [`answer`]); called by the page, it is JSON,
//! and an error carries its status code.
//!
//! To add one: a `#[server]` function here with a fixed endpoint, its body in `ops`, and where a
//! form posts it, its place to go on to.

#[cfg(feature = "ssr")]
mod answer;
mod error;
#[cfg(feature = "ssr")]
mod ops;
mod transport;

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use wizard::{Alerts, RenewalView};

use crate::model::{PageData, PageRequest};

pub use error::ApiError;
pub use transport::{Hrefs, ServerFnTransport};

/// Everything that a page shows, in one piece.
#[server(name = PageCall, prefix = "/api/ui", endpoint = "page", input = Json)]
pub async fn page(request: PageRequest) -> Result<PageData, ApiError> {
    ops::page(request).await
}

/// The overview, for callers that want nothing else.
#[server(name = OverviewCall, prefix = "/api/ui", endpoint = "overview")]
pub async fn overview() -> Result<PageData, ApiError> {
    ops::page(PageRequest::Overview(crate::model::ListRequest::default())).await
}

/// What the banner says.
#[server(name = AlertsCall, prefix = "/api/ui", endpoint = "alerts")]
pub async fn alerts() -> Result<Alerts, ApiError> {
    ops::alerts().await
}

#[server(name = LoginCall, prefix = "/api/ui", endpoint = "login")]
pub async fn login(email: String, password: String, #[server(default)] next: String) -> Result<(), ApiError> {
    ops::login(email, password, next).await
}

#[server(name = LogoutCall, prefix = "/api/ui", endpoint = "logout")]
pub async fn logout() -> Result<(), ApiError> {
    ops::logout().await
}

/// Uses a reset link up.
#[server(name = SetPasswordCall, prefix = "/api/ui", endpoint = "set_password")]
pub async fn set_password(token: String, password: String) -> Result<(), ApiError> {
    ops::set_password(token, password).await
}

/// The reader's open renewal of a connection (empty: of a new one by `provider`, `facebook` when
/// empty), or a fresh one. Answers its id.
#[server(name = StartRenewalCall, prefix = "/api/ui", endpoint = "start_renewal")]
pub async fn start_renewal(
    #[server(default)] connection_id: String,
    #[server(default)] take_over: bool,
    #[server(default)] provider: String,
) -> Result<String, ApiError> {
    ops::start_renewal(connection_id, take_over, provider).await
}

#[server(name = RenewalCall, prefix = "/api/ui", endpoint = "renewal")]
pub async fn renewal(renewal_id: String) -> Result<RenewalView, ApiError> {
    ops::renewal(renewal_id).await
}

/// The parked code becomes staged tokens.
#[server(name = ExchangeCall, prefix = "/api/ui", endpoint = "exchange")]
pub async fn exchange(renewal_id: String) -> Result<RenewalView, ApiError> {
    ops::exchange(renewal_id).await
}

/// The person who has just logged in takes the connection over.
#[server(name = HandOverCall, prefix = "/api/ui", endpoint = "hand_over")]
pub async fn hand_over(renewal_id: String) -> Result<RenewalView, ApiError> {
    ops::hand_over(renewal_id).await
}

/// Which accounts stay. A plain form goes on to the proof at once.
#[server(name = ChooseCall, prefix = "/api/ui", endpoint = "choose")]
pub async fn choose(
    renewal_id: String,
    #[server(default)] accounts: Vec<String>,
    #[server(default)] loss_confirmed: bool,
) -> Result<RenewalView, ApiError> {
    ops::choose(renewal_id, accounts, loss_confirmed).await
}

#[server(name = ProveCall, prefix = "/api/ui", endpoint = "prove")]
pub async fn prove(renewal_id: String, #[server(default)] again: bool) -> Result<RenewalView, ApiError> {
    ops::prove(renewal_id, again).await
}

#[server(name = FinishCall, prefix = "/api/ui", endpoint = "finish")]
pub async fn finish(renewal_id: String) -> Result<RenewalView, ApiError> {
    ops::finish(renewal_id).await
}

#[server(name = CancelCall, prefix = "/api/ui", endpoint = "cancel")]
pub async fn cancel(renewal_id: String) -> Result<RenewalView, ApiError> {
    ops::cancel(renewal_id).await
}

/// Asks the administrators; anybody of the organization may.
#[server(name = RequestRenewalCall, prefix = "/api/ui", endpoint = "request_renewal")]
pub async fn request_renewal(connection_id: String) -> Result<(), ApiError> {
    ops::request_renewal(connection_id).await
}

/// Puts a warning off until tomorrow, for the reader alone.
#[server(name = SnoozeCall, prefix = "/api/ui", endpoint = "snooze")]
pub async fn snooze(connection_id: String) -> Result<(), ApiError> {
    ops::snooze(connection_id).await
}

/// Ends a connection, confirmed by its name.
#[server(name = DisconnectCall, prefix = "/api/ui", endpoint = "disconnect")]
pub async fn disconnect(connection_id: String, confirm_name: String) -> Result<(), ApiError> {
    ops::disconnect(connection_id, confirm_name).await
}

/// Ends one channel of a connection, confirmed by its name.
#[server(name = DisconnectChannelCall, prefix = "/api/ui", endpoint = "disconnect_channel")]
pub async fn disconnect_channel(
    connection_id: String,
    channel_id: String,
    confirm_name: String,
) -> Result<(), ApiError> {
    ops::disconnect_channel(connection_id, channel_id, confirm_name).await
}

/// Signs for how all connections are at this moment.
#[server(name = SignReviewCall, prefix = "/api/ui", endpoint = "sign_review")]
pub async fn sign_review() -> Result<(), ApiError> {
    ops::sign_review().await
}

/// Switches the platform's story options of an Instagram channel. An absent box is off.
#[server(name = StoryOptionsCall, prefix = "/api/ui", endpoint = "story_options")]
pub async fn story_options(
    channel_id: String,
    #[server(default)] connection_id: String,
    #[server(default)] story_mentions: bool,
    #[server(default)] story_replies: bool,
) -> Result<(), ApiError> {
    ops::story_options(channel_id, connection_id, story_mentions, story_replies).await
}
