//! Every word of the dialog, in one table per language. Meta's own wording is
//! not known for certain and changes; it is configuration here.

use axum::http::{HeaderMap, header};

pub(crate) struct Texts {
    pub lang: &'static str,
    pub simulated_meta: &'static str,
    pub log_in: &'static str,
    pub log_in_hint: &'static str,
    pub signed_in_as: &'static str,
    pub use_another: &'static str,
    pub cancel: &'static str,
    pub reconnect_title: &'static str,
    pub reconnect_hint: &'static str,
    pub reconnect: &'static str,
    pub edit: &'static str,
    pub choose_title: &'static str,
    pub choose_hint: &'static str,
    pub pages: &'static str,
    pub no_pages: &'static str,
    pub instagram: &'static str,
    pub no_instagram: &'static str,
    pub business: &'static str,
    pub business_hint: &'static str,
    pub no_business: &'static str,
    pub go_on: &'static str,
    pub permissions_title: &'static str,
    pub permissions_hint: &'static str,
    pub permissions: &'static str,
    pub always: &'static str,
    pub finish: &'static str,
    pub error_title: &'static str,
    pub bad_app: &'static str,
    pub bad_redirect: &'static str,
    pub bad_scope: &'static str,
    pub bad_response_type: &'static str,
    pub bad_config: &'static str,
    /// By permission.
    pub permission: &'static [(&'static str, &'static str)],
}

const PT: Texts = Texts {
    lang: "pt-BR",
    simulated_meta: "Meta simulada",
    log_in: "Entrar",
    log_in_hint: "Escolha com que conta entrar.",
    signed_in_as: "Você entrou como",
    use_another: "Usar outra conta",
    cancel: "Cancelar",
    reconnect_title: "Reconectar a Renova",
    reconnect_hint: "Você já conectou a Renova. As escolhas anteriores continuam valendo.",
    reconnect: "Reconectar",
    edit: "Editar configurações",
    choose_title: "A que a Renova pode ter acesso?",
    choose_hint: "Desmarque o que não deve ser conectado.",
    pages: "Páginas",
    no_pages: "Esta conta não administra nenhuma Página.",
    instagram: "Contas do Instagram",
    no_instagram: "Nenhuma conta do Instagram está vinculada a estas Páginas.",
    business: "Portfólio empresarial:",
    business_hint: "Escolha o portfólio empresarial que conecta a Renova e o que ela pode usar.",
    no_business: "Esta conta não tem função em nenhum portfólio empresarial.",
    go_on: "Continuar",
    permissions_title: "O que a Renova pode fazer?",
    permissions_hint: "Desligue o que não quer permitir.",
    permissions: "Permissões",
    always: "sempre",
    finish: "Concluir",
    error_title: "Não foi possível abrir o login",
    bad_app: "O ID do aplicativo é inválido.",
    bad_redirect: "URL bloqueado: o endereço de redirecionamento não é permitido para este aplicativo.",
    bad_scope: "Permissões inválidas:",
    bad_response_type: "Este tipo de resposta não é aceito.",
    bad_config: "Esta configuração de login não existe.",
    permission: &[
        ("public_profile", "Receber seu nome e foto do perfil"),
        ("email", "Receber seu endereço de e-mail"),
        ("pages_show_list", "Mostrar uma lista das Páginas que você administra"),
        ("pages_messaging", "Gerenciar e acessar conversas da Página no Messenger"),
        ("pages_manage_metadata", "Gerenciar contas, configurações e webhooks de uma Página"),
        ("pages_read_engagement", "Ler conteúdo publicado na Página"),
        ("instagram_basic", "Acessar o perfil e as publicações da conta do Instagram"),
        ("instagram_manage_messages", "Gerenciar e acessar conversas do Instagram"),
        ("business_management", "Gerenciar o seu portfólio empresarial"),
    ],
};

const EN: Texts = Texts {
    lang: "en",
    simulated_meta: "Simulated Meta",
    log_in: "Log in",
    log_in_hint: "Choose the account to log in with.",
    signed_in_as: "Logged in as",
    use_another: "Use another account",
    cancel: "Cancel",
    reconnect_title: "Reconnect Renova",
    reconnect_hint: "You have connected Renova before. Your earlier choices still hold.",
    reconnect: "Reconnect",
    edit: "Edit settings",
    choose_title: "What may Renova access?",
    choose_hint: "Untick what is not to be connected.",
    pages: "Pages",
    no_pages: "This account manages no Pages.",
    instagram: "Instagram accounts",
    no_instagram: "No Instagram account is linked to these Pages.",
    business: "Business portfolio:",
    business_hint: "Choose the business portfolio that connects Renova and what Renova may use.",
    no_business: "This account has no role in any business portfolio.",
    go_on: "Continue",
    permissions_title: "What may Renova do?",
    permissions_hint: "Switch off what you do not want to allow.",
    permissions: "Permissions",
    always: "always",
    finish: "Finish",
    error_title: "The login cannot be opened",
    bad_app: "The app ID is not valid.",
    bad_redirect: "URL blocked: the redirect address is not allowed for this app.",
    bad_scope: "Invalid scopes:",
    bad_response_type: "This response type is not accepted.",
    bad_config: "This login configuration does not exist.",
    permission: &[
        ("public_profile", "Receive your name and profile picture"),
        ("email", "Receive your email address"),
        ("pages_show_list", "Show a list of the Pages you manage"),
        ("pages_messaging", "Manage and access Page conversations in Messenger"),
        ("pages_manage_metadata", "Manage accounts, settings and webhooks for a Page"),
        ("pages_read_engagement", "Read content posted on the Page"),
        ("instagram_basic", "Access profile and posts of the Instagram account"),
        ("instagram_manage_messages", "Manage and access Instagram conversations"),
        ("business_management", "Manage your business portfolio"),
    ],
};

const ES: Texts = Texts {
    lang: "es",
    simulated_meta: "Meta simulada",
    log_in: "Iniciar sesión",
    log_in_hint: "Elige con qué cuenta iniciar sesión.",
    signed_in_as: "Has iniciado sesión como",
    use_another: "Usar otra cuenta",
    cancel: "Cancelar",
    reconnect_title: "Reconectar Renova",
    reconnect_hint: "Ya has conectado Renova. Tus elecciones anteriores siguen vigentes.",
    reconnect: "Reconectar",
    edit: "Editar configuración",
    choose_title: "¿A qué puede acceder Renova?",
    choose_hint: "Desmarca lo que no se deba conectar.",
    pages: "Páginas",
    no_pages: "Esta cuenta no administra ninguna Página.",
    instagram: "Cuentas de Instagram",
    no_instagram: "Ninguna cuenta de Instagram está vinculada a estas Páginas.",
    business: "Portafolio comercial:",
    business_hint: "Elige el portafolio comercial que conecta Renova y lo que puede usar.",
    no_business: "Esta cuenta no tiene ningún rol en un portafolio comercial.",
    go_on: "Continuar",
    permissions_title: "¿Qué puede hacer Renova?",
    permissions_hint: "Desactiva lo que no quieras permitir.",
    permissions: "Permisos",
    always: "siempre",
    finish: "Finalizar",
    error_title: "No se puede abrir el inicio de sesión",
    bad_app: "El identificador de la aplicación no es válido.",
    bad_redirect: "URL bloqueada: la dirección de redireccionamiento no está permitida para esta aplicación.",
    bad_scope: "Permisos no válidos:",
    bad_response_type: "Este tipo de respuesta no se acepta.",
    bad_config: "Esta configuración de inicio de sesión no existe.",
    permission: &[
        ("public_profile", "Recibir tu nombre y foto del perfil"),
        ("email", "Recibir tu dirección de correo electrónico"),
        ("pages_show_list", "Mostrar una lista de las páginas que administras"),
        ("pages_messaging", "Administrar y acceder a las conversaciones de la página en Messenger"),
        ("pages_manage_metadata", "Administrar cuentas, configuración y webhooks de una página"),
        ("pages_read_engagement", "Leer el contenido publicado en la página"),
        ("instagram_basic", "Acceder al perfil y las publicaciones de la cuenta de Instagram"),
        ("instagram_manage_messages", "Administrar y acceder a las conversaciones de Instagram"),
        ("business_management", "Administrar tu portafolio comercial"),
    ],
};

impl Texts {
    pub fn of_permission(&self, permission: &str) -> &'static str {
        self.permission.iter().find(|(name, _)| *name == permission).map_or("", |(_, text)| text)
    }
}

/// Portuguese unless the browser prefers one of the other two.
pub(crate) fn for_request(headers: &HeaderMap) -> &'static Texts {
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut best: (f32, &'static Texts) = (0.0, &PT);
    for entry in accepted.split(',') {
        let (tag, rest) = entry.split_once(';').unwrap_or((entry, ""));
        let weight = rest.trim().strip_prefix("q=").map_or(1.0, |text| text.parse::<f32>().unwrap_or(0.0));
        let texts = match tag.trim().split('-').next() {
            Some("pt") => &PT,
            Some("en") => &EN,
            Some("es") => &ES,
            _ => continue,
        };
        if weight > best.0 {
            best = (weight, texts);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue};

    use super::{EN, ES, PT, for_request};
    use crate::grants::PERMISSIONS;

    fn language(accepted: &'static str) -> &'static str {
        let mut headers = HeaderMap::new();
        headers.insert("accept-language", HeaderValue::from_static(accepted));
        for_request(&headers).lang
    }

    #[test]
    fn preferred_language() {
        assert_eq!(for_request(&HeaderMap::new()).lang, "pt-BR");
        assert_eq!(language("de"), "pt-BR");
        assert_eq!(language("en-US,en;q=0.9"), "en");
        assert_eq!(language("de,es;q=0.8,en;q=0.7"), "es");
        assert_eq!(language("en;q=0.5,pt-BR"), "pt-BR");
    }

    #[test]
    fn every_permission_has_words() {
        for texts in [&PT, &EN, &ES] {
            for permission in PERMISSIONS {
                assert_ne!(texts.of_permission(permission), "", "{permission}");
            }
        }
    }
}
