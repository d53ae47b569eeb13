//! The server's own small pages: a title, a sentence, a link. No script but a named one.

use std::fmt::{self, Write as _};

use axum::response::{Html, IntoResponse as _, Response};
use http::{HeaderValue, StatusCode, header};
use renewal::Brand;
use wizard::Locale;

use super::headers::small_page_policy;

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
    /// One more sentence, in a paragraph of its own.
    pub more: Option<&'a str>,
    /// Text and address.
    pub link: Option<(&'a str, &'a str)>,
    /// A button: its text, where its form goes, and the name of what it sends.
    pub form: Option<(&'a str, &'a str, Option<&'a str>)>,
    /// Where a form of the page may lead on to: Meta's dialogs.
    pub dialogs: &'a [String],
    /// Several buttons of one form.
    pub choices: Option<Choices<'a>>,
    /// Shown to somebody else's people: without our name.
    pub is_embedded: bool,
    /// The address that the page goes on to by itself, after a second.
    pub refresh: Option<&'a str>,
    /// Said in small letters.
    pub note: Option<&'a str>,
    /// Folded away: what it is called, and what support asks for.
    pub technical: Option<(&'a str, &'a str)>,
    /// The address of a style sheet; empty: none.
    pub style: &'a str,
    /// The address of an icon, or the browser asks for one that is not there; empty: none.
    pub icon: &'a str,
    /// Whose page it is; `None`: nobody is named.
    pub brand: Option<&'a Brand>,
    /// The address of a script, and the renewal that it speaks of.
    pub script: Option<(&'a str, &'a str)>,
}

/// A form whose buttons each send a value of their own.
pub struct Choices<'a> {
    pub action: &'a str,
    /// Name and value that every button sends along.
    pub hidden: (&'a str, &'a str),
    pub name: &'a str,
    /// Value and text.
    pub options: Vec<(&'a str, &'a str)>,
}

impl SmallPage<'_> {
    pub fn response(&self, status: StatusCode) -> Response {
        let mut response = (status, Html(self.to_string())).into_response();
        let logo = self.brand.and_then(Brand::logo_origin);
        if let Ok(policy) = HeaderValue::from_str(&small_page_policy(self.dialogs, logo.as_deref())) {
            response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
        }
        response
    }
}

impl SmallPage<'_> {
    /// The platform's name and picture; without them ours, but not before somebody else's people.
    fn write_brand(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.brand.and_then(Branded::of) {
            Some(branded) => write!(out, "<header>{branded}</header>"),
            None if self.is_embedded => Ok(()),
            None => out.write_str(BRAND),
        }
    }
}

/// The platform's picture and name.
pub struct Branded<'a> {
    name: &'a str,
    logo: Option<&'a str>,
}

impl<'a> Branded<'a> {
    /// `None`: nobody is named.
    pub fn of(brand: &'a Brand) -> Option<Self> {
        Some(Self { name: brand.name()?, logo: brand.logo.as_deref() })
    }
}

impl fmt::Display for Branded<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("<span class=\"brand\">")?;
        if let Some(logo) = self.logo {
            write!(out, "<img src=\"{}\" alt=\"\" height=\"28\"> ", Escaped(logo))?;
        }
        write!(out, "<span>{}</span></span>", Escaped(self.name))
    }
}

impl fmt::Display for SmallPage<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let language = self.locale.tag();
        write!(out, "<!DOCTYPE html><html lang=\"{language}\"><head><meta charset=\"utf-8\">")?;
        out.write_str("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")?;
        out.write_str("<meta name=\"color-scheme\" content=\"light dark\">")?;
        let whose = self.brand.and_then(|brand| if self.is_embedded { brand.name() } else { Some(brand.product()) });
        match whose {
            Some(name) => write!(out, "<title>{} · {}</title>", Escaped(self.title), Escaped(name))?,
            None => write!(out, "<title>{}</title>", Escaped(self.title))?,
        }
        if let Some(href) = self.refresh {
            write!(out, "<meta http-equiv=\"refresh\" content=\"1;url={}\">", Escaped(href))?;
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
        out.write_str("</head><body><div class=\"bare\">")?;
        self.write_brand(out)?;
        write!(out, "<main class=\"small-page\"><h1>{}</h1>", Escaped(self.title))?;
        write!(out, "<p>{}</p>", Escaped(self.body))?;
        if let Some(more) = self.more {
            write!(out, "<p>{}</p>", Escaped(more))?;
        }
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
        if let Some(choices) = &self.choices {
            choices.write(out)?;
        }
        if let Some(note) = self.note {
            write!(out, "<p><small>{}</small></p>", Escaped(note))?;
        }
        if let Some((name, facts)) = self.technical {
            let (name, facts) = (Escaped(name), Escaped(facts));
            write!(out, "<details class=\"technical\"><summary>{name}</summary><p>{facts}</p></details>")?;
        }
        out.write_str("</main></div></body></html>")
    }
}

impl Choices<'_> {
    fn write(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, value) = self.hidden;
        write!(out, "<form method=\"post\" action=\"{}\">", Escaped(self.action))?;
        write!(out, "<input type=\"hidden\" name=\"{}\" value=\"{}\"><p>", Escaped(name), Escaped(value))?;
        for (value, text) in &self.options {
            let (name, value, text) = (Escaped(self.name), Escaped(value), Escaped(text));
            write!(out, "<button class=\"button\" name=\"{name}\" value=\"{value}\">{text}</button> ")?;
        }
        out.write_str("</p></form>")
    }
}

/// Text as HTML shows it, in elements and in quoted attributes.
pub struct Escaped<'a>(pub &'a str);

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
    fn what_support_asks_for_is_folded_away() {
        let page =
            SmallPage { body: "Sentence.", technical: Some(("Details", "forbidden · <1>")), ..SmallPage::default() };
        let folded = "<p>Sentence.</p><details class=\"technical\"><summary>Details</summary><p>forbidden · &lt;1&gt;</p></details>";
        assert!(page.to_string().contains(folded), "{page}");
        assert!(!SmallPage::default().to_string().contains("<details"));
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
        let nameless = Brand::default();
        let plain = SmallPage { brand: Some(&nameless), ..SmallPage::default() };
        assert!(plain.to_string().contains("<span>Renova</span>"), "our own pages may say it");
        let embedded = SmallPage { is_embedded: true, ..plain }.to_string();
        assert!(!embedded.contains("Renova"), "somebody else's may not: {embedded}");
    }
}
