//! The key that everybody can read: with it a customer's page may see and confirm one payment, whose client secret it holds.

use crate::failure::Failure;
use crate::params::Branch;
use crate::request::Request;

/// Whether it is such a key.
pub(crate) fn is_one(key: &str) -> bool {
    key.starts_with("pk_")
}

/// Whether the key opens what is asked for. Which payment the secret is of, the payment itself tells.
pub(crate) fn opens(request: &Request) -> bool {
    let Some(rest) = request.path.strip_prefix("/v1/payment_intents/") else { return false };
    let steps: Vec<&str> = rest.split('/').collect();
    matches!((request.method.as_str(), steps.as_slice()), ("GET", [_]) | ("POST", [_, "confirm"]))
}

/// Goes on only with a client secret.
pub(crate) fn must_hold_a_secret(form: &Branch) -> Result<(), Failure> {
    match form.entries.keys().any(|key| key.text() == "client_secret") {
        true => Ok(()),
        false => Err(Failure::missing("client_secret")),
    }
}

#[cfg(test)]
mod tests {
    use super::opens;
    use crate::request::Request;

    #[test]
    fn one_payment_is_seen_and_confirmed_and_nothing_else_is_done() {
        let asked = |method: &str, path: &str| {
            opens(&Request { method: method.to_owned(), path: path.to_owned(), ..Request::default() })
        };
        assert!(asked("GET", "/v1/payment_intents/pi_1") && asked("POST", "/v1/payment_intents/pi_1/confirm"));
        for (method, path) in [
            ("GET", "/v1/payment_intents"),
            ("POST", "/v1/payment_intents"),
            ("POST", "/v1/payment_intents/pi_1"),
            ("POST", "/v1/payment_intents/pi_1/capture"),
            ("GET", "/v1/customers/cus_1"),
            ("DELETE", "/v1/payment_intents/pi_1"),
        ] {
            assert!(!asked(method, path), "{method} {path}");
        }
    }
}
