//! What a connection needs of Meta, in words: permissions, and what is sent.

use renewal::{ChannelState, ConnectionState, Renova};
use wizard::Locale;

use super::{
    health::channel_name,
    words::{Text, lowered, pick},
};
use crate::model::{Requirement, Sent};

/// What Meta has to allow.
pub fn permissions(renova: &Renova, locale: Locale, state: &ConnectionState) -> Vec<Requirement> {
    let other: Text = ["Outra permissão da Meta", "Another permission at Meta", "Otro permiso de Meta"];
    said(renova.permissions_of(state), |name| permission(locale, name).unwrap_or(pick(locale, other)))
}

/// What Meta has to send, by channel.
pub fn sent(renova: &Renova, locale: Locale, state: &ConnectionState) -> Vec<Sent> {
    let of = |channel: &ChannelState| Sent {
        name: channel_name(channel),
        kinds: said(renova.fields_of(state, channel), |name| field(locale, name)),
    };
    state.channels.iter().map(of).collect()
}

/// In words. Two permissions of Meta's may mean one thing to people: both have to be there for it.
fn said(needed: Vec<renewal::Requirement>, words: impl Fn(&str) -> &'static str) -> Vec<Requirement> {
    let mut said: Vec<Requirement> = Vec::new();
    for need in needed {
        let text = words(need.name);
        match said.iter_mut().find(|it| it.text == text) {
            Some(same) => same.is_met &= need.is_met,
            None => said.push(Requirement { text: text.to_owned(), is_met: need.is_met }),
        }
    }
    said
}

/// What permissions of Meta's are for, as a sentence goes on with it; `None`: they mean nothing to people.
pub fn purposes(locale: Locale, permissions: &[String]) -> Option<String> {
    let mut known: Vec<_> = permissions.iter().filter_map(|name| permission(locale, name)).map(lowered).collect();
    known.sort_unstable();
    known.dedup();
    (!known.is_empty()).then(|| known.join(", "))
}

fn permission(locale: Locale, name: &str) -> Option<&'static str> {
    let text: Text = match name {
        "pages_show_list" => {
            ["Ver as Páginas desta pessoa", "See this person's Pages", "Ver las Páginas de esta persona"]
        }
        "pages_messaging" => ["Conversar no Messenger", "Talk on Messenger", "Conversar en Messenger"],
        "pages_manage_metadata" => [
            "Receber o que acontece na Página",
            "Be notified of what happens on the Page",
            "Recibir lo que ocurre en la Página",
        ],
        "pages_read_engagement" => ["Ler a Página", "Read the Page", "Leer la Página"],
        "instagram_basic" | "instagram_business_basic" => {
            ["Ler o perfil do Instagram", "Read the Instagram profile", "Leer el perfil de Instagram"]
        }
        "instagram_manage_messages" | "instagram_business_manage_messages" => {
            ["Conversar no Instagram", "Talk on Instagram", "Conversar en Instagram"]
        }
        _ => return None,
    };
    Some(pick(locale, text))
}

fn field(locale: Locale, name: &str) -> &'static str {
    let text: Text = match name {
        "messages" => ["Mensagens", "Messages", "Mensajes"],
        "messaging_postbacks" => ["Cliques em botões", "Taps on buttons", "Toques en botones"],
        "messaging_referrals" | "messaging_referral" => {
            ["De onde a conversa veio", "Where a conversation came from", "De dónde vino la conversación"]
        }
        "message_reactions" => ["Reações", "Reactions", "Reacciones"],
        "message_echoes" => {
            ["Mensagens enviadas por outros meios", "Messages sent in other ways", "Mensajes enviados por otros medios"]
        }
        "message_deliveries" => ["Confirmações de entrega", "Delivery receipts", "Confirmaciones de entrega"],
        "message_reads" => ["Confirmações de leitura", "Read receipts", "Confirmaciones de lectura"],
        _ => ["Outros avisos da Meta", "Other notifications from Meta", "Otros avisos de Meta"],
    };
    pick(locale, text)
}
