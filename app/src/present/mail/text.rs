//! A letter as plain text.

use super::{
    Said,
    item::{Item, whole},
    phrases,
};
use crate::present::words::pick;

pub fn text(said: &Said<'_>) -> String {
    let mut blocks: Vec<_> = said.heading.iter().cloned().collect();
    for (index, item) in said.items.iter().enumerate() {
        blocks.extend(item_blocks(said, item, index));
    }
    if let Some(more) = &said.more {
        blocks.push(more.words.clone());
        blocks.extend(more.overview.map(|url| format!("{}:\n{url}", pick(said.locale, phrases::OVERVIEW))));
    }
    // Two dashes and a space: what follows is no part of the message.
    let place = match said.look.name.as_str() {
        "" => said.organization.clone(),
        name => format!("{name} · {}", said.organization),
    };
    let mut foot = format!("-- \n{place}\n{}", said.why);
    if let Some(url) = &said.look.url {
        foot += &format!("\n{url}");
    }
    if let Some(url) = said.unsubscribe {
        foot += &format!("\n{}: {url}", pick(said.locale, phrases::UNSUBSCRIBE));
    }
    blocks.push(foot);
    blocks.join("\n\n") + "\n"
}

fn item_blocks(said: &Said<'_>, item: &Item<'_>, index: usize) -> Vec<String> {
    let headline = whole(&item.headline);
    let headline = if said.heading.is_some() {
        format!("{}. {}: {headline}", index + 1, pick(said.locale, item.tone.label()))
    } else {
        headline
    };
    let link = item.link.as_ref().map(|link| format!("{}:\n{}", said.link_words(index, link), link.url));
    [headline, item.lines.join("\n")].into_iter().chain(link).collect()
}
