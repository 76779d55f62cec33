//! The way back to an earlier catalog: the objects of then are sold again, and what came since leaves.

use std::borrow::Cow;

use pricebook::stripe::product_sync::plan::{Action, Sort};
use pricebook::stripe::product_sync::{Saved, back_to, desired};
use pricebook_types::stripe::Desired;
use proptest::prelude::*;

use crate::stripe_account::{Account, real};
use crate::stripe_catalogs::{Dice, by_chance};
use crate::stripe_renames::renamed;
use crate::stripe_sync::{small, told};

async fn go_back(account: &Account, earlier: Desired<'static>, present: &Desired<'_>) {
    let back = back_to(earlier, present).expect("the same catalog");
    let (plan, applied) = account.sync(&back).await;
    assert!(applied.is_done(), "{:#?}\n{applied:#?}", told(&plan));
    assert!(account.plan(&back).await.is_equal(), "{:#?}", told(&account.plan(&back).await));
}

#[tokio::test]
async fn an_amount_of_then_is_the_object_of_then() {
    let account = Account::new().await;
    account.sync(&small(2900)).await;
    let before = account.one("/v1/prices", "lookup_key", "tea_green_monthly").await;
    account.sync(&small(3500)).await;
    let plan = account.plan(&back_to(small(2900), &small(3500)).expect("the same catalog")).await;
    assert!(plan.steps().any(|step| (step.action, step.sort) == (Action::Reactivate, Sort::Price)), "{plan:#?}");
    go_back(&account, small(2900), &small(3500)).await;
    let after = account.one("/v1/prices", "lookup_key", "tea_green_monthly").await;
    assert_eq!((&after["id"], &after["active"]), (&before["id"], &true.into()));
    assert_eq!(account.list("/v1/prices").await.len(), 2);
}

#[tokio::test]
async fn what_came_since_leaves_and_what_left_since_comes_back() {
    let account = Account::new().await;
    let mut earlier = real();
    let gone = "plan_starter_monthly";
    earlier.products.retain(|product| product.local_id != gone);
    earlier.prices.retain(|price| price.product != gone);
    earlier.coupons.clear();
    earlier.promotion_codes.clear();
    account.sync(&real()).await;
    go_back(&account, earlier.clone(), &real()).await;
    let product = account.one("/v1/products", "name", "Starter Plan (Monthly)").await;
    assert_eq!(product["active"], false);
    assert!(account.list("/v1/coupons").await.is_empty());
    // The other way round.
    go_back(&account, real(), &back_to(earlier, &real()).expect("the same catalog")).await;
    let again = account.one("/v1/products", "name", "Starter Plan (Monthly)").await;
    assert_eq!((&again["id"], &again["active"]), (&product["id"], &true.into()));
    assert!(account.plan(&real()).await.is_equal());
}

#[tokio::test]
async fn what_was_renamed_since_has_its_former_name_again() {
    let account = Account::new().await;
    account.sync(&small(2900)).await;
    let before = account.list("/v1/products").await;
    let present = renamed(&small(2900));
    account.sync(&present).await;
    go_back(&account, small(2900), &present).await;
    let after = account.list("/v1/products").await;
    assert_eq!((after.len(), &after[0]["id"]), (1, &before[0]["id"]));
    assert_eq!(after[0]["metadata"], before[0]["metadata"]);
    assert_eq!(account.list("/v1/prices").await.len(), 1);
}

#[tokio::test]
async fn what_was_grandfathered_since_is_sold_again() {
    let account = Account::new().await;
    account.sync(&small(2900)).await;
    let sold = account.list("/v1/prices").await[0].clone();
    let mut present = small(3500);
    let mut former = small(2900).prices.remove(0);
    former.replaced_by = Some(Cow::Borrowed("tea_green_monthly"));
    former.params.lookup_key = Cow::Borrowed("tea_green_monthly_2026");
    former.params.active = false;
    former.params.metadata.insert(Cow::Borrowed("pricebook_price"), Cow::Borrowed("monthly_2026"));
    present.prices.push(former);
    account.sync(&present).await;
    go_back(&account, small(2900), &present).await;
    let again = account.one("/v1/prices", "lookup_key", "tea_green_monthly").await;
    assert_eq!((&again["id"], &again["active"]), (&sold["id"], &true.into()));
}

#[tokio::test]
async fn another_catalog_is_no_earlier_one() {
    let refused = back_to(small(2900), &real()).expect_err("another catalog");
    assert_eq!(refused.to_string(), "that is the catalog small, and this program's is stratiqx");
}

#[test]
fn a_saved_way_back_holds_the_state_that_it_goes_to() {
    let earlier = serde_json::to_value(small(2900)).expect("JSON");
    let plan = serde_json::from_value(serde_json::json!({
        "account": "acct_1", "livemode": false, "catalog_hash": "", "ids": {}, "phases": [], "notes": [],
    }));
    let saved = Saved::new("local", false, String::new(), plan.expect("a plan")).going_back_to(earlier);
    let read = Saved::parse(&saved.to_text()).expect("a plan");
    assert_eq!(read, saved);
    let state = read.back_to.expect("the state").to_string();
    assert_eq!(desired(&state, "2026-11-22").expect("a state"), small(2900));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn from_any_catalog_there_is_a_way_back_to_any_other(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let mut dice = Dice(bytes.iter());
        let (earlier, present) = (by_chance(&mut dice), by_chance(&mut dice));
        crate::shop::block_on(async {
            let account = Account::new().await;
            account.sync(&earlier).await;
            account.sync(&present).await;
            go_back(&account, earlier, &present).await;
        });
    }
}
