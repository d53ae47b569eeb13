//! A letter with a link that somebody has asked for: a new password, an invitation.

use renewal::{LinkAbout, LinkMail};
use secrecy::ExposeSecret as _;
use wizard::{Level, Locale, Sentence};

use super::{
    Letter, Look, Said, html,
    item::{Item, Link, Tone},
    one_line, text,
};
use crate::present::words::{Text, fill, pick};

/// What one kind of link says.
struct Words {
    subject: Text,
    headline: Text,
    lines: Text,
    button: Text,
    why: Text,
}

const RESET: Words = Words {
    subject: ["Escolha uma senha nova", "Choose a new password", "Elige una contraseña nueva"],
    headline: [
        "Alguém pediu uma senha nova para a sua conta.",
        "Somebody asked for a new password for your account.",
        "Alguien pidió una contraseña nueva para tu cuenta.",
    ],
    lines: [
        "O link vale por uma hora e funciona uma vez. Se não foi você, não é preciso fazer nada: a senha continua a mesma.",
        "The link is valid for an hour and works once. If it was not you, there is nothing to do: the password stays as it is.",
        "El enlace es válido por una hora y funciona una vez. Si no fuiste tú, no hace falta hacer nada: la contraseña sigue igual.",
    ],
    button: ["Escolher a senha", "Choose the password", "Elegir la contraseña"],
    why: [
        "Você recebe este e-mail porque tem uma conta em {organization}.",
        "You get this e-mail because you have an account at {organization}.",
        "Recibes este correo porque tienes una cuenta en {organization}.",
    ],
};

const RENEWAL: Words = Words {
    subject: [
        "{who} pede que você renove {name}",
        "{who} asks you to renew {name}",
        "{who} te pide que renueves {name}",
    ],
    headline: [
        "{who} pede que você renove {name}.",
        "{who} asks you to renew {name}.",
        "{who} te pide que renueves {name}.",
    ],
    lines: [
        "Leva dois minutos. O link vale por 24 horas e funciona uma vez, com o seu login. Abrir não muda nada: a renovação começa em Iniciar.",
        "It takes two minutes. The link is valid for 24 hours and works once, with your log-in. Opening it changes nothing: the renewal begins with Start.",
        "Toma dos minutos. El enlace es válido por 24 horas y funciona una vez, con tu inicio de sesión. Abrirlo no cambia nada: la renovación empieza con Iniciar.",
    ],
    button: ["Abrir a renovação", "Open the renewal", "Abrir la renovación"],
    why: [
        "Você recebe este e-mail porque administra {organization}.",
        "You get this e-mail because you are an administrator of {organization}.",
        "Recibes este correo porque administras {organization}.",
    ],
};

/// Of a first connection there is no name.
const AN_ACCOUNT: Text = ["a conexão com a Meta", "the connection to Meta", "la conexión con Meta"];

const INVITATION: Words = Words {
    subject: [
        "{who} convida você para {organization}",
        "{who} invites you to {organization}",
        "{who} te invita a {organization}",
    ],
    headline: [
        "{who} convida você para a equipe de {organization}.",
        "{who} invites you to join the team of {organization}.",
        "{who} te invita al equipo de {organization}.",
    ],
    lines: [
        "Escolha seu nome e uma senha: leva um minuto. O link vale por sete dias e funciona uma vez.",
        "Choose your name and a password: it takes a minute. The link is valid for seven days and works once.",
        "Elige tu nombre y una contraseña: toma un minuto. El enlace es válido por siete días y funciona una vez.",
    ],
    button: ["Aceitar o convite", "Accept the invitation", "Aceptar la invitación"],
    why: [
        "Você recebe este e-mail porque {who} digitou seu endereço. Se não conhece {organization}, ignore-o.",
        "You get this e-mail because {who} entered your address. If you do not know {organization}, ignore it.",
        "Recibes este correo porque {who} escribió tu dirección. Si no conoces {organization}, ignóralo.",
    ],
};

/// The letter in its reader's language.
#[must_use]
pub fn render_link(mail: &LinkMail, look: &Look) -> Letter {
    let locale = Locale::parse(&mail.locale).unwrap_or_default();
    let (words, who, name) = match &mail.about {
        LinkAbout::PasswordReset => (&RESET, "", None),
        LinkAbout::Invitation { by } => (&INVITATION, by.as_str(), None),
        LinkAbout::Renewal { by, connection } => (&RENEWAL, by.as_str(), connection.as_deref()),
    };
    let name = name.map_or_else(|| pick(locale, AN_ACCOUNT).to_owned(), one_line);
    let (who, organization) = (one_line(who), one_line(&mail.organization));
    let say = |text: Text| fill(pick(locale, text), &[("organization", &organization), ("who", &who), ("name", &name)]);
    let item = Item {
        tone: Tone::Account,
        level: Level::Advice,
        headline: Sentence { before: say(words.headline), moment: None, after: String::new() },
        lines: vec![say(words.lines)],
        link: Some(Link { url: mail.url.expose_secret(), name: say(words.button) }),
    };
    let said = Said {
        locale,
        look,
        subject: say(words.subject),
        heading: None,
        why: say(words.why),
        unsubscribe: None,
        items: vec![item],
        more: None,
        of_notices: false,
        organization: organization.clone(),
    };
    Letter { text: text::text(&said), html: html::html(&said), subject: said.subject }
}
