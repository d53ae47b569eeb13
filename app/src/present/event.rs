//! What an event means, as one sentence in each language: the platform can show it as it is.

use lifecycle::Timestamp;
use renewal::EventWords;
use serde_json::Value;
use store::{Event, Organization};
use wizard::Locale;

use super::{
    dates::Calendar,
    mail::one_line,
    words::{Text, fill, in_days, pick},
};

/// Sentences in the organization's zone.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sentences;

impl EventWords for Sentences {
    fn sentences(&self, event: &Event, organization: &Organization) -> Vec<(&'static str, String)> {
        let data = serde_json::from_str(&event.data).unwrap_or_default();
        let of = |locale: Locale| {
            let calendar = Calendar::new(locale, &organization.time_zone);
            (locale.tag(), sentence(&calendar, event, &data))
        };
        Locale::ALL.into_iter().map(of).collect()
    }
}

fn sentence(calendar: &Calendar, event: &Event, data: &Value) -> String {
    let locale = calendar.locale();
    let text = |key: &str| data[key].as_str().map(one_line);
    let name = text("name").unwrap_or_else(|| pick(locale, NAMELESS).to_owned());
    let who = text("asked_by").unwrap_or_else(|| pick(locale, SOMEBODY).to_owned());
    let at = data["at"].as_i64().map_or(event.at, Timestamp);
    let (days, date) = (in_days(locale, calendar.days_between(event.at, at)), calendar.day(at).text);
    let app = match data["kind"].as_str() {
        Some("instagram") => "Instagram",
        Some("messenger") => "Messenger",
        _ => "",
    };
    let channel = [app, &name].join(" ");
    // A name that looks like a place is filled last, and so stays a name.
    let places =
        [("days", days.as_str()), ("date", &date), ("who", &who), ("name", &name), ("channel", channel.trim())];
    fill(pick(locale, meaning(&event.kind)), &places)
}

const NAMELESS: Text = ["sem nome", "without a name", "sin nombre"];
const SOMEBODY: Text = ["Alguém", "Somebody", "Alguien"];

fn meaning(kind: &str) -> Text {
    match kind.split_once('.') {
        Some(("channel", what)) => of_channel(what),
        Some(("connection", what)) => of_connection(what),
        Some(("renewal", what)) => of_renewal(what),
        _ => [
            "Um aviso de teste da integração.",
            "A test notice from the integration.",
            "Un aviso de prueba de la integración.",
        ],
    }
}

fn of_channel(what: &str) -> Text {
    match what {
        "healthy" => [
            "As mensagens do {channel} chegam normalmente.",
            "Messages to {channel} arrive as they should.",
            "Los mensajes de {channel} llegan con normalidad.",
        ],
        "expires_soon" => [
            "As mensagens do {channel} vão parar de chegar {days} ({date}).",
            "Messages to {channel} will stop arriving {days} ({date}).",
            "Los mensajes de {channel} dejarán de llegar {days} ({date}).",
        ],
        "expired" | "revoked" => [
            "As mensagens do {channel} não chegam desde {date}.",
            "Messages to {channel} have not arrived since {date}.",
            "Los mensajes de {channel} no llegan desde el {date}.",
        ],
        "missing_permission" => [
            "Falta uma permissão para o {channel}.",
            "A permission is missing for {channel}.",
            "Falta un permiso para {channel}.",
        ],
        "account_lost" => [
            "O acesso ao {channel} foi perdido em {date}.",
            "Access to {channel} was lost on {date}.",
            "El acceso a {channel} se perdió el {date}.",
        ],
        "data_access_lapsed" => [
            "O acesso aos dados do {channel} venceu em {date}.",
            "Data access of {channel} ended on {date}.",
            "El acceso a los datos de {channel} venció el {date}.",
        ],
        "subscription_lost" => [
            "O recebimento do {channel} foi interrompido e está sendo reativado.",
            "Delivery for {channel} was interrupted and is being restored.",
            "La recepción de {channel} se interrumpió y se está reactivando.",
        ],
        "story_option_off" | "story_options_changed" => [
            "As opções de story do {channel} mudaram.",
            "The story options of {channel} have changed.",
            "Las opciones de historias de {channel} cambiaron.",
        ],
        "silent" => [
            "O {channel} não recebe mensagens desde {date}.",
            "{channel} has received no message since {date}.",
            "{channel} no recibe mensajes desde el {date}.",
        ],
        "resubscribed" => [
            "O recebimento do {channel} foi reativado.",
            "Delivery for {channel} was restored.",
            "La recepción de {channel} se reactivó.",
        ],
        "added" => ["O {channel} foi conectado.", "{channel} was connected.", "{channel} se conectó."],
        "removed" => ["O {channel} foi desconectado.", "{channel} was disconnected.", "{channel} se desconectó."],
        _ => ["O estado do {channel} mudou.", "The state of {channel} has changed.", "El estado de {channel} cambió."],
    }
}

fn of_connection(what: &str) -> Text {
    match what {
        "created" => [
            "A conexão de {name} foi criada.",
            "The connection of {name} was created.",
            "La conexión de {name} se creó.",
        ],
        "renewed" => [
            "A autorização de {name} foi renovada.",
            "The authorization of {name} was renewed.",
            "La autorización de {name} se renovó.",
        ],
        "recovered" => [
            "As mensagens da conexão de {name} voltaram a chegar.",
            "Messages of the connection of {name} arrive again.",
            "Los mensajes de la conexión de {name} vuelven a llegar.",
        ],
        "healthy" => [
            "A conexão de {name} funciona normalmente.",
            "The connection of {name} works as it should.",
            "La conexión de {name} funciona con normalidad.",
        ],
        "disconnected" => [
            "A conexão de {name} foi desfeita.",
            "The connection of {name} was ended.",
            "La conexión de {name} se desconectó.",
        ],
        "expires_soon" => [
            "A autorização de {name} vence {days} ({date}).",
            "The authorization of {name} ends {days} ({date}).",
            "La autorización de {name} vence {days} ({date}).",
        ],
        "expired" => [
            "A autorização de {name} venceu em {date}.",
            "The authorization of {name} ended on {date}.",
            "La autorización de {name} venció el {date}.",
        ],
        "revoked" | "account_lost" => [
            "A autorização de {name} foi retirada em {date}.",
            "The authorization of {name} was withdrawn on {date}.",
            "La autorización de {name} fue retirada el {date}.",
        ],
        "missing_permission" => [
            "Falta uma permissão na autorização de {name}.",
            "A permission is missing in the authorization of {name}.",
            "Falta un permiso en la autorización de {name}.",
        ],
        "data_access_lapsed" => [
            "O acesso aos dados pela autorização de {name} venceu em {date}.",
            "Data access by the authorization of {name} ended on {date}.",
            "El acceso a los datos por la autorización de {name} venció el {date}.",
        ],
        _ => [
            "O estado da conexão de {name} mudou.",
            "The state of the connection of {name} has changed.",
            "El estado de la conexión de {name} cambió.",
        ],
    }
}

fn of_renewal(what: &str) -> Text {
    match what {
        "requested" => [
            "{who} pediu a renovação da autorização de {name}.",
            "{who} asked for the renewal of the authorization of {name}.",
            "{who} pidió la renovación de la autorización de {name}.",
        ],
        "started" => ["Uma renovação começou.", "A renewal has begun.", "Comenzó una renovación."],
        "finished" => ["Uma renovação terminou.", "A renewal was finished.", "Una renovación terminó."],
        "failed" => ["Uma renovação falhou.", "A renewal has failed.", "Una renovación falló."],
        _ => ["Uma renovação mudou.", "A renewal has changed.", "Una renovación cambió."],
    }
}

#[cfg(test)]
mod tests {
    use lifecycle::ids::{EventId, OrganizationId};
    use serde_json::json;

    use super::*;

    /// `unreachable` is nobody's news.
    const STATES: [&str; 10] = [
        "healthy",
        "expires_soon",
        "expired",
        "revoked",
        "missing_permission",
        "account_lost",
        "data_access_lapsed",
        "subscription_lost",
        "story_option_off",
        "silent",
    ];

    /// 2026-11-24 12:00 UTC.
    const NOW: Timestamp = Timestamp(1_795_521_600_000);

    fn told(kind: &str, data: &Value) -> [String; 3] {
        let organization = Organization {
            id: OrganizationId::new(NOW, [1; 10]),
            external_id: "1".to_owned(),
            slug: "aurora".to_owned(),
            name: "Loja Aurora".to_owned(),
            time_zone: "America/Sao_Paulo".to_owned(),
            locale: "pt-BR".to_owned(),
            created_at: NOW,
        };
        let event = Event {
            id: EventId::new(NOW, [1; 10]),
            organization_id: organization.id,
            kind: kind.to_owned(),
            data: data.to_string(),
            at: NOW,
            is_sent: true,
        };
        let said = Sentences.sentences(&event, &organization);
        assert_eq!(said.iter().map(|(tag, _)| *tag).collect::<Vec<_>>(), ["pt-BR", "en", "es"]);
        said.into_iter().map(|(_, text)| text).collect::<Vec<_>>().try_into().unwrap()
    }

    #[test]
    fn an_end_is_said_with_its_day_in_the_organizations_zone() {
        // 02:00 UTC on the 29th is the 28th in São Paulo.
        let at = NOW.plus(4 * lifecycle::clock::DAY_MS + 14 * lifecycle::clock::HOUR_MS);
        let data = json!({"name": "@loja.aurora", "kind": "instagram", "at": at});
        assert_eq!(
            told("channel.expires_soon", &data),
            [
                "As mensagens do Instagram @loja.aurora vão parar de chegar em 4 dias (28/11).",
                "Messages to Instagram @loja.aurora will stop arriving in 4 days (28 Nov).",
                "Los mensajes de Instagram @loja.aurora dejarán de llegar en 4 días (28/11).",
            ]
        );
    }

    #[test]
    fn a_name_stays_a_name_on_one_line() {
        let [said, ..] = told("connection.renewed", &json!({"name": "{who}\n{date}"}));
        assert_eq!(said, "A autorização de {who} {date} foi renovada.");
    }

    #[test]
    fn every_state_has_words_of_its_own_and_no_place_stays_open() {
        let unknown = told("channel.?", &json!({"name": "N"}));
        for state in STATES {
            for subject in ["channel", "connection"] {
                let said = told(&format!("{subject}.{state}"), &json!({"name": "N", "kind": "messenger", "at": NOW}));
                assert!(said.iter().all(|text| !text.contains(['{', '}']) && text.contains('N')), "{said:?}");
            }
            assert_ne!(told(&format!("channel.{state}"), &json!({"name": "N"})), unknown);
        }
    }
}
