//! What is proved before *Finalizar*, and what blocks it.

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProofItem {
    /// Every permission that the chosen channels need is granted.
    Permissions,
    /// Every chosen Page delivers the fields we need to our app.
    Subscription,
    /// Every chosen account answers a read with its new token.
    LiveRead,
    /// Meta stated the new dates.
    Dates,
    /// The platform's option about story mentions, with its subscribed field.
    StoryMentions,
    /// The platform's option about story replies and reactions, with its subscribed fields.
    StoryReplies,
}

impl ProofItem {
    /// In the order in which they are gathered and shown.
    pub const ALL: [Self; 6] =
        [Self::Permissions, Self::Subscription, Self::LiveRead, Self::Dates, Self::StoryMentions, Self::StoryReplies];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Permissions => "permissions",
            Self::Subscription => "subscription",
            Self::LiveRead => "live_read",
            Self::Dates => "dates",
            Self::StoryMentions => "story_mentions",
            Self::StoryReplies => "story_replies",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Not looked at yet.
    Pending,
    /// Proved.
    Good,
    /// Not proved, and the renewal may be finished all the same.
    Open,
    /// Without it nothing would work: *Finalizar* is refused.
    Blocking,
    /// The administrator switched it off, or no chosen channel needs it.
    NotApplicable,
}

/// One line of the proof, as stored and shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProofLine {
    pub item: ProofItem,
    pub verdict: Verdict,
    /// What is missing, in Meta's names: permissions, fields, account names. Empty when good.
    #[serde(default)]
    pub missing: Vec<String>,
}

/// The proof before anything has been looked at.
#[must_use]
pub fn blank() -> Vec<ProofLine> {
    ProofItem::ALL.into_iter().map(|item| ProofLine { item, verdict: Verdict::Pending, missing: Vec::new() }).collect()
}

/// Only a missing token or permission blocks; what is still pending is not yet proved.
#[must_use]
pub fn may_finish(lines: &[ProofLine]) -> bool {
    lines.len() == ProofItem::ALL.len()
        && lines.iter().all(|line| !matches!(line.verdict, Verdict::Pending | Verdict::Blocking))
}

/// Something is still open although it may be finished.
#[must_use]
pub fn has_open_points(lines: &[ProofLine]) -> bool {
    lines.iter().any(|line| line.verdict == Verdict::Open)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_complete_proof_without_blocks_may_finish() {
        let mut lines = blank();
        assert!(!may_finish(&lines) && !may_finish(&[]));
        for line in &mut lines {
            line.verdict = Verdict::Good;
        }
        assert!(may_finish(&lines) && !has_open_points(&lines));
        lines[1].verdict = Verdict::Open;
        assert!(may_finish(&lines) && has_open_points(&lines));
        lines[0].verdict = Verdict::Blocking;
        assert!(!may_finish(&lines));
    }
}
