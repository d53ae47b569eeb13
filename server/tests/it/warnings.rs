//! Switching warnings by mail off, by the link in a mail.

use axum::{
    body::Body,
    http::{Request, StatusCode},
};

use crate::harness::{CLARA, Harness};

/// Without cookie, origin or log-in, as a mail program does it.
fn post(path: &str, form: &str) -> Request<Body> {
    Request::post(path)
        .header("host", "127.0.0.1:3000")
        .header("accept-language", "pt-BR")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from(form.to_owned()))
        .unwrap()
}

#[tokio::test]
async fn a_link_asks_first_and_switches_off_and_on() {
    let harness = Harness::new().await;
    let clara = harness.identity(CLARA).await;
    let refusals = async || harness.renova().storage().who_refuses_warnings(clara.organization).await.unwrap();
    let url = harness.renova().unsubscribe_url(clara.user);
    let path = url.strip_prefix("http://127.0.0.1:3000").unwrap();

    let asked = harness.open(path, "").await;
    assert_eq!(asked.status, StatusCode::OK);
    assert!(asked.body.contains("Parar os avisos"), "{}", asked.body);
    assert!(refusals().await.is_empty(), "opening it changes nothing");

    let off = harness.send(post(path, "List-Unsubscribe=One-Click")).await;
    assert!(off.status == StatusCode::OK && off.body.contains("Voltar a receber"), "{}", off.body);
    assert_eq!(refusals().await, [clara.user]);
    let on = harness.send(post(path, "again=1")).await;
    assert!(on.status == StatusCode::OK && refusals().await.is_empty());

    let mut one_click =
        post(path, "--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--b--");
    one_click.headers_mut().insert("content-type", "multipart/form-data; boundary=b".parse().unwrap());
    assert_eq!(harness.send(one_click).await.status, StatusCode::OK);
    assert_eq!(refusals().await, [clara.user]);

    let (front, mark) = path.split_at(path.len() - 4);
    for forged in [format!("{front}0000"), format!("{front}{mark}0"), "/mail/warnings/x/y".to_owned()] {
        assert_eq!(harness.open(&forged, "").await.status, StatusCode::NOT_FOUND, "{forged}");
        assert_eq!(harness.send(post(&forged, "")).await.status, StatusCode::NOT_FOUND, "{forged}");
    }
}
