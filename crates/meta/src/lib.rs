//! Client of Meta's platform: Facebook Login and Instagram Login, tokens, Pages
//! with their Instagram accounts, and webhook subscriptions.
//!
//! [`FacebookLogin`] and [`InstagramLogin`] are the two ways to log in, alike as
//! far as [`LoginProvider`] goes. Both are made of a [`Client`], which knows
//! Meta only by the base addresses of [`Endpoints`]. Every call has one deadline
//! for all of it, a cap on the size of the answer, and follows no redirect.
//! Tokens and secrets travel in the `Authorization` header or in a form; where
//! Meta takes them only in the query (`debug_token`, long life and new life of
//! Instagram Login's tokens), no address is ever part of an error or of a log
//! line.
//!
//! Where a doc comment says *Meta:*, the page of the developer documentation at
//! `developers.facebook.com/docs` follows.
//!
//! To add a call: a method in a file below `client/`, built on the private
//! `send` or `list`; the form of its answer beside it; a line in the test of
//! broken answers.

mod account;
mod app;
mod backoff;
mod client;
mod dialog;
mod endpoints;
mod error;
mod fields;
mod http;
mod login;
mod mac;
mod proof;
mod redact;
mod scopes;
pub mod signed_request;
mod usage;
mod versions;
pub mod webhook;
mod wire;

pub use account::{Account, AccountKind, Accounts, Unusable};
pub use app::App;
pub use backoff::backoff;
pub use client::Client;
pub use client::accounts::{InstagramAccount, Page};
#[doc(hidden)]
pub use client::canned::client_answering;
pub use client::exchange::IssuedToken;
pub use client::facts::{GranularScope, TokenFacts, TokenKind};
pub use client::identity::PageIdentity;
pub use client::person::{Permission, PermissionStatus, Person};
pub use client::picture::picture_type;
pub use dialog::{DialogRequest, Prompt};
pub use endpoints::Endpoints;
pub use error::{Error, GraphError, Meaning, Retry, Who};
pub use fields::{INSTAGRAM_FIELDS, INSTAGRAM_LOGIN_FIELDS, MESSENGER_FIELDS, instagram_name};
pub use http::{Limits, http_client, http_client_with};
pub use login::{FacebookLogin, Grant, Grantee, InstagramLogin, LoginProvider, Needs, Subscription, TokenCheck};
pub use proof::{appsecret_proof, timed_appsecret_proof};
pub use scopes::{INSTAGRAM_LOGIN_SCOPES, LOGIN_SCOPES, REQUIRED_INSTAGRAM_SCOPES, REQUIRED_PAGE_SCOPES};
pub use usage::Room;
pub use versions::version_end;
