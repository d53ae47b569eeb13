//! The way through the log-in.

pub use app::own_path::safe_next;

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
    fn the_log_in_page_gets_only_own_paths() {
        assert_eq!(
            login_href("/login", "/integrations/meta?connection=1"),
            "/login?next=%2Fintegrations%2Fmeta%3Fconnection%3D1"
        );
        assert_eq!(login_href("/login", "//evil.example"), "/login");
        assert_eq!(login_href("/login", "/"), "/login");
    }
}
