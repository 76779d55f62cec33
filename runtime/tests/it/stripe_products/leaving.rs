//! What leaves an account, and what cannot: retired meters, and fields that Stripe never clears.

use std::borrow::Cow;

use pricebook::stripe::product_sync::plan::{Action, Sort};
use pricebook_types::stripe::Retired;

use crate::stripe_account::{Account, real};
use crate::stripe_sync::{small, told};

#[tokio::test]
async fn a_retired_meter_is_deactivated_and_another_ones_stays() {
    let account = Account::new().await;
    let mut wanted = real();
    account.sync(&wanted).await;
    let form = [("display_name", "Mine"), ("event_name", "mine"), ("default_aggregation[formula]", "sum")];
    account.post("/v1/billing/meters", &form).await;
    let meter = wanted.meters.remove(0);
    let metered: Vec<_> = wanted.prices.extract_if(.., |price| price.meter.is_some()).collect();
    for product in &mut wanted.products {
        product.default_price.take_if(|key| metered.iter().any(|price| price.params.lookup_key == *key));
    }
    let retired = |what: &'static str, id, event_name| Retired { what: Cow::Borrowed(what), id, event_name };
    wanted.retired.push(retired("meter", meter.id.clone(), Some(meter.params.event_name.clone())));
    wanted.retired.extend(metered.iter().map(|price| retired("price", price.params.lookup_key.clone(), None)));
    let (plan, applied) = account.sync(&wanted).await;
    assert!(applied.is_done(), "{applied:#?}");
    let steps = plan.steps().filter(|step| step.sort == Sort::Meter);
    assert_eq!(steps.map(|step| step.action).collect::<Vec<_>>(), [Action::Archive]);
    let status = async |event| account.one("/v1/billing/meters", "event_name", event).await["status"].clone();
    assert_eq!((status(&meter.params.event_name).await, status("mine").await), ("inactive".into(), "active".into()));
    assert!(account.plan(&wanted).await.is_equal(), "{:#?}", told(&account.plan(&wanted).await));
    // And counted again.
    let (_, applied) = account.sync(&real()).await;
    assert!(applied.is_done() && account.plan(&real()).await.is_equal(), "{applied:#?}");
    assert_eq!(status(&meter.params.event_name).await, "active");
}

#[tokio::test]
async fn what_stripe_never_clears_is_told() {
    let account = Account::new().await;
    let mut wanted = small(2900);
    wanted.products[0].params.statement_descriptor = Some(Cow::Borrowed("TEA SHOP"));
    account.sync(&wanted).await;
    assert!(account.plan(&wanted).await.notes.is_empty());
    let plan = account.plan(&small(2900)).await;
    let note = "tea_green keeps statement_descriptor \"TEA SHOP\": the catalog has none, and Stripe never clears it";
    assert_eq!(plan.notes, [note]);
    assert!(told(&plan).contains(&format!("note: {note}")));
}
