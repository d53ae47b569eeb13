//! From the dialog to a subscribed Page, and what the dialog does with other
//! choices.

use crate::common::{APP, BACK, Browser, START, World, dialog, dialog_with, form, query_value};
use axum::http::{Method, StatusCode};

#[tokio::test]
async fn the_whole_dance() {
    let world = World::new();
    let short = world.short_token("Ana Souza").await;
    let short_data = world.debug(&short).await;
    let now = START / 1000;
    assert_eq!(short_data["is_valid"], true);
    assert_eq!(short_data["type"], "USER");
    let ends = short_data["expires_at"].as_i64().unwrap();
    assert!((now + 3600..=now + 7200).contains(&ends));
    assert_eq!(ends % 3600, 0);
    assert!(short_data.get("issued_at").is_none());

    let reply = world.token_request(&[("grant_type", "fb_exchange_token"), ("fb_exchange_token", &short)]).await.json();
    assert_eq!(reply["expires_in"], 5_184_000);
    assert_eq!(reply["token_type"], "bearer");
    let long = reply["access_token"].as_str().unwrap().to_owned();
    assert!(long.starts_with("EAA"));
    let data = world.debug(&long).await;
    assert_eq!(data["expires_at"], now + 5_184_000);
    assert_eq!(data["issued_at"], now);
    assert_eq!(data["data_access_expires_at"], now + 7_776_000);
    assert_eq!(data["app_id"], APP);
    assert!(
        data["granular_scopes"]
            .as_array()
            .unwrap()
            .iter()
            .any(|entry| entry["scope"] == "pages_messaging" && entry["target_ids"].as_array().unwrap().len() == 2)
    );

    let me = world.bearer(Method::GET, "/graph/v25.0/me", &long).await;
    assert_eq!(me.json()["name"], "Ana Souza");
    assert_eq!(me.json()["id"], data["user_id"]);
    assert_eq!(me.headers["facebook-api-version"], "v25.0");
    assert!(me.headers.contains_key("x-app-usage"));
    assert!(me.headers.contains_key("x-fb-trace-id"));
    assert_eq!(me.headers["date"], "Mon, 01 Mar 2027 12:00:00 GMT");

    let permissions = world.bearer(Method::GET, "/graph/me/permissions", &long).await.json();
    assert!(
        permissions["data"]
            .as_array()
            .unwrap()
            .iter()
            .any(|entry| { entry["permission"] == "instagram_manage_messages" && entry["status"] == "granted" })
    );

    // One Page at a time, by the links of the answers.
    let fields = "id,name,access_token,tasks,instagram_business_account{id,username,name,profile_picture_url}";
    let mut next = Some(format!(
        "/graph/v25.0/me/accounts?{}",
        form(&[("access_token", &long), ("limit", "1"), ("fields", fields)])
    ));
    let mut pages = Vec::new();
    while let Some(path) = next {
        let body = world.bearer(Method::GET, &path, &long).await.json();
        pages.extend(body["data"].as_array().unwrap().iter().cloned());
        assert!(body["paging"]["cursors"]["after"].is_string());
        next = body["paging"]["next"]
            .as_str()
            .map(|link| link.strip_prefix("http://127.0.0.1:3001").expect("the host that was asked").to_owned());
    }
    assert_eq!(pages.len(), 2);
    assert_eq!(pages[0]["name"], "Loja Aurora");
    let account = &pages[0]["instagram_business_account"];
    assert_eq!(account["username"], "loja.aurora");
    assert!(account["id"].as_str().unwrap().starts_with("17841"));
    assert!(pages[1].get("instagram_business_account").is_none());
    assert_eq!(pages[0]["tasks"].as_array().unwrap().len(), 6);

    let page = pages[0]["id"].as_str().unwrap();
    let page_token = pages[0]["access_token"].as_str().unwrap();
    assert_ne!(page_token, pages[1]["access_token"]);
    let data = world.debug(page_token).await;
    assert_eq!(data["type"], "PAGE");
    assert_eq!(data["profile_id"], page);
    assert_eq!(data["expires_at"], 0);

    let path = format!("/graph/v25.0/{page}/subscribed_apps");
    let empty = world.bearer(Method::GET, &path, page_token).await.json();
    assert_eq!(empty["data"].as_array().unwrap().len(), 0);
    for fields in ["messages,messaging_postbacks", "[\"messages\",\"message_reactions\"]"] {
        let done = world.post_form(&path, &[("access_token", page_token), ("subscribed_fields", fields)]).await;
        assert_eq!(done.json()["success"], true);
    }
    let read = world.bearer(Method::GET, &path, page_token).await.json();
    assert_eq!(read["data"][0]["id"], APP);
    assert_eq!(
        read["data"][0]["subscribed_fields"],
        serde_json::json!(["messages", "message_reactions"]),
        "a POST replaces"
    );
    let unknown = world
        .post_form(
            "/graph/me/subscribed_apps",
            &[("access_token", page_token), ("subscribed_fields", "messages,messaging_seen")],
        )
        .await;
    assert_eq!(unknown.error(), (100, None));
    world.bearer(Method::DELETE, &path, page_token).await;
    let gone = world.bearer(Method::GET, &path, page_token).await.json();
    assert_eq!(gone["data"].as_array().unwrap().len(), 0);

    let live = world
        .bearer(Method::GET, &format!("/graph/v25.0/{}?fields=username", account["id"].as_str().unwrap()), page_token)
        .await;
    assert_eq!(live.json()["username"], "loja.aurora");
}

#[tokio::test]
async fn the_state_comes_back_untouched() {
    let world = World::new();
    for state in ["abc123", "a%2Bb%2F%3D%26c", "a+b", "%7B%22x%22:1%7D", "%FF%00", "caf%C3%A9", ""] {
        let back = world.log_in("Clara Lima", state).await;
        assert!(back.ends_with(&format!("&state={state}#_=_")), "{state}: {back}");
        assert!(back.starts_with(&format!("{BACK}?code=")), "{back}");
    }
}

#[tokio::test]
async fn cancel_is_on_every_screen() {
    let world = World::new();
    let expected = format!(
        "{BACK}?error=access_denied&error_code=200&error_description=Permissions+error.&error_reason=user_denied&state=x%2Fy#_=_"
    );
    for steps in [&[][..], &["Davi Rocha"], &["Ana Souza"], &["Ana Souza", "Continuar"]] {
        let mut browser = Browser::new(&world);
        browser.open(&dialog("x%2Fy")).await;
        for step in steps {
            browser.press(step).await;
        }
        browser.press("Cancelar").await;
        assert_eq!(browser.left_to.as_deref(), Some(expected.as_str()));
    }
    world.sim.seed_grant("Ana Souza", 1000).unwrap();
    let mut browser = Browser::new(&world);
    browser.open(&dialog("x%2Fy")).await;
    browser.press("Ana Souza").await;
    assert!(browser.html.contains(">Reconectar<"));
    browser.press("Cancelar").await;
    assert_eq!(browser.left_to.as_deref(), Some(expected.as_str()));
}

#[tokio::test]
async fn a_returning_person_has_the_card() {
    let world = World::new();
    world.sim.seed_grant("Elisa Prado", -86_400_000).unwrap();
    let mut browser = Browser::new(&world);
    browser.open(&dialog("s")).await;
    browser.press("Elisa Prado").await;
    assert!(browser.html.contains("Aurora Atacado"));
    browser.press("Editar configurações").await;
    assert!(browser.html.contains("@aurora.atacado"));

    // The cookie is kept until another account is asked for.
    browser.open(&dialog("s")).await;
    assert!(browser.html.contains(">Reconectar<"));
    browser.press("Usar outra conta").await;
    assert!(browser.html.contains(">Davi Rocha<"));
    browser.press("Elisa Prado").await;
    browser.press("Reconectar").await;
    assert!(browser.left_to.as_ref().unwrap().contains("?code="));

    browser.open(&dialog_with("auth_type=rerequest")).await;
    assert!(browser.html.contains(">Continuar<"));
    browser.open(&dialog_with("auth_type=reauthenticate")).await;
    assert!(browser.html.contains(">Davi Rocha<"));
    browser.press("Elisa Prado").await;
    assert!(browser.html.contains(">Reconectar<"));
}

#[tokio::test]
async fn fewer_pages_and_permissions() {
    let world = World::new();
    let mut browser = Browser::new(&world);
    browser.open(&dialog_with("state=s&response_type=code")).await;
    browser.press("Ana Souza").await;
    browser.untick = vec!["112094837465018".to_owned()];
    browser.press("Continuar").await;
    browser.untick = vec!["pages_messaging".to_owned()];
    browser.press("Concluir").await;
    let code = query_value(&browser.left_to.clone().unwrap(), "code");
    let token = world.token_request(&[("code", &code), ("redirect_uri", BACK)]).await.json()["access_token"]
        .as_str()
        .unwrap()
        .to_owned();
    let pages = world.bearer(Method::GET, "/graph/me/accounts", &token).await.json();
    let pages = pages["data"].as_array().unwrap();
    assert_eq!(pages.len(), 1);
    assert_eq!(pages[0]["name"], "Aurora Outlet");
    let permissions = world.bearer(Method::GET, "/graph/me/permissions?status=declined", &token).await.json();
    assert_eq!(permissions["data"].as_array().unwrap().len(), 1);
    assert_eq!(permissions["data"][0]["permission"], "pages_messaging");

    let refused = world
        .post_form(
            "/graph/me/subscribed_apps",
            &[("access_token", pages[0]["access_token"].as_str().unwrap()), ("subscribed_fields", "messages,feed")],
        )
        .await;
    assert_eq!(refused.error(), (200, None));
    assert!(refused.text.contains("needed: pages_messaging"));
    let hidden = world.bearer(Method::GET, "/graph/112094837465018", &token).await;
    assert_eq!(hidden.error(), (100, Some(33)));
}

#[tokio::test]
async fn a_wrong_app_or_address_is_not_redirected() {
    let world = World::new();
    for (id, back) in [
        ("999", BACK),
        ("", BACK),
        (APP, ""),
        (APP, "/callback"),
        (APP, "javascript:alert(1)"),
        (APP, "ftp://x.example/"),
        (APP, "http://x.example/#frag"),
    ] {
        let reply = world.get("/www/dialog/oauth", &[("client_id", id), ("redirect_uri", back), ("state", "s")]).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{id} {back}");
        assert!(reply.text.contains("Meta simulada"));
        assert!(!reply.headers.contains_key("location"));
    }
}

#[tokio::test]
async fn a_hostile_query_stays_text() {
    let world = World::new();
    let mut browser = Browser::new(&world);
    browser
        .open(&dialog_with("state=%22%3E%3Cscript%3E&x='\"><script>".replace(['<', '>', '"'], "%3C").as_str()))
        .await;
    assert!(!browser.html.contains("<script"));
}

#[tokio::test]
async fn other_languages() {
    let world = World::new();
    let request = axum::http::Request::get(dialog("s"))
        .header("accept-language", "en-GB,en;q=0.9")
        .body(axum::body::Body::empty())
        .unwrap();
    let reply = world.send(request).await;
    assert!(reply.text.contains("Simulated Meta"));
    assert!(reply.text.contains(">Cancel<"));
}
