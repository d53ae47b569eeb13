//! Every kind of fault as a client meets it, most of them over a real
//! connection, since what breaks is often the connection.

use std::collections::BTreeSet;
use std::net::SocketAddr;

use axum::http::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::common::{World, app_token};

async fn fault(world: &World, on: &str, name: &str, more: &str) {
    let body = format!(r#"{{"on":"{on}","fault":"{name}"{more}}}"#);
    world.ok_control(Method::POST, "/_sim/faults", &body).await;
}

struct Served {
    address: SocketAddr,
    server: JoinHandle<std::io::Result<()>>,
}

impl Served {
    async fn start(world: &World) -> Served {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = world.router.clone();
        Served { address, server: tokio::spawn(async move { axum::serve(listener, router).await }) }
    }

    /// Head and body of the answer as they come, however the connection ends;
    /// of a body without an end its first megabyte.
    async fn ask(&self, path: &str, token: &str) -> (String, Vec<u8>) {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let request =
            format!("GET {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        let _ = stream.take(1 << 20).read_to_end(&mut answer).await;
        let Some(end) = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n") else {
            return (String::from_utf8_lossy(&answer).into_owned(), Vec::new());
        };
        let body = answer.split_off(end + 4);
        (String::from_utf8(answer).unwrap().to_ascii_lowercase(), body)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.server.abort();
    }
}

fn status(head: &str) -> Option<u16> {
    head.split(' ').nth(1)?.parse().ok()
}

#[tokio::test]
async fn every_kind_answers_and_the_next_call_is_whole() {
    let world = World::new();
    let ana = world.sim.seed_grant("Ana Souza", 86_400_000).unwrap();
    let served = Served::start(&world).await;
    for name in metasim::fault_names() {
        let more = match name {
            "error" => r#","code":999,"delay_ms":1"#,
            _ => r#","delay_ms":1"#,
        };
        fault(&world, "graph:/me/accounts", name, more).await;
        let path = "/graph/v25.0/me/accounts?limit=1&after=MTEyMDk0ODM3NDY1MDE4";
        let (head, body) = served.ask(path, &ana.user_token).await;
        let cut = ["reset", "lost", "timeout", "closed_unread"].contains(&name);
        assert_eq!(head.is_empty() && body.is_empty(), cut, "{name}: {head}");
        let left = world.ok_control(Method::GET, "/_sim/faults", "").await;
        let waits = name.starts_with("dialog_");
        assert_eq!(left.as_array().unwrap().len(), usize::from(waits), "{name}");
        world.ok_control(Method::DELETE, "/_sim/faults", "").await;
        let (head, body) = served.ask("/graph/me?fields=name", &ana.user_token).await;
        assert_eq!(status(&head), Some(200), "{name}");
        assert!(body.ends_with(br#""name":"Ana Souza"}"#), "{name}");
    }
    let kinds = world.ok_control(Method::GET, "/_sim/fault-kinds", "").await;
    let listed: BTreeSet<&str> = kinds.as_array().unwrap().iter().map(|kind| kind["fault"].as_str().unwrap()).collect();
    assert_eq!(listed, metasim::fault_names().into_iter().collect());
}

#[tokio::test]
async fn instagrams_host_breaks_in_the_same_ways() {
    let world = World::new();
    let kids = world.sim.seed_instagram_grant("aurora.kids", 86_400_000).unwrap();
    let served = Served::start(&world).await;
    let path = "/ig-graph/v25.0/me?fields=user_id,username";
    for name in metasim::fault_names().into_iter().filter(|name| !name.starts_with("dialog_")) {
        if name == "next_page_fails" {
            continue;
        }
        fault(&world, "ig-graph:/me", name, r#","code":10,"delay_ms":1"#).await;
        served.ask(path, &kids.token).await;
        let left = world.ok_control(Method::GET, "/_sim/faults", "").await;
        assert_eq!(left, json!([]), "{name}");
        let (head, body) = served.ask(path, &kids.token).await;
        assert_eq!(status(&head), Some(200), "{name}");
        assert_eq!(serde_json::from_slice::<Value>(&body).unwrap()["username"], "aurora.kids", "{name}");
    }
}

/// The client still has most of its call to send.
#[tokio::test]
async fn a_connection_that_ends_before_the_call_does() {
    let world = World::new();
    let served = Served::start(&world).await;
    fault(&world, "graph:/oauth/access_token", "closed_unread", "").await;
    let mut stream = TcpStream::connect(served.address).await.unwrap();
    let head = b"POST /graph/oauth/access_token HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n";
    stream.write_all(head).await.unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    assert!(answer.is_empty());
    let calls = world.ok_control(Method::GET, "/_sim/calls", "").await;
    assert_eq!(calls[0]["fault"], "closed_unread");
    assert!(calls[0]["status"].is_null());
}

#[tokio::test]
async fn statuses_and_bodies() {
    let world = World::new();
    let ana = world.sim.seed_grant("Ana Souza", 86_400_000).unwrap();
    let served = Served::start(&world).await;
    for (name, wanted, start) in [
        ("http_204", 204, ""),
        ("http_304", 304, ""),
        ("http_401", 401, ""),
        ("http_429", 429, "{}"),
        ("html_403", 403, "<!DOCTYPE"),
        ("html_404", 404, "<!DOCTYPE"),
        ("html_500", 500, "<!DOCTYPE"),
        ("html_503", 503, "<!DOCTYPE"),
        ("html_504", 504, "<!DOCTYPE"),
        ("error_with_200", 200, "{\"error\":{"),
        ("error_as_text", 400, "{\"error\":\""),
        ("json_string", 200, "\"ok\""),
        ("json_number", 200, "42"),
        ("json_array", 200, "[{"),
        ("json_null", 200, "null"),
        ("bom", 200, "\u{feff}{"),
        ("deep_nesting", 200, "{\"data\":[[[["),
    ] {
        fault(&world, "graph:/me", name, "").await;
        let (head, body) = served.ask("/graph/me", &ana.user_token).await;
        assert_eq!(status(&head), Some(wanted), "{name}");
        let text = String::from_utf8(body).unwrap();
        assert!(text.starts_with(start) && text.is_empty() == start.is_empty(), "{name}: {text}");
    }
    for (name, place) in [
        ("redirect_foreign", "location: http://graph.foreign.invalid/"),
        ("redirect_loop", "location: http://localhost:3001/cdn/loop"),
    ] {
        fault(&world, "graph:/me", name, "").await;
        let (head, _) = served.ask("/graph/me", &ana.user_token).await;
        assert!(head.contains(place), "{head}");
    }
    let (head, _) = served.ask("/cdn/loop", "").await;
    assert!(head.contains("location: /cdn/loop"), "{head}");
}

#[tokio::test]
async fn wrong_lengths_and_broken_transfers() {
    let world = World::new();
    let ana = world.sim.seed_grant("Ana Souza", 86_400_000).unwrap();
    let served = Served::start(&world).await;
    let (_, whole) = served.ask("/graph/me", &ana.user_token).await;
    fault(&world, "graph:/me", "length_longer", "").await;
    let (head, body) = served.ask("/graph/me", &ana.user_token).await;
    assert!(head.contains(&format!("content-length: {}", whole.len() + 100)), "{head}");
    assert!(body.len() <= whole.len());
    fault(&world, "graph:/me", "length_shorter", "").await;
    let (head, body) = served.ask("/graph/me", &ana.user_token).await;
    assert!(head.contains(&format!("content-length: {}", whole.len() / 2)), "{head}");
    assert!(body.len() <= whole.len() / 2, "{}", body.len());
    fault(&world, "graph:/me", "hang_after_head", r#","delay_ms":1"#).await;
    let (head, body) = served.ask("/graph/me", &ana.user_token).await;
    assert_eq!((status(&head), body.len()), (Some(200), 0));
    // Each byte in a chunk of its own, six bytes long on the wire.
    fault(&world, "graph:/me", "drip", r#","delay_ms":0"#).await;
    let (_, body) = served.ask("/graph/me", &ana.user_token).await;
    assert_eq!(body.len(), whole.len() * 6 + b"0\r\n\r\n".len());
    fault(&world, "graph:/me", "gzip_bomb", "").await;
    let (head, body) = served.ask("/graph/me", &ana.user_token).await;
    assert!(head.contains("content-encoding: gzip"));
    assert!(body.starts_with(b"\x1f\x8b") && body.len() < 200_000, "{}", body.len());
}

#[tokio::test]
async fn lists_that_go_wrong() {
    let world = World::new();
    let ana = world.sim.seed_grant("Ana Souza", 86_400_000).unwrap();
    let get = async |path: &str| world.bearer(Method::GET, path, &ana.user_token).await;
    let first = "/graph/v25.0/me/accounts?limit=1";

    fault(&world, "graph:/me/accounts", "next_page_fails", "").await;
    let page = get(first).await.json();
    let next = page["paging"]["next"].as_str().unwrap().replace("http://127.0.0.1:3001", "");
    assert!(next.contains("/accounts?"));
    fault(&world, "graph:/{id}/accounts", "next_page_fails", "").await;
    assert_eq!(get(&next).await.error(), (1, None));
    assert_eq!(get(&next).await.json()["data"].as_array().unwrap().len(), 1);
    world.ok_control(Method::DELETE, "/_sim/faults", "").await;

    fault(&world, "graph:/*", "endless_next", r#","times":2"#).await;
    let mut path = first.to_owned();
    for _ in 0..2 {
        let page = get(&path).await.json();
        assert_eq!(page["data"][0]["name"], "Loja Aurora");
        path = page["paging"]["next"].as_str().unwrap().replace("http://127.0.0.1:3001", "");
    }
    assert_eq!(path, first);

    fault(&world, "graph:/me/accounts", "foreign_next", "").await;
    let page = get("/graph/me/accounts").await.json();
    assert!(page["paging"]["next"].as_str().unwrap().contains("foreign.invalid"));
    fault(&world, "graph:/me/accounts", "empty_list", "").await;
    assert_eq!(get("/graph/me/accounts").await.json(), json!({"data": []}));
}

#[tokio::test]
async fn limits_say_how_long_to_wait() {
    let world = World::new();
    let ana = world.sim.seed_grant("Ana Souza", 86_400_000).unwrap();
    let page = &ana.pages[0];
    let usage = |header: &str| serde_json::from_str::<Value>(header).unwrap();
    for (name, code, kind) in [
        ("rate_limit_business", 80001, "pages"),
        ("rate_limit_instagram", 80002, "instagram"),
        ("rate_limit_messenger", 80006, "messenger"),
    ] {
        fault(&world, "graph:/me", name, "").await;
        let reply = world.bearer(Method::GET, "/graph/me", &page.token).await;
        assert_eq!(reply.error().0, code);
        assert_eq!(reply.headers["retry-after"], "1140");
        let object = usage(reply.headers["x-business-use-case-usage"].to_str().unwrap());
        assert_eq!(object[&page.id][0]["type"], kind);
        assert_eq!(object[&page.id][0]["call_count"], 100);
        assert_eq!(object[&page.id][0]["estimated_time_to_regain_access"], 19);
        assert!(usage(reply.headers["x-app-usage"].to_str().unwrap())["call_count"].as_u64().unwrap() < 100);
    }
    for (name, code) in [
        ("rate_limit", 4),
        ("rate_limit_user", 17),
        ("rate_limit_page", 32),
        ("rate_limit_custom", 613),
        ("rate_limit_application", 341),
    ] {
        fault(&world, "graph:/me", name, r#","retry_after":60"#).await;
        let reply = world.bearer(Method::GET, "/graph/me", &page.token).await;
        assert_eq!(reply.error().0, code);
        assert_eq!(reply.headers["retry-after"], "60");
        assert_eq!(usage(reply.headers["x-app-usage"].to_str().unwrap())["call_count"], 100);
    }
    fault(&world, "graph:/me", "error", r#","code":4"#).await;
    let reply = world.bearer(Method::GET, "/graph/me", &page.token).await;
    assert_eq!(reply.headers["retry-after"], "300", "an error asked for by its code is the same limit");
    fault(&world, "graph:/me", "usage_high", "").await;
    let reply = world.bearer(Method::GET, "/graph/me", &page.token).await;
    assert_eq!(reply.json()["name"], "Loja Aurora");
    assert_eq!(usage(reply.headers["x-app-usage"].to_str().unwrap())["total_time"], 95);
    assert!(!reply.headers.contains_key("retry-after"));
    let person = world.bearer(Method::GET, "/graph/me", &ana.user_token).await;
    assert!(!person.headers.contains_key("x-business-use-case-usage"));
    fault(&world, "graph:/me", "http_429_retry_after", "").await;
    let reply = world.bearer(Method::GET, "/graph/me", &page.token).await;
    assert_eq!((reply.status.as_u16(), reply.headers["retry-after"].to_str().unwrap()), (429, "300"));
}

#[tokio::test]
async fn a_token_of_another_app() {
    let world = World::new();
    let ana = world.sim.seed_grant("Ana Souza", 86_400_000).unwrap();
    fault(&world, "graph:/oauth/access_token", "foreign_token", "").await;
    let exchange = [("grant_type", "fb_exchange_token"), ("fb_exchange_token", ana.user_token.as_str())];
    let foreign = world.token_request(&exchange).await.json()["access_token"].as_str().unwrap().to_owned();
    assert_ne!(foreign, ana.user_token);
    let data = world.debug(&foreign).await;
    assert_eq!(data["is_valid"], false);
    assert_eq!(data["error"]["code"], 100);
    assert_ne!(data["app_id"], crate::common::APP);
    assert_eq!(world.bearer(Method::GET, "/graph/me", &foreign).await.error(), (190, None));
    fault(&world, "graph:/debug_token", "foreign_token", "").await;
    assert_eq!(world.debug(&ana.user_token).await["app_id"], data["app_id"]);
    for (name, wanted) in [("expires_in_text", json!("5184000")), ("expires_in_negative", json!(-60))] {
        fault(&world, "graph:/oauth/access_token", name, "").await;
        assert_eq!(world.token_request(&exchange).await.json()["expires_in"], wanted);
    }
}

#[tokio::test]
async fn every_host_takes_faults() {
    let world = World::new();
    for (on, path) in [
        ("graph:/app", "/graph/v25.0/app"),
        ("www:/dialog/oauth", "/www/v25.0/dialog/oauth"),
        ("ig-www:/oauth/authorize", "/ig-www/oauth/authorize"),
        ("ig-api:/oauth/access_token", "/ig-api/oauth/access_token"),
        ("ig-graph:/me", "/ig-graph/v25.0/me"),
    ] {
        fault(&world, on, "html_502", "").await;
        let reply = world.bearer(Method::GET, path, &app_token()).await;
        assert_eq!(reply.status.as_u16(), 502, "{on}");
    }
}
