//! The server's own small pages: a title, a sentence, a link. No script but a named one.

use std::fmt::{self, Write as _};

use axum::response::{Html, IntoResponse as _, Response};
use http::{HeaderValue, StatusCode, header};
use wizard::Locale;

use super::headers::SMALL_PAGE_POLICY;

/// Renova's mark and name, as above the application's pages without a header. It leads nowhere: the
/// page may stand in a pop-up.
const BRAND: &str = "<header><span class=\"brand\"><svg class=\"mark\" viewBox=\"0 0 24 24\" width=\"24\" height=\"24\" \
     fill=\"none\" stroke=\"currentColor\" aria-hidden=\"true\"><path d=\"M19.5 8.2A8.5 8.5 0 1 0 20.5 12\"/>\
     <path d=\"M8 12.2l3 3 9-10\"/></svg><span>Renova</span></span></header>";

/// One small page.
#[derive(Default)]
pub struct SmallPage<'a> {
    pub locale: Locale,
    pub title: &'a str,
    pub body: &'a str,
    /// Text and address.
    pub link: Option<(&'a str, &'a str)>,
    /// A button: its text, where its form goes, and the name of what it sends.
    pub form: Option<(&'a str, &'a str, Option<&'a str>)>,
    /// Said in small letters.
    pub note: Option<&'a str>,
    /// The address of a style sheet; empty: none.
    pub style: &'a str,
    /// The address of an icon, or the browser asks for one that is not there; empty: none.
    pub icon: &'a str,
    /// The address of a script, and the renewal that it speaks of.
    pub script: Option<(&'a str, &'a str)>,
}

impl SmallPage<'_> {
    pub fn response(&self, status: StatusCode) -> Response {
        let mut response = (status, Html(self.to_string())).into_response();
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(SMALL_PAGE_POLICY));
        response
    }
}

impl fmt::Display for SmallPage<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let language = self.locale.tag();
        write!(out, "<!DOCTYPE html><html lang=\"{language}\"><head><meta charset=\"utf-8\">")?;
        out.write_str("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")?;
        out.write_str("<meta name=\"color-scheme\" content=\"light dark\">")?;
        write!(out, "<title>{} · Renova</title>", Escaped(self.title))?;
        if !self.style.is_empty() {
            write!(out, "<link rel=\"stylesheet\" href=\"{}\">", Escaped(self.style))?;
        }
        if !self.icon.is_empty() {
            write!(out, "<link rel=\"icon\" href=\"{}\">", Escaped(self.icon))?;
        }
        if let Some((script, renewal)) = self.script {
            write!(out, "<script src=\"{}\" data-renewal=\"{}\" defer></script>", Escaped(script), Escaped(renewal))?;
        }
        write!(
            out,
            "</head><body><div class=\"bare\">{BRAND}<main class=\"small-page\"><h1>{}</h1>",
            Escaped(self.title)
        )?;
        write!(out, "<p>{}</p>", Escaped(self.body))?;
        if let Some((text, href)) = self.link {
            write!(out, "<p><a class=\"button\" href=\"{}\">{}</a></p>", Escaped(href), Escaped(text))?;
        }
        if let Some((text, action, name)) = self.form {
            write!(out, "<form method=\"post\" action=\"{}\">", Escaped(action))?;
            if let Some(name) = name {
                write!(out, "<input type=\"hidden\" name=\"{}\" value=\"1\">", Escaped(name))?;
            }
            write!(out, "<p><button class=\"button\">{}</button></p></form>", Escaped(text))?;
        }
        if let Some(note) = self.note {
            write!(out, "<p><small>{}</small></p>", Escaped(note))?;
        }
        out.write_str("</main></div></body></html>")
    }
}

/// Text as HTML shows it, in elements and in quoted attributes.
struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.chars() {
            match character {
                '&' => out.write_str("&amp;")?,
                '<' => out.write_str("&lt;")?,
                '>' => out.write_str("&gt;")?,
                '"' => out.write_str("&quot;")?,
                '\'' => out.write_str("&#39;")?,
                other => out.write_char(other)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_stays_text() {
        let page = SmallPage {
            title: "<script>alert(1)</script>",
            link: Some(("a", "/\"onclick='x'")),
            ..SmallPage::default()
        };
        let html = page.to_string();
        assert!(!html.contains("<script>"), "{html}");
        assert!(html.contains("href=\"/&quot;onclick=&#39;x&#39;\""), "{html}");
    }
}
