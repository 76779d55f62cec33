//! The portal in which customers see their subscriptions and invoices, and leave or stay.

use serde_json::Value;

use super::html::{alert, dead_end, escape, money, page};
use super::{Page, Visit};

/// The session of the page's address.
fn session(visit: &Visit<'_>) -> Result<Value, String> {
    visit.call("GET", &format!("/_sandbox/portal/sessions/{}", visit.id), &[])
}

fn of_customer(visit: &Visit<'_>, path: &str, session: &Value) -> Vec<Value> {
    let customer = session["customer"].as_str().unwrap_or_default();
    let list = visit.call("GET", path, &[("customer", customer), ("limit", "100")]).unwrap_or_default();
    list["data"].as_array().cloned().unwrap_or_default()
}

pub(super) fn show(visit: &Visit<'_>, message: Option<&str>) -> Page {
    let session = match session(visit) {
        Ok(session) => session,
        Err(message) => return dead_end(&message),
    };
    let subscriptions: String = of_customer(visit, "/v1/subscriptions", &session).iter().map(subscription).collect();
    let invoices: String = of_customer(visit, "/v1/invoices", &session).iter().map(invoice).collect();
    let back = session["return_url"].as_str().map(|url| format!("<p><a href=\"{}\">Back</a></p>", escape(url)));
    let main = format!(
        "{}<h2>Subscriptions</h2>\n{}\n<h2>Invoices</h2>\n<table><tbody>{invoices}</tbody></table>\n{}",
        alert(message),
        if subscriptions.is_empty() { "<p>There are none.</p>" } else { &subscriptions },
        back.unwrap_or_default(),
    );
    page(if message.is_some() { 400 } else { 200 }, "Your account", &main)
}

fn subscription(found: &Value) -> String {
    let is_leaving = found["cancel_at_period_end"] == true;
    let (action, label) = if is_leaving { ("keep", "Stay") } else { ("leave", "Cancel at the end of the period") };
    let items =
        found["items"]["data"].as_array().into_iter().flatten().map(|item| {
            format!("<li>{}</li>", escape(&money(&item["price"]["unit_amount"], &item["price"]["currency"])))
        });
    let (id, status) = (found["id"].as_str().unwrap_or_default(), found["status"].as_str().unwrap_or_default());
    format!(
        "<section><p>{}: {}{}</p><ul>{}</ul><form method=\"post\"><input type=\"hidden\" name=\"subscription\" \
         value=\"{}\"><button name=\"action\" value=\"{action}\">{label}</button></form></section>",
        escape(id),
        escape(status),
        if is_leaving { ", ends with its period" } else { "" },
        items.collect::<String>(),
        escape(id),
    )
}

fn invoice(found: &Value) -> String {
    let number = found["number"].as_str().unwrap_or("draft");
    let status = found["status"].as_str().unwrap_or_default();
    let total = money(&found["total"], &found["currency"]);
    format!("<tr><td>{} ({})</td><td>{}</td></tr>", escape(number), escape(status), escape(&total))
}

/// Leaves or stays with a subscription of the customer's own.
pub(super) fn submit(visit: &Visit<'_>) -> Page {
    let session = match session(visit) {
        Ok(session) => session,
        Err(message) => return dead_end(&message),
    };
    let wanted = visit.sent("subscription");
    if !of_customer(visit, "/v1/subscriptions", &session).iter().any(|found| found["id"] == wanted) {
        return show(visit, Some("There is no such subscription."));
    }
    let leaves = if visit.sent("action") == "keep" { "false" } else { "true" };
    match visit.call("POST", &format!("/v1/subscriptions/{wanted}"), &[("cancel_at_period_end", leaves)]) {
        Ok(_) => show(visit, None),
        Err(message) => show(visit, Some(&message)),
    }
}
