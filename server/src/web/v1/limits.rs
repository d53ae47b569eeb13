//! How often one key may ask.

use std::{collections::HashMap, num::NonZeroU32, sync::Arc, time::Duration};

use governor::{
    Quota, RateLimiter, clock::Clock, middleware::StateInformationMiddleware, nanos::Nanos,
    state::keyed::HashMapStateStore,
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use lifecycle::ids::ApiKeyId;
use renewal::Renova;

use super::problem::Problem;
use crate::web::Mount;

const MINUTE: Duration = Duration::from_secs(60);

type Buckets = RateLimiter<ApiKeyId, HashMapStateStore<ApiKeyId>, Steady, StateInformationMiddleware>;

/// A bucket for each key: it holds a minute's requests and fills evenly.
pub struct Limits {
    buckets: Option<(Buckets, NonZeroU32)>,
}

impl Limits {
    pub fn new(mount: &Mount) -> Self {
        let of_minute = |most: NonZeroU32| {
            let clock = Steady(Arc::clone(&mount.ui.renova));
            let buckets = Buckets::new(Quota::per_minute(most), HashMapStateStore::new(HashMap::new()), clock);
            (buckets, most)
        };
        Self { buckets: mount.api_requests_per_minute.map(of_minute) }
    }

    /// Counts one request.
    pub fn count(&self, key: ApiKeyId) -> Standing {
        let Some((buckets, most)) = &self.buckets else { return Standing { limit: None } };
        let (left, wait) = match buckets.check_key(&key) {
            Ok(state) => (state.remaining_burst_capacity(), None),
            Err(until) => (0, Some(until.wait_time_from(buckets.clock().now()))),
        };
        Standing { limit: Some(Limit { most: most.get(), left, wait }) }
    }
}

/// How a key stands after a request.
pub struct Standing {
    /// `None`: nothing is counted.
    limit: Option<Limit>,
}

struct Limit {
    most: u32,
    left: u32,
    /// It has to wait for so long.
    wait: Option<Duration>,
}

impl Standing {
    pub fn is_exceeded(&self) -> bool {
        self.limit.as_ref().is_some_and(|limit| limit.wait.is_some())
    }

    pub fn problem(&self) -> Problem {
        let wait = self.limit.as_ref().and_then(|limit| limit.wait).unwrap_or_default();
        Problem::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too_many_requests",
            "This key asks too often",
            "Wait as long as `Retry-After` says; `RENOVA_API_REQUESTS_PER_MINUTE` is the limit.",
        )
        .after(whole_seconds(wait))
    }

    /// `RateLimit-Limit`, `-Remaining`, and `-Reset`: seconds until the bucket is full again.
    pub fn tell(&self, headers: &mut HeaderMap) {
        let Some(limit) = &self.limit else { return };
        let used = MINUTE.mul_f64(f64::from(limit.most - limit.left.min(limit.most)) / f64::from(limit.most));
        let values = [
            ("ratelimit-limit", u64::from(limit.most)),
            ("ratelimit-remaining", u64::from(limit.left)),
            ("ratelimit-reset", whole_seconds(used)),
        ];
        for (name, value) in values {
            headers.insert(HeaderName::from_static(name), HeaderValue::from(value));
        }
    }
}

fn whole_seconds(span: Duration) -> u64 {
    span.as_secs() + u64::from(span.subsec_nanos() > 0)
}

/// Real time that nobody can move.
struct Steady(Arc<Renova>);

impl Clock for Steady {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        Duration::from_millis(self.0.steady_now().0.unsigned_abs()).into()
    }
}

impl Clone for Steady {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}
