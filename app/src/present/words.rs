//! Sentences of the server, in three languages side by side: a missing one does not compile.

use lifecycle::{
    health::Health,
    proof::{ProofItem, Verdict},
    reconcile::{Listing, Unusable},
};
use wizard::{Locale, Moment, Sentence};

/// One text in Portuguese, English and Spanish.
pub type Text = [&'static str; 3];

#[must_use]
pub const fn pick(locale: Locale, text: Text) -> &'static str {
    match locale {
        Locale::PtBr => text[0],
        Locale::En => text[1],
        Locale::Es => text[2],
    }
}

/// Fills `{name}` places.
#[must_use]
pub fn fill(template: &str, values: &[(&str, &str)]) -> String {
    values.iter().fold(template.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
}

/// Fills the places and splits at `{date}`.
#[must_use]
pub fn sentence(template: &str, values: &[(&str, &str)], moment: Option<Moment>) -> Sentence {
    // Values are filled after the split: a name that contains "{date}" stays a name.
    match template.split_once("{date}") {
        Some((before, after)) => Sentence { before: fill(before, values), moment, after: fill(after, values) },
        None => Sentence { before: fill(template, values), moment: None, after: String::new() },
    }
}

/// "em 5 dias", "amanhã", "hoje".
#[must_use]
pub fn in_days(locale: Locale, days: i32) -> String {
    match days {
        ..=0 => pick(locale, ["hoje", "today", "hoy"]).to_owned(),
        1 => pick(locale, ["amanhã", "tomorrow", "mañana"]).to_owned(),
        _ => fill(pick(locale, ["em {n} dias", "in {n} days", "en {n} días"]), &[("n", &days.to_string())]),
    }
}

/// The state of a channel or connection in a few words; `{date}` and `{days}` are places.
#[must_use]
pub fn health_words(locale: Locale, health: Health) -> &'static str {
    pick(
        locale,
        match health {
            Health::Healthy => ["Funcionando", "Working", "Funcionando"],
            Health::ExpiresSoon { .. } => ["Vence {days} ({date})", "Ends {days} ({date})", "Vence {days} ({date})"],
            Health::Expired { .. } => ["Venceu em {date}", "Ended on {date}", "Venció el {date}"],
            Health::Revoked { .. } => [
                "Autorização retirada em {date}",
                "Authorization withdrawn on {date}",
                "Autorización retirada el {date}",
            ],
            Health::MissingPermission => ["Falta uma permissão", "A permission is missing", "Falta un permiso"],
            Health::AccountLost { .. } => [
                "Acesso à conta perdido em {date}",
                "Access to the account lost on {date}",
                "Acceso a la cuenta perdido el {date}",
            ],
            Health::DataAccessLapsed { .. } => [
                "Acesso aos dados venceu em {date}",
                "Data access ended on {date}",
                "El acceso a los datos venció el {date}",
            ],
            Health::SubscriptionLost => ["Reativando o recebimento", "Restoring delivery", "Reactivando la recepción"],
            Health::StoryOptionOff => [
                "Uma opção de story está desligada",
                "A story option is off",
                "Una opción de historias está desactivada",
            ],
            Health::Silent { .. } => {
                ["Sem mensagens desde {date}", "No messages since {date}", "Sin mensajes desde {date}"]
            }
            Health::Unreachable { .. } => [
                "A Meta não responde desde {date}",
                "Meta has not answered since {date}",
                "Meta no responde desde {date}",
            ],
        },
    )
}

#[must_use]
pub fn unusable(locale: Locale, why: Unusable) -> &'static str {
    pick(
        locale,
        match why {
            Unusable::NoToken => [
                "A Meta não liberou o acesso a esta Página. Peça controle total da Página a quem a administra.",
                "Meta did not grant access to this Page. Ask its administrator for full control.",
                "Meta no autorizó el acceso a esta Página. Pide control total a quien la administra.",
            ],
            Unusable::NoMessagingTask => [
                "Seu acesso a esta Página não inclui mensagens. Peça a permissão de mensagens a quem a administra.",
                "Your access to this Page does not include messages. Ask its administrator for that.",
                "Tu acceso a esta Página no incluye mensajes. Pídelo a quien la administra.",
            ],
        },
    )
}

#[must_use]
pub fn not_granted(locale: Locale) -> &'static str {
    pick(
        locale,
        [
            "A Meta não liberou esta conta desta vez. Para mantê-la, escolha de novo e marque-a na janela da Meta.",
            "Meta did not grant this account this time. To keep it, choose again and tick it in Meta's window.",
            "Meta no autorizó esta cuenta esta vez. Para conservarla, elige de nuevo y márcala en la ventana de Meta.",
        ],
    )
}

/// Why an account that the log-in does not show stays all the same.
#[must_use]
pub fn untouched(locale: Locale, listing: Listing) -> &'static str {
    pick(
        locale,
        match listing {
            Listing::OfAnotherPerson => [
                "Esta pessoa não vê esta conta. Ela continua com o acesso de antes, enquanto a Meta o aceitar.",
                "This person does not see this account. It keeps its earlier access, as long as Meta accepts it.",
                "Esta persona no ve esta cuenta. Conserva el acceso anterior, mientras Meta lo acepte.",
            ],
            Listing::Whole | Listing::Partial => [
                "A Meta não mostrou a lista inteira agora. Esta conta continua com o acesso de antes.",
                "Meta did not show the whole list just now. This account keeps its earlier access.",
                "Meta no mostró la lista completa ahora. Esta cuenta conserva el acceso anterior.",
            ],
        },
    )
}

/// The note beside a line of the proof; `{missing}` is a place.
#[must_use]
pub fn proof_note(locale: Locale, item: ProofItem, verdict: Verdict) -> &'static str {
    let text: Text = match (item, verdict) {
        (_, Verdict::Pending) => ["", "", ""],
        (_, Verdict::NotApplicable) => ["Não se aplica", "Does not apply", "No se aplica"],
        (ProofItem::Permissions, Verdict::Good) => {
            ["Todas as permissões concedidas", "All permissions granted", "Todos los permisos concedidos"]
        }
        (ProofItem::Permissions, Verdict::Open) => [
            "A Meta não respondeu agora; as permissões ainda não foram conferidas",
            "Meta did not answer just now; the permissions have not been checked yet",
            "Meta no respondió ahora; los permisos aún no se comprobaron",
        ],
        (ProofItem::Permissions, _) => [
            "Falta uma permissão. Entre de novo e deixe todas as opções ligadas",
            "A permission is missing. Log in again and leave all options on",
            "Falta un permiso. Entra de nuevo y deja activadas todas las opciones",
        ],
        (ProofItem::Subscription, Verdict::Good) => [
            "A plataforma está inscrita para receber as mensagens",
            "The platform is subscribed to the messages",
            "La plataforma está suscrita a los mensajes",
        ],
        (ProofItem::Subscription, _) => [
            "O recebimento ainda não foi confirmado para {missing}",
            "Delivery is not confirmed yet for {missing}",
            "La recepción aún no está confirmada para {missing}",
        ],
        (ProofItem::LiveRead, Verdict::Good) => ["As contas respondem", "The accounts answer", "Las cuentas responden"],
        (ProofItem::LiveRead, _) => {
            ["Sem resposta de {missing}", "No answer from {missing}", "Sin respuesta de {missing}"]
        }
        (ProofItem::Dates, Verdict::Good) => ["Confirmado pela Meta", "Confirmed by Meta", "Confirmado por Meta"],
        (ProofItem::Dates, _) => [
            "A Meta não informou uma data válida",
            "Meta did not state a valid date",
            "Meta no informó una fecha válida",
        ],
        (ProofItem::StoryMentions | ProofItem::StoryReplies, Verdict::Good) => ["Ligado", "On", "Activado"],
        (ProofItem::StoryMentions | ProofItem::StoryReplies, _) => [
            "Desligado ou ainda não confirmado em {missing}. Veja na tela de integração",
            "Off or not confirmed yet on {missing}. See the integration screen",
            "Desactivado o aún no confirmado en {missing}. Míralo en la pantalla de integración",
        ],
    };
    pick(locale, text)
}

/// The note where Meta was not allowed something; `{missing}`: what it is needed for.
#[must_use]
pub const fn declined(locale: Locale) -> &'static str {
    pick(
        locale,
        [
            "Falta permissão para {missing}. Entre de novo e deixe todas as opções ligadas",
            "Permission is missing to {missing}. Log in again and leave all options on",
            "Falta permiso para {missing}. Entra de nuevo y deja activadas todas las opciones",
        ],
    )
}

/// A text of ours as it goes on in a sentence.
#[must_use]
pub fn lowered(text: &str) -> String {
    let mut rest = text.chars();
    let first: String = rest.next().into_iter().flat_map(char::to_lowercase).collect();
    first + rest.as_str()
}

/// What a sign-off was for: "3 conexões: 1 parada, 1 vence logo".
#[must_use]
pub fn signed_for(locale: Locale, connections: i64, stopped: i64, soon: i64) -> String {
    let all: Text = if connections == 1 {
        ["{n} conexão", "{n} connection", "{n} conexión"]
    } else {
        ["{n} conexões", "{n} connections", "{n} conexiones"]
    };
    let stopped_words: Text = if stopped == 1 {
        ["{n} parada", "{n} stopped", "{n} detenida"]
    } else {
        ["{n} paradas", "{n} stopped", "{n} detenidas"]
    };
    let soon_words: Text = if soon == 1 {
        ["{n} vence logo", "{n} ends soon", "{n} vence pronto"]
    } else {
        ["{n} vencem logo", "{n} end soon", "{n} vencen pronto"]
    };
    let count = |text, n: i64| fill(pick(locale, text), &[("n", &n.to_string())]);
    let parts: Vec<_> = [(stopped_words, stopped), (soon_words, soon)]
        .into_iter()
        .filter(|(_, n)| *n > 0)
        .map(|(text, n)| count(text, n))
        .collect();
    let rest = if parts.is_empty() {
        pick(locale, ["todas funcionando", "all working", "todas funcionando"]).to_owned()
    } else {
        parts.join(", ")
    };
    let all = count(all, connections);
    if connections == 0 { all } else { format!("{all}: {rest}") }
}

/// How a subscription that Meta has ended comes back.
#[must_use]
pub const fn subscription_lost(locale: Locale) -> &'static str {
    pick(
        locale,
        [
            "A Meta deixou de entregar as mensagens de {name}. Estamos reativando; se continuar, use Iniciar.",
            "Meta no longer delivers messages to {name}. We are restoring that; if it continues, use Start.",
            "Meta dejó de entregar los mensajes de {name}. Lo estamos reactivando; si continúa, use Iniciar.",
        ],
    )
}

const STOPPED: Text =
    ["{name} deixou de receber mensagens", "{name} stopped receiving messages", "{name} dejó de recibir mensajes"];

const DISCONNECTED: Text = ["{who} desconectou {name}", "{who} disconnected {name}", "{who} desconectó {name}"];

/// What the history says of an audited action; of others it is silent.
const ACTIVITIES: &[(&str, Text)] = &[
    ("connection.created", ["{who} conectou {name}", "{who} connected {name}", "{who} conectó {name}"]),
    ("connection.renewed", ["{who} renovou {name}", "{who} renewed {name}", "{who} renovó {name}"]),
    (
        "connection.passed",
        [
            "{who} passou a conexão para {name}",
            "{who} handed the connection over to {name}",
            "{who} pasó la conexión a {name}",
        ],
    ),
    (
        "connection.revoked",
        [
            "A autorização de {name} foi retirada na Meta",
            "The authorization of {name} was withdrawn at Meta",
            "La autorización de {name} fue retirada en Meta",
        ],
    ),
    (
        "connection.erased",
        [
            "Uma conexão foi apagada a pedido da pessoa",
            "A connection was erased at the person's request",
            "Una conexión se borró a petición de la persona",
        ],
    ),
    ("connection.recovered", ["{name} voltou a funcionar", "{name} works again", "{name} volvió a funcionar"]),
    (
        "channel.account_lost",
        ["O acesso a {name} foi perdido", "Access to {name} was lost", "Se perdió el acceso a {name}"],
    ),
    ("channel.expired", STOPPED),
    ("channel.revoked", STOPPED),
    (
        "channel.missing_permission",
        ["Falta uma permissão para {name}", "A permission is missing for {name}", "Falta un permiso para {name}"],
    ),
    (
        "channel.resubscribed",
        [
            "O recebimento de {name} foi reativado",
            "Delivery for {name} was restored",
            "La recepción de {name} se reactivó",
        ],
    ),
    (
        "channel.story_options_changed",
        [
            "{who} mudou as opções de stories de {name}",
            "{who} changed the story options of {name}",
            "{who} cambió las opciones de historias de {name}",
        ],
    ),
    ("connection.disconnected", DISCONNECTED),
    ("channel.removed", DISCONNECTED),
    (
        "connections.reviewed",
        ["{who} revisou as conexões", "{who} reviewed the connections", "{who} revisó las conexiones"],
    ),
    ("connection.imported", ["{name} foi importada", "{name} was imported", "{name} se importó"]),
    (
        "renewal.requested",
        [
            "{who} pediu a renovação de {name}",
            "{who} asked for the renewal of {name}",
            "{who} pidió la renovación de {name}",
        ],
    ),
    ("user.joined", ["{name} entrou na equipe", "{name} joined the team", "{name} entró al equipo"]),
    (
        "user.removed",
        ["{who} removeu {name} da equipe", "{who} removed {name} from the team", "{who} quitó a {name} del equipo"],
    ),
    (
        "user.role_changed",
        ["{who} mudou o perfil de {name}", "{who} changed the role of {name}", "{who} cambió el perfil de {name}"],
    ),
];

/// The actions that the history tells of.
#[must_use]
pub fn activities() -> Vec<&'static str> {
    ACTIVITIES.iter().map(|(action, _)| *action).collect()
}

/// What the history says of an audited action; `None`: not for people.
#[must_use]
pub fn activity(locale: Locale, action: &str) -> Option<&'static str> {
    ACTIVITIES.iter().find(|(told, _)| *told == action).map(|(_, text)| pick(locale, *text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_move_the_date() {
        let moment = Moment { iso: "x".into(), text: "28/11".into() };
        let said = sentence("{name} vence ({date}).", &[("name", "{date} Lima")], Some(moment));
        assert_eq!((said.before.as_str(), said.after.as_str()), ("{date} Lima vence (", ")."));
    }

    #[test]
    fn days_read_as_people_say_them() {
        assert_eq!(in_days(Locale::PtBr, 5), "em 5 dias");
        assert_eq!(in_days(Locale::PtBr, 1), "amanhã");
        assert_eq!(in_days(Locale::En, 0), "today");
    }
}
