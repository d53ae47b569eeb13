//! What carries a call to Meta and its answer back.

use std::time::Duration;

use async_trait::async_trait;
use reqwest::StatusCode;
use reqwest::header::{DATE, HeaderMap, HeaderName, RETRY_AFTER};

use crate::error::Error;
use crate::http;

/// Longest wait that is believed.
const LONGEST_WAIT: Duration = Duration::from_secs(24 * 60 * 60);

/// A way to Meta. The HTTP client is the only one outside of tests.
#[async_trait]
pub(crate) trait Transport: Send + Sync {
    async fn send(&self, request: reqwest::Request) -> Result<Reply, Error>;
}

/// An answer, whole, and not yet understood.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

#[async_trait]
impl Transport for reqwest::Client {
    async fn send(&self, request: reqwest::Request) -> Result<Reply, Error> {
        let mut response = self.execute(request).await.map_err(|error| Error::from_http(&error))?;
        let status = response.status();
        let headers = std::mem::take(response.headers_mut());
        Ok(Reply { status, headers, body: http::body(response).await? })
    }
}

impl Reply {
    /// `Date`, in seconds since 1970.
    pub(crate) fn date(&self) -> Option<i64> {
        seconds(self.text(&DATE)?)
    }

    /// How long Meta asks to stay away, at most a day: seconds, or a moment
    /// that is measured against Meta's own clock.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        let stated = self.text(&RETRY_AFTER)?.trim();
        let wait = match stated.parse() {
            Ok(wait) => wait,
            Err(_) => u64::try_from(seconds(stated)?.checked_sub(self.date()?)?).ok()?,
        };
        Some(Duration::from_secs(wait).min(LONGEST_WAIT))
    }

    fn text(&self, name: &HeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

fn seconds(date: &str) -> Option<i64> {
    let at = httpdate::parse_http_date(date).ok()?;
    i64::try_from(at.duration_since(std::time::UNIX_EPOCH).ok()?.as_secs()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(headers: &[(HeaderName, &str)]) -> Reply {
        let headers = headers.iter().map(|(name, value)| (name.clone(), value.parse().unwrap())).collect();
        Reply { status: StatusCode::OK, headers, body: Vec::new() }
    }

    #[test]
    fn moments_and_waits() {
        let date = (DATE, "Tue, 24 Nov 2026 12:00:00 GMT");
        assert_eq!(reply(std::slice::from_ref(&date)).date(), Some(1_795_521_600));
        for (stated, expected) in [
            ("120", Some(120)),
            (" 5 ", Some(5)),
            ("99999999", Some(86_400)),
            ("Tue, 24 Nov 2026 12:01:30 GMT", Some(90)),
            ("Tue, 24 Nov 2026 11:59:59 GMT", None),
            ("-3", None),
            ("soon", None),
            ("", None),
        ] {
            let wait = reply(&[date.clone(), (RETRY_AFTER, stated)]).retry_after();
            assert_eq!(wait, expected.map(Duration::from_secs), "{stated}");
        }
        assert_eq!(reply(&[(RETRY_AFTER, "Tue, 24 Nov 2026 12:01:30 GMT")]).retry_after(), None);
        assert_eq!(reply(&[(DATE, "yesterday")]).date(), None);
    }
}
