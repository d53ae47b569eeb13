//! Every word of Instagram's dialog, in one table per language. Like the other
//! dialog's, it is configuration: Meta's wording is not known for certain.

use axum::http::HeaderMap;

pub(super) struct Texts {
    pub lang: &'static str,
    pub simulated: &'static str,
    pub log_in: &'static str,
    pub log_in_hint: &'static str,
    pub signed_in_as: &'static str,
    pub use_another: &'static str,
    pub allow_title: &'static str,
    pub allow_hint: &'static str,
    pub permissions: &'static str,
    pub always: &'static str,
    pub allow: &'static str,
    pub cancel: &'static str,
    pub error_title: &'static str,
    pub bad_app: &'static str,
    pub bad_redirect: &'static str,
    pub bad_scope: &'static str,
    pub bad_response_type: &'static str,
    /// By permission, in the order of [`super::PERMISSIONS`].
    permission: [&'static str; 5],
}

const PT: Texts = Texts {
    lang: "pt-BR",
    simulated: "Instagram simulado",
    log_in: "Entrar no Instagram",
    log_in_hint: "Escolha com que conta profissional entrar.",
    signed_in_as: "Você entrou como",
    use_another: "Usar outra conta",
    allow_title: "Permitir que a Renova acesse sua conta?",
    allow_hint: "Desligue o que não quer permitir.",
    permissions: "Permissões",
    always: "sempre",
    allow: "Permitir",
    cancel: "Cancelar",
    error_title: "Não foi possível abrir o login",
    bad_app: "Solicitação inválida: o ID do aplicativo do Instagram não é conhecido.",
    bad_redirect: "Solicitação inválida: o endereço de redirecionamento não é permitido.",
    bad_scope: "Permissões inválidas:",
    bad_response_type: "Este tipo de resposta não é aceito.",
    permission: [
        "Acessar o perfil e as publicações",
        "Acessar e gerenciar mensagens",
        "Acessar e gerenciar comentários",
        "Publicar conteúdo",
        "Ler as estatísticas da conta",
    ],
};

const EN: Texts = Texts {
    lang: "en",
    simulated: "Simulated Instagram",
    log_in: "Log in to Instagram",
    log_in_hint: "Choose the professional account to log in with.",
    signed_in_as: "Logged in as",
    use_another: "Use another account",
    allow_title: "Let Renova access your account?",
    allow_hint: "Switch off what you do not want to allow.",
    permissions: "Permissions",
    always: "always",
    allow: "Allow",
    cancel: "Cancel",
    error_title: "The login cannot be opened",
    bad_app: "Invalid request: the Instagram app ID is not known.",
    bad_redirect: "Invalid request: the redirect address is not allowed.",
    bad_scope: "Invalid scopes:",
    bad_response_type: "This response type is not accepted.",
    permission: [
        "Access profile and posts",
        "Access and manage messages",
        "Access and manage comments",
        "Publish content",
        "Read the account's statistics",
    ],
};

const ES: Texts = Texts {
    lang: "es",
    simulated: "Instagram simulado",
    log_in: "Iniciar sesión en Instagram",
    log_in_hint: "Elige con qué cuenta profesional iniciar sesión.",
    signed_in_as: "Has iniciado sesión como",
    use_another: "Usar otra cuenta",
    allow_title: "¿Permitir que Renova acceda a tu cuenta?",
    allow_hint: "Desactiva lo que no quieras permitir.",
    permissions: "Permisos",
    always: "siempre",
    allow: "Permitir",
    cancel: "Cancelar",
    error_title: "No se puede abrir el inicio de sesión",
    bad_app: "Solicitud no válida: el identificador de la aplicación de Instagram no se conoce.",
    bad_redirect: "Solicitud no válida: la dirección de redireccionamiento no está permitida.",
    bad_scope: "Permisos no válidos:",
    bad_response_type: "Este tipo de respuesta no se acepta.",
    permission: [
        "Acceder al perfil y las publicaciones",
        "Acceder a los mensajes y administrarlos",
        "Acceder a los comentarios y administrarlos",
        "Publicar contenido",
        "Leer las estadísticas de la cuenta",
    ],
};

impl Texts {
    pub fn of_permission(&self, permission: &str) -> &'static str {
        super::PERMISSIONS
            .iter()
            .zip(self.permission)
            .find(|(name, _)| **name == permission)
            .map_or("", |(_, text)| text)
    }
}

/// The language is chosen as for Facebook's dialog.
pub(super) fn for_request(headers: &HeaderMap) -> &'static Texts {
    match crate::texts::for_request(headers).lang {
        "en" => &EN,
        "es" => &ES,
        _ => &PT,
    }
}
