//! The product sync against the local Stripe: an empty account, what people change in it, and what the catalog changes.

use std::borrow::Cow;

use pricebook::stripe::product_sync::plan::text::lines;
use pricebook::stripe::product_sync::plan::{Action, Guards, Hazard, Known, Name, Options, Sort};
use pricebook::stripe::product_sync::{Plan, Status, desired, look};
use pricebook_sandbox::{Fault, FaultRule};
use pricebook_types::stripe::{Desired, Metadata, Retired};
use serde_json::{Value, json};

use crate::stripe_account::{Account, NOW, real};

#[tokio::test]
async fn an_empty_account_is_filled_and_a_second_sync_writes_nothing() {
    let account = Account::new().await;
    let wanted = real();
    let (plan, applied) = account.sync(&wanted).await;
    assert!(
        applied.is_done(),
        "{:#?}",
        applied.results.iter().filter(|r| r.status == Status::Error).collect::<Vec<_>>()
    );
    assert_eq!(applied.count(Status::Created), wanted.products.len());
    assert_eq!(plan.synced(), 0);
    assert_eq!(account.list("/v1/products").await.len(), wanted.products.len());
    assert_eq!(account.list("/v1/prices").await.len(), wanted.prices.len());
    let again = account.plan(&wanted).await;
    assert!(again.is_equal(), "{again:#?}");
    assert_eq!(again.chains().filter(|chain| chain.sort == Sort::Product).count(), wanted.products.len());
    let granted = features_of(&wanted);
    let mut there = 0;
    for product in account.list("/v1/products").await {
        let id = product["id"].as_str().expect("an id");
        there += account.list(&format!("/v1/products/{id}/features")).await.len();
        let local_id = product["metadata"]["pricebook_id"].as_str().expect("whose it is");
        let wanted =
            wanted.products.iter().find(|wanted| wanted.local_id == local_id).expect("a product of the catalog");
        assert_eq!(product["default_price"].is_string(), wanted.default_price.is_some(), "{product}");
    }
    assert_eq!(there, granted);
}

fn features_of(wanted: &Desired<'_>) -> usize {
    wanted.products.iter().map(|product| product.features.len()).sum()
}

pub(crate) fn told(plan: &Plan) -> Vec<String> {
    lines(plan).into_iter().map(|line| line.trim_end().to_owned()).collect()
}

/// A catalog of one product, whose price is so many cents.
pub(crate) fn small(cents: i64) -> Desired<'static> {
    desired(small_text(cents), "2026-11-22").expect("a desired state")
}

/// The same, as the compiler writes it.
pub(crate) fn small_text(cents: i64) -> &'static str {
    let json = json!({
        "_meta": { "generated": "", "catalog": "small", "catalog_hash": format!("hash {cents}") },
        "environments": [], "meters": [], "features": [], "coupons": [], "promotion_codes": [], "retired": [],
        "products": [{
            "local_id": "tea_green", "default_price": "tea_green_monthly", "features": [],
            "params": {
                "name": "Green tea", "active": true,
                "metadata": {
                    "pricebook_catalog": "small", "pricebook_id": "tea_green", "pricebook_product": "tea/green",
                    "pricebook_hash": "of the product",
                },
            },
        }],
        "prices": [{
            "local_id": "tea_green", "product": "tea_green",
            "params": {
                "currency": "usd", "unit_amount": cents, "billing_scheme": "per_unit", "tax_behavior": "exclusive",
                "recurring": { "interval": "month", "interval_count": 1, "usage_type": "licensed" },
                "lookup_key": "tea_green_monthly", "nickname": "Monthly", "active": true,
                "metadata": {
                    "pricebook_catalog": "small", "pricebook_id": "tea_green", "pricebook_product": "tea/green",
                    "pricebook_price": "monthly", "pricebook_hash": format!("of {cents}"),
                },
            },
        }],
    });
    json.to_string().leak()
}

async fn active_prices(account: &Account) -> Vec<Value> {
    account.list("/v1/prices").await.into_iter().filter(|price| price["active"] == true).collect()
}

#[tokio::test]
async fn a_changed_amount_is_a_new_price_that_takes_the_key_and_becomes_the_default_before_the_old_one_is_archived() {
    let account = Account::new().await;
    account.sync(&small(2900)).await;
    let old = account.one("/v1/prices", "lookup_key", "tea_green_monthly").await.id().to_owned();
    let (plan, applied) = account.sync(&small(3500)).await;
    assert!(applied.is_done(), "{applied:#?}");
    let steps: Vec<_> = plan.steps().map(|step| (step.action, step.sort)).collect();
    let expected = [(Action::Create, Sort::Price), (Action::Update, Sort::Product), (Action::Archive, Sort::Price)];
    assert_eq!(steps, expected);
    assert!(
        told(&plan).contains(&"        amount: USD 29.00 / month → USD 35.00 / month".to_owned()),
        "{:#?}",
        told(&plan)
    );
    let prices = active_prices(&account).await;
    assert_eq!((prices.len(), &prices[0]["unit_amount"]), (1, &json!(3500)));
    let product = account.one("/v1/products", "name", "Green tea").await;
    assert_eq!(product["default_price"], prices[0]["id"]);
    let archived = account.list("/v1/prices").await.into_iter().find(|price| price["id"] == *old).expect("it stays");
    assert_eq!((&archived["active"], &archived["lookup_key"]), (&json!(false), &Value::Null));
    assert!(account.plan(&small(3500)).await.is_equal());
}

#[tokio::test]
async fn an_amount_that_comes_back_brings_the_old_object_back() {
    let account = Account::new().await;
    account.sync(&small(2900)).await;
    account.sync(&small(3500)).await;
    let (plan, applied) = account.sync(&small(2900)).await;
    assert!(applied.is_done(), "{applied:#?}");
    assert_eq!(account.list("/v1/prices").await.len(), 2);
    assert!(plan.steps().any(|step| step.action == Action::Reactivate && step.sort == Sort::Price));
    let prices = active_prices(&account).await;
    assert_eq!((prices.len(), &prices[0]["unit_amount"]), (1, &json!(2900)));
    assert_eq!(prices[0]["lookup_key"], "tea_green_monthly");
    assert!(account.plan(&small(2900)).await.is_equal());
}

#[tokio::test]
async fn what_people_changed_in_the_account_is_put_right() {
    let account = Account::new().await;
    let wanted = real();
    account.sync(&wanted).await;
    let starter = account.one("/v1/products", "name", "Starter Plan (Monthly)").await;
    let path = format!("/v1/products/{}", starter.id());
    let changed = [("name", "Starter"), ("active", "false"), ("description", "Cheap"), ("metadata[mine]", "1")];
    account.post(&path, &changed).await;
    let price = account.one("/v1/prices", "lookup_key", "plan_starter_yearly").await;
    account.post(&format!("/v1/prices/{}", price.id()), &[("nickname", "Cheap"), ("lookup_key", "mine")]).await;
    let feature = account.one("/v1/entitlements/features", "lookup_key", "api_access").await;
    account.post(&format!("/v1/entitlements/features/{}", feature.id()), &[("active", "false"), ("name", "X")]).await;
    let meter = &account.list("/v1/billing/meters").await[0];
    account.post(&format!("/v1/billing/meters/{}/deactivate", meter.id()), &[]).await;
    let coupon = account.post("/v1/coupons/launch20", &[("name", "Cheap")]).await;
    assert_eq!(coupon["name"], "Cheap");
    let code = account.one("/v1/promotion_codes", "code", "WELCOME").await;
    account.post(&format!("/v1/promotion_codes/{}", code.id()), &[("active", "false")]).await;
    let granting = account.one("/v1/products", "name", "Cloud Platform").await;
    let granted = account.list(&format!("/v1/products/{}/features", granting.id())).await;
    account.delete(&format!("/v1/products/{}/features/{}", granting.id(), granted[0].id())).await;
    let (plan, applied) = account.sync(&wanted).await;
    assert!(applied.is_done(), "{applied:#?}");
    assert!(account.plan(&wanted).await.is_equal(), "{:#?}", told(&account.plan(&wanted).await));
    assert_eq!(account.list("/v1/prices").await.len(), wanted.prices.len());
    insta::assert_snapshot!(without_ids(&told(&plan).join("\n")));
}

/// Ids that differ from run to run of the seed, shortened.
fn without_ids(text: &str) -> String {
    let is_id = |word: &str| {
        word.split_once('_').is_some_and(|(prefix, rest)| {
            ["prod", "price", "feat", "mtr", "promo", "prodft"].contains(&prefix) && rest.len() > 12
        })
    };
    let word = |word: &str| {
        let inner = word.trim_matches(|letter: char| !letter.is_alphanumeric());
        let prefix = inner.split('_').next().unwrap_or_default();
        if is_id(inner) { word.replace(inner, &format!("{prefix}_…")) } else { word.to_owned() }
    };
    text.split(' ').map(|part| part.split('\n').map(word).collect::<Vec<_>>().join("\n")).collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn nothing_that_others_made_is_touched() {
    let account = Account::new().await;
    let product = account.post("/v1/products", &[("name", "Starter Plan (Monthly)")]).await;
    let of_another =
        [("name", "X"), ("metadata[pricebook_catalog]", "other"), ("metadata[pricebook_id]", "plan_starter_monthly")];
    let other = account.post("/v1/products", &of_another).await;
    let form = [("product", product.id()), ("currency", "usd"), ("unit_amount", "1")];
    let price = account.post("/v1/prices", &form).await;
    account.post("/v1/coupons", &[("id", "mine"), ("percent_off", "5"), ("duration", "once")]).await;
    let wanted = real();
    let (_, applied) = account.sync(&wanted).await;
    assert!(applied.is_done(), "{applied:#?}");
    let products = account.list("/v1/products").await;
    assert!(products.contains(&product) && products.contains(&other));
    assert!(account.list("/v1/prices").await.contains(&price));
    assert_eq!(products.len(), wanted.products.len() + 2);
    // On a product of ours, too.
    let ours = account.one("/v1/prices", "lookup_key", "plan_starter_monthly").await;
    let form = [("product", ours["product"].as_str().expect("an id")), ("currency", "usd"), ("unit_amount", "7")];
    let special = account.post("/v1/prices", &form).await;
    let (_, applied) = account.sync(&wanted).await;
    assert!(applied.is_done() && account.list("/v1/prices").await.contains(&special));
}

#[tokio::test]
async fn a_lookup_key_of_somebody_else_is_left_to_them_and_the_rest_goes_on() {
    let account = Account::new().await;
    let product = account.post("/v1/products", &[("name", "By hand")]).await;
    let form =
        [("product", product.id()), ("currency", "usd"), ("unit_amount", "1"), ("lookup_key", "plan_starter_monthly")];
    let price = account.post("/v1/prices", &form).await;
    let wanted = real();
    let (_, applied) = account.sync(&wanted).await;
    let failed: Vec<_> = applied.results.iter().filter(|result| result.status == Status::Error).collect();
    let by_coupon = "coupon launch20: product/plan_starter_monthly was not made, which it needs";
    assert_eq!(failed.len(), 2, "{failed:#?}");
    assert!(failed[0].error.as_ref().expect("why").contains(price.id()), "{failed:#?}");
    assert_eq!(failed[1].error.as_deref(), Some(by_coupon));
    assert!(account.list("/v1/prices").await.contains(&price));
    assert_eq!(applied.count(Status::Created), wanted.products.len() - 1);
}

#[tokio::test]
async fn what_was_deleted_in_stripe_is_told_and_made_again_only_when_forced() {
    let account = Account::new().await;
    let mut wanted = real();
    // A product with prices cannot be deleted in Stripe but by its dashboard.
    let local_id = "service_market-essentials";
    wanted.prices.retain(|price| price.product != local_id);
    wanted
        .products
        .iter_mut()
        .filter(|product| product.local_id == local_id)
        .for_each(|product| product.default_price = None);
    let (_, applied) = account.sync(&wanted).await;
    let known = Known::from([(local_id.to_owned(), applied.ids[&Name::new(Sort::Product, local_id)].clone())]);
    let product = &known[local_id];
    assert_eq!(account.delete(&format!("/v1/products/{product}")).await["deleted"], true);
    let plan = |force| {
        let options = Options { force, now: NOW, adoption: None };
        let (account, wanted, known) = (&account, &wanted, &known);
        async move { look(&account.requests(), wanted, known, &options, "acct_1", false).await.expect("a plan") }
    };
    let (chain, problem) = (plan(false).await, "Product not found in Stripe");
    let problems: Vec<_> = chain.problems().collect();
    assert!(problems.len() == 1 && problems[0].1.message.starts_with(problem), "{problems:#?}");
    assert!(problems[0].1.help.contains("--force-update"));
    let applied = account.apply(&plan(true).await).await;
    assert!(applied.is_done(), "{applied:#?}");
    assert_eq!(account.list("/v1/products").await.len(), wanted.products.len());
    // Forced once more, everything is written, and nothing is made twice.
    let again = account.apply(&plan(true).await).await;
    assert_eq!(again.count(Status::Updated), wanted.products.len());
    assert_eq!(account.list("/v1/products").await.len(), wanted.products.len());
    assert_eq!(account.list("/v1/prices").await.len(), wanted.prices.len());
}

#[tokio::test]
async fn looking_writes_nothing_and_asks_page_by_page() {
    let account = Account::new().await;
    let mut wanted = small(2900);
    let (product, price) = (wanted.products[0].clone(), wanted.prices[0].clone());
    for number in 1..250 {
        let id = |text: &str| Cow::Owned(text.replace("green", &format!("t{number}")));
        let marks = |metadata: &mut Metadata<'_>| {
            metadata.insert(Cow::Borrowed("pricebook_id"), id("tea_green"));
            metadata.insert(Cow::Borrowed("pricebook_product"), id("tea/green"));
        };
        let mut product = product.clone();
        product.local_id = id(&product.local_id);
        product.default_price = Some(id("tea_green_monthly"));
        marks(&mut product.params.metadata);
        for key in ["monthly", "yearly"] {
            let mut price = price.clone();
            price.local_id = product.local_id.clone();
            price.product = product.local_id.clone();
            price.params.lookup_key = id(&format!("tea_green_{key}"));
            price.params.metadata.insert(Cow::Borrowed("pricebook_price"), Cow::Borrowed(key));
            marks(&mut price.params.metadata);
            wanted.prices.push(price);
        }
        wanted.products.push(product);
    }
    let (_, applied) = account.sync(&wanted).await;
    assert!(applied.is_done());
    let requests = account.requests();
    requests.account().await.expect("the account");
    let options = Options { now: NOW, ..Options::default() };
    let plan = look(&requests, &wanted, &Known::new(), &options, "acct_1", false).await.expect("a plan");
    assert!(plan.is_equal());
    let (products, prices) = (wanted.products.len().div_ceil(100), wanted.prices.len().div_ceil(100));
    assert_eq!((products, prices), (3, 5));
    assert!(requests.sent() as usize <= products + prices + 2, "{}", requests.sent());
    assert_eq!(requests.writes(), 0);
}

#[tokio::test]
async fn many_products_that_leave_and_amounts_that_move_far_are_hazards() {
    let account = Account::new().await;
    let mut wanted = real();
    account.sync(&wanted).await;
    let sold = wanted.products.iter().filter(|product| product.params.active);
    let leaving: Vec<_> = sold.take(6).map(|product| product.local_id.clone()).collect();
    for product in wanted.products.extract_if(.., |product| leaving.contains(&product.local_id)) {
        let (kind, id) = product.params.metadata["pricebook_product"].split_once('/').expect("kind/id");
        wanted.retired.push(Retired {
            what: Cow::Owned(kind.to_owned()),
            id: Cow::Owned(id.to_owned()),
            event_name: None,
        });
    }
    wanted.prices.retain(|price| !leaving.contains(&price.product));
    let plan = account.plan(&wanted).await;
    assert_eq!(Guards::default().hazards(&plan), [Hazard::ManyLeave { count: 6 }]);
    assert_eq!(Guards { archived: 6, ..Guards::default() }.hazards(&plan), []);
    let account = Account::new().await;
    account.sync(&small(1000)).await;
    for (cents, is_far) in [(1500, false), (1501, true), (500, false), (499, true), (0, true)] {
        let hazards = Guards::default().hazards(&account.plan(&small(cents)).await);
        assert_eq!(!hazards.is_empty(), is_far, "{cents}: {hazards:?}");
    }
}

#[tokio::test]
async fn a_request_is_tried_again_three_times_and_then_its_product_fails() {
    for (times, is_done) in [(3, true), (4, false)] {
        for fault in [Fault::RateLimited, Fault::Unavailable, Fault::LostAnswer] {
            let account = Account::new().await;
            let rule = FaultRule {
                path: Some("/v1/prices".to_owned()),
                method: Some("POST".to_owned()),
                ..FaultRule::once(fault)
            };
            account.stripe.add_fault(FaultRule { times: Some(times), ..rule });
            let (_, applied) = account.sync(&small(2900)).await;
            assert_eq!(applied.is_done(), is_done, "{times} {fault:?}: {applied:#?}");
            assert_eq!(applied.count(Status::Error), usize::from(!is_done));
            // However often it was asked for.
            assert!(account.list("/v1/prices").await.len() <= 1);
            let (_, applied) = account.sync(&small(2900)).await;
            assert!(applied.is_done() && account.list("/v1/prices").await.len() == 1);
        }
    }
}

/// Ids of JSON.
trait Id {
    fn id(&self) -> &str;
}

impl Id for Value {
    fn id(&self) -> &str {
        self["id"].as_str().expect("an id")
    }
}
