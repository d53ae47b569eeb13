//! Where to go after the log-in: a page of this site, never elsewhere.

/// The target if it is a path of this site that a browser cannot read as anything else.
///
/// Refused: other sites in every spelling (`//host`, `/\host`, `https:`), control characters
/// and spaces, which browsers drop or turn, and the log-in page itself.
#[must_use]
pub fn safe_next(target: &str) -> Option<&str> {
    let second = target.as_bytes().get(1);
    let plain = target.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let own = target.starts_with('/') && second != Some(&b'/');
    let path = target.split(['?', '#']).next().unwrap_or_default();
    let elsewhere = path.split('/').any(|segment| {
        matches!(segment.to_ascii_lowercase().as_str(), ".." | "." | "%2e%2e" | "%2e" | ".%2e" | "%2e.")
    });
    let loops = path == "/login" || path.starts_with("/login/");
    (plain && own && !elsewhere && !loops && target.len() <= 1_000).then_some(target)
}

/// `/login?next=…` for a request of this path and query.
#[must_use]
pub fn login_href(login: &str, wanted: &str) -> String {
    match safe_next(wanted) {
        Some("/") | None => login.to_owned(),
        Some(wanted) => {
            let query: String =
                url::form_urlencoded::Serializer::new(String::new()).append_pair("next", wanted).finish();
            format!("{login}?{query}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_paths_pass() {
        for target in ["/", "/integrations/meta?connection=1", "/connections/0192-a", "/account#top", "/a?b=%2F%2Fx"] {
            assert_eq!(safe_next(target), Some(target), "{target}");
        }
    }

    #[test]
    fn everything_else_is_refused() {
        let corpus = [
            "",
            "renova",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "\\/evil.example",
            "\\\\evil.example",
            "https://evil.example",
            "https:evil.example",
            "http:/evil.example",
            "javascript:alert(1)",
            "data:text/html,x",
            "/\t/evil.example",
            "/\n/evil.example",
            "/\r\nLocation: //evil.example",
            " /evil",
            "/ /evil.example",
            "\u{0}/",
            "/\u{2028}/evil",
            "/ä",
            "@evil.example",
            ".evil.example",
            "?next=/",
            "#/",
            "/..//evil.example",
            "/.//evil.example",
            "/%2e%2e//evil.example",
            "/a/../../evil",
            "/%2E/x",
            "/login",
            "/login?next=/login",
            "/x\u{7f}",
            "/\u{a0}/evil.example",
            "https:/\\evil.example",
            "///\\evil.example",
            "/\\/evil.example",
            "//127.0.0.1:3000@evil.example",
            "/./\\evil.example",
        ];
        for target in corpus {
            assert_eq!(safe_next(target), None, "{target:?}");
        }
    }

    #[test]
    fn the_log_in_page_gets_only_own_paths() {
        assert_eq!(
            login_href("/login", "/integrations/meta?connection=1"),
            "/login?next=%2Fintegrations%2Fmeta%3Fconnection%3D1"
        );
        assert_eq!(login_href("/login", "//evil.example"), "/login");
        assert_eq!(login_href("/login", "/"), "/login");
    }
}
