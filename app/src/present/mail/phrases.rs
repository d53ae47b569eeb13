//! The fixed words of mails; what stops and when is said by [`crate::present::effect`].

use crate::present::words::Text;

/// Before the subject of the first of several.
pub const COUNT: Text = ["{count} avisos. ", "{count} notices. ", "{count} avisos. "];

pub const LIST: Text = [
    "{count} avisos sobre as conexões de {organization}",
    "{count} notices about the connections of {organization}",
    "{count} avisos sobre las conexiones de {organization}",
];

/// After the last notice that is told.
pub const MORE: Text = ["E mais {count}.", "And {count} more.", "Y {count} más."];

pub const OVERVIEW: Text = ["Ver todas as conexões", "See all connections", "Ver todas las conexiones"];

pub const WHY: Text = [
    "Você recebe este e-mail porque administra as conexões de {organization}.",
    "You get this e-mail because you manage the connections of {organization}.",
    "Recibes este correo porque administras las conexiones de {organization}.",
];

pub const UNSUBSCRIBE: Text =
    ["Não receber mais avisos por e-mail", "Stop getting notices by e-mail", "No recibir más avisos por correo"];

pub const ACCOUNTS: Text = ["Contas: {accounts}", "Accounts: {accounts}", "Cuentas: {accounts}"];

/// After the end of a grant, whose channels may live on.
pub const MAY_STOP: Text = [
    "Sem a renovação, as mensagens destas contas podem parar de chegar depois dessa data.",
    "Without a renewal, messages to these accounts may stop arriving after that date.",
    "Sin la renovación, los mensajes de estas cuentas pueden dejar de llegar después de esa fecha.",
];

pub const TWO_MINUTES: Text =
    ["A renovação leva dois minutos.", "The renewal takes two minutes.", "La renovación toma dos minutos."];

pub const WITH_FACEBOOK: Text = [
    "A renovação leva dois minutos: entre com o Facebook como {name}.",
    "The renewal takes two minutes: log in to Facebook as {name}.",
    "La renovación toma dos minutos: entra en Facebook como {name}.",
];

pub const WITH_INSTAGRAM: Text = [
    "A renovação leva dois minutos: entre no Instagram como {name}.",
    "The renewal takes two minutes: log in to Instagram as {name}.",
    "La renovación toma dos minutos: entra en Instagram como {name}.",
];

pub const RECOVERED: Text = [
    "A conexão de {name} voltou a funcionar em {date}.",
    "The connection of {name} has worked again since {date}.",
    "La conexión de {name} volvió a funcionar el {date}.",
];

/// Renewed before anything had stopped.
pub const RENEWED: Text = [
    "Está tudo certo com a conexão de {name} desde {date}.",
    "All is well with the connection of {name} since {date}.",
    "Todo está bien con la conexión de {name} desde el {date}.",
];

pub const NOTHING_TO_DO: Text = ["Não é preciso fazer nada.", "There is nothing to do.", "No hace falta hacer nada."];

/// After the messages that may be missing.
pub const LOOK_THERE: Text = [
    "Veja no Instagram ou no Messenger se alguém ficou sem resposta.",
    "Check in Instagram or Messenger whether somebody is still waiting for an answer.",
    "Mira en Instagram o Messenger si alguien quedó sin respuesta.",
];

pub const REQUESTED: Text = [
    "{who} pede que você renove a conexão de {name}.",
    "{who} asks you to renew the connection of {name}.",
    "{who} te pide que renueves la conexión de {name}.",
];

/// Asked by somebody who has no name any more.
pub const SOMEBODY: Text = ["Uma pessoa da sua equipe", "Somebody on your team", "Una persona de tu equipo"];
