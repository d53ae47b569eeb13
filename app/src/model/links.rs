//! What the page of a renewal link shows.

use serde::{Deserialize, Serialize};

/// What a link is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RenewalLinkPage {
    pub token: String,
    pub organization: String,
    /// The connection's name; `None`: to connect for the first time.
    pub connection: Option<String>,
    /// For whom it is.
    pub person: String,
    /// Who is signed in in this browser, if that is somebody else.
    pub other: Option<String>,
    /// It was used, by its person who is signed in: the renewal that it began.
    pub renewal_href: Option<String>,
}
