//! The server's own small pages: a title, a sentence, a link. No script but a named one.

use std::fmt::{self, Write as _};

use axum::response::{Html, IntoResponse as _, Response};
use http::{HeaderValue, StatusCode, header};
use renewal::Brand;
use wizard::Locale;

use super::headers::SMALL_PAGE_POLICY;

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
    /// Whose page it is; `None`: nobody is named.
    pub brand: Option<&'a Brand>,
    /// The address of a script, and the renewal that it speaks of.
    pub script: Option<(&'a str, &'a str)>,
}

impl SmallPage<'_> {
    pub fn response(&self, status: StatusCode) -> Response {
        let mut response = (status, Html(self.to_string())).into_response();
        let picture = self.brand.and_then(Brand::logo_origin).map(|origin| format!("img-src 'self' {origin};"));
        let policy = picture.and_then(|picture| SMALL_PAGE_POLICY.replace("img-src 'self';", &picture).parse().ok());
        let policy = policy.unwrap_or(HeaderValue::from_static(SMALL_PAGE_POLICY));
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
        response
    }
}

impl fmt::Display for SmallPage<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let language = self.locale.tag();
        write!(out, "<!DOCTYPE html><html lang=\"{language}\"><head><meta charset=\"utf-8\">")?;
        out.write_str("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")?;
        out.write_str("<meta name=\"color-scheme\" content=\"light dark\">")?;
        match self.brand {
            Some(brand) => write!(out, "<title>{} · {}</title>", Escaped(self.title), Escaped(brand.product()))?,
            None => write!(out, "<title>{}</title>", Escaped(self.title))?,
        }
        if !self.style.is_empty() {
            write!(out, "<link rel=\"stylesheet\" href=\"{}\">", Escaped(self.style))?;
        }
        if !self.icon.is_empty() {
            write!(out, "<link rel=\"icon\" href=\"{}\">", Escaped(self.icon))?;
        }
        if let Some((script, renewal)) = self.script {
            write!(out, "<script src=\"{}\" data-renewal=\"{}\" defer></script>", Escaped(script), Escaped(renewal))?;
        }
        out.write_str("</head><body><main class=\"small-page\">")?;
        if let Some((brand, name)) = self.brand.and_then(|brand| Some((brand, brand.name()?))) {
            out.write_str("<p class=\"small-brand\">")?;
            if let Some(logo) = &brand.logo {
                write!(out, "<img src=\"{}\" alt=\"\" height=\"28\"> ", Escaped(logo))?;
            }
            write!(out, "<strong>{}</strong></p>", Escaped(name))?;
        }
        write!(out, "<h1>{}</h1>", Escaped(self.title))?;
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
        out.write_str("</main></body></html>")
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

    #[test]
    fn a_brand_is_shown_with_its_picture() {
        let brand = Brand {
            name: "Chat <Brasil>".to_owned(),
            logo: Some("https://cdn.example/logo.png".to_owned()),
            url: None,
        };
        let page = SmallPage { title: "Title", brand: Some(&brand), ..SmallPage::default() };
        let html = page.to_string();
        for part in ["<title>Title · Chat &lt;Brasil&gt;</title>", "src=\"https://cdn.example/logo.png\"", "alt=\"\""]
        {
            assert!(html.contains(part), "{part} in {html}");
        }
        assert!(!html.contains("Renova"), "{html}");
        let response = page.response(StatusCode::OK);
        let policy = response.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.contains("img-src 'self' https://cdn.example; "), "{policy}");
        let plain = SmallPage { brand: Some(&Brand::default()), ..SmallPage::default() }.to_string();
        assert!(
            plain.contains("Renova</title>") && !plain.contains("small-brand"),
            "our own pages may say it: {plain}"
        );
    }
}
