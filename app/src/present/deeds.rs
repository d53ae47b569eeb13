//! What the audit log says of each action. Who did it, and to which connection, stands beside it.

use serde_json::Value;
use wizard::Locale;

use super::{
    dates::Calendar,
    words::{Text, fill, pick},
};

/// The kinds of actions to choose from: the first word of the action, and its name.
pub const KINDS: [(&str, Text); 10] = [
    ("connection", ["Conexões", "Connections", "Conexiones"]),
    ("channel", ["Canais", "Channels", "Canales"]),
    ("renewal", ["Renovações", "Renewals", "Renovaciones"]),
    ("connections", ["Revisões", "Reviews", "Revisiones"]),
    ("user", ["Equipe e senhas", "Team and passwords", "Equipo y contraseñas"]),
    ("invitation", ["Convites", "Invitations", "Invitaciones"]),
    ("organization", ["Configurações", "Settings", "Configuración"]),
    ("webhook", ["Webhooks", "Webhooks", "Webhooks"]),
    ("api_key", ["Chaves de API", "API keys", "Claves de API"]),
    ("embed", ["Incorporação", "Embedding", "Incorporación"]),
];

/// The sentence of an entry. `name` is that of the account or connection it is about, if there still is one.
#[must_use]
pub fn deed(calendar: &Calendar, action: &str, name: Option<&str>, detail: &Value) -> String {
    let locale = calendar.locale();
    let template = pick(locale, sentence(action).unwrap_or(SOMETHING));
    let name = name.filter(|name| !name.is_empty());
    let text = |key: &str| detail.get(key).and_then(Value::as_str).unwrap_or_default();
    let hour = |key: &str| calendar.hour_of_day(detail.get(key).and_then(Value::as_i64).unwrap_or_default());
    let values = [
        ("days", days(detail)),
        ("from", hour("from_hour")),
        ("to", hour("to_hour")),
        ("zone", text("time_zone").to_owned()),
        ("origin", text("origin").to_owned()),
        ("language", language(text("locale")).to_owned()),
        // Last, because a name may contain braces.
        ("name", name.unwrap_or(pick(locale, AN_ACCOUNT)).to_owned()),
    ];
    fill(template, &values.each_ref().map(|(key, value)| (*key, value.as_str())))
}

/// A language by its own name, which is the same in every language.
#[must_use]
pub fn language(tag: &str) -> &'static str {
    match Locale::parse(tag) {
        Some(Locale::PtBr) => "Português (Brasil)",
        Some(Locale::En) => "English",
        Some(Locale::Es) => "Español",
        None => "",
    }
}

fn days(detail: &Value) -> String {
    let days = detail.get("days").and_then(Value::as_array);
    days.map_or_else(String::new, |days| days.iter().map(Value::to_string).collect::<Vec<_>>().join(", "))
}

const SOMETHING: Text = ["Uma mudança foi registrada", "A change was recorded", "Se registró un cambio"];
const AN_ACCOUNT: Text = ["uma conta", "an account", "una cuenta"];

fn sentence(action: &str) -> Option<Text> {
    Some(match action {
        "connection.created" => ["Conta conectada", "Account connected", "Cuenta conectada"],
        "embed.session_created" => [
            "A plataforma abriu uma sessão para uma pessoa",
            "The platform opened a session for somebody",
            "La plataforma abrió una sesión para una persona",
        ],
        "connection.renewed" => ["Conexão renovada", "Connection renewed", "Conexión renovada"],
        "connection.passed" => [
            "Conexão passada para outra pessoa",
            "Connection handed over to another person",
            "Conexión pasada a otra persona",
        ],
        "connection.imported" => ["Conexão importada", "Connection imported", "Conexión importada"],
        "connection.disconnected" => ["Conexão desconectada", "Connection disconnected", "Conexión desconectada"],
        "connection.erased" => [
            "Conexão apagada a pedido da pessoa",
            "Connection erased at the person's request",
            "Conexión borrada a petición de la persona",
        ],
        "connection.recovered" => {
            ["A conexão voltou a funcionar", "The connection works again", "La conexión volvió a funcionar"]
        }
        "connection.healthy" => ["A conexão está em dia", "The connection is up to date", "La conexión está al día"],
        "connection.expires_soon" => {
            ["O vencimento da autorização está próximo", "The authorization ends soon", "La autorización vence pronto"]
        }
        "connection.expired" => ["A autorização venceu", "The authorization has ended", "La autorización venció"],
        "connection.revoked" => [
            "A autorização foi retirada na Meta",
            "The authorization was withdrawn at Meta",
            "La autorización fue retirada en Meta",
        ],
        "connection.missing_permission" => ["Falta uma permissão", "A permission is missing", "Falta un permiso"],
        "connection.account_lost" => {
            ["O acesso a uma conta foi perdido", "Access to an account was lost", "Se perdió el acceso a una cuenta"]
        }
        "connection.data_access_lapsed" => {
            ["O acesso aos dados venceu", "Data access has ended", "El acceso a los datos venció"]
        }
        "connection.subscription_lost" => [
            "O recebimento de mensagens foi interrompido",
            "Delivery of messages was interrupted",
            "La recepción de mensajes se interrumpió",
        ],
        "connection.story_option_off" => [
            "Uma opção de stories ficou desligada",
            "A story option is off",
            "Una opción de historias quedó desactivada",
        ],
        "connection.silent" => {
            ["Sem mensagens há algum tempo", "No messages for some time", "Sin mensajes desde hace un tiempo"]
        }
        "channel.healthy" => ["{name} está em dia", "{name} is up to date", "{name} está al día"],
        "channel.expires_soon" => {
            ["O acesso de {name} vence em breve", "The access of {name} ends soon", "El acceso de {name} vence pronto"]
        }
        "channel.expired" => [
            "{name} deixou de receber mensagens: o acesso venceu",
            "{name} stopped receiving messages: its access has ended",
            "{name} dejó de recibir mensajes: el acceso venció",
        ],
        "channel.revoked" => [
            "{name} deixou de receber mensagens: a autorização foi retirada",
            "{name} stopped receiving messages: the authorization was withdrawn",
            "{name} dejó de recibir mensajes: la autorización fue retirada",
        ],
        "channel.missing_permission" => {
            ["Falta uma permissão para {name}", "A permission is missing for {name}", "Falta un permiso para {name}"]
        }
        "channel.account_lost" => {
            ["O acesso a {name} foi perdido", "Access to {name} was lost", "Se perdió el acceso a {name}"]
        }
        "channel.data_access_lapsed" => [
            "O acesso aos dados de {name} venceu",
            "Data access of {name} has ended",
            "El acceso a los datos de {name} venció",
        ],
        "channel.subscription_lost" => [
            "O recebimento de {name} foi interrompido",
            "Delivery for {name} was interrupted",
            "La recepción de {name} se interrumpió",
        ],
        "channel.story_option_off" => [
            "Uma opção de stories de {name} ficou desligada",
            "A story option of {name} is off",
            "Una opción de historias de {name} quedó desactivada",
        ],
        "channel.silent" => [
            "{name} está sem mensagens há algum tempo",
            "{name} has had no messages for some time",
            "{name} no recibe mensajes desde hace un tiempo",
        ],
        "channel.resubscribed" => [
            "O recebimento de {name} foi reativado",
            "Delivery for {name} was restored",
            "La recepción de {name} se reactivó",
        ],
        "channel.story_options_changed" => [
            "Opções de stories de {name} alteradas",
            "Story options of {name} changed",
            "Opciones de historias de {name} cambiadas",
        ],
        "channel.added" => ["{name} foi conectado", "{name} was connected", "{name} se conectó"],
        "channel.removed" => ["{name} foi desconectado", "{name} was disconnected", "{name} se desconectó"],
        "connections.reviewed" => [
            "Revisão das conexões confirmada",
            "Review of the connections confirmed",
            "Revisión de las conexiones confirmada",
        ],
        "user.added" => [
            "A plataforma adicionou {name} à equipe",
            "The platform added {name} to the team",
            "La plataforma agregó a {name} al equipo",
        ],
        "user.changed" => [
            "A plataforma alterou os dados de {name}",
            "The platform changed the details of {name}",
            "La plataforma cambió los datos de {name}",
        ],
        "organization.changed" => [
            "A plataforma alterou os dados da organização",
            "The platform changed the organization's details",
            "La plataforma cambió los datos de la organización",
        ],
        "user.joined" => ["{name} entrou na equipe", "{name} joined the team", "{name} entró al equipo"],
        "user.removed" => ["{name} saiu da equipe", "{name} was removed from the team", "{name} salió del equipo"],
        "user.role_changed" => {
            ["O perfil de {name} mudou", "The role of {name} was changed", "El perfil de {name} cambió"]
        }
        "user.password_changed" => {
            ["{name} trocou a senha", "{name} changed their password", "{name} cambió la contraseña"]
        }
        "user.password_reset" => [
            "{name} criou uma nova senha por um link",
            "{name} set a new password through a link",
            "{name} creó una contraseña nueva con un enlace",
        ],
        "user.logged_out_everywhere" => {
            ["{name} saiu de todos os lugares", "{name} logged out everywhere", "{name} salió de todas partes"]
        }
        "invitation.sent" => {
            ["Convite para {name} criado", "Invitation for {name} created", "Invitación para {name} creada"]
        }
        "invitation.withdrawn" => {
            ["Convite para {name} cancelado", "Invitation for {name} withdrawn", "Invitación para {name} retirada"]
        }
        "renewal.finished" => ["Renovação concluída", "Renewal finished", "Renovación concluida"],
        "renewal.failed" => [
            "O login da renovação falhou",
            "The log-in of a renewal failed",
            "El inicio de sesión de la renovación falló",
        ],
        "renewal.started" => ["Renovação iniciada", "Renewal started", "Renovación iniciada"],
        "renewal.cancelled" => ["Renovação cancelada", "Renewal cancelled", "Renovación cancelada"],
        "renewal.requested" => [
            "Renovação pedida aos administradores",
            "Renewal requested from the administrators",
            "Renovación pedida a los administradores",
        ],
        "organization.warnings_changed" => [
            "Avisos alterados: {days} dias antes, das {from} às {to}",
            "Warnings changed: {days} days before, {from} to {to}",
            "Avisos cambiados: {days} días antes, de {from} a {to}",
        ],
        "organization.zone_changed" => [
            "Fuso horário e idioma alterados: {zone}, {language}",
            "Time zone and language changed: {zone}, {language}",
            "Zona horaria e idioma cambiados: {zone}, {language}",
        ],
        "renewal.link_made" => [
            "Link de renovação criado para {name}",
            "Renewal link created for {name}",
            "Enlace de renovación creado para {name}",
        ],
        "renewal.link_used" => [
            "{name} começou pelo link de renovação",
            "{name} started from the renewal link",
            "{name} empezó con el enlace de renovación",
        ],
        "embed.origin_added" => {
            ["Telas permitidas em {origin}", "Screens allowed on {origin}", "Pantallas permitidas en {origin}"]
        }
        "embed.origin_removed" => [
            "Telas não mais permitidas em {origin}",
            "Screens no longer allowed on {origin}",
            "Pantallas ya no permitidas en {origin}",
        ],
        "api_key.made" => ["Chave de API {name} criada", "API key {name} created", "Clave de API {name} creada"],
        "api_key.revoked" => ["Chave de API {name} revogada", "API key {name} revoked", "Clave de API {name} revocada"],
        "webhook.added" => [
            "Destino de webhooks {name} adicionado",
            "Webhook endpoint {name} added",
            "Destino de webhooks {name} agregado",
        ],
        "webhook.rotated" => [
            "Segredo do destino de webhooks {name} trocado",
            "Secret of the webhook endpoint {name} changed",
            "Secreto del destino de webhooks {name} cambiado",
        ],
        "webhook.paused" => [
            "Envios para o destino de webhooks {name} pausados",
            "Sending to the webhook endpoint {name} paused",
            "Envíos al destino de webhooks {name} en pausa",
        ],
        "webhook.enabled" => [
            "Envios para o destino de webhooks {name} retomados",
            "Sending to the webhook endpoint {name} resumed",
            "Envíos al destino de webhooks {name} reanudados",
        ],
        "webhook.removed" => [
            "Destino de webhooks {name} removido",
            "Webhook endpoint {name} removed",
            "Destino de webhooks {name} quitado",
        ],
        "webhook.disabled" => [
            "Um destino de webhooks foi desligado",
            "A webhook endpoint was switched off",
            "Un destino de webhooks se desactivó",
        ],
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use lifecycle::Timestamp;
    use serde_json::json;

    use super::*;

    fn said(action: &str, name: Option<&str>, detail: &Value) -> String {
        deed(&Calendar::new(Locale::PtBr, "UTC"), action, name, detail)
    }

    /// Dotted words in quotes, as actions are written in the use cases.
    fn actions_in(source: &str, found: &mut Vec<String>) {
        for part in source.split('"').skip(1).step_by(2) {
            let is_word = |word: &str| !word.is_empty() && word.bytes().all(|it| it.is_ascii_lowercase() || it == b'_');
            if part.split_once('.').is_some_and(|(kind, verb)| is_word(kind) && is_word(verb)) {
                found.push(part.to_owned());
            }
        }
    }

    fn actions_below(folder: &Path, found: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                actions_below(&path, found);
            } else {
                actions_in(&fs::read_to_string(path).unwrap(), found);
            }
        }
    }

    /// Told to the platform alone, and not written down.
    const NO_ACTIONS: [&str; 1] = ["webhook.test"];

    #[test]
    fn every_action_of_the_use_cases_has_a_sentence_and_a_kind() {
        let mut actions = Vec::new();
        actions_below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/renewal/src"), &mut actions);
        assert!(actions.len() > 10, "{actions:?}");
        for action in actions.into_iter().filter(|action| !NO_ACTIONS.contains(&action.as_str())) {
            assert!(sentence(&action).is_some(), "{action} has no sentence");
            assert!(KINDS.iter().any(|(kind, _)| action.split('.').next() == Some(kind)), "{action} has no kind");
        }
    }

    #[test]
    fn every_state_that_becomes_news_has_a_sentence() {
        use lifecycle::Health;
        let at = Timestamp(0);
        for health in [
            Health::Healthy,
            Health::ExpiresSoon { at },
            Health::Expired { at },
            Health::Revoked { since: at },
            Health::MissingPermission,
            Health::AccountLost { since: at },
            Health::DataAccessLapsed { at },
            Health::SubscriptionLost,
            Health::StoryOptionOff,
            Health::Silent { since: at },
        ] {
            for kind in ["connection", "channel"] {
                let action = format!("{kind}.{}", health.as_str());
                assert!(sentence(&action).is_some(), "{action}");
            }
        }
    }

    #[test]
    fn what_was_changed_is_told() {
        let policy = json!({"days": [14, 1], "from_hour": 8, "to_hour": 20});
        let told = said("organization.warnings_changed", None, &policy);
        assert_eq!(told, "Avisos alterados: 14, 1 dias antes, das 8h às 20h");
        let zone = json!({"time_zone": "Europe/Madrid", "locale": "es"});
        let told = said("organization.zone_changed", None, &zone);
        assert_eq!(told, "Fuso horário e idioma alterados: Europe/Madrid, Español");
    }

    #[test]
    fn what_was_erased_has_no_name_and_what_is_unknown_no_jargon() {
        let erased = json!({"erased": true});
        assert_eq!(said("channel.resubscribed", None, &erased), "O recebimento de uma conta foi reativado");
        assert_eq!(said("channel.healthy", Some("{days}"), &erased), "{days} está em dia");
        assert_eq!(said("future.thing", None, &erased), "Uma mudança foi registrada");
    }
}
