//! The fixed texts of the first screen, apart from the others: a site that shows none carries none.

use crate::model::{Locale, PrerequisiteKind};

/// The first screen's texts of one language.
pub struct StartTexts {
    pub before_start: &'static str,
    prerequisites: [&'static str; 7],
    pub confirmed: &'static str,
    pub checked_later: &'static str,
    pub problem: &'static str,
    pub start: &'static str,
    pub renewal_open_own: &'static str,
    pub renewal_open_other: &'static str,
    pub others: &'static str,
    pub renew: &'static str,
    pub connect_another: &'static str,
    pub instagram_title: &'static str,
    pub instagram_body: &'static str,
    pub connect_instagram: &'static str,
}

impl StartTexts {
    /// The prerequisite as a requirement.
    #[must_use]
    pub const fn prerequisite(&self, kind: PrerequisiteKind) -> &'static str {
        let [access, role, business, manager, messenger, instagram, messages] = self.prerequisites;
        match kind {
            PrerequisiteKind::PlatformAccess => access,
            PrerequisiteKind::AdministratorRole => role,
            PrerequisiteKind::BusinessInstagram => business,
            PrerequisiteKind::BusinessManagerAdmin => manager,
            PrerequisiteKind::MessengerActive => messenger,
            PrerequisiteKind::InstagramIntegrated => instagram,
            PrerequisiteKind::MessageAccess => messages,
        }
    }
}

/// The first screen's texts of a language.
#[must_use]
pub const fn start_texts(locale: Locale) -> &'static StartTexts {
    match locale {
        Locale::PtBr => &PT_BR,
        Locale::En => &EN,
        Locale::Es => &ES,
    }
}

static PT_BR: StartTexts = StartTexts {
    before_start: "Antes de começar",
    prerequisites: [
        "Acesso à conta na plataforma",
        "Perfil Administrador: só quem tem este perfil conecta Instagram ou Messenger",
        "Conta comercial (ou de criador) do Instagram vinculada a uma Página do Facebook",
        "Administrador da conta no Gerenciador de Negócios da Meta",
        "Messenger da Página ativo",
        "Instagram integrado à Página",
        "Acesso a mensagens permitido no aplicativo do Instagram",
    ],
    confirmed: "Confirmado em",
    checked_later: "Vamos verificar depois do login",
    problem: "Problema:",
    start: "Iniciar",
    renewal_open_own: "Sua renovação está aberta: Iniciar continua de onde você parou.",
    renewal_open_other: "{} está fazendo esta renovação agora.",
    others: "Outras conexões",
    renew: "Renovar {}",
    connect_another: "Conectar outra conta",
    instagram_title: "Só Instagram, sem Página do Facebook",
    instagram_body: "Uma conta profissional do Instagram também pode ser conectada por ela mesma. O acesso é renovado automaticamente.",
    connect_instagram: "Conectar com o Instagram",
};

static EN: StartTexts = StartTexts {
    before_start: "Before you start",
    prerequisites: [
        "Access to the account on the platform",
        "The Administrator role: only administrators connect Instagram or Messenger",
        "A business (or creator) Instagram account linked to a Facebook Page",
        "Administrator of the account in Meta Business Manager",
        "The Page's Messenger is active",
        "Instagram is integrated with the Page",
        "Access to messages is allowed in the Instagram app",
    ],
    confirmed: "Confirmed on",
    checked_later: "We will check after the log-in",
    problem: "Problem:",
    start: "Start",
    renewal_open_own: "Your renewal is open: Start continues where you left off.",
    renewal_open_other: "{} is doing this renewal now.",
    others: "Other connections",
    renew: "Renew {}",
    connect_another: "Connect another account",
    instagram_title: "Instagram alone, without a Facebook Page",
    instagram_body: "A professional Instagram account can also be connected by itself. Its access is renewed automatically.",
    connect_instagram: "Connect with Instagram",
};

static ES: StartTexts = StartTexts {
    before_start: "Antes de empezar",
    prerequisites: [
        "Acceso a la cuenta en la plataforma",
        "Perfil Administrador: solo quien tiene este perfil conecta Instagram o Messenger",
        "Cuenta comercial (o de creador) de Instagram vinculada a una Página de Facebook",
        "Administrador de la cuenta en Meta Business Manager",
        "Messenger de la Página activo",
        "Instagram integrado con la Página",
        "Acceso a los mensajes permitido en la aplicación de Instagram",
    ],
    confirmed: "Confirmado el",
    checked_later: "Lo verificaremos después de que entres",
    problem: "Problema:",
    start: "Iniciar",
    renewal_open_own: "Tu renovación está abierta: Iniciar continúa donde la dejaste.",
    renewal_open_other: "{} está haciendo esta renovación ahora.",
    others: "Otras conexiones",
    renew: "Renovar {}",
    connect_another: "Conectar otra cuenta",
    instagram_title: "Solo Instagram, sin Página de Facebook",
    instagram_body: "Una cuenta profesional de Instagram también puede conectarse por sí misma. El acceso se renueva automáticamente.",
    connect_instagram: "Conectar con Instagram",
};
