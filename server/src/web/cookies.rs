//! Reading cookies, and writing the one that binds a trip to Meta to this browser.

use axum::response::{IntoResponse as _, Redirect, Response};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use http::{HeaderMap, HeaderValue, header};
use lifecycle::renewal::LOGIN_LIFETIME_MS;
use renewal::LoginStart;
use secrecy::{ExposeSecret as _, SecretString};

/// Binds a log-in attempt to the browser that started it.
pub const LOGIN_COOKIE: &str = "renova_login";

/// The value of the cookie with this name.
pub fn read(headers: &HeaderMap, name: &str) -> Option<SecretString> {
    CookieJar::from_headers(headers).get(name).map(|cookie| SecretString::from(cookie.value().to_owned()))
}

/// To Meta's dialog, with the cookie that binds the log-in to this browser.
pub fn to_dialog(start: &LoginStart, secure: bool) -> Response {
    let mut response = Redirect::to(&start.dialog_url).into_response();
    if let Some(cookie) = login_cookie(&start.cookie, secure) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// The `Set-Cookie` of a log-in attempt. Lax: Meta's answer comes from another site.
fn login_cookie(value: &SecretString, secure: bool) -> Option<HeaderValue> {
    let cookie = Cookie::build((LOGIN_COOKIE, value.expose_secret().to_owned()))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(secure)
        .build();
    // The lifetime is written by hand: the cookie crate's own durations would be one more dependency.
    let text = format!("{cookie}; Max-Age={}", LOGIN_LIFETIME_MS / 1_000);
    let mut header = HeaderValue::from_str(&text).ok()?;
    header.set_sensitive(true);
    Some(header)
}
