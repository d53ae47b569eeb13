//! The demo's mailbox: what would have been sent, to be read in the browser.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use app::present::{
    dates::Calendar,
    mail::{Letter, Look, locale_of, render, render_link},
};
use async_trait::async_trait;
use axum::{
    Json, Router,
    extract::{Path, State},
    response::{Html, IntoResponse as _, Response},
    routing::get,
};
use html_escape::{encode_double_quoted_attribute as attribute, encode_text as escaped};
use http::{HeaderName, StatusCode, header};
use renewal::{LinkMail, Mail, MailFailure, Mailer};
use serde::Serialize;
use wizard::{Locale, Moment};

use crate::web::Site;

/// So many letters are kept.
const MOST: usize = 200;

const STYLE: &str = include_str!("inbox.css");

const PAGE_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self'; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// A mail may do what a mail program lets it: look as it wants, and lead somewhere.
const LETTER_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; \
     frame-ancestors 'self'; sandbox allow-top-navigation-by-user-activation";

/// Keeps letters instead of sending them.
#[derive(Default)]
pub struct DemoInbox(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    /// Of the oldest letter that is kept.
    first: usize,
    letters: VecDeque<KeptLetter>,
}

struct KeptLetter {
    to: String,
    letter: Letter,
    /// As its reader reads it.
    at: Moment,
}

/// A letter as tests read it.
#[derive(Serialize)]
struct Told<'a> {
    to: &'a str,
    subject: &'a str,
    text: &'a str,
    html: &'a str,
    at: &'a str,
}

impl KeptLetter {
    fn told(&self) -> Told<'_> {
        let Letter { subject, text, html } = &self.letter;
        Told { to: &self.to, subject, text, html, at: &self.at.iso }
    }
}

impl DemoInbox {
    /// Throws every letter away; numbers go on.
    pub fn clear(&self) {
        let mut kept = self.kept();
        kept.first += kept.letters.len();
        kept.letters.clear();
    }

    fn keep(&self, letter: KeptLetter) {
        let mut kept = self.kept();
        kept.letters.push_back(letter);
        if kept.letters.len() > MOST {
            kept.letters.pop_front();
            kept.first += 1;
        }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn get(&self, number: usize) -> Option<&KeptLetter> {
        self.letters.get(number.checked_sub(self.first)?)
    }

    /// The newest first, each with its number.
    fn newest(&self) -> impl Iterator<Item = (usize, &KeptLetter)> {
        self.letters.iter().enumerate().map(|(index, letter)| (self.first + index, letter)).rev()
    }
}

#[async_trait]
impl Mailer for DemoInbox {
    async fn send(&self, mail: &Mail) -> Result<(), MailFailure> {
        let at = Calendar::new(locale_of(&mail.to), &mail.to.time_zone).minute(mail.now);
        let letter = KeptLetter { to: mail.to.email.clone(), letter: render(mail, &Look::default()), at };
        self.keep(letter);
        Ok(())
    }

    async fn send_link(&self, mail: &LinkMail) -> Result<(), MailFailure> {
        let locale = Locale::parse(&mail.locale).unwrap_or_default();
        let at = Calendar::new(locale, &mail.time_zone).minute(mail.now);
        self.keep(KeptLetter { to: mail.email.clone(), letter: render_link(mail, &Look::default()), at });
        Ok(())
    }
}

#[derive(Clone)]
struct Pages {
    inbox: Arc<DemoInbox>,
    /// In every head: the site's style and icon, and ours.
    links: String,
}

/// `/demo/inbox`: for everybody who reaches the demo, which listens on this machine alone.
pub fn inbox_pages(inbox: &Arc<DemoInbox>, site: &Site) -> Router {
    let assets = site.page_assets();
    let links = [("stylesheet", assets.css.as_str()), ("stylesheet", "/demo/inbox.css"), ("icon", &assets.favicon)]
        .iter()
        .filter(|(_, href)| !href.is_empty())
        .map(|(rel, href)| format!("<link rel=\"{rel}\" href=\"{}\">", attribute(href)))
        .collect();
    Router::new()
        .route("/demo/inbox", get(list))
        .route("/demo/inbox.json", get(json))
        .route("/demo/inbox.css", get(async || ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], STYLE)))
        .route("/demo/inbox/{number}", get(one))
        .route("/demo/inbox/{number}/letter", get(letter))
        .with_state(Pages { inbox: Arc::clone(inbox), links })
}

impl Pages {
    fn page(&self, title: &str, body: &str) -> Response {
        let (links, title) = (&self.links, escaped(title));
        let html = format!(
            "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
             <meta name=\"color-scheme\" content=\"light dark\"><title>{title} · Renova demo</title>{links}</head>\
             <body><main class=\"inbox\"><h1>{title}</h1>{body}</main></body></html>"
        );
        ([(header::CONTENT_SECURITY_POLICY, PAGE_POLICY)], Html(html)).into_response()
    }
}

/// Newest first, as the list shows them.
async fn json(State(pages): State<Pages>) -> Response {
    let kept = pages.inbox.kept();
    Json(kept.newest().map(|(_, letter)| letter.told()).collect::<Vec<_>>()).into_response()
}

async fn list(State(pages): State<Pages>) -> Response {
    let mut rows = String::new();
    for (number, it) in pages.inbox.kept().newest() {
        let (to, subject) = (escaped(&it.to), escaped(&it.letter.subject));
        let row = format!("<a href=\"/demo/inbox/{number}\">{subject}</a><br>{to} · {}", time(&it.at));
        rows += &format!("<li>{row}</li>");
    }
    let empty = "<p>No mail yet. It comes when something is about to end, has ended, or works again.</p>";
    let body = if rows.is_empty() { empty.to_owned() } else { format!("<ul>{rows}</ul>") };
    pages.page("Demo inbox", &body)
}

async fn one(State(pages): State<Pages>, Path(number): Path<usize>) -> Response {
    let kept = pages.inbox.kept();
    let Some(KeptLetter { to, letter, at }) = kept.get(number) else { return StatusCode::NOT_FOUND.into_response() };
    let mut body = format!("<p>{} · {}</p>", escaped(to), time(at));
    body += "<iframe title=\"The mail\" sandbox=\"allow-top-navigation-by-user-activation\" ";
    body += &format!("src=\"/demo/inbox/{number}/letter\"></iframe>");
    body += &format!("<details><summary>Plain text</summary><pre>{}</pre></details>", escaped(&letter.text));
    body += "<p><a href=\"/demo/inbox\">All mails</a></p>";
    pages.page(&letter.subject, &body)
}

async fn letter(State(pages): State<Pages>, Path(number): Path<usize>) -> Response {
    let kept = pages.inbox.kept();
    let Some(it) = kept.get(number) else { return StatusCode::NOT_FOUND.into_response() };
    // What it leads to opens as it would from a mail program: not inside the frame.
    let html = it.letter.html.replacen("<head>", "<head><base target=\"_top\">", 1);
    let frame = HeaderName::from_static("x-frame-options");
    ([(header::CONTENT_SECURITY_POLICY, LETTER_POLICY), (frame, "SAMEORIGIN")], Html(html)).into_response()
}

fn time(at: &Moment) -> String {
    format!("<time datetime=\"{}\">{}</time>", attribute(&at.iso), escaped(&at.text))
}
