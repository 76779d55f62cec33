//! Objects of billing have the fields of Stripe's published ones.

use pricebook_sandbox::{Options, Running, start};
use serde_json::Value;

use crate::client::Caller;
use crate::shapes::check;

fn id(object: &Value) -> &str {
    object["id"].as_str().expect("an id")
}

async fn account() -> (Running, Caller) {
    let stripe = start(Options::default()).await.expect("a sandbox");
    let caller = Caller::of(&stripe);
    (stripe, caller)
}

/// Somebody who pays by a test card.
async fn payer(caller: &Caller, card: &str) -> String {
    let customer = caller.post("/v1/customers", &[("email", "a@example.com")]).await;
    let method = caller.post(&format!("/v1/payment_methods/{card}/attach"), &[("customer", id(&customer))]).await;
    let settings = [("invoice_settings[default_payment_method]", id(&method))];
    caller.post(&format!("/v1/customers/{}", id(&customer)), &settings).await;
    id(&customer).to_owned()
}

async fn monthly(caller: &Caller) -> String {
    let form =
        [("product_data[name]", "A"), ("currency", "usd"), ("unit_amount", "1000"), ("recurring[interval]", "month")];
    id(&caller.post("/v1/prices", &form).await).to_owned()
}

#[tokio::test]
async fn invoices_of_subscriptions() {
    let (stripe, caller) = account().await;
    let (customer, price) = (payer(&caller, "pm_card_visa").await, monthly(&caller).await);
    caller.post("/v1/coupons", &[("id", "OFF"), ("percent_off", "10"), ("duration", "forever")]).await;
    let form = [
        ("customer", customer.as_str()),
        ("items[0][price]", price.as_str()),
        ("discounts[0][coupon]", "OFF"),
        ("expand[]", "discounts"),
    ];
    let subscription = caller.post("/v1/subscriptions", &form).await;
    check(&subscription["discounts"][0]);
    let invoice = subscription["latest_invoice"].as_str().expect("an id");
    let invoice = caller.get(&format!("/v1/invoices/{invoice}")).await;
    check(&invoice);
    check(&invoice["lines"]["data"][0]);
    let payments = caller.get(&format!("/v1/invoice_payments?invoice={}", id(&invoice))).await;
    check(&payments["data"][0]);
    let item = id(&subscription["items"]["data"][0]);
    caller.post(&format!("/v1/subscription_items/{item}"), &[("quantity", "2")]).await;
    let waiting = caller.get(&format!("/v1/invoiceitems?customer={customer}")).await;
    check(&waiting["data"][0]);
    let preview = caller.post("/v1/invoices/create_preview", &[("subscription", id(&subscription))]).await;
    check(&preview);
    preview["lines"]["data"].as_array().expect("lines").iter().for_each(check);
    let other = caller
        .post("/v1/subscription_items", &[("subscription", id(&subscription)), ("price", &monthly(&caller).await)])
        .await;
    check(&other);
    check(&caller.delete(&format!("/v1/subscription_items/{}", id(&other))).await);
    check(&caller.delete(&format!("/v1/subscriptions/{}/discount", id(&subscription))).await);
    stripe.stop().await;
}

#[tokio::test]
async fn invoices_by_hand_and_what_is_taken_back() {
    let (stripe, caller) = account().await;
    let customer = payer(&caller, "pm_card_visa").await;
    let somebody = [("customer", customer.as_str())];
    let draft = caller.post("/v1/invoices", &somebody).await;
    check(&draft);
    let line = [("customer", customer.as_str()), ("amount", "900"), ("currency", "usd"), ("invoice", id(&draft))];
    check(&caller.post("/v1/invoiceitems", &line).await);
    let paid = caller.post(&format!("/v1/invoices/{}/pay", id(&draft)), &[]).await;
    check(&paid);
    let back = [
        ("invoice", id(&paid)),
        ("lines[0][type]", "invoice_line_item"),
        ("lines[0][invoice_line_item]", id(&paid["lines"]["data"][0])),
        ("lines[0][amount]", "500"),
        ("refund_amount", "300"),
        ("credit_amount", "200"),
    ];
    let note = caller.post("/v1/credit_notes", &back).await;
    check(&note);
    let lines = caller.get(&format!("/v1/credit_notes/{}/lines", id(&note))).await;
    check(&lines["data"][0]);
    let moved = caller.get(&format!("/v1/customers/{customer}/balance_transactions")).await;
    check(&moved["data"][0]);
    let alone = caller.post("/v1/invoiceitems", &line[..3]).await;
    check(&caller.delete(&format!("/v1/invoiceitems/{}", id(&alone))).await);
    let unwanted = caller.post("/v1/invoices", &somebody).await;
    check(&caller.delete(&format!("/v1/invoices/{}", id(&unwanted))).await);
    stripe.stop().await;
}

#[tokio::test]
async fn disputes_and_setup_intents() {
    let (stripe, caller) = account().await;
    let customer = payer(&caller, "pm_card_createDispute").await;
    let charge = [
        ("amount", "1000"),
        ("confirm", "true"),
        ("currency", "usd"),
        ("payment_method", "pm_card_createDispute"),
        ("payment_method_types[]", "card"),
    ];
    caller.post("/v1/payment_intents", &charge).await;
    check(&caller.get("/v1/disputes").await["data"][0]);
    let ready = [("automatic_payment_methods[enabled]", "true"), ("customer", customer.as_str())];
    check(&caller.post("/v1/setup_intents", &ready).await);
    stripe.stop().await;
}

#[tokio::test]
async fn schedules_and_entitlements() {
    let (stripe, caller) = account().await;
    let customer = payer(&caller, "pm_card_visa").await;
    let price = monthly(&caller).await;
    let feature = caller.post("/v1/entitlements/features", &[("lookup_key", "f"), ("name", "F")]).await;
    let sold = caller.get(&format!("/v1/prices/{price}")).await;
    let product = sold["product"].as_str().expect("an id");
    caller.post(&format!("/v1/products/{product}/features"), &[("entitlement_feature", id(&feature))]).await;
    let form = [("customer", customer.as_str()), ("phases[0][items][0][price]", price.as_str()), ("start_date", "now")];
    check(&caller.post("/v1/subscription_schedules", &form).await);
    let entitled = caller.get(&format!("/v1/entitlements/active_entitlements?customer={customer}")).await;
    check(&entitled["data"][0]);
    let told = "entitlements.active_entitlement_summary.updated";
    let mut told = caller.get(&format!("/v1/events?type={told}")).await["data"][0]["data"]["object"].take();
    // The published one has its features expanded, which an event never does.
    told["entitlements"]["data"] = Value::Array(Vec::new());
    check(&told);
    stripe.stop().await;
}
