//! Where Meta is.

use url::Url;

/// Base addresses and version of the platform. A base may have a path, as in
/// `http://127.0.0.1:3001/graph`; its query and fragment are ignored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoints {
    /// The site with the log-in dialog, in the browser's eyes:
    /// `https://www.facebook.com`.
    pub www: Url,
    /// The Graph API, in the server's eyes: `https://graph.facebook.com`.
    pub graph: Url,
    /// Version of the Graph API, for example `v25.0`. Empty: without version.
    pub version: String,
    /// Instagram Login's dialog, in the browser's eyes:
    /// `https://www.instagram.com`.
    pub instagram_www: Url,
    /// Where Instagram Login exchanges codes: `https://api.instagram.com`.
    pub instagram_api: Url,
    /// Instagram Login's Graph API: `https://graph.instagram.com`.
    pub instagram_graph: Url,
}

/// Which of Meta's hosts a call goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Host {
    /// The Graph API.
    Graph,
    /// Exchange of Instagram Login's codes. Without a version.
    InstagramApi,
    /// Long life and new life of Instagram Login's tokens. Without a version.
    InstagramTokens,
    /// Instagram Login's Graph API.
    InstagramGraph,
}

impl Endpoints {
    pub(crate) fn dialog(&self) -> Url {
        below(&self.www, &[&self.version, "dialog", "oauth"])
    }

    pub(crate) fn instagram_dialog(&self) -> Url {
        below(&self.instagram_www, &["oauth", "authorize"])
    }

    pub(crate) fn url(&self, host: Host, path: &[&str]) -> Url {
        let (base, version) = match host {
            Host::Graph => (&self.graph, self.version.as_str()),
            Host::InstagramApi => (&self.instagram_api, ""),
            Host::InstagramTokens => (&self.instagram_graph, ""),
            Host::InstagramGraph => (&self.instagram_graph, self.version.as_str()),
        };
        let mut segments = vec![version];
        segments.extend_from_slice(path);
        below(base, &segments)
    }
}

/// `base` with these path segments added, each percent-encoded; empty ones are
/// left out. A base that can have no path (`mailto:`) stays as it is.
fn below(base: &Url, segments: &[&str]) -> Url {
    let mut url = base.clone();
    url.set_query(None);
    url.set_fragment(None);
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(segments.iter().filter(|segment| !segment.is_empty()));
    }
    url
}

/// Every host at one address, as unit tests need it.
#[cfg(test)]
pub(crate) fn everything_at(base: &str) -> Endpoints {
    let at = |host: &str| Url::parse(&format!("{base}{host}")).unwrap();
    Endpoints {
        www: at("/www"),
        graph: at("/graph"),
        version: "v25.0".to_owned(),
        instagram_www: at("/ig-www"),
        instagram_api: at("/ig-api"),
        instagram_graph: at("/ig-graph"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(base: &str, version: &str, path: &[&str]) -> String {
        let base = Url::parse(base).unwrap();
        let endpoints =
            Endpoints { graph: base, version: version.to_owned(), ..everything_at("https://elsewhere.test") };
        endpoints.url(Host::Graph, path).to_string()
    }

    #[test]
    fn prefixes_slashes_and_versions() {
        let path = ["1", "accounts"];
        for (base, version, expected) in [
            ("https://g.test", "v25.0", "https://g.test/v25.0/1/accounts"),
            ("https://g.test/", "", "https://g.test/1/accounts"),
            ("http://l:1/graph", "v25.0", "http://l:1/graph/v25.0/1/accounts"),
            ("http://l:1/graph/?a=b#c", "v1", "http://l:1/graph/v1/1/accounts"),
        ] {
            assert_eq!(graph(base, version, &path), expected);
        }
    }

    #[test]
    fn segments_cannot_add_a_path_or_a_query() {
        assert_eq!(graph("https://g.test", "v1", &["1/2?a=b#c %", "x"]), "https://g.test/v1/1%2F2%3Fa=b%23c%20%25/x");
    }

    #[test]
    fn every_host_has_its_own_address() {
        let endpoints = everything_at("https://m.test");
        for (host, expected) in [
            (Host::Graph, "https://m.test/graph/v25.0/x"),
            (Host::InstagramApi, "https://m.test/ig-api/x"),
            (Host::InstagramTokens, "https://m.test/ig-graph/x"),
            (Host::InstagramGraph, "https://m.test/ig-graph/v25.0/x"),
        ] {
            assert_eq!(endpoints.url(host, &["x"]).as_str(), expected);
        }
        assert_eq!(endpoints.dialog().as_str(), "https://m.test/www/v25.0/dialog/oauth");
        assert_eq!(endpoints.instagram_dialog().as_str(), "https://m.test/ig-www/oauth/authorize");
    }
}
