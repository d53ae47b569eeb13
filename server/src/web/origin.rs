//! Changing requests come from our own pages only.

use http::{HeaderMap, header};

/// Why a changing request is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OriginProblem {
    /// Neither `Sec-Fetch-Site` nor `Origin` tells where it comes from.
    Missing,
    /// It comes from another site.
    Foreign,
}

/// `Sec-Fetch-Site: same-origin`, or `Origin` equal to our own.
///
/// `Sec-Fetch-Site` is set by the browser alone, so it decides where it is there.
pub fn check(headers: &HeaderMap, own: &str) -> Result<(), OriginProblem> {
    let header = |name: header::HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("unreadable"));
    let origin = header(header::ORIGIN);
    match header(header::HeaderName::from_static("sec-fetch-site")) {
        Some("same-origin") => Ok(()),
        Some("none") | None => match origin {
            Some(origin) if origin == own => Ok(()),
            Some(_) => Err(OriginProblem::Foreign),
            None => Err(OriginProblem::Missing),
        },
        Some(_) => Err(OriginProblem::Foreign),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_pages_pass() {
        const OWN: &str = "http://127.0.0.1:3000";
        let cases = [
            (Some("same-origin"), None, Ok(())),
            (Some("same-origin"), Some("null"), Ok(())),
            (None, Some(OWN), Ok(())),
            (Some("none"), Some(OWN), Ok(())),
            (None, None, Err(OriginProblem::Missing)),
            (Some("none"), None, Err(OriginProblem::Missing)),
            (Some("same-site"), Some("http://127.0.0.1:3001"), Err(OriginProblem::Foreign)),
            (Some("cross-site"), Some(OWN), Err(OriginProblem::Foreign)),
            (None, Some("null"), Err(OriginProblem::Foreign)),
            (None, Some("http://127.0.0.1:3000.evil.example"), Err(OriginProblem::Foreign)),
            (None, Some("http://localhost:3000"), Err(OriginProblem::Foreign)),
        ];
        for (site, origin, expected) in cases {
            let mut headers = HeaderMap::new();
            if let Some(site) = site {
                headers.insert("sec-fetch-site", site.parse().unwrap());
            }
            if let Some(origin) = origin {
                headers.insert("origin", origin.parse().unwrap());
            }
            assert_eq!(check(&headers, OWN), expected, "{site:?} {origin:?}");
        }
    }
}
