//! What Meta's errors say to an administrator. The technical code is folded away beside it.

use super::{super::words::Text, Told};

pub(super) const LOG_IN_AGAIN: Text = [
    "A conexão antiga continua valendo enquanto a Meta a aceitar. Tente de novo e entre na janela da Meta.",
    "The old connection keeps working as long as Meta accepts it. Try again and log in when Meta's window opens.",
    "La conexión anterior sigue vigente mientras Meta la acepte. Inténtalo de nuevo y entra en la ventana de Meta.",
];

/// The same without a word about what still works.
pub(super) const RENEW: Text = [
    "Renove a conexão: entre de novo na janela da Meta.",
    "Renew the connection: log in again in Meta's window.",
    "Renueva la conexión: entra de nuevo en la ventana de Meta.",
];

const WAIT: Text = [
    "A conexão antiga continua valendo. Tente de novo em alguns minutos.",
    "The old connection keeps working. Try again in a few minutes.",
    "La conexión anterior sigue vigente. Inténtalo de nuevo en unos minutos.",
];

const SUPPORT: Text = [
    "Nada mudou. Avise o suporte e informe o código dos detalhes técnicos: aqui não há o que você possa corrigir.",
    "Nothing has changed. Tell support the code in the technical details: there is nothing that you can fix here.",
    "No cambió nada. Avisa a soporte con el código de los detalles técnicos: aquí no hay nada que puedas corregir.",
];

/// A code that nobody knows.
pub(super) const UNKNOWN: Told = Told {
    codes: &["unknown"],
    what: [
        "A Meta respondeu com um erro que não conhecemos.",
        "Meta answered with an error that we do not know.",
        "Meta respondió con un error que no conocemos.",
    ],
    next: SUPPORT,
};

pub(super) const ALL: &[Told] = &[
    UNKNOWN,
    Told {
        codes: &["token_invalid", "session_invalid", "logged_out", "ended_by_call"],
        what: ["A Meta encerrou este acesso.", "Meta has ended this access.", "Meta cerró este acceso."],
        next: LOG_IN_AGAIN,
    },
    Told {
        codes: &["token_expired"],
        what: ["O acesso venceu.", "The access has expired.", "El acceso venció."],
        next: LOG_IN_AGAIN,
    },
    Told {
        codes: &["app_removed"],
        what: [
            "O aplicativo foi removido nas configurações da conta na Meta.",
            "The app was removed in the account's settings at Meta.",
            "La aplicación se quitó en la configuración de la cuenta en Meta.",
        ],
        next: LOG_IN_AGAIN,
    },
    Told {
        codes: &["password_changed"],
        what: [
            "A senha do Facebook mudou, ou a Meta encerrou a sessão por segurança.",
            "The Facebook password was changed, or Meta ended the session for security.",
            "La contraseña de Facebook cambió, o Meta cerró la sesión por seguridad.",
        ],
        next: LOG_IN_AGAIN,
    },
    Told {
        codes: &["checkpoint", "security_check"],
        what: [
            "A Meta pede uma verificação de segurança nesta conta.",
            "Meta asks for a security check on this account.",
            "Meta pide una verificación de seguridad en esta cuenta.",
        ],
        next: [
            "Entre em facebook.com com essa conta, faça o que a página pede e depois tente de novo aqui.",
            "Log in at facebook.com with that account, do what the page asks, then try again here.",
            "Entra en facebook.com con esa cuenta, haz lo que la página pide y luego inténtalo de nuevo aquí.",
        ],
    },
    Told {
        codes: &["unconfirmed_person"],
        what: [
            "Esta conta do Facebook ainda não foi confirmada.",
            "This Facebook account is not confirmed yet.",
            "Esta cuenta de Facebook aún no está confirmada.",
        ],
        next: [
            "Confirme o e-mail ou telefone da conta em facebook.com e depois tente de novo aqui.",
            "Confirm the account's e-mail or phone at facebook.com, then try again here.",
            "Confirma el correo o el teléfono de la cuenta en facebook.com y luego inténtalo de nuevo aquí.",
        ],
    },
    Told {
        codes: &["role_lost"],
        what: [
            "Esta pessoa não administra mais a Página.",
            "This person no longer manages the Page.",
            "Esta persona ya no administra la Página.",
        ],
        next: [
            "Peça a quem administra a Página para devolver o acesso, ou entre de novo como essa pessoa.",
            "Ask whoever manages the Page to give the access back, or log in again as that person.",
            "Pide a quien administra la Página que devuelva el acceso, o entra de nuevo como esa persona.",
        ],
    },
    Told {
        codes: &["permission_not_granted", "permission_missing"],
        what: ["Falta uma permissão na Meta.", "A permission is missing at Meta.", "Falta un permiso en Meta."],
        next: [
            "Entre de novo e deixe todas as opções ligadas na janela da Meta.",
            "Log in again and leave all options on in Meta's window.",
            "Entra de nuevo y deja activadas todas las opciones en la ventana de Meta.",
        ],
    },
    Told {
        codes: &["object_missing", "unknown_object"],
        what: [
            "A Meta não mostra mais uma das contas a esta pessoa.",
            "Meta no longer shows one of the accounts to this person.",
            "Meta ya no muestra una de las cuentas a esta persona.",
        ],
        next: [
            "Confira se a Página ainda existe e se a pessoa a administra; depois entre de novo.",
            "Check that the Page still exists and that the person manages it; then log in again.",
            "Comprueba que la Página aún existe y que la persona la administra; luego entra de nuevo.",
        ],
    },
    Told {
        codes: &["code_used", "code_refused"],
        what: [
            "Este login já foi usado ou venceu.",
            "This log-in has already been used, or has expired.",
            "Este inicio de sesión ya se usó o venció.",
        ],
        next: [
            "Nada mudou. Entre de novo: leva menos de um minuto.",
            "Nothing has changed. Log in again: it takes less than a minute.",
            "No cambió nada. Entra de nuevo: toma menos de un minuto.",
        ],
    },
    Told {
        codes: &["capability_missing"],
        what: [
            "A Meta ainda não liberou este uso para o aplicativo da plataforma.",
            "Meta has not yet approved the platform's app for this use.",
            "Meta aún no autorizó este uso a la aplicación de la plataforma.",
        ],
        next: SUPPORT,
    },
    Told {
        codes: &["unknown_app", "app_refused", "bad_redirect"],
        what: [
            "O aplicativo da plataforma não está configurado corretamente na Meta.",
            "The platform's app is not set up correctly at Meta.",
            "La aplicación de la plataforma no está bien configurada en Meta.",
        ],
        next: SUPPORT,
    },
    Told {
        codes: &["bad_parameter", "bad_path", "meta_request", "meta_setup"],
        what: [
            "A Meta não aceitou um pedido nosso.",
            "Meta did not accept one of our requests.",
            "Meta no aceptó una solicitud nuestra.",
        ],
        next: SUPPORT,
    },
    Told {
        codes: &[
            "unknown_trouble",
            "service_down",
            "passing",
            "meta_timeout",
            "meta_unreachable",
            "meta_malformed",
            "meta_too_large",
            "meta_endless_list",
            "meta_http_status",
            "meta_not_done",
        ],
        what: [
            "A Meta não respondeu como deveria.",
            "Meta did not answer as it should.",
            "Meta no respondió como debía.",
        ],
        next: WAIT,
    },
    Told {
        codes: &[
            "app_limit",
            "person_limit",
            "page_limit",
            "business_limit",
            "call_limit",
            "application_limit",
            "too_many_calls",
        ],
        what: [
            "A Meta recebeu pedidos demais e pediu para esperar.",
            "Meta has received too many requests and asks us to wait.",
            "Meta recibió demasiadas solicitudes y pide esperar.",
        ],
        next: WAIT,
    },
    Told {
        codes: &["blocked"],
        what: [
            "A Meta bloqueou esta ação por um tempo.",
            "Meta has blocked this action for a while.",
            "Meta bloqueó esta acción por un tiempo.",
        ],
        next: [
            "Nada mudou. Tente de novo amanhã; se continuar, avise o suporte.",
            "Nothing has changed. Try again tomorrow; if this continues, tell support.",
            "No cambió nada. Inténtalo de nuevo mañana; si continúa, avisa a soporte.",
        ],
    },
];
