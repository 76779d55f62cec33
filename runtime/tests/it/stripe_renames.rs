//! The product sync of what was renamed, grandfathered or retired: the objects in Stripe stay the same ones.

use std::borrow::Cow;

use pricebook::stripe::product_sync::desired;
use pricebook_types::stripe::{Desired, Retired};
use serde_json::json;

use crate::stripe_account::Account;
use crate::stripe_sync::{small, told};

/// Puts another name in the place of `green`.
pub(crate) fn renamed(wanted: &Desired<'_>) -> Desired<'static> {
    let text = serde_json::to_string(wanted).expect("JSON").replace("green", "emerald");
    let mut wanted = desired(text.leak(), "2026-11-22").expect("a desired state");
    wanted.products[0].was = vec![Cow::Borrowed("tea/green")];
    wanted.prices[0].was = vec![Cow::Borrowed("tea_green_monthly")];
    wanted
}

#[tokio::test]
async fn what_was_renamed_stays_the_same_object() {
    let account = Account::new().await;
    account.sync(&small(2900)).await;
    let price = account.list("/v1/prices").await[0].clone();
    let wanted = renamed(&small(2900));
    let (_, applied) = account.sync(&wanted).await;
    assert!(applied.is_done() && account.plan(&wanted).await.is_equal(), "{applied:#?}");
    let (products, prices) = (account.list("/v1/products").await, account.list("/v1/prices").await);
    assert_eq!((products.len(), prices.len()), (1, 1));
    assert_eq!((&prices[0]["id"], &prices[0]["lookup_key"]), (&price["id"], &json!("tea_emerald_monthly")));
    assert_eq!(products[0]["metadata"]["pricebook_product"], "tea/emerald");
}

#[tokio::test]
async fn a_grandfathered_price_is_the_object_that_was_sold() {
    let account = Account::new().await;
    account.sync(&small(2900)).await;
    let sold = account.list("/v1/prices").await[0].clone();
    let mut wanted = small(3500);
    let mut former = small(2900).prices.remove(0);
    former.replaced_by = Some(Cow::Borrowed("tea_green_monthly"));
    former.params.lookup_key = Cow::Borrowed("tea_green_monthly_2026");
    former.params.active = false;
    former.params.metadata.insert(Cow::Borrowed("pricebook_price"), Cow::Borrowed("monthly_2026"));
    wanted.prices.push(former);
    let (_, applied) = account.sync(&wanted).await;
    assert!(applied.is_done() && account.plan(&wanted).await.is_equal(), "{applied:#?}");
    let prices = account.list("/v1/prices").await;
    assert_eq!(prices.len(), 2);
    let former = account.one("/v1/prices", "lookup_key", "tea_green_monthly_2026").await;
    assert_eq!((&former["id"], &former["active"]), (&sold["id"], &json!(false)));
    assert_eq!(account.one("/v1/prices", "lookup_key", "tea_green_monthly").await["unit_amount"], 3500);
}

#[tokio::test]
async fn what_is_retired_is_archived_and_what_nobody_knows_stays() {
    let account = Account::new().await;
    account.sync(&small(2900)).await;
    let mut wanted = small(2900);
    wanted.products.clear();
    wanted.prices.clear();
    // Perhaps it is of a newer catalog.
    assert!(account.plan(&wanted).await.is_equal());
    wanted.retired.push(Retired { what: Cow::Borrowed("tea"), id: Cow::Borrowed("green"), event_name: None });
    let (plan, applied) = account.sync(&wanted).await;
    assert!(applied.is_done() && account.plan(&wanted).await.is_equal(), "{:#?}", told(&plan));
    assert_eq!(account.list("/v1/products").await[0]["active"], false);
    // And sold again.
    let (_, applied) = account.sync(&small(2900)).await;
    assert!(applied.is_done());
    let products = account.list("/v1/products").await;
    assert_eq!((products.len(), &products[0]["active"]), (1, &json!(true)));
}
