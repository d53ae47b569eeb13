//! Which pages may show Renova inside: an origin, as browsers name it.
//!
//! What is written down here is compared byte by byte with what browsers send, and stands in headers
//! as it is. So only plain names are taken, in the one form that browsers use.

use std::{fmt, net::Ipv4Addr, str::FromStr};

const LONGEST_NAME: usize = 253;
const LONGEST_LABEL: usize = 63;

/// `scheme://host` or `scheme://host:port`, in lower case, without a port that goes without saying.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin(String);

/// Why a text is no origin for an embed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OriginProblem {
    #[error("write it like https://app.example.com: scheme, name and perhaps a port, nothing more")]
    NotAnOrigin,
    #[error("must begin with https:// (http:// only for this machine)")]
    NotProtected,
}

impl Origin {
    /// Takes capitals, one slash at the end and the scheme's own port, which browsers leave out.
    ///
    /// # Errors
    /// [`OriginProblem`], for people.
    pub fn parse(text: &str) -> Result<Self, OriginProblem> {
        let text = text.to_ascii_lowercase();
        let text = text.strip_suffix('/').unwrap_or(&text);
        let (scheme, rest) = text.split_once("://").ok_or(OriginProblem::NotAnOrigin)?;
        let usual = match scheme {
            "https" => 443,
            "http" => 80,
            _ => return Err(OriginProblem::NotAnOrigin),
        };
        let (host, port) = match rest.split_once(':') {
            Some((host, port)) => (host, Some(port_of(port).ok_or(OriginProblem::NotAnOrigin)?)),
            None => (rest, None),
        };
        if !is_host(host) {
            return Err(OriginProblem::NotAnOrigin);
        }
        if scheme == "http" && !is_loopback(host) {
            return Err(OriginProblem::NotProtected);
        }
        Ok(Self(match port.filter(|port| *port != usual) {
            Some(port) => format!("{scheme}://{host}:{port}"),
            None => format!("{scheme}://{host}"),
        }))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Origin {
    type Err = OriginProblem;

    fn from_str(text: &str) -> Result<Self, OriginProblem> {
        Self::parse(text)
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

fn port_of(text: &str) -> Option<u16> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
    text.parse().ok().filter(|_| plain)
}

/// A name of the Internet in its ASCII form, or an IPv4 address in the form that browsers show.
fn is_host(host: &str) -> bool {
    let labels = || host.split('.');
    let last = labels().next_back().unwrap_or_default();
    // Browsers take a name that ends in a number for an address, in many spellings.
    if last.starts_with(|first: char| first.is_ascii_digit()) {
        return host.parse::<Ipv4Addr>().is_ok_and(|address| address.to_string() == host);
    }
    host.len() <= LONGEST_NAME && labels().all(is_label)
}

fn is_label(label: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=LONGEST_LABEL).contains(&label.len())
        && label.bytes().all(plain)
        && !label.starts_with('-')
        && !label.ends_with('-')
}

/// The machine itself, whose pages need no TLS.
fn is_loopback(host: &str) -> bool {
    host == "localhost"
        || host.ends_with(".localhost")
        || host.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use url::Url;

    use super::*;

    fn parsed(text: &str) -> Result<String, OriginProblem> {
        Origin::parse(text).map(|origin| origin.to_string())
    }

    #[test]
    fn what_browsers_send_is_taken_in_their_form() {
        for (given, taken) in [
            ("https://app.example.com", "https://app.example.com"),
            ("https://App.Example.COM/", "https://app.example.com"),
            ("https://app.example.com:443", "https://app.example.com"),
            ("https://app.example.com:8443", "https://app.example.com:8443"),
            ("https://xn--caf-dma.example", "https://xn--caf-dma.example"),
            ("https://203.0.113.7", "https://203.0.113.7"),
            ("http://localhost:3005", "http://localhost:3005"),
            ("http://host.localhost:3005", "http://host.localhost:3005"),
            ("http://127.0.0.1:80", "http://127.0.0.1"),
            ("https://intranet", "https://intranet"),
        ] {
            assert_eq!(parsed(given).as_deref(), Ok(taken), "{given}");
        }
    }

    /// Spellings by which a list of pages has been got around somewhere.
    const BYPASSES: [&str; 52] = [
        "",
        "*",
        "null",
        "https://",
        "https:///",
        "https:app.example.com",
        "//app.example.com",
        "app.example.com",
        "https://*.example.com",
        "https://*",
        "https://app.example.com/path",
        "https://app.example.com//",
        "https://app.example.com?x",
        "https://app.example.com#x",
        "https://app.example.com\\x",
        "https://user@app.example.com",
        "https://user:pass@app.example.com",
        "https://app.example.com@evil.example",
        "https://app.example.com%40evil.example",
        "https://app.example.com%2eevil.example",
        "https://app.example.com.",
        "https://.example.com",
        "https://app..example.com",
        "https://-app.example.com",
        "https://app-.example.com",
        "https://app_x.example.com",
        "https://app.example.com:",
        "https://app.example.com:0",
        "https://app.example.com:0443",
        "https://app.example.com:65536",
        "https://app.example.com:+443",
        "https://app.example.com:443:443",
        "https://app.example.com;script-src *",
        "https://app.example.com https://evil.example",
        "https://app.example.com,https://evil.example",
        " https://app.example.com",
        "https://app.example.com ",
        "https://app.example.com\r\nset-cookie: a=b",
        "https://app.example.com\n",
        "https://app.example.com\0",
        "https://app.exam\tple.com",
        "https://caf\u{e9}.example",
        "https://\u{ff41}pp.example.com",
        "https://127.1",
        "https://0x7f000001",
        "https://2130706433",
        "https://0177.0.0.1",
        "https://1.2.3.4.5",
        "https://[::1]",
        "javascript://app.example.com",
        "file://localhost",
        "wss://app.example.com",
    ];

    #[test]
    fn other_spellings_are_refused() {
        for text in BYPASSES {
            assert_eq!(parsed(text), Err(OriginProblem::NotAnOrigin), "{text:?}");
        }
        for text in [
            "http://app.example.com",
            "http://localhost.example.com",
            "http://127.0.0.1.example.com",
            "http://notlocalhost",
            "http://10.0.0.7",
            "http://128.0.0.1",
        ] {
            assert_eq!(parsed(text), Err(OriginProblem::NotProtected), "{text:?}");
        }
    }

    fn texts() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            prop::sample::select(BYPASSES.to_vec()).prop_map(str::to_owned),
            "(https?|HTTPS)://[a-zA-Z0-9.-]{1,20}(:[0-9]{1,6})?/?",
            "(https?)://([a-z0-9]{1,5}\\.){0,3}(localhost|example|[0-9]{1,3}|0x[0-9a-f]{1,4})(:[0-9]{1,5})?",
            "[ -~]{0,12}",
        ];
        prop_oneof![piece.clone(), (piece.clone(), piece).prop_map(|(one, two)| format!("{one}{two}")), any::<String>()]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]

        /// Whatever is taken is an origin as the URL standard writes it: the same text that a browser sends.
        #[test]
        fn what_is_taken_is_what_the_standard_says(text in texts()) {
            let Ok(origin) = Origin::parse(&text) else { return Ok(()) };
            prop_assert_eq!(Origin::parse(origin.as_str()), Ok(origin.clone()), "it stays as it is");
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-:/".contains(&byte);
            prop_assert!(origin.as_str().bytes().all(plain), "safe in a header: {origin}");
            match Url::parse(&text) {
                Ok(url) => {
                    prop_assert_eq!(url.origin().ascii_serialization(), origin.to_string());
                    prop_assert_eq!((url.path(), url.query(), url.fragment()), ("/", None, None));
                    prop_assert!(url.username().is_empty() && url.password().is_none());
                }
                // Only a name whose Unicode is wrong: no browser sends it.
                Err(_) => prop_assert!(text.to_ascii_lowercase().contains("xn--"), "{text}"),
            }
        }
    }
}
