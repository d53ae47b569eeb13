//! The server functions: what the page asks the server.
//!
//! Each is one line that calls a plain function of [`ops`] (or [`people`]), whose first line says who may. Called
//! by a plain form, the answer is a redirect (set in [`answer`]); called by the page, it is JSON,
//! and an error carries its status code.
//!
//! To add one: a `#[server]` function here with a fixed endpoint, its body in `ops` or beside it, and where a
//! form posts it, its place to go on to.

#[cfg(feature = "ssr")]
mod answer;
mod error;
#[cfg(feature = "ssr")]
mod ops;
#[cfg(feature = "ssr")]
mod people;
mod transport;

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use wizard::{Alerts, RenewalView, StartView};

use crate::model::{PageData, PageRequest};

pub use error::ApiError;
pub use transport::ServerFnTransport;
pub use wizard::Hrefs;

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

/// What the wizard's first screen shows, of one connection (empty: of the most urgent; `new`: of a first one).
#[server(name = StartCall, prefix = "/api/ui", endpoint = "start")]
pub async fn start(#[server(default)] connection_id: String) -> Result<StartView, ApiError> {
    ops::start(connection_id).await
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

/// When people of the organization are warned. An absent box is a day without a warning.
#[server(name = SetWarningsCall, prefix = "/api/ui", endpoint = "set_warnings")]
pub async fn set_warnings(
    #[server(default)] days: Vec<String>,
    #[server(default)] from_hour: String,
    #[server(default)] to_hour: String,
) -> Result<(), ApiError> {
    ops::settings::set_warnings(days, from_hour, to_hour).await
}

/// The organization's time zone, by its IANA name, and its language.
#[server(name = SetOrganizationCall, prefix = "/api/ui", endpoint = "set_organization")]
pub async fn set_organization(
    #[server(default)] time_zone: String,
    #[server(default)] locale: String,
) -> Result<(), ApiError> {
    ops::settings::set_organization(time_zone, locale).await
}

/// Mails a link for a new password, if somebody has this e-mail; the answer does not tell.
#[server(name = AskForResetCall, prefix = "/api/ui", endpoint = "ask_for_reset")]
pub async fn ask_for_reset(email: String) -> Result<(), ApiError> {
    people::ask_for_reset(email).await
}

/// Uses an invitation up and logs its person in.
#[server(name = AcceptInvitationCall, prefix = "/api/ui", endpoint = "accept_invitation")]
pub async fn accept_invitation(token: String, name: String, password: String) -> Result<(), ApiError> {
    people::accept_invitation(token, name, password).await
}

#[server(name = ChangePasswordCall, prefix = "/api/ui", endpoint = "change_password")]
pub async fn change_password(current: String, password: String) -> Result<(), ApiError> {
    people::change_password(current, password).await
}

/// The reader's own language.
#[server(name = SetLanguageCall, prefix = "/api/ui", endpoint = "set_language")]
pub async fn set_language(locale: String) -> Result<(), ApiError> {
    people::set_language(locale).await
}

/// Ends every session of the reader.
#[server(name = LogOutEverywhereCall, prefix = "/api/ui", endpoint = "log_out_everywhere")]
pub async fn log_out_everywhere() -> Result<(), ApiError> {
    people::log_out_everywhere().await
}

/// Answers the link, which is shown this once.
#[server(name = InviteCall, prefix = "/api/ui", endpoint = "invite")]
pub async fn invite(email: String, role: String) -> Result<String, ApiError> {
    people::invite(email, role).await
}

#[server(name = WithdrawInvitationCall, prefix = "/api/ui", endpoint = "withdraw_invitation")]
pub async fn withdraw_invitation(invitation_id: String) -> Result<(), ApiError> {
    people::withdraw_invitation(invitation_id).await
}

/// Answers the key, which is shown this once.
#[server(name = MakeApiKeyCall, prefix = "/api/ui", endpoint = "make_api_key")]
pub async fn make_api_key(
    #[server(default)] name: String,
    #[server(default)] scopes: Vec<String>,
) -> Result<String, ApiError> {
    ops::developers::make_api_key(name, scopes).await
}

#[server(name = RevokeApiKeyCall, prefix = "/api/ui", endpoint = "revoke_api_key")]
pub async fn revoke_api_key(key_id: String) -> Result<(), ApiError> {
    ops::developers::revoke_api_key(key_id).await
}

/// Answers the secret by which deliveries are signed, which is shown this once.
#[server(name = AddWebhookCall, prefix = "/api/ui", endpoint = "add_webhook")]
pub async fn add_webhook(
    #[server(default)] url: String,
    #[server(default)] description: String,
) -> Result<String, ApiError> {
    ops::developers::add_webhook(url, description).await
}

/// As [`add_webhook`]; the secret before signs too for a day.
#[server(name = RotateWebhookCall, prefix = "/api/ui", endpoint = "rotate_webhook")]
pub async fn rotate_webhook(endpoint_id: String) -> Result<String, ApiError> {
    ops::developers::rotate_webhook(endpoint_id).await
}

#[server(name = TestWebhookCall, prefix = "/api/ui", endpoint = "test_webhook")]
pub async fn test_webhook(endpoint_id: String) -> Result<(), ApiError> {
    ops::developers::test_webhook(endpoint_id).await
}

/// `on`, or off.
#[server(name = SwitchWebhookCall, prefix = "/api/ui", endpoint = "switch_webhook")]
pub async fn switch_webhook(endpoint_id: String, #[server(default)] on: bool) -> Result<(), ApiError> {
    ops::developers::switch_webhook(endpoint_id, on).await
}

#[server(name = RemoveWebhookCall, prefix = "/api/ui", endpoint = "remove_webhook")]
pub async fn remove_webhook(endpoint_id: String) -> Result<(), ApiError> {
    ops::developers::remove_webhook(endpoint_id).await
}

/// Tells one event again, under the same id.
#[server(name = ResendWebhookCall, prefix = "/api/ui", endpoint = "resend_webhook")]
pub async fn resend_webhook(endpoint_id: String, event_id: String) -> Result<(), ApiError> {
    ops::developers::resend_webhook(endpoint_id, event_id).await
}

/// Allows pages of this origin to show the organization's screens.
#[server(name = AddEmbedOriginCall, prefix = "/api/ui", endpoint = "add_embed_origin")]
pub async fn add_embed_origin(#[server(default)] origin: String) -> Result<(), ApiError> {
    ops::developers::add_embed_origin(origin).await
}

#[server(name = RemoveEmbedOriginCall, prefix = "/api/ui", endpoint = "remove_embed_origin")]
pub async fn remove_embed_origin(origin: String) -> Result<(), ApiError> {
    ops::developers::remove_embed_origin(origin).await
}

/// A link for another administrator to renew this connection. Answers it; it is shown this once.
#[server(name = SendRenewalLinkCall, prefix = "/api/ui", endpoint = "send_renewal_link")]
pub async fn send_renewal_link(connection_id: String, user_id: String) -> Result<String, ApiError> {
    ops::links::send_renewal_link(connection_id, user_id).await
}

/// *Iniciar* on the page of a renewal link: uses it up. Answers where to go on.
#[server(name = UseRenewalLinkCall, prefix = "/api/ui", endpoint = "use_renewal_link")]
pub async fn use_renewal_link(token: String, #[server(default)] take_over: bool) -> Result<String, ApiError> {
    ops::links::use_renewal_link(token, take_over).await
}

/// `admin` or `agent`.
#[server(name = SetRoleCall, prefix = "/api/ui", endpoint = "set_role")]
pub async fn set_role(user_id: String, role: String) -> Result<(), ApiError> {
    people::set_role(user_id, role).await
}

#[server(name = RemovePersonCall, prefix = "/api/ui", endpoint = "remove_person")]
pub async fn remove_person(user_id: String) -> Result<(), ApiError> {
    people::remove_person(user_id).await
}
