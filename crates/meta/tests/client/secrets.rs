//! Secrets are in no address but the one Meta insists on, and in no error.

use meta::Error;
use secrecy::SecretString;
use serde_json::json;

use crate::broken::{CALLS, call};
use meta::Limits;

use crate::server::{Meta, SECRET, TOKEN, app, client, short, token};

const CODE: &str = "AQD-sample-code";

#[tokio::test]
async fn addresses_are_free_of_secrets() {
    for name in CALLS {
        let meta = Meta::json(json!({})).await;
        let _ = call(&meta.client, name).await;
        for asked in meta.asked() {
            assert!(!asked.address.contains(SECRET), "{name}");
            assert_eq!(asked.address.contains(TOKEN), *name == "debug_token", "{name}");
            assert!(!asked.address.contains(CODE), "{name}");
        }
    }
}

/// Meta repeats what it refuses.
#[tokio::test]
async fn errors_are_free_of_secrets() {
    let parrot = json!({"error": {"code": 190, "type": format!("T {TOKEN}"), "fbtrace_id": SECRET,
        "message": format!("Malformed access token {TOKEN}, secret {SECRET}, code {CODE}, {}", "EAAB".repeat(30))}});
    for name in CALLS {
        let meta = Meta::answering(400, parrot.to_string()).await;
        let error = call(&meta.client, name).await.unwrap_err();
        let shown = format!("{error} {error:?} {error:#?}");
        assert!(matches!(error, Error::Graph(_) | Error::App(_)));
        // Its own secrets by name, foreign ones by their looks.
        let own = if *name == "exchange_code" { CODE } else { TOKEN };
        for secret in [own, SECRET, "EAABEAAB"] {
            assert!(!shown.contains(secret), "{name}: {shown}");
        }
        assert!(!error.to_string().contains("Malformed"));
    }
}

#[tokio::test]
async fn errors_of_the_connection_have_no_address() {
    for (base, limits) in [("http://127.0.0.1:1/secret-path", Limits::default()), ("mailto:x@y.test", short())] {
        let error = client(base, limits).debug_token(&app(), &token()).await.unwrap_err();
        let shown = format!("{error} {error:?}");
        for part in [TOKEN, "secret-path", "127.0.0.1", "mailto"] {
            assert!(!shown.contains(part), "{shown}");
        }
    }
}

#[test]
fn what_holds_a_secret_does_not_show_it() {
    let app = app();
    let issued = meta::IssuedToken { token: SecretString::from(TOKEN), expires_in: None };
    let shown = format!("{app:?} {issued:?}");
    assert!(!shown.contains(SECRET) && !shown.contains(TOKEN), "{shown}");
}
