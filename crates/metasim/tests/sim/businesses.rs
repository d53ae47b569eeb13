//! Businesses: their Pages by a person's token, and the token of their own.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::common::{BACK, Browser, World, dialog_with, form, query_value};

const COMERCIO: &str = "298471650382914";
const EXPRESS: &str = "131925740618275";

fn names(list: &Value) -> Vec<&str> {
    list["data"].as_array().unwrap().iter().map(|entry| entry["name"].as_str().unwrap()).collect()
}

fn token(reply: &Value) -> String {
    reply["access_token"].as_str().unwrap().to_owned()
}

/// Ana's token after a dialog in which she also ticked what the business holds.
async fn with_express(world: &World) -> String {
    let mut browser = Browser::new(world);
    browser.open(&dialog_with("state=s")).await;
    browser.press("Ana Souza").await;
    browser.tick = vec![EXPRESS.to_owned()];
    browser.press("Continuar").await;
    browser.press("Concluir").await;
    let code = query_value(&browser.left_to.unwrap(), "code");
    let short = token(&world.token_request(&[("code", &code), ("redirect_uri", BACK)]).await.json());
    token(&world.token_request(&[("grant_type", "fb_exchange_token"), ("fb_exchange_token", &short)]).await.json())
}

#[tokio::test]
async fn a_page_that_a_business_holds() {
    let world = World::new();
    let ana = with_express(&world).await;
    let get = async |path: &str| world.bearer(Method::GET, &format!("/graph/v25.0{path}"), &ana).await.json();
    assert_eq!(names(&get("/me/accounts").await), ["Loja Aurora", "Aurora Outlet"]);
    assert_eq!(names(&get("/me/businesses").await), ["Aurora Comércio"]);
    let owned = format!("/{COMERCIO}/owned_pages?fields=name,access_token,tasks");
    let pages = get(&owned).await;
    assert_eq!(names(&pages), ["Loja Aurora", "Aurora Outlet", "Aurora Express"], "what she granted");
    assert_eq!(pages["data"][2]["tasks"].as_array().unwrap().len(), 6);
    assert_eq!(names(&get(&format!("/{COMERCIO}/client_pages")).await), [""; 0]);
    assert_eq!(names(&get("/me/assigned_pages?limit=2").await).len(), 2);
    assert_eq!(get(&format!("/{COMERCIO}")).await, json!({"id": COMERCIO, "name": "Aurora Comércio"}));

    let express = token(&pages["data"][2]);
    let me = world.bearer(Method::GET, "/graph/me", &express).await.json();
    assert_eq!(me["name"], "Aurora Express");
    let done = world
        .post_form("/graph/me/subscribed_apps", &[("access_token", &express), ("subscribed_fields", "messages")])
        .await;
    assert_eq!(done.json()["success"], true);

    // Without the role in the business the Page is out of reach.
    world
        .ok_control(
            Method::PUT,
            "/_sim/businesses",
            r#"{"businesses":[{"name":"Aurora Comércio","people":["Elisa Prado"]}]}"#,
        )
        .await;
    assert_eq!(world.bearer(Method::GET, "/graph/me", &express).await.error(), (190, Some(492)));
    assert_eq!(names(&get("/me/businesses").await), [""; 0]);
    let hidden = world.bearer(Method::GET, &format!("/graph/{COMERCIO}"), &ana).await;
    assert_eq!(hidden.error(), (100, Some(33)));
}

#[tokio::test]
async fn seeds_and_first_log_ins_leave_it_out() {
    let world = World::new();
    let ana = world.sim.seed_grant("Ana Souza", 86_400_000).unwrap();
    assert_eq!(ana.pages.len(), 2);
    let owned = world.bearer(Method::GET, &format!("/graph/{COMERCIO}/owned_pages"), &ana.user_token).await.json();
    assert_eq!(names(&owned), ["Loja Aurora", "Aurora Outlet"]);
}

#[tokio::test]
async fn lists_of_a_business_have_pages_too() {
    let world = World::new();
    let ana = with_express(&world).await;
    let mut next = Some(format!(
        "/graph/v25.0/{COMERCIO}/owned_pages?{}",
        form(&[("limit", "1"), ("summary", "true"), ("fields", "name")])
    ));
    let mut seen = Vec::new();
    while let Some(path) = next {
        let body = world.bearer(Method::GET, &path, &ana).await.json();
        assert_eq!(body["summary"]["total_count"], 3);
        seen.extend(names(&body).into_iter().map(str::to_owned));
        next = body["paging"]["next"]
            .as_str()
            .map(|link| link.strip_prefix("http://127.0.0.1:3001").expect("the host that was asked").to_owned());
    }
    assert_eq!(seen, ["Loja Aurora", "Aurora Outlet", "Aurora Express"]);
    world
        .ok_control(
            Method::PUT,
            "/_sim/businesses",
            r#"{"businesses":[{"name":"Gil Agência","people":["Ana Souza"],"client_pages":["Aurora Outlet"]}]}"#,
        )
        .await;
    let businesses = world.bearer(Method::GET, "/graph/me/businesses?limit=1", &ana).await.json();
    assert_eq!(names(&businesses), ["Aurora Comércio"]);
    assert!(businesses["paging"]["next"].as_str().unwrap().contains("/businesses?"));
    let all = world.bearer(Method::GET, "/graph/me/businesses?fields=id,name,link", &ana).await.json();
    let agency = all["data"][1]["id"].as_str().unwrap();
    let clients = world.bearer(Method::GET, &format!("/graph/{agency}/client_pages"), &ana).await.json();
    assert_eq!(names(&clients), ["Aurora Outlet"]);
}

#[tokio::test]
async fn the_permission_is_needed() {
    let world = World::new();
    let ana = world.sim.seed_grant("Ana Souza", 86_400_000).unwrap();
    world
        .ok_control(
            Method::PUT,
            "/_sim/permissions",
            r#"{"person":"Ana Souza","permission":"business_management","granted":false}"#,
        )
        .await;
    for path in ["me/businesses", &format!("{COMERCIO}/owned_pages"), &format!("{COMERCIO}/client_pages"), COMERCIO] {
        let refused = world.bearer(Method::GET, &format!("/graph/{path}"), &ana.user_token).await;
        assert_eq!(refused.error(), (200, None), "{path}");
        assert!(refused.text.contains("business_management"));
    }
    let accounts = world.bearer(Method::GET, "/graph/me/accounts", &ana.user_token).await.json();
    assert_eq!(names(&accounts).len(), 2);
    let nobody = world.bearer(Method::GET, "/graph/me/businesses", "1234567890|sim-app-secret").await;
    assert_eq!(nobody.error(), (2500, None));
    let user_edge = world.bearer(Method::GET, "/graph/me/owned_pages", &ana.user_token).await;
    assert!(user_edge.text.contains("(#100) Tried accessing nonexisting field (owned_pages) on node type (User)"));
}

#[tokio::test]
async fn the_token_of_a_business_never_ends() {
    let world = World::new();
    let bisu = world.business_token("Elisa Prado").await;
    let data = world.debug(&bisu).await;
    assert_eq!(data["type"], "SYSTEM_USER");
    assert_eq!(data["expires_at"], 0);
    assert_eq!(data["data_access_expires_at"], 0);
    let me = world.bearer(Method::GET, "/graph/me?fields=id,name,client_business_id", &bisu).await.json();
    assert_eq!(me["client_business_id"], COMERCIO);
    assert_eq!(me["id"], data["user_id"]);
    let business = world.bearer(Method::GET, &format!("/graph/{COMERCIO}?fields=id,name"), &bisu).await.json();
    assert_eq!(business["name"], "Aurora Comércio");
    let all = ["Loja Aurora", "Aurora Outlet", "Aurora Atacado", "Aurora Express"];
    let fields = "fields=name,access_token,tasks,instagram_business_account{username}";
    let pages = world.bearer(Method::GET, &format!("/graph/me/accounts?{fields}"), &bisu).await.json();
    assert_eq!(names(&pages), all);
    let owned = world.bearer(Method::GET, &format!("/graph/{COMERCIO}/owned_pages"), &bisu).await.json();
    assert_eq!(names(&owned), all);
    assert_eq!(pages["data"][0]["instagram_business_account"]["username"], "loja.aurora");
    let page = token(&pages["data"][0]);
    let reply = world.token_request(&[("grant_type", "fb_exchange_token"), ("fb_exchange_token", &bisu)]).await.json();
    assert_eq!(reply, json!({"access_token": bisu, "token_type": "bearer"}));

    world.ok_control(Method::POST, "/_sim/clock", r#"{"advance":"400d"}"#).await;
    assert_eq!(world.debug(&bisu).await["is_valid"], true);
    assert_eq!(world.debug(&page).await["expires_at"], 0);
    let account = world.bearer(Method::GET, "/graph/17841407726395018?fields=username", &page).await.json();
    assert_eq!(account["username"], "loja.aurora");
    let done = world
        .post_form("/graph/me/subscribed_apps", &[("access_token", &page), ("subscribed_fields", "messages")])
        .await;
    assert_eq!(done.json()["success"], true);

    world.ok_control(Method::POST, "/_sim/deauthorize", r#"{"person":"Aurora Comércio"}"#).await;
    for dead in [&bisu, &page] {
        assert_eq!(world.bearer(Method::GET, "/graph/me", dead).await.error(), (190, Some(458)));
    }
}

#[tokio::test]
async fn a_business_comes_back_by_the_card() {
    let world = World::new();
    let first = world.business_token("Ana Souza").await;
    let mut browser = Browser::new(&world);
    browser.open(&dialog_with("config_id=900200&override_default_response_type=true")).await;
    // Whoever has a role in the business meets its grant.
    browser.press("Elisa Prado").await;
    assert!(browser.html.contains("Aurora Comércio") && browser.html.contains("Aurora Express"));
    browser.press("Reconectar").await;
    let code = query_value(&browser.left_to.clone().unwrap(), "code");
    let second = token(&world.token_request(&[("code", &code), ("redirect_uri", BACK)]).await.json());
    assert_ne!(first, second);
    assert_eq!(world.debug(&first).await["is_valid"], true);

    // The person's own grant is another one.
    assert_eq!(world.log_in("Ana Souza", "s").await.matches("code=").count(), 1);
    let state = world.ok_control(Method::GET, "/_sim/world", "").await;
    assert_eq!(state["grants"].as_object().unwrap().len(), 2);

    let path = format!("/graph/{COMERCIO}/system_user_access_tokens");
    let bare = world.post_form(&path, &[("access_token", &first), ("fetch_only", "true")]).await;
    assert_eq!(bare.error(), (100, None));
    let proof = crate::common::proof(&first);
    let fetched = world
        .post_form(&path, &[("access_token", &first), ("appsecret_proof", &proof), ("fetch_only", "true")])
        .await
        .json();
    assert_eq!(world.debug(fetched["access_token"].as_str().unwrap()).await["type"], "SYSTEM_USER");
}

#[tokio::test]
async fn one_business_of_several_is_chosen() {
    let world = World::new();
    world
        .ok_control(
            Method::PUT,
            "/_sim/businesses",
            r#"{"businesses":[{"id":"31999","name":"Outra","people":["Ana Souza"],"owned_pages":["Café Boreal"]}]}"#,
        )
        .await;
    let mut browser = Browser::new(&world);
    browser.open(&dialog_with("config_id=900200")).await;
    browser.press("Ana Souza").await;
    assert_eq!(browser.html.matches("type=\"radio\"").count(), 2);
    browser.choose = Some("31999".to_owned());
    browser.press("Continuar").await;
    assert!(!browser.html.contains("name=\"sim_perm\""), "all or none");
    browser.press("Concluir").await;
    let code = query_value(&browser.left_to.clone().unwrap(), "code");
    let bisu = token(&world.token_request(&[("code", &code), ("redirect_uri", BACK)]).await.json());
    let pages = world.bearer(Method::GET, "/graph/me/accounts", &bisu).await.json();
    assert_eq!(names(&pages), ["Café Boreal"], "only what the chosen business holds");

    let mut browser = Browser::new(&world);
    browser.open(&dialog_with("config_id=900200")).await;
    browser.press("Davi Rocha").await;
    assert!(browser.html.contains("não tem função"));
    assert!(!browser.html.contains(">Continuar<"));
}

#[tokio::test]
async fn configurations_of_the_dialog() {
    let world = World::new();
    let mut browser = Browser::new(&world);
    browser.open(&dialog_with("state=s&config_id=900100")).await;
    browser.press("Ana Souza").await;
    browser.press("Continuar").await;
    assert!(!browser.html.contains("name=\"sim_perm\""));
    browser.press("Concluir").await;
    let code = query_value(&browser.left_to.clone().unwrap(), "code");
    let reply = world.token_request(&[("code", &code), ("redirect_uri", BACK)]).await.json();
    assert!(reply["expires_in"].is_number());
    let data = world.debug(&token(&reply)).await;
    assert_eq!(data["type"], "USER");
    assert_eq!(data["scopes"].as_array().unwrap().len(), 9);

    let unknown = world.get(&dialog_with("config_id=1").replace("?", "?x=&"), &[]).await;
    assert_eq!(unknown.status, StatusCode::BAD_REQUEST);
    assert!(unknown.text.contains("configuração"));
    let wrong = world.get(&dialog_with("config_id=900200").replace("=code&", "=code,granted_scopes&"), &[]).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
}
