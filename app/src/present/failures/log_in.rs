//! What happens on the way to Meta's dialog and back.

use super::Told;

pub(super) const ALL: &[Told] = &[
    Told {
        codes: &["login_cancelled"],
        what: [
            "O login na Meta foi cancelado.",
            "The log-in at Meta was cancelled.",
            "El inicio de sesión en Meta se canceló.",
        ],
        next: [
            "Nada mudou. Quando quiser, tente de novo e aceite na janela da Meta.",
            "Nothing has changed. Whenever you like, try again and accept in Meta's window.",
            "No cambió nada. Cuando quieras, inténtalo de nuevo y acepta en la ventana de Meta.",
        ],
    },
    Told {
        codes: &["login_refused"],
        what: [
            "A Meta não concluiu o login.",
            "Meta did not complete the log-in.",
            "Meta no completó el inicio de sesión.",
        ],
        next: [
            "Tente de novo. Se continuar, o aplicativo pode estar em modo de desenvolvimento: avise o suporte.",
            "Try again. If this continues, the app may be in development mode: tell support.",
            "Inténtalo de nuevo. Si continúa, la aplicación puede estar en modo de desarrollo: avisa a soporte.",
        ],
    },
    Told {
        codes: &["login_expired"],
        what: [
            "O login na Meta demorou demais e venceu.",
            "The log-in at Meta took too long and has expired.",
            "El inicio de sesión en Meta tardó demasiado y venció.",
        ],
        next: [
            "Entre de novo: leva menos de um minuto.",
            "Log in again: it takes less than a minute.",
            "Entra de nuevo: toma menos de un minuto.",
        ],
    },
    Told {
        codes: &["other_is_renewing"],
        what: [
            "Outro administrador já está renovando a conexão desta pessoa.",
            "Another administrator is already renewing this person's connection.",
            "Otro administrador ya está renovando la conexión de esta persona.",
        ],
        next: [
            "Nada mudou. Abra essa conexão na tela de integração para assumir a renovação.",
            "Nothing has changed. Open that connection on the integration screen to take over the renewal.",
            "No cambió nada. Abre esa conexión en la pantalla de integración para asumir la renovación.",
        ],
    },
    Told {
        codes: &["already_connected"],
        what: [
            "Quem entrou já tem outra conexão nesta organização.",
            "Whoever logged in already has another connection in this organization.",
            "Quien entró ya tiene otra conexión en esta organización.",
        ],
        next: [
            "Nada mudou. Renove essa outra conexão na tela de integração, ou entre com outra conta.",
            "Nothing has changed. Renew that other connection on the integration screen, or log in with another account.",
            "No cambió nada. Renueva esa otra conexión en la pantalla de integración, o entra con otra cuenta.",
        ],
    },
    Told {
        codes: &["other_person_again"],
        what: [
            "Desta vez entrou outra pessoa na Meta.",
            "This time another person logged in at Meta.",
            "Esta vez entró otra persona en Meta.",
        ],
        next: [
            "O que a Meta liberou antes continua aqui: confirme abaixo, ou escolha de novo com a mesma pessoa.",
            "What Meta granted before is still here: confirm it below, or choose again as the same person.",
            "Lo que Meta autorizó antes sigue aquí: confírmalo abajo, o elige de nuevo con la misma persona.",
        ],
    },
];
