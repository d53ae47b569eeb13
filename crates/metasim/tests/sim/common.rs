//! A simulator under test, called without a network.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use metasim::{Sim, SimConfig};
use serde_json::Value;
use tower::ServiceExt;
use url::form_urlencoded;

pub const APP: &str = "1234567890";
pub const SECRET: &str = "sim-app-secret";
pub const INSTAGRAM_APP: &str = "9876543210";
pub const INSTAGRAM_SECRET: &str = "sim-instagram-secret";
pub const BACK: &str = "http://127.0.0.1:3000/oauth/facebook/callback";
pub const SCOPES: &str = "pages_show_list,pages_messaging,pages_manage_metadata,pages_read_engagement,instagram_basic,instagram_manage_messages,business_management";

/// 1 March 2027, 12:00 UTC
pub const START: i64 = 1_803_902_400_000;

pub struct World {
    pub sim: Sim,
    pub router: Router,
    pub wall: Arc<AtomicI64>,
}

pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Reply {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    pub fn location(&self) -> &str {
        self.headers["location"].to_str().unwrap()
    }

    /// Code and subcode of a Graph error.
    pub fn error(&self) -> (u64, Option<u64>) {
        let body = self.json();
        assert_ne!(self.status, StatusCode::OK, "{body}");
        let error = &body["error"];
        (error["code"].as_u64().unwrap(), error["error_subcode"].as_u64())
    }
}

pub fn config(wall: &Arc<AtomicI64>) -> SimConfig {
    let wall = wall.clone();
    SimConfig {
        app_id: APP.to_owned(),
        app_secret: SECRET.to_owned(),
        instagram_app_id: INSTAGRAM_APP.to_owned(),
        instagram_app_secret: INSTAGRAM_SECRET.to_owned(),
        public_url: "http://localhost:3001".to_owned(),
        state_file: None,
        wall_clock: Arc::new(move || wall.load(Ordering::SeqCst)),
    }
}

impl World {
    pub fn new() -> World {
        let wall = Arc::new(AtomicI64::new(START));
        let sim = Sim::open(config(&wall)).unwrap();
        World { router: sim.router(), sim, wall }
    }

    pub async fn send(&self, request: Request<Body>) -> Reply {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 1 << 27).await.unwrap_or_default();
        Reply { status: parts.status, headers: parts.headers, text: String::from_utf8_lossy(&bytes).into_owned() }
    }

    pub async fn get(&self, path: &str, query: &[(&str, &str)]) -> Reply {
        let uri = format!("{path}?{}", form(query));
        self.send(Request::get(uri).header("host", "127.0.0.1:3001").body(Body::empty()).unwrap()).await
    }

    pub async fn bearer(&self, method: Method, path: &str, token: &str) -> Reply {
        self.send(
            Request::builder()
                .method(method)
                .uri(path)
                .header("host", "127.0.0.1:3001")
                .header("authorization", format!("Bearer {token}"))
                .body(Body::empty())
                .unwrap(),
        )
        .await
    }

    pub async fn post_form(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        self.send(
            Request::post(path)
                .header("content-type", "application/x-www-form-urlencoded")
                .body(Body::from(form(fields)))
                .unwrap(),
        )
        .await
    }

    pub async fn control(&self, method: Method, path: &str, body: &str) -> Reply {
        self.send(
            Request::builder()
                .method(method)
                .uri(path)
                .header("content-type", "application/json")
                .body(Body::from(body.to_owned()))
                .unwrap(),
        )
        .await
    }

    pub async fn ok_control(&self, method: Method, path: &str, body: &str) -> Value {
        let reply = self.control(method, path, body).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.text);
        reply.json()
    }

    /// From log-in to the way back, with everything granted.
    pub async fn log_in(&self, person: &str, state: &str) -> String {
        let mut browser = Browser::new(self);
        browser.open(&dialog(state)).await;
        browser.press(person).await;
        if browser.html.contains(">Reconectar<") {
            browser.press("Reconectar").await;
        } else {
            browser.press("Continuar").await;
            browser.press("Concluir").await;
        }
        browser.left_to.unwrap()
    }

    pub async fn code_for(&self, person: &str) -> String {
        query_value(&self.log_in(person, "s").await, "code")
    }

    pub async fn token_request(&self, more: &[(&str, &str)]) -> Reply {
        let mut fields = vec![("client_id", APP), ("client_secret", SECRET)];
        fields.extend_from_slice(more);
        self.post_form("/graph/v25.0/oauth/access_token", &fields).await
    }

    pub async fn short_token(&self, person: &str) -> String {
        let code = self.code_for(person).await;
        let reply = self.token_request(&[("code", &code), ("redirect_uri", BACK)]).await;
        reply.json()["access_token"].as_str().unwrap().to_owned()
    }

    pub async fn long_token(&self, person: &str) -> String {
        let short = self.short_token(person).await;
        let reply = self.token_request(&[("grant_type", "fb_exchange_token"), ("fb_exchange_token", &short)]).await;
        reply.json()["access_token"].as_str().unwrap().to_owned()
    }

    pub async fn app_get(&self, path: &str) -> Reply {
        self.bearer(Method::GET, path, &app_token()).await
    }

    /// The token of a business, by the dialog of a configuration for it.
    pub async fn business_token(&self, person: &str) -> String {
        let mut browser = Browser::new(self);
        browser.open(&dialog_with("state=s&config_id=900200")).await;
        browser.press(person).await;
        browser.press("Continuar").await;
        browser.press("Concluir").await;
        let code = query_value(&browser.left_to.unwrap(), "code");
        let reply = self.token_request(&[("code", &code), ("redirect_uri", BACK)]).await.json();
        assert!(reply.get("expires_in").is_none(), "{reply}");
        reply["access_token"].as_str().unwrap().to_owned()
    }

    pub async fn debug(&self, token: &str) -> Value {
        let reply = self
            .get("/graph/v25.0/debug_token", &[("input_token", token), ("access_token", &format!("{APP}|{SECRET}"))])
            .await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.text);
        reply.json()["data"].clone()
    }
}

/// Follows forms and redirects as a browser does, keeping one cookie.
pub struct Browser<'a> {
    world: &'a World,
    cookie: Option<String>,
    pub html: String,
    pub status: StatusCode,
    /// Set once the dialog has sent the browser away.
    pub left_to: Option<String>,
    /// Values of checkboxes to untick before the next button.
    pub untick: Vec<String>,
    /// Values of checkboxes to tick.
    pub tick: Vec<String>,
    /// Value of the radio button to choose instead of the one that is chosen.
    pub choose: Option<String>,
}

impl<'a> Browser<'a> {
    pub fn new(world: &'a World) -> Browser<'a> {
        Browser {
            world,
            cookie: None,
            html: String::new(),
            status: StatusCode::OK,
            left_to: None,
            untick: Vec::new(),
            tick: Vec::new(),
            choose: None,
        }
    }

    pub async fn open(&mut self, uri: &str) {
        let request = self.request(Request::get(uri)).body(Body::empty()).unwrap();
        let reply = self.world.send(request).await;
        self.take(reply).await;
    }

    /// Presses the button with this label, sending the form around it.
    pub async fn press(&mut self, label: &str) {
        let end =
            self.html.find(&format!(">{label}</button>")).unwrap_or_else(|| panic!("no button {label}: {}", self.html));
        let start = self.html[..end].rfind("<button").unwrap();
        let button = &self.html[start..end + 1];
        let mut fields = vec![(attribute(button, "name"), attribute(button, "value"))];
        for tag in self.html.split("<input").skip(1) {
            let tag = &tag[..tag.find('>').unwrap() + 1];
            let value = attribute(tag, "value");
            if tag.contains("radio") {
                let is_on = self.choose.as_ref().map_or(tag.contains(" checked"), |chosen| *chosen == value);
                if is_on {
                    fields.push((attribute(tag, "name"), value));
                }
                continue;
            }
            let is_on = tag.contains(" checked") || self.tick.contains(&value);
            if tag.contains("disabled") || (tag.contains("checkbox") && !is_on) {
                continue;
            }
            if tag.contains("checkbox") && self.untick.contains(&value) {
                continue;
            }
            fields.push((attribute(tag, "name"), value));
        }
        let action = attribute(&self.html[self.html.find("<form").unwrap()..], "action");
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let request = self
            .request(Request::post(action))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(form(&fields)))
            .unwrap();
        let reply = self.world.send(request).await;
        self.take(reply).await;
    }

    fn request(&self, builder: axum::http::request::Builder) -> axum::http::request::Builder {
        match &self.cookie {
            Some(cookie) => builder.header("cookie", cookie),
            None => builder,
        }
    }

    async fn take(&mut self, reply: Reply) {
        if let Some(cookie) = reply.headers.get("set-cookie") {
            let text = cookie.to_str().unwrap();
            let pair = text.split(';').next().unwrap();
            self.cookie = (!text.contains("Max-Age=0")).then(|| pair.to_owned());
        }
        if reply.status == StatusCode::SEE_OTHER {
            let to = reply.location().to_owned();
            if to.starts_with('/') {
                Box::pin(self.open(&to)).await;
            } else {
                self.left_to = Some(to);
            }
            return;
        }
        self.status = reply.status;
        self.html = reply.text;
    }
}

pub fn app_token() -> String {
    format!("{APP}|{SECRET}")
}

pub fn dialog(state: &str) -> String {
    dialog_with(&format!("state={state}"))
}

pub fn dialog_with(more: &str) -> String {
    format!(
        "/www/v25.0/dialog/oauth?{}&{more}",
        form(&[("client_id", APP), ("redirect_uri", BACK), ("response_type", "code"), ("scope", SCOPES),])
    )
}

/// `appsecret_proof` of a token, or of `token|time`.
pub fn proof(message: &str) -> String {
    use hmac::{Hmac, KeyInit, Mac};
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(message.as_bytes());
    hex::encode(mac.finalize().into_bytes())
}

pub fn form(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

pub fn query_value(address: &str, name: &str) -> String {
    url::Url::parse(address)
        .unwrap()
        .query_pairs()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
        .unwrap_or_else(|| panic!("no {name} in {address}"))
}

fn attribute(tag: &str, name: &str) -> String {
    let start = format!("{name}=\"");
    let Some(at) = tag.find(&start) else {
        return String::new();
    };
    let rest = &tag[at + start.len()..];
    rest[..rest.find('"').unwrap()]
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}
