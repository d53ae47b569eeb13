//! The reader's account and the organization's team.

use lifecycle::Role;
use serde::{Deserialize, Serialize};
use wizard::Moment;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Where the reader is logged in, the last used first.
    pub sessions: Vec<SessionLine>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionLine {
    pub started: Moment,
    pub last_seen: Moment,
    pub is_this: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct People {
    pub team: Vec<Person>,
    pub invitations: Vec<PendingInvitation>,
    /// Shown this once, after it was made.
    pub made: Option<MadeLink>,
    /// Links are mailed as well.
    pub sends_mail: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub id: String,
    pub name: String,
    pub email: String,
    pub role: Role,
    pub last_seen: Option<Moment>,
    /// The reader: somebody else changes this one.
    pub is_reader: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingInvitation {
    pub id: String,
    pub email: String,
    pub role: Role,
    pub ends: Moment,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MadeLink {
    pub email: String,
    pub link: String,
}

/// What somebody is invited to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    pub token: String,
    pub organization: String,
    pub email: String,
    pub role: Role,
}
