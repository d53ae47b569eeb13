//! The pieces of which the start page is built. Everything that comes from the
//! world is escaped here.

use crate::clock::rfc3339;
use crate::html::escape;

/// What an action has said, shown in the section it belongs to.
pub(super) struct Said {
    pub at: String,
    pub text: String,
    pub bad: bool,
}

pub(super) fn section(id: &str, title: &str, intro: &str, said: Option<&Said>, content: &str) -> String {
    let said = said.filter(|said| said.at == id).map_or_else(String::new, |said| {
        let class = if said.bad { "said bad" } else { "said" };
        format!("<p class=\"{class}\" role=\"status\">{}</p>", escape(&said.text))
    });
    format!(
        "<section id=\"{id}\" aria-labelledby=\"{id}-title\"><h2 id=\"{id}-title\">{title}</h2>\
         <p class=\"soft\">{intro}</p>{said}{content}</section>"
    )
}

/// A form of one button. `about` completes its name for those who do not see
/// what it stands beside.
pub(super) fn button(action: &str, fields: &[(&str, &str)], label: &str, about: &str, class: &str) -> String {
    let fields: String = fields.iter().map(|(name, value)| hidden(name, value)).collect();
    let about =
        if about.is_empty() { String::new() } else { format!("<span class=\"hidden\"> {}</span>", escape(about)) };
    let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
    format!(
        "<form method=\"post\" action=\"/_sim/do/{action}\">{fields}<button{class}>{}{about}</button></form>",
        escape(label)
    )
}

pub(super) fn hidden(name: &str, value: &str) -> String {
    format!("<input type=\"hidden\" name=\"{name}\" value=\"{}\">", escape(value))
}

/// A labelled select; each choice is a value and its words.
pub(super) fn select<'a>(label: &str, name: &str, choices: impl Iterator<Item = (&'a str, String)>) -> String {
    let options: String = choices
        .map(|(value, words)| format!("<option value=\"{}\">{}</option>", escape(value), escape(&words)))
        .collect();
    format!("<label class=\"field\">{}<select name=\"{name}\">{options}</select></label>", escape(label))
}

pub(super) fn input(label: &str, name: &str, kind: &str, value: &str, class: &str) -> String {
    format!(
        "<label class=\"field {class}\">{}<input type=\"{kind}\" name=\"{name}\" value=\"{}\"></label>",
        escape(label),
        escape(value)
    )
}

/// A card with facts and, at its foot, buttons. Facts are HTML already.
pub(super) fn card(title: &str, facts: &[(&str, String)], foot: &str) -> String {
    let facts: String = facts
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("<dt>{name}</dt><dd>{value}</dd>"))
        .collect();
    let foot = if foot.is_empty() { String::new() } else { format!("<div class=\"row\">{foot}</div>") };
    format!("<li><h3>{}</h3><dl>{facts}</dl>{foot}</li>", escape(title))
}

pub(super) fn cards(items: impl Iterator<Item = String>) -> String {
    let items: String = items.collect();
    if items.is_empty() { nothing("None.") } else { format!("<ul class=\"cards\">{items}</ul>") }
}

/// Cells are HTML already.
pub(super) fn table(name: &str, none: &str, heads: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let rows: String = rows
        .map(|row| {
            let cells: String = row.iter().map(|cell| format!("<td>{cell}</td>")).collect();
            format!("<tr>{cells}</tr>")
        })
        .collect();
    if rows.is_empty() {
        return nothing(none);
    }
    let heads: String = heads.iter().map(|head| format!("<th scope=\"col\">{head}</th>")).collect();
    format!(
        "<div class=\"scroll\" role=\"region\" aria-label=\"{name}\" tabindex=\"0\"><table>\
         <thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )
}

pub(super) fn nothing(text: &str) -> String {
    format!("<p class=\"soft\">{text}</p>")
}

pub(super) fn good(text: &str) -> String {
    format!("<span class=\"good\">{}</span>", escape(text))
}

pub(super) fn bad(text: &str) -> String {
    format!("<span class=\"bad\">{}</span>", escape(text))
}

/// `2027-03-01 12:00:00`, UTC.
pub(super) fn time(milliseconds: i64) -> String {
    let text = rfc3339(milliseconds);
    text.get(..19).map_or(text.clone(), |start| start.replace('T', " "))
}
