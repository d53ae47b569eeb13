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
}

impl Endpoints {
    pub(crate) fn dialog(&self) -> Url {
        below(&self.www, &[&self.version, "dialog", "oauth"])
    }

    pub(crate) fn graph(&self, path: &[&str]) -> Url {
        let mut segments = vec![self.version.as_str()];
        segments.extend_from_slice(path);
        below(&self.graph, &segments)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(base: &str, version: &str, path: &[&str]) -> String {
        let base = Url::parse(base).unwrap();
        Endpoints { www: base.clone(), graph: base, version: version.to_owned() }.graph(path).to_string()
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
}
