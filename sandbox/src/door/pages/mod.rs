//! Pages for people, below `/_sandbox/pages/`: Checkout, the customer portal, and the question of the bank.

mod bank;
mod checkout;
mod html;
mod portal;

use axum::body::Bytes;
use serde_json::Value;
use url::form_urlencoded;

use super::Sandbox;
use crate::request::Request;

/// What is answered to a browser.
pub(super) enum Page {
    Html(u16, String),
    /// The browser goes on to another address.
    Elsewhere(String),
}

/// The answer to a request for a page; none where there is no such page.
pub(super) fn answer(sandbox: &Sandbox, method: &str, path: &str, query: &str, body: &Bytes) -> Option<Page> {
    let (kind, id) = path.strip_prefix("pages/")?.split_once('/')?;
    let visit = Visit { sandbox, id: id.to_owned(), sent: fields(body), asked: fields(query.as_bytes()) };
    match (kind, method) {
        ("checkout", "GET") => Some(checkout::show(&visit, None)),
        ("checkout", "POST") => Some(checkout::submit(&visit)),
        ("portal", "GET") => Some(portal::show(&visit, None)),
        ("portal", "POST") => Some(portal::submit(&visit)),
        ("bank", "GET") => Some(bank::show(&visit)),
        ("bank", "POST") => Some(bank::submit(&visit)),
        _ => None,
    }
}

fn fields(form: &[u8]) -> Vec<(String, String)> {
    form_urlencoded::parse(form).into_owned().collect()
}

/// Somebody who looks at a page, or has filled it in.
struct Visit<'a> {
    sandbox: &'a Sandbox,
    /// The object that the page is about.
    id: String,
    sent: Vec<(String, String)>,
    asked: Vec<(String, String)>,
}

impl Visit<'_> {
    /// What was filled in; nothing is an empty text.
    fn sent(&self, name: &str) -> &str {
        value(&self.sent, name)
    }

    /// What the address of the page says.
    fn asked(&self, name: &str) -> &str {
        value(&self.asked, name)
    }

    /// Asks the account as the page's own server would.
    ///
    /// # Errors
    /// What Stripe says for people.
    fn call(&self, method: &str, path: &str, form: &[(&str, &str)]) -> Result<Value, String> {
        let form = form.iter().filter(|(_, value)| !value.is_empty());
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let (query, body) = if method == "GET" { (form, String::new()) } else { (String::new(), form) };
        let request = Request {
            method: method.to_owned(),
            path: path.to_owned(),
            query,
            body,
            key: Some(self.sandbox.own_key()),
            ..Request::default()
        };
        let answer = self.sandbox.answer(&request);
        match answer.status {
            200 => Ok(answer.body),
            _ => Err(answer.body["error"]["message"].as_str().unwrap_or("That did not work.").to_owned()),
        }
    }
}

fn value<'a>(fields: &'a [(String, String)], name: &str) -> &'a str {
    fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str()).unwrap_or_default()
}
