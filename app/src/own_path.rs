//! Where a redirect may lead: a page of this site, never elsewhere.

/// A path of this site that a browser cannot read as anything else.
///
/// Refused: other sites in every spelling (`//host`, `/\\host`, `https:`), control characters
/// and spaces, which browsers drop or turn, and dot segments.
#[must_use]
pub fn is_own_path(target: &str) -> bool {
    let plain = target.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let own = target.starts_with('/') && target.as_bytes().get(1) != Some(&b'/');
    let elsewhere = path_of(target).split('/').any(|segment| {
        matches!(segment.to_ascii_lowercase().as_str(), ".." | "." | "%2e%2e" | "%2e" | ".%2e" | "%2e.")
    });
    plain && own && !elsewhere && target.len() <= 1_000
}

/// Where to go after the log-in, from what a request says: an own path, and not the log-in itself, nor the
/// window of an embed, which needs no log-in and must see where people come from.
#[must_use]
pub fn safe_next(target: &str) -> Option<&str> {
    let path = path_of(target);
    let loops = path == "/login" || path.starts_with("/login/");
    let query = target.split_once('?').map(|(_, query)| query);
    let is_of_embed = path.starts_with("/connect/") && !matches!(query, None | Some("in=popup" | "in=tab"));
    (is_own_path(target) && !loops && !is_of_embed).then_some(target)
}

fn path_of(target: &str) -> &str {
    target.split(['?', '#']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_paths_pass() {
        for target in [
            "/",
            "/integrations/meta?connection=1",
            "/connections/0192-a",
            "/account#top",
            "/a?b=%2F%2Fx",
            "/connect/1?in=tab",
        ] {
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
            "/connect/1?in=tab&ticket=x",
            "/connect/1?%74icket=x&in=tab",
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
    fn a_form_may_lead_back_to_the_log_in() {
        assert!(is_own_path("/login?error=invalid_login"));
    }
}
