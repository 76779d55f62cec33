//! A browser and its cookie: the session that it shows, and whether a request is from one of our own pages.

use std::borrow::Cow;

use axum::http::{HeaderMap, HeaderValue, header};
use cookie::{Cookie, SameSite};

use super::App;
use crate::auth::browsers::{Browser, SESSION_SECS};
use crate::auth::{Sort, Token};
use crate::config::Settings;

/// With this beginning browsers take the cookie from us alone, over TLS alone, and show it to us alone (RFC 6265bis, 4.1.3.2).
const SECURE_NAME: &str = "__Host-pricebook";
/// On a developer's machine there is no TLS.
const PLAIN_NAME: &str = "pricebook";

/// What a request says of its session.
pub(super) enum Shown {
    /// There is no cookie of ours.
    Nothing,
    /// There is one that cannot be ours.
    Other,
    /// The session's token.
    Session(Token),
}

/// The session's cookie of a request.
pub(super) fn shown(app: &App, headers: &HeaderMap) -> Shown {
    let name = name(&app.settings);
    let texts = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut ours = texts.flat_map(Cookie::split_parse).flatten().filter(|cookie| cookie.name() == name);
    match (ours.next(), ours.next()) {
        (None, _) => Shown::Nothing,
        (Some(cookie), None) => Token::parse(Sort::Session, cookie.value()).map_or(Shown::Other, Shown::Session),
        _ => Shown::Other,
    }
}

/// The header that has a browser keep a session.
pub(super) fn keep(settings: &Settings, token: &Token) -> HeaderValue {
    set(settings, token.reveal(), cookie::time::Duration::seconds(SESSION_SECS))
}

/// The header that has a browser forget it.
pub(super) fn forget(settings: &Settings) -> HeaderValue {
    set(settings, "", cookie::time::Duration::ZERO)
}

/// Whether another site cannot have sent this (the Fetch Metadata and Origin headers, which no page can write). What says nothing of
/// where it is from is from no browser that we trust with a session.
pub(super) fn is_from_us(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    match text("sec-fetch-site") {
        Some(site) => matches!(site, "same-origin" | "none"),
        None => match (text("origin"), text("host")) {
            (Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, of)| of == host),
            _ => false,
        },
    }
}

/// Where somebody signs in from.
pub(super) fn browser(app: &App, headers: &HeaderMap) -> Browser {
    let user_agent = headers.get(header::USER_AGENT).map(|value| String::from_utf8_lossy(value.as_bytes()));
    let plain = |text: Cow<'_, str>| text.chars().filter(|letter| !letter.is_control()).collect();
    Browser { user_agent: user_agent.map(plain), address: Some(app.limits.caller(headers).to_string()) }
}

fn name(settings: &Settings) -> &'static str {
    if is_secure(settings) { SECURE_NAME } else { PLAIN_NAME }
}

fn is_secure(settings: &Settings) -> bool {
    settings.environment != Settings::DEVELOPMENT
}

fn set(settings: &Settings, value: &str, age: cookie::time::Duration) -> HeaderValue {
    let cookie = Cookie::build((name(settings), value))
        .path("/")
        .http_only(true)
        .secure(is_secure(settings))
        .same_site(SameSite::Lax)
        .max_age(age);
    HeaderValue::from_str(&cookie.to_string()).expect("a token has letters and digits only")
}
