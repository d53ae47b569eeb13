//! The few sentences that the server says itself, in three languages.

use http::{HeaderMap, header};
use renewal::Identity;
use wizard::Locale;

/// What happened, as people read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Text {
    /// The log-in at Meta was started elsewhere, used, over or invented.
    ForeignLogin,
    Forbidden,
    /// As the page that explains it says it.
    ForbiddenFlow,
    /// Came by a link for one renewal, and wants something else.
    OnlyRenewal,
    NotFound,
    SignedOut,
    OriginRequired,
    OriginForeign,
    OtherIsRenewing,
    RenewalOver,
    NoMetaApp,
    StartInside,
    TryAgain,
    /// A form without a field that it needs.
    Incomplete,
    TooSlow,
    /// Asked for under a name that is not ours.
    WrongHost,
    /// The pop-up's last page.
    Done,
    /// An embed's window is a little faster than its click.
    TicketWaiting,
    /// A window that an embed opened, with a wrong number or too late.
    TicketOver,
}

/// A title and what to do next.
pub struct Wording {
    pub title: &'static str,
    pub body: &'static str,
}

/// The reader's language.
pub fn locale(identity: Option<&Identity>, headers: &HeaderMap) -> Locale {
    let asked = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    app::context::reader_locale(identity, asked)
}

/// What stands in a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Embedding {
    Banner,
    Wizard,
}

impl Embedding {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Banner => "banner",
            Self::Wizard => "wizard",
        }
    }
}

/// The title of a frame's page, for those who hear it.
pub fn embed_title(what: Embedding, locale: Locale) -> &'static str {
    match (what, locale) {
        (Embedding::Banner, Locale::PtBr) => "Avisos das conexões",
        (Embedding::Banner, Locale::En) => "Notices about connections",
        (Embedding::Banner, Locale::Es) => "Avisos de las conexiones",
        (Embedding::Wizard, Locale::PtBr) => "Renovar conexão",
        (Embedding::Wizard, Locale::En) => "Renew a connection",
        (Embedding::Wizard, Locale::Es) => "Renovar conexión",
    }
}

/// What a window is asked that an embed has opened: for the number, or only whether it goes on.
/// Names stand for `{organization}` and `{person}`.
pub fn ticket_asked(locale: Locale, by_number: bool) -> Wording {
    let (title, body) = match (locale, by_number) {
        (Locale::PtBr, true) => (
            "Qual número aparece no painel?",
            "{person} está renovando em {organization} uma conexão com a Meta. Escolha o número que aparece na janela em que você clicou. Se não foi você, feche esta janela: nada foi iniciado.",
        ),
        (Locale::PtBr, false) => (
            "Entrar na Meta",
            "{person} está renovando em {organization} uma conexão com a Meta. Se não é você, feche esta janela: nada foi iniciado.",
        ),
        (Locale::En, true) => (
            "Which number does the dashboard show?",
            "{person} is renewing a connection with Meta in {organization}. Choose the number shown in the window where you clicked. If it was not you, close this window: nothing has been started.",
        ),
        (Locale::En, false) => (
            "Log in at Meta",
            "{person} is renewing a connection with Meta in {organization}. If that is not you, close this window: nothing has been started.",
        ),
        (Locale::Es, true) => (
            "¿Qué número aparece en el panel?",
            "{person} está renovando en {organization} una conexión con Meta. Elige el número que aparece en la ventana en la que hiciste clic. Si no fuiste tú, cierra esta ventana: no se inició nada.",
        ),
        (Locale::Es, false) => (
            "Entrar en Meta",
            "{person} está renovando en {organization} una conexión con Meta. Si no eres tú, cierra esta ventana: no se inició nada.",
        ),
    };
    Wording { title, body }
}

pub fn go_on(locale: Locale) -> &'static str {
    match locale {
        Locale::PtBr => "Continuar",
        Locale::En => "Continue",
        Locale::Es => "Continuar",
    }
}

pub fn back_home(locale: Locale) -> &'static str {
    match locale {
        Locale::PtBr => "Voltar ao início",
        Locale::En => "Back to the home page",
        Locale::Es => "Volver al inicio",
    }
}

pub fn back_to_wizard(locale: Locale) -> &'static str {
    match locale {
        Locale::PtBr => "Voltar ao assistente",
        Locale::En => "Back to the wizard",
        Locale::Es => "Volver al asistente",
    }
}

/// Title and sentence about a request for deletion, for the person who made it.
pub fn deletion(locale: Locale, done: bool) -> (&'static str, &'static str) {
    match (locale, done) {
        (Locale::PtBr, true) => (
            "Seus dados foram excluídos",
            "O que esta plataforma guardava da sua conta do Facebook ou Instagram (nome, identificador e acesso) foi apagado.",
        ),
        (Locale::PtBr, false) => {
            ("Seu pedido de exclusão foi recebido", "Estamos apagando os dados. Volte a esta página em alguns minutos.")
        }
        (Locale::En, true) => (
            "Your data has been deleted",
            "What this platform kept about your Facebook or Instagram account (name, identifier and access) has been erased.",
        ),
        (Locale::En, false) => (
            "We have received your deletion request",
            "The data is being deleted. Come back to this page in a few minutes.",
        ),
        (Locale::Es, true) => (
            "Tus datos se eliminaron",
            "Lo que esta plataforma guardaba de tu cuenta de Facebook o Instagram (nombre, identificador y acceso) se borró.",
        ),
        (Locale::Es, false) => (
            "Recibimos tu solicitud de eliminación",
            "Estamos borrando los datos. Vuelve a esta página en unos minutos.",
        ),
    }
}

/// Title, sentence and button where somebody may switch warnings by mail off.
pub fn warnings_asked(locale: Locale) -> (&'static str, &'static str, &'static str) {
    match locale {
        Locale::PtBr => (
            "Parar de receber avisos por e-mail?",
            "Você deixa de receber os avisos antes do vencimento. Se as mensagens pararem de chegar, avisamos mesmo assim.",
            "Parar os avisos",
        ),
        Locale::En => (
            "Stop e-mail warnings?",
            "You will get no more warnings before an authorization ends. If messages stop arriving, we will still tell you.",
            "Stop the warnings",
        ),
        Locale::Es => (
            "¿Dejar de recibir avisos por correo?",
            "Ya no recibirás los avisos antes del vencimiento. Si los mensajes dejan de llegar, te avisaremos igualmente.",
            "Detener los avisos",
        ),
    }
}

/// The same after it was done; the button takes it back.
pub fn warnings_off(locale: Locale) -> (&'static str, &'static str, &'static str) {
    match locale {
        Locale::PtBr => (
            "Avisos por e-mail desligados",
            "Você não recebe mais avisos antes do vencimento. Se as mensagens pararem de chegar, avisamos mesmo assim.",
            "Voltar a receber",
        ),
        Locale::En => (
            "E-mail warnings are off",
            "You get no more warnings before an authorization ends. If messages stop arriving, we will still tell you.",
            "Get them again",
        ),
        Locale::Es => (
            "Avisos por correo desactivados",
            "Ya no recibes avisos antes del vencimiento. Si los mensajes dejan de llegar, te avisaremos igualmente.",
            "Volver a recibirlos",
        ),
    }
}

/// The same after it was taken back.
pub fn warnings_on(locale: Locale) -> (&'static str, &'static str, &'static str) {
    match locale {
        Locale::PtBr => {
            ("Avisos por e-mail ligados", "Você recebe um aviso antes que uma autorização vença.", "Parar os avisos")
        }
        Locale::En => {
            ("E-mail warnings are on", "You get a warning before an authorization ends.", "Stop the warnings")
        }
        Locale::Es => (
            "Avisos por correo activados",
            "Recibes un aviso antes de que venza una autorización.",
            "Detener los avisos",
        ),
    }
}

/// Introduces the code that Meta gave the person.
pub fn confirmation_code(locale: Locale) -> &'static str {
    match locale {
        Locale::PtBr => "Código de confirmação",
        Locale::En => "Confirmation code",
        Locale::Es => "Código de confirmación",
    }
}

/// What is folded away, by the wizard's words for it.
pub fn technical(locale: Locale) -> &'static str {
    wizard::texts::texts(locale).details
}

/// Introduces the request's name, for support.
pub fn support(locale: Locale) -> &'static str {
    match locale {
        Locale::PtBr => "Código para o suporte",
        Locale::En => "Code for support",
        Locale::Es => "Código para soporte",
    }
}

/// The words of the page that stands in for the connection flow.
fn forbidden_flow(locale: Locale) -> (&'static str, &'static str) {
    let words = app::texts::texts(locale);
    (words.forbidden_title, words.forbidden_body)
}

impl Text {
    pub fn wording(self, locale: Locale) -> Wording {
        let (title, body) = match locale {
            Locale::PtBr => self.portuguese(),
            Locale::En => self.english(),
            Locale::Es => self.spanish(),
        };
        Wording { title, body }
    }

    /// The settings by which the operator mends it.
    pub const fn settings(self) -> Option<&'static str> {
        match self {
            Self::NoMetaApp => Some("RENOVA_META_APP_ID, RENOVA_META_APP_SECRET"),
            Self::WrongHost => Some("RENOVA_PUBLIC_URL"),
            _ => None,
        }
    }

    fn portuguese(self) -> (&'static str, &'static str) {
        match self {
            Self::ForeignLogin => (
                "Este login foi iniciado em outro lugar",
                "Nada foi guardado nem alterado. Para renovar, abra o assistente neste navegador e entre com o Facebook a partir dele.",
            ),
            Self::Forbidden => (
                "Só administradores podem fazer isto",
                "Seu acesso é de atendente: você vê o estado das conexões e pode avisar um administrador.",
            ),
            Self::ForbiddenFlow => forbidden_flow(Locale::PtBr),
            Self::OnlyRenewal => (
                "Este acesso é só para uma renovação",
                "Se ela terminou, você já pode fechar esta janela. Para o resto, entre com o seu e-mail e a sua senha.",
            ),
            Self::NotFound => (
                "Não encontramos esta página",
                "Ela pode ter mudado de lugar, ou a renovação já terminou. Comece pelo início.",
            ),
            Self::SignedOut => {
                ("Sua sessão terminou", "Entre de novo. O que já foi feito na renovação continua guardado.")
            }
            Self::OriginRequired => (
                "O navegador não disse de onde vem este pedido",
                "Por segurança, nada foi alterado. Volte à página e tente de novo com um navegador atual.",
            ),
            Self::OriginForeign => (
                "Este pedido veio de outro site",
                "Por segurança, nada foi alterado. Abra a página inicial e repita a ação a partir dela.",
            ),
            Self::OtherIsRenewing => (
                "Outro administrador está fazendo esta renovação",
                "Abra a tela da integração para acompanhar ou assumir a renovação.",
            ),
            Self::RenewalOver => {
                ("Esta renovação já terminou", "Abra a tela da integração para ver o resultado ou começar outra.")
            }
            Self::NoMetaApp => (
                "O aplicativo da Meta ainda não foi configurado",
                "Peça a quem cuida desta instalação que o configure.",
            ),
            Self::StartInside => (
                "Comece pelo assistente",
                "Este endereço só funciona a partir do botão do assistente. Nada foi iniciado.",
            ),
            Self::TryAgain => ("Algo falhou do nosso lado", "Nada se perdeu. Tente de novo em um minuto."),
            Self::Incomplete => {
                ("Faltou um campo no pedido", "Nada foi alterado. Volte à página, recarregue e tente de novo.")
            }
            Self::TooSlow => ("Demorou demais", "Nada se perdeu. Volte à página e tente de novo."),
            Self::WrongHost => (
                "O Renova não atende neste endereço",
                "Nada foi alterado. Peça o endereço certo a quem cuida desta instalação.",
            ),
            Self::TicketWaiting => ("Um momento…", "Estamos confirmando o seu clique. Esta página continua sozinha."),
            Self::TicketOver => {
                ("Este pedido terminou", "Nada foi guardado nem alterado. Volte ao painel e clique de novo.")
            }
            Self::Done => ("Tudo certo. Pode fechar esta janela.", "Continue no assistente, na janela anterior."),
        }
    }

    fn english(self) -> (&'static str, &'static str) {
        match self {
            Self::ForeignLogin => (
                "This log-in was started elsewhere",
                "Nothing was stored or changed. To renew, open the wizard in this browser and log in with Facebook from there.",
            ),
            Self::Forbidden => (
                "Only administrators can do this",
                "You are an agent: you see the state of the connections and can tell an administrator.",
            ),
            Self::ForbiddenFlow => forbidden_flow(Locale::En),
            Self::OnlyRenewal => (
                "This access is for one renewal only",
                "If it is finished, you can close this window. For everything else, log in with your e-mail and password.",
            ),
            Self::NotFound => {
                ("We cannot find this page", "It may have moved, or the renewal has ended. Start from the home page.")
            }
            Self::SignedOut => ("Your session has ended", "Log in again. What you did in the renewal is still there."),
            Self::OriginRequired => (
                "The browser did not say where this request comes from",
                "For safety, nothing was changed. Go back and try again with a current browser.",
            ),
            Self::OriginForeign => (
                "This request came from another site",
                "For safety, nothing was changed. Open the home page and repeat the action there.",
            ),
            Self::OtherIsRenewing => (
                "Another administrator is doing this renewal",
                "Open the integration screen to follow it or take it over.",
            ),
            Self::RenewalOver => {
                ("This renewal has ended", "Open the integration screen to see its result or start another.")
            }
            Self::NoMetaApp => {
                ("The Meta app has not been configured yet", "Ask whoever runs this installation to configure it.")
            }
            Self::StartInside => {
                ("Start in the wizard", "This address only works from the wizard's button. Nothing was started.")
            }
            Self::TryAgain => ("Something failed on our side", "Nothing is lost. Try again in a minute."),
            Self::Incomplete => ("A field was missing", "Nothing was changed. Go back, reload the page and try again."),
            Self::TooSlow => ("This took too long", "Nothing is lost. Go back and try again."),
            Self::WrongHost => (
                "This is not Renova's address",
                "Nothing was changed. Ask whoever runs this installation for the right address.",
            ),
            Self::TicketWaiting => ("One moment…", "We are confirming your click. This page continues by itself."),
            Self::TicketOver => {
                ("This request has ended", "Nothing was stored or changed. Go back to the dashboard and click again.")
            }
            Self::Done => ("All good. You can close this window.", "Continue in the wizard, in the previous window."),
        }
    }

    fn spanish(self) -> (&'static str, &'static str) {
        match self {
            Self::ForeignLogin => (
                "Este inicio de sesión comenzó en otro lugar",
                "No se guardó ni cambió nada. Para renovar, abre el asistente en este navegador y entra con Facebook desde allí.",
            ),
            Self::Forbidden => (
                "Solo los administradores pueden hacer esto",
                "Tu acceso es de agente: ves el estado de las conexiones y puedes avisar a un administrador.",
            ),
            Self::ForbiddenFlow => forbidden_flow(Locale::Es),
            Self::OnlyRenewal => (
                "Este acceso es solo para una renovación",
                "Si ya terminó, puedes cerrar esta ventana. Para lo demás, entra con tu correo y tu contraseña.",
            ),
            Self::NotFound => (
                "No encontramos esta página",
                "Puede haber cambiado de lugar, o la renovación ya terminó. Empieza por el inicio.",
            ),
            Self::SignedOut => ("Tu sesión terminó", "Entra de nuevo. Lo hecho en la renovación sigue guardado."),
            Self::OriginRequired => (
                "El navegador no dijo de dónde viene esta solicitud",
                "Por seguridad, no se cambió nada. Vuelve e intenta de nuevo con un navegador actual.",
            ),
            Self::OriginForeign => (
                "Esta solicitud vino de otro sitio",
                "Por seguridad, no se cambió nada. Abre la página inicial y repite la acción desde allí.",
            ),
            Self::OtherIsRenewing => (
                "Otro administrador está haciendo esta renovación",
                "Abre la pantalla de integración para seguirla o asumirla.",
            ),
            Self::RenewalOver => {
                ("Esta renovación ya terminó", "Abre la pantalla de integración para ver el resultado o empezar otra.")
            }
            Self::NoMetaApp => (
                "La aplicación de Meta aún no está configurada",
                "Pide a quien administra esta instalación que la configure.",
            ),
            Self::StartInside => (
                "Empieza en el asistente",
                "Esta dirección solo funciona desde el botón del asistente. No se inició nada.",
            ),
            Self::TryAgain => ("Algo falló de nuestro lado", "No se perdió nada. Intenta de nuevo en un minuto."),
            Self::Incomplete => ("Faltó un campo", "No se cambió nada. Vuelve, recarga la página e intenta de nuevo."),
            Self::TooSlow => ("Tardó demasiado", "No se perdió nada. Vuelve e intenta de nuevo."),
            Self::WrongHost => (
                "Renova no atiende en esta dirección",
                "No se cambió nada. Pide la dirección correcta a quien administra esta instalación.",
            ),
            Self::TicketWaiting => ("Un momento…", "Estamos confirmando tu clic. Esta página continúa sola."),
            Self::TicketOver => {
                ("Esta solicitud terminó", "No se guardó ni cambió nada. Vuelve al panel y haz clic de nuevo.")
            }
            Self::Done => {
                ("Todo bien. Puedes cerrar esta ventana.", "Continúa en el asistente, en la ventana anterior.")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_named_beside_the_sentence_and_not_in_it() {
        for text in [Text::NoMetaApp, Text::WrongHost] {
            assert!(text.settings().is_some(), "{text:?}");
            for locale in Locale::ALL {
                let Wording { title, body } = text.wording(locale);
                assert!(![title, body].iter().any(|it| it.contains("RENOVA_")), "{title}: {body}");
            }
        }
    }
}
