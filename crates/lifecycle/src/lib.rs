//! Pure rules of a connection's life: no I/O, no clock of its own, no randomness.
//!
//! Everything here takes the present as a [`Timestamp`] and compiles to WebAssembly, so that the
//! server and the page judge by the same words. A new rule belongs here when it can be told as
//! "given these facts at this moment, what holds?".

pub mod alarm;
pub mod authorization;
pub mod clock;
pub mod delivery;
pub mod grantee;
pub mod health;
pub mod ids;
pub mod lease;
pub mod notice;
pub mod origin;
pub mod proof;
pub mod provider;
pub mod reconcile;
pub mod refresh;
pub mod renewal;
pub mod role;
pub mod team;

pub use authorization::{CallbackEffect, callback_effect};
pub use clock::{Clock, Timestamp};
pub use delivery::DisabledReason;
pub use health::{Health, Severity};
pub use notice::NoticeKind;
pub use origin::{Origin, OriginProblem};
pub use provider::{ChannelKind, GranteeKind, Provider};
pub use renewal::{RenewalEvent, RenewalState};
pub use role::Role;
pub use team::{TeamChange, TeamRefusal};
