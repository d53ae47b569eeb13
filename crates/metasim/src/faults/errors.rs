//! Faults that are errors of Meta's own.

use super::{Fault, FaultKind};
use crate::reply::GraphError;

/// Seconds until a used-up allowance of the app is free again.
const APP_WAIT: u64 = 300;

/// The same for an object's own allowance: 19 minutes in Meta's sample.
const OBJECT_WAIT: u64 = 19 * 60;

/// Whose allowance is used up.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Limit {
    App,
    /// One Page's or account's own.
    Object,
}

impl Fault {
    pub fn limit(&self) -> Option<Limit> {
        match self.graph_error()?.code {
            4 | 17 | 32 | 341 | 613 => Some(Limit::App),
            80001 | 80002 | 80006 => Some(Limit::Object),
            _ => None,
        }
    }

    /// The Meta error with which it answers, where it is one.
    pub fn graph_error(&self) -> Option<GraphError> {
        let unknown = GraphError { status: 500, ..GraphError::new(1, "An unknown error has occurred.") };
        let limit = |code: u32, subcode: Option<u32>, message: &str| GraphError {
            subcode,
            transient: Some(true),
            ..GraphError::new(code, message)
        };
        Some(match self.kind {
            FaultKind::Http500 | FaultKind::NextPageFails => unknown,
            FaultKind::Http503 => GraphError {
                status: 503,
                transient: Some(true),
                ..GraphError::new(2, "(#2) Service temporarily unavailable")
            },
            FaultKind::RateLimit => limit(4, None, "(#4) Application request limit reached"),
            FaultKind::RateLimitUser => limit(17, Some(2_446_079), "(#17) User request limit reached"),
            FaultKind::RateLimitPage => limit(32, None, "(#32) Page request limit reached"),
            FaultKind::RateLimitCustom => {
                limit(613, Some(1996), "(#613) Calls to this api have exceeded the rate limit.")
            }
            FaultKind::RateLimitApplication => limit(341, None, "(#341) Feed action request limit reached"),
            FaultKind::RateLimitBusiness => limit(80001, None, &too_many(80001, "Page")),
            FaultKind::RateLimitInstagram => limit(80002, None, &too_many(80002, "Instagram")),
            FaultKind::RateLimitMessenger => limit(80006, None, &too_many(80006, "Messenger")),
            FaultKind::Blocked => limit(
                368,
                Some(1_390_008),
                "(#368) The action attempted has been deemed abusive or is otherwise disallowed",
            ),
            FaultKind::Transient190 => {
                GraphError { transient: Some(true), ..GraphError::token("An unexpected error has occurred.", None) }
            }
            FaultKind::ErrorWith200 => GraphError { status: 200, ..unknown },
            FaultKind::ErrorWithoutCode | FaultKind::ErrorAsText => GraphError { status: 400, ..unknown },
            FaultKind::Error => self.error.clone()?,
            _ => return None,
        })
    }

    /// Seconds that a client is told to wait.
    pub fn retry_after(&self) -> Option<u64> {
        let default = match self.limit() {
            Some(Limit::Object) => OBJECT_WAIT,
            Some(Limit::App) => APP_WAIT,
            None if self.kind == FaultKind::TooManyWait => APP_WAIT,
            None => return None,
        };
        Some(self.retry_after.unwrap_or(default))
    }
}

fn too_many(code: u32, what: &str) -> String {
    format!(
        "(#{code}) There have been too many calls to this {what} account. Wait a bit and try again. For more info, please refer to https://developers.facebook.com/docs/graph-api/overview/rate-limiting."
    )
}
