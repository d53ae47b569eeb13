//! Mails to people: a subject, a plain text and an HTML page that say the same.
//!
//! One notice is one letter; several are a list, the most urgent first. The effect is said in the
//! words of the banner ([`super::effect`]).

mod html;
mod item;
mod link;
mod phrases;
#[cfg(test)]
mod tests;
mod text;

use renewal::{Brand, Mail, Recipient};
use wizard::Locale;

use super::{
    dates::Calendar,
    words::{fill, pick},
};
use item::{Item, Link};

pub use link::render_link;

/// Notices that one letter tells; of others it only says how many there are.
const MOST_TOLD: usize = 20;

/// Whose mail it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// The service's name, as people know it; empty: only the organization is named.
    pub name: String,
    /// An absolute address of a picture that mail programs can show.
    pub logo: Option<String>,
    /// Where the name leads.
    pub url: Option<String>,
}

impl Look {
    /// `public_url` is ours, without a slash at the end. Mail programs show no SVG.
    #[must_use]
    pub fn of(brand: &Brand, public_url: &str) -> Self {
        let absolute = |logo: &String| match logo.strip_prefix('/') {
            Some(_) => [public_url, logo].concat(),
            None => logo.clone(),
        };
        let logo = brand.logo.as_ref().map(absolute).filter(|logo| !logo.to_ascii_lowercase().ends_with(".svg"));
        Self { name: one_line(&brand.name), logo, url: brand.url.clone() }
    }
}

/// A mail, ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// What both forms of a letter say.
struct Said<'a> {
    locale: Locale,
    look: &'a Look,
    organization: String,
    subject: String,
    /// Of a list alone.
    heading: Option<String>,
    items: Vec<Item<'a>>,
    more: Option<More<'a>>,
    /// Its button has the fixed words.
    of_notices: bool,
    why: String,
    unsubscribe: Option<&'a str>,
}

/// What a list leaves out.
struct More<'a> {
    words: String,
    /// Where all of it stands.
    overview: Option<&'a str>,
}

impl Said<'_> {
    /// The most urgent that has something to do.
    fn is_first_link(&self, index: usize) -> bool {
        self.items.iter().position(|item| item.link.is_some()) == Some(index)
    }

    fn link_words<'a>(&self, index: usize, link: &'a Link<'_>) -> &'a str {
        if self.of_notices && self.is_first_link(index) {
            wizard::texts::texts(self.locale).change_permissions
        } else {
            &link.name
        }
    }
}

/// The letter in its reader's language and zone.
#[must_use]
pub fn render(mail: &Mail, look: &Look) -> Letter {
    let said = say(mail, look);
    Letter { text: text::text(&said), html: html::html(&said), subject: said.subject }
}

/// The language of somebody who gets mail.
#[must_use]
pub fn locale_of(reader: &Recipient) -> Locale {
    Locale::parse(&reader.locale).unwrap_or_default()
}

fn say<'a>(mail: &'a Mail, look: &'a Look) -> Said<'a> {
    let locale = locale_of(&mail.to);
    let calendar = Calendar::new(locale, &mail.to.time_zone);
    let told = mail.notices.iter().take(MOST_TOLD);
    let items: Vec<_> = told.map(|notice| item::item(&calendar, notice, mail.now)).collect();
    let organization = one_line(&mail.organization);
    let place = [("organization", organization.as_str())];
    let count = mail.notices.len().to_string();
    let more = mail.notices.len() - items.len();
    let more = (more > 0).then(|| More {
        words: fill(pick(locale, phrases::MORE), &[("count", &more.to_string())]),
        overview: mail.overview_url.as_deref(),
    });
    let heading = (items.len() > 1)
        .then(|| fill(pick(locale, phrases::LIST), &[("count", &count), ("organization", &organization)]));
    let of_list = (items.len() > 1).then(|| fill(pick(locale, phrases::COUNT), &[("count", &count)]));
    Said {
        locale,
        look,
        subject: of_list.unwrap_or_default() + &items.first().map(|item| item.subject(locale)).unwrap_or_default(),
        heading,
        why: fill(pick(locale, phrases::WHY), &place),
        unsubscribe: mail.can_be_switched_off().then_some(mail.to.unsubscribe_url.as_str()),
        organization,
        items,
        more,
        of_notices: true,
    }
}

/// A name as part of one line: whatever it contains, it starts no other and turns none around.
#[must_use]
pub fn one_line(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}');
    let plain = |c: char| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c };
    text.chars().filter(|c| !turns(*c)).map(plain).collect()
}
