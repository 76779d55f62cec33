//! The page on which a customer pays: what is sold, who pays, and with which test card.

use serde_json::Value;

use super::html::{alert, dead_end, escape, money, page};
use super::{Page, Visit};

/// The cards that can be chosen: the payment method, what the customer answers the bank, and what is read.
const CARDS: &[(&str, &str, &str)] = &[
    ("pm_card_visa", "", "Visa 4242 – is paid"),
    ("pm_card_mastercard", "", "Mastercard 4444 – is paid"),
    ("pm_card_authenticationRequired", "succeed", "Visa 3184 – the bank asks, and the customer agrees"),
    ("pm_card_authenticationRequired", "fail", "Visa 3184 – the bank asks, and the customer refuses"),
    ("pm_card_chargeDeclined", "", "Visa 0002 – is declined"),
    ("pm_card_visa_chargeDeclinedInsufficientFunds", "", "Visa 9995 – has too little on it"),
    ("pm_card_createDispute", "", "Visa 0259 – is paid, then disputed"),
];

fn path(visit: &Visit<'_>) -> String {
    format!("/v1/checkout/sessions/{}", visit.id)
}

pub(super) fn show(visit: &Visit<'_>, message: Option<&str>) -> Page {
    let session = match visit.call("GET", &path(visit), &[("expand[]", "line_items")]) {
        Ok(session) if session["status"] == "open" => session,
        Ok(session) => return dead_end(&format!("This page is {}.", session["status"].as_str().unwrap_or("closed"))),
        Err(message) => return dead_end(&message),
    };
    let lines: String = session["line_items"]["data"].as_array().into_iter().flatten().map(line).collect();
    let cards: String = CARDS
        .iter()
        .enumerate()
        .map(|(index, (_, _, read))| format!("<option value=\"{index}\">{}</option>", escape(read)))
        .collect();
    let email = session["customer_email"].as_str().unwrap_or_default();
    let asked = match session["customer"].is_null() {
        true => format!(
            "<label for=\"email\">Email</label><input id=\"email\" name=\"email\" type=\"email\" value=\"{}\" required>\
             <label for=\"name\">Name</label><input id=\"name\" name=\"name\" autocomplete=\"name\">",
            escape(email)
        ),
        false => String::new(),
    };
    let cancel = session["cancel_url"].as_str().map(|url| {
        format!("<form method=\"post\"><button name=\"leave\" value=\"yes\">Back to {}</button></form>", escape(url))
    });
    let main = format!(
        "{}<table><thead><tr><th>Item</th><th>Amount</th></tr></thead><tbody>{lines}</tbody><tfoot><tr><th>Total</th>\
         <th>{}</th></tr></tfoot></table>\n<form method=\"post\">{asked}<label for=\"card\">Test card</label>\
         <select id=\"card\" name=\"card\">{cards}</select><button>Pay</button></form>\n{}",
        alert(message),
        escape(&money(&session["amount_total"], &session["currency"])),
        cancel.unwrap_or_default(),
    );
    page(if message.is_some() { 402 } else { 200 }, "Checkout", &main)
}

fn line(item: &Value) -> String {
    let quantity = item["quantity"].as_i64().map(|quantity| format!("{quantity} × ")).unwrap_or_default();
    let what = escape(item["description"].as_str().unwrap_or_default());
    format!("<tr><td>{quantity}{what}</td><td>{}</td></tr>", escape(&money(&item["amount_total"], &item["currency"])))
}

/// Pays, and goes on to where the company wants its customers then; or goes back without paying.
pub(super) fn submit(visit: &Visit<'_>) -> Page {
    let session = match visit.call("GET", &path(visit), &[]) {
        Ok(session) => session,
        Err(message) => return dead_end(&message),
    };
    if !visit.sent("leave").is_empty() {
        // Only where the company itself has said.
        return match session["cancel_url"].as_str() {
            Some(url) => Page::Elsewhere(url.to_owned()),
            None => dead_end("There is no way back."),
        };
    }
    let chosen = visit.sent("card").parse::<usize>().ok().and_then(|index| CARDS.get(index)).unwrap_or(&CARDS[0]);
    let form = [
        ("payment_method", chosen.0),
        ("authentication", chosen.1),
        ("email", visit.sent("email")),
        ("name", visit.sent("name")),
    ];
    match visit.call("POST", &format!("/_sandbox/checkout/sessions/{}/pay", visit.id), &form) {
        Err(message) => show(visit, Some(&message)),
        Ok(paid) => match paid["success_url"].as_str() {
            Some(url) => Page::Elsewhere(url.replace("{CHECKOUT_SESSION_ID}", &visit.id)),
            None => page(200, "Thank you", "<p>It is paid.</p>"),
        },
    }
}
