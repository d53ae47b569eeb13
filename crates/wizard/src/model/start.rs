//! What the first screen shows, before a renewal is there.

use lifecycle::RenewalState;
use serde::{Deserialize, Serialize};

use super::{Level, Locale, Moment, Purpose, Sentence};

/// The first screen: what has to be there, the one *Iniciar*, and the other connections.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StartView {
    pub locale: Locale,
    /// Decides the heading.
    pub purpose: Purpose,
    /// What *Iniciar* renews; `None`: it connects for the first time.
    pub connection_id: Option<String>,
    /// How that connection is, such as "Vence em 5 dias (28/11)".
    pub state: Option<(Level, Sentence)>,
    /// In the order to show.
    pub prerequisites: Vec<Prerequisite>,
    pub open_renewal: Option<OpenRenewal>,
    /// The reader's own renewal of it that is past Meta's log-in: it can be shown at once.
    pub resume: Option<String>,
    /// Most urgent first.
    pub others: Vec<OtherConnection>,
    /// An Instagram account without a Page can be connected by itself.
    pub instagram_login: bool,
}

/// Another connection, with its own *Renovar {name}*.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OtherConnection {
    pub connection_id: String,
    /// The Facebook person's (or Instagram account's) name.
    pub name: String,
    pub level: Level,
    pub summary: Sentence,
    pub open_renewal: Option<OpenRenewal>,
}

/// A renewal of a connection that nobody has finished.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenRenewal {
    pub id: String,
    /// `None`: the reader's own.
    pub other_owner: Option<String>,
    /// Only *Finalizar* is missing.
    pub only_finish_missing: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PrerequisiteKind {
    PlatformAccess,
    AdministratorRole,
    BusinessInstagram,
    BusinessManagerAdmin,
    MessengerActive,
    InstagramIntegrated,
    MessageAccess,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prerequisite {
    pub kind: PrerequisiteKind,
    pub state: PrerequisiteState,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PrerequisiteState {
    /// *Confirmado em 12/11*
    Confirmed(Moment),
    /// *Vamos verificar depois do login*
    CheckedAfterLogin,
    /// *Problema: como resolver*
    Problem { how_to_fix: String },
}

/// Where a wizard stands, for hosts that want to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WizardStep {
    /// 1 to 6.
    pub step: u8,
    pub state: RenewalState,
    pub connection_id: Option<String>,
}
