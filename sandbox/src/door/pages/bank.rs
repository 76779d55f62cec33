//! The question of a bank: whether its customer wants to pay.

use url::Url;

use super::html::{dead_end, escape, money, page};
use super::{Page, Visit};

/// What is to be confirmed: a payment, or a card that is made ready for later.
fn path(visit: &Visit<'_>) -> String {
    let kind = if visit.id.starts_with("seti_") { "setup_intents" } else { "payment_intents" };
    format!("{kind}/{}", visit.id)
}

pub(super) fn show(visit: &Visit<'_>) -> Page {
    let intent = match visit.call("GET", &format!("/v1/{}", path(visit)), &[]) {
        Ok(intent) if intent["status"] == "requires_action" => intent,
        Ok(_) => return dead_end("Nothing waits for an answer."),
        Err(message) => return dead_end(&message),
    };
    let what = escape(&money(&intent["amount"], &intent["currency"]));
    let main = format!(
        "<p>Do you want to pay {what}?</p>\n<form method=\"post\"><input type=\"hidden\" name=\"return_url\" \
         value=\"{}\"><button name=\"outcome\" value=\"succeed\">Agree</button><button name=\"outcome\" \
         value=\"fail\">Refuse</button></form>",
        escape(visit.asked("return_url"))
    );
    page(200, "Your bank asks", &main)
}

/// Hands the answer on, and the customer back to the company's page.
pub(super) fn submit(visit: &Visit<'_>) -> Page {
    let outcome = if visit.sent("outcome") == "fail" { "fail" } else { "succeed" };
    let answered = visit.call("POST", &format!("/_sandbox/{}/authenticate", path(visit)), &[("outcome", outcome)]);
    let status = match (&answered, outcome) {
        (Ok(_), "succeed") => "succeeded",
        _ => "failed",
    };
    let Ok(mut back) = Url::parse(visit.sent("return_url")) else {
        return page(200, "Your bank has its answer", &format!("<p>The payment has {status}.</p>"));
    };
    let kind = if visit.id.starts_with("seti_") { "setup_intent" } else { "payment_intent" };
    back.query_pairs_mut().append_pair(kind, &visit.id).append_pair("redirect_status", status);
    Page::Elsewhere(back.into())
}
