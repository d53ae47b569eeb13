//! A letter as HTML: no table, and nothing that is loaded but the platform's own picture, which is not needed.
//!
//! Styles are inline, because many mail programs drop the rest; the one style sheet only turns the
//! colours over where the program shows dark pages. The colours are those of `style/tokens.css`.

use html_escape::{encode_double_quoted_attribute as attribute, encode_text as escaped};
use wizard::{Level, Sentence};

use super::{Said, item::Item, phrases};
use crate::present::words::pick;

/// For programs that know dark pages. `!important`: what is inline is stronger otherwise.
const DARK: &str = "@media (prefers-color-scheme: dark) {\
    .paper { background: #0d1416 !important; color: #e9eef0 !important; }\
    .card { background: #161d20 !important; border-color: #313a3d !important; }\
    .rule { border-color: #313a3d !important; }\
    .quiet, .quiet a { color: #b4bcbf !important; }\
    .link { color: #66ccba !important; }\
    .button { background: #66ccba !important; color: #041a16 !important; }\
    .good { background: #152b27 !important; color: #66ccba !important; }\
    .soon { background: #322513 !important; color: #f4c677 !important; }\
    .stopped { background: #3b1c19 !important; color: #feaba1 !important; }\
    .advice { background: #21292c !important; color: #b4bcbf !important; } }";

const PAPER: &str = "margin: 0; padding: 24px 16px; background: #f4f8f9; color: #1a2326; \
    font-family: system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif; font-size: 16px; \
    line-height: 1.5; overflow-wrap: anywhere; -webkit-text-size-adjust: 100%";
const COLUMN: &str = "max-width: 560px; margin: 0 auto";
const HEAD: &str = "margin: 0 0 12px; font-size: 14px; color: #485255";
const LOGO: &str = "height: 24px; margin-right: 8px; vertical-align: middle";
const CARD: &str = "padding: 24px; background: #feffff; border: 1px solid #d4dadd; border-radius: 10px";
const HEADING: &str = "margin: 0; font-size: 20px; line-height: 1.3; font-weight: 650";
const SUBHEADING: &str = "margin: 0; font-size: 17px; line-height: 1.35; font-weight: 650";
const RULE: &str = "height: 0; margin: 24px 0; border: 0; border-top: 1px solid #d4dadd";
const LABEL: &str = "display: inline-block; margin: 0 0 12px; padding: 4px 10px; border-radius: 6px; \
    font-size: 14px; font-weight: 600";
const LINE: &str = "margin: 12px 0 0";
const BUTTON: &str = "display: inline-block; padding: 12px 20px; border-radius: 10px; background: #006e5f; \
    color: #fbfefd; font-weight: 600; text-decoration: none";
const LINK: &str = "color: #006e5f; font-weight: 600";
const FOOT: &str = "margin: 16px 0 0; font-size: 14px; color: #485255";

pub fn html(said: &Said<'_>) -> String {
    let heading = said.heading.as_ref().map(|text| format!("<h1 style=\"{HEADING}\">{}</h1>", escaped(text)));
    let items = said.items.iter().enumerate().map(|(index, item)| item_html(said, item, index));
    let items: Vec<_> = items.chain(more(said)).collect();
    let rule = format!("<hr class=\"rule\" style=\"{RULE}\">");
    let heading = heading.map(|heading| heading + &rule).unwrap_or_default();
    format!(
        "<!DOCTYPE html>\n<html lang=\"{language}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\">\
         <meta name=\"supported-color-schemes\" content=\"light dark\">\
         <title>{title}</title><style>{DARK}</style></head>\n\
         <body class=\"paper\" style=\"{PAPER}\"><div style=\"{COLUMN}\">\n\
         <p class=\"quiet\" style=\"{HEAD}\">{head}</p>\n\
         <div class=\"card\" style=\"{CARD}\">{heading}{items}</div>\n{foot}\n</div></body></html>\n",
        language = said.locale.tag(),
        title = escaped(&said.subject),
        head = head(said),
        items = items.join(&rule),
        foot = foot(said),
    )
}

/// Whose letter it is, then for which organization.
fn head(said: &Said<'_>) -> String {
    let organization = escaped(&said.organization);
    let look = said.look;
    if look.name.is_empty() {
        return format!("<strong>{organization}</strong>");
    }
    let picture = look
        .logo
        .as_ref()
        .map(|logo| format!("<img src=\"{}\" alt=\"\" height=\"24\" style=\"{LOGO}\">", attribute(logo)));
    let name = format!("{}<strong>{}</strong>", picture.unwrap_or_default(), escaped(&look.name));
    let name = match &look.url {
        Some(url) => {
            format!("<a style=\"color: inherit; text-decoration: none\" href=\"{}\">{name}</a>", attribute(url))
        }
        None => name,
    };
    format!("{name} · {organization}")
}

fn item_html(said: &Said<'_>, item: &Item<'_>, index: usize) -> String {
    let (class, colours, sign) = dress(item.level);
    let label = pick(said.locale, item.tone.label());
    // Under the heading of a list, each is one step lower.
    let (level, style) = if said.heading.is_some() { (2, SUBHEADING) } else { (1, HEADING) };
    let lines: Vec<_> = item.lines.iter().map(|line| escaped(line)).collect();
    let lines = lines.join(&format!("</p><p style=\"{LINE}\">"));
    format!(
        "\n<p class=\"{class}\" style=\"{LABEL}; {colours}\"><span aria-hidden=\"true\">{sign}&#160;</span>{label}</p>\
         <h{level} style=\"{style}\">{headline}</h{level}><p style=\"{LINE}\">{lines}</p>{link}\n",
        label = escaped(label),
        headline = sentence(&item.headline),
        link = link(said, item, index).unwrap_or_default(),
    )
}

/// Class, colours and a sign, so that the colour is not alone.
const fn dress(level: Level) -> (&'static str, &'static str, &'static str) {
    match level {
        Level::Good => ("good", "background: #e3f5f0; color: #006e5f", "✓"),
        Level::Advice => ("advice", "background: #e8eef0; color: #485255", "●"),
        Level::Soon => ("soon", "background: #fdf2dd; color: #7b5100", "▲"),
        Level::Stopped => ("stopped", "background: #feeeeb; color: #a92321", "■"),
    }
}

fn sentence(sentence: &Sentence) -> String {
    let moment = sentence
        .moment
        .as_ref()
        .map(|moment| format!("<time datetime=\"{}\">{}</time>", attribute(&moment.iso), escaped(&moment.text)));
    format!("{}{}{}", escaped(&sentence.before), moment.unwrap_or_default(), escaped(&sentence.after))
}

/// One button in a letter: on the most urgent that has something to do.
fn link(said: &Said<'_>, item: &Item<'_>, index: usize) -> Option<String> {
    let link = item.link.as_ref()?;
    let (class, style) = if said.is_first_link(index) { ("button", BUTTON) } else { ("link", LINK) };
    let margin = if class == "button" { "margin: 20px 0 0" } else { "margin: 12px 0 0" };
    Some(format!(
        "<p style=\"{margin}\"><a class=\"{class}\" style=\"{style}\" href=\"{url}\">{words}</a></p>",
        url = attribute(link.url),
        words = escaped(said.link_words(index, link)),
    ))
}

fn more(said: &Said<'_>) -> Option<String> {
    let more = said.more.as_ref()?;
    let overview = more.overview.map(|url| {
        let (url, words) = (attribute(url), escaped(pick(said.locale, phrases::OVERVIEW)));
        format!("<p style=\"{LINE}\"><a class=\"link\" style=\"{LINK}\" href=\"{url}\">{words}</a></p>")
    });
    Some(format!("\n<p style=\"{LINE}\">{}</p>{}\n", escaped(&more.words), overview.unwrap_or_default()))
}

fn foot(said: &Said<'_>) -> String {
    let mut foot = format!("<p class=\"quiet\" style=\"{FOOT}\">{}", escaped(&said.why));
    if let Some(url) = said.unsubscribe {
        let words = escaped(pick(said.locale, phrases::UNSUBSCRIBE));
        foot += &format!("<br><a style=\"color: #485255\" href=\"{}\">{words}</a>", attribute(url));
    }
    foot + "</p>"
}
