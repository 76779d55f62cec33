//! Who pays a former price: counted where a plan changes it, and moved to the new one where somebody says so.

use pricebook::stripe::product_sync::migration::{Migration, Proration, look, move_all};
use pricebook::stripe::product_sync::plan::Options;
use pricebook_sandbox::{Fault, FaultRule};
use pricebook_types::Currency;
use pricebook_types::stripe::Desired;
use serde_json::{Value, json};

use crate::stripe_account::{Account, NOW, uuid};
use crate::stripe_sync::{small, told};

fn id(object: &Value) -> &str {
    object["id"].as_str().unwrap_or_else(|| panic!("{object}"))
}

/// Somebody who pays by a card.
async fn customer(account: &Account) -> String {
    let customer = account.post("/v1/customers", &[("email", "a@example.com")]).await;
    let method = account.post("/v1/payment_methods/pm_card_visa/attach", &[("customer", id(&customer))]).await;
    let form = [("invoice_settings[default_payment_method]", id(&method))];
    account.post(&format!("/v1/customers/{}", id(&customer)), &form).await;
    id(&customer).to_owned()
}

async fn subscribe(account: &Account, price: &str, more: &[(&str, &str)]) -> Value {
    let customer = customer(account).await;
    let form = [&[("customer", customer.as_str()), ("items[0][price]", price)], more].concat();
    let made = account.post("/v1/subscriptions", &form).await;
    assert!(made["id"].is_string(), "{made}");
    made
}

async fn price(account: &Account) -> String {
    id(&account.one("/v1/prices", "lookup_key", "tea_green_monthly").await).to_owned()
}

async fn found(account: &Account, wanted: &Desired<'_>) -> Migration {
    let options = Options { now: NOW, ..Options::default() };
    look(&account.requests(), wanted, &options, &[]).await.expect("an answer")
}

async fn prices_of(account: &Account, subscription: &Value) -> Vec<String> {
    let items = account.list_with("/v1/subscription_items", &format!("subscription={}", id(subscription))).await;
    items.iter().map(|item| id(&item["price"]).to_owned()).collect()
}

#[tokio::test]
async fn a_plan_tells_how_many_live_subscriptions_a_changed_price_has() {
    let account = Account::new().await;
    account.sync(&small(2900)).await;
    let old = price(&account).await;
    for _ in 0..3 {
        subscribe(&account, &old, &[]).await;
    }
    let ended = subscribe(&account, &old, &[]).await;
    account.delete(&format!("/v1/subscriptions/{}", id(&ended))).await;
    let plan = account.plan(&small(3500)).await;
    assert_eq!(plan.subscriptions, [(old.clone(), Some(3))].into());
    assert!(told(&plan).contains(&"        3 live subscriptions keep it".to_owned()), "{:#?}", told(&plan));
    // Who comes and goes meanwhile changes no plan.
    subscribe(&account, &old, &[]).await;
    assert!(plan.does_what(&account.plan(&small(3500)).await));
    // What cannot be read is not taken for none.
    let rule = FaultRule { path: Some("/v1/subscriptions".to_owned()), ..FaultRule::once(Fault::Unavailable) };
    account.stripe.add_fault(FaultRule { times: None, ..rule });
    let plan = account.plan(&small(3500)).await;
    assert_eq!(plan.subscriptions, [(old, None)].into());
    assert!(told(&plan).contains(&"        how many subscriptions have it cannot be read".to_owned()));
}

#[tokio::test]
async fn only_the_item_with_the_former_price_is_moved_and_a_second_run_finds_nothing() {
    let account = Account::new().await;
    account.sync(&small(2900)).await;
    let old = price(&account).await;
    let form =
        [("product_data[name]", "Cups"), ("currency", "usd"), ("unit_amount", "500"), ("recurring[interval]", "month")];
    let other = account.post("/v1/prices", &form).await;
    let several = subscribe(&account, &old, &[("items[0][quantity]", "4"), ("items[1][price]", id(&other))]).await;
    assert!(found(&account, &small(2900)).await.moves.is_empty());
    account.sync(&small(3500)).await;
    let new = price(&account).await;
    let migration = found(&account, &small(3500)).await;
    assert_eq!((migration.moves.len(), migration.left.len(), migration.refused.len()), (1, 0, 0), "{migration:#?}");
    let one = &migration.moves[0];
    assert_eq!((one.from.as_str(), one.to.as_str(), one.quantity), (old.as_str(), new.as_str(), Some(4)));
    assert_eq!((one.from_amount.as_str(), one.to_amount.as_str()), ("USD 29.00 / month", "USD 35.00 / month"));
    let moved = move_all(&account.requests(), &migration.moves, Proration::None, &uuid()).await;
    assert!(moved.iter().all(|moved| moved.error.is_none()), "{moved:#?}");
    assert_eq!(prices_of(&account, &several).await, [new, id(&other).to_owned()]);
    let items = account.list_with("/v1/subscription_items", &format!("subscription={}", id(&several))).await;
    assert_eq!(items[0]["quantity"], 4);
    assert!(account.list("/v1/invoiceitems").await.is_empty());
    assert_eq!(found(&account, &small(3500)).await, Migration::default());
}

#[tokio::test]
async fn proration_is_what_was_asked_for() {
    for (proration, invoices, waiting) in
        [(Proration::None, 1, 0), (Proration::CreateProrations, 1, 2), (Proration::AlwaysInvoice, 2, 0)]
    {
        let account = Account::new().await;
        account.sync(&small(2900)).await;
        let subscription = subscribe(&account, &price(&account).await, &[]).await;
        account.sync(&small(9900)).await;
        account.post_json("/_sandbox/clock", &json!({ "advance_secs": 10 * 86_400 })).await;
        let migration = found(&account, &small(9900)).await;
        let moved = move_all(&account.requests(), &migration.moves, proration, &uuid()).await;
        assert!(moved[0].error.is_none(), "{moved:#?}");
        let of_it = format!("subscription={}", id(&subscription));
        assert_eq!(account.list_with("/v1/invoices", &of_it).await.len(), invoices, "{proration:?}");
        let customer = format!("pending=true&customer={}", subscription["customer"].as_str().expect("an id"));
        assert_eq!(account.list_with("/v1/invoiceitems", &customer).await.len(), waiting, "{proration:?}");
    }
}

#[tokio::test]
async fn who_must_not_be_moved_is_told_with_the_reason() {
    let account = Account::new().await;
    account.sync(&small(2900)).await;
    let old = price(&account).await;
    let scheduled = subscribe(&account, &old, &[]).await;
    account.post("/v1/subscription_schedules", &[("from_subscription", id(&scheduled))]).await;
    let ending = subscribe(&account, &old, &[]).await;
    account.post(&format!("/v1/subscriptions/{}", id(&ending)), &[("cancel_at_period_end", "true")]).await;
    account.sync(&small(3500)).await;
    let migration = found(&account, &small(3500)).await;
    assert_eq!(migration.moves, []);
    let reason = |subscription: &Value| {
        let left = migration.left.iter().find(|left| left.subscription == id(subscription));
        left.unwrap_or_else(|| panic!("{migration:#?}")).reason.clone()
    };
    assert!(reason(&scheduled).starts_with("a schedule sets its prices"), "{}", reason(&scheduled));
    assert_eq!(reason(&ending), "it ends with its period");
}

#[tokio::test]
async fn nobody_is_moved_to_another_interval_or_before_the_sync() {
    let account = Account::new().await;
    account.sync(&small(2900)).await;
    let subscription = subscribe(&account, &price(&account).await, &[]).await;
    // The catalog has another amount, and the account not yet.
    let early = found(&account, &small(3500)).await;
    assert_eq!(early.refused[0].reason, "what takes its place is not sold yet: sync first");
    let mut yearly = small(2900);
    let recurring = yearly.prices[0].params.recurring.as_mut().expect("recurring");
    recurring.interval = pricebook_types::IntervalUnit::Year;
    account.sync(&yearly).await;
    let migration = found(&account, &yearly).await;
    assert_eq!((migration.moves.len(), migration.refused.len()), (0, 1), "{migration:#?}");
    assert_eq!(migration.refused[0].reason, "how often it is paid would change");
    assert_eq!(prices_of(&account, &subscription).await, [migration.refused[0].from.clone()]);
}

#[tokio::test]
async fn a_currency_that_the_new_price_has_not_is_never_changed() {
    let account = Account::new().await;
    account.sync(&small(2900)).await;
    let subscription = subscribe(&account, &price(&account).await, &[]).await;
    let mut euros = small(3500);
    euros.prices[0].params.currency = Currency::Eur;
    account.sync(&euros).await;
    let migration = found(&account, &euros).await;
    assert_eq!(migration.moves, []);
    assert_eq!(migration.left[0].subscription, id(&subscription));
    assert_eq!(migration.left[0].reason, "it is paid in USD, in which the new price has no amount");
}

#[tokio::test]
async fn an_interrupted_migration_goes_on_and_moves_nobody_twice() {
    let account = Account::new().await;
    account.sync(&small(2900)).await;
    let old = price(&account).await;
    for _ in 0..6 {
        subscribe(&account, &old, &[]).await;
    }
    account.sync(&small(3500)).await;
    for fault in [Fault::LostAnswer, Fault::ServerErrorAfter, Fault::Unavailable] {
        let rule = FaultRule { path: Some("/v1/subscription_items".to_owned()), ..FaultRule::once(fault) };
        account.stripe.add_fault(FaultRule { method: Some("POST".to_owned()), nth: 2, times: None, ..rule });
        let migration = found(&account, &small(3500)).await;
        move_all(&account.requests(), &migration.moves, Proration::CreateProrations, &uuid()).await;
        account.delete("/_sandbox/faults").await;
    }
    let rest = found(&account, &small(3500)).await;
    let moved = move_all(&account.requests(), &rest.moves, Proration::CreateProrations, &uuid()).await;
    assert!(moved.iter().all(|moved| moved.error.is_none()), "{moved:#?}");
    assert_eq!(found(&account, &small(3500)).await, Migration::default());
    // Two lines for each, what is given back and what is charged: nobody was moved twice.
    assert_eq!(account.list("/v1/invoiceitems").await.len(), 12);
}
