//! How many requests a sync sends, and that it keeps to Stripe's limits.

use std::borrow::Cow;

use pricebook::stripe::Pace;
use pricebook::stripe::product_sync::plan::{Known, Options};
use pricebook::stripe::product_sync::{apply, look};
use pricebook_types::IntervalUnit;
use pricebook_types::stripe::{Desired, Metadata};

use crate::stripe_account::{Account, NOW};
use crate::stripe_sync::small;

/// A catalog of so many products, each with a monthly and a yearly price.
fn of(products: usize) -> Desired<'static> {
    let mut wanted = small(2900);
    let (product, price) = (wanted.products.remove(0), wanted.prices.remove(0));
    for number in 0..products {
        let id = |text: &str| Cow::Owned(text.replace("green", &format!("t{number}")));
        let marks = |metadata: &mut Metadata<'_>| {
            metadata.insert(Cow::Borrowed("pricebook_id"), id("tea_green"));
            metadata.insert(Cow::Borrowed("pricebook_product"), id("tea/green"));
        };
        let mut product = product.clone();
        product.local_id = id("tea_green");
        product.default_price = Some(id("tea_green_monthly"));
        marks(&mut product.params.metadata);
        for (key, interval) in [("monthly", IntervalUnit::Month), ("yearly", IntervalUnit::Year)] {
            let mut price = price.clone();
            price.local_id = product.local_id.clone();
            price.product = product.local_id.clone();
            price.params.lookup_key = id(&format!("tea_green_{key}"));
            price.params.recurring.as_mut().expect("recurring").interval = interval;
            price.params.metadata.insert(Cow::Borrowed("pricebook_price"), Cow::Borrowed(key));
            marks(&mut price.params.metadata);
            wanted.prices.push(price);
        }
        wanted.products.push(product);
    }
    wanted
}

/// Answers of the account with a status.
async fn answered(account: &Account, status: u64) -> usize {
    let url = format!("{}/_sandbox/requests", account.stripe.url());
    let text = reqwest::get(url).await.expect("an answer").text().await.expect("a body");
    let requests: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let all = requests["requests"].as_array().or(requests.as_array()).unwrap_or_else(|| panic!("{text}"));
    all.iter().filter(|request| request["status"] == status).count()
}

#[tokio::test]
async fn sixty_three_products_with_two_prices_surface_no_429_at_25_a_second() {
    let options = pricebook_sandbox::Options { requests_per_sec: Some(25), ..Default::default() };
    let (account, wanted) = (Account::with(options).await, of(63));
    let requests = account.requests_at(Pace::default());
    let options = Options { now: NOW, ..Options::default() };
    let plan = look(&requests, &wanted, &Known::new(), &options, "acct_1", false).await.expect("a plan");
    let applied = apply(&requests, &plan, "figures", |_| {}).await;
    assert!(applied.is_done(), "{applied:#?}");
    let left = look(&requests, &wanted, &Known::new(), &options, "acct_1", false).await.expect("a plan");
    assert!(left.is_equal());
    assert_eq!(answered(&account, 429).await, 0);
    assert!(answered(&account, 200).await >= 63 * 4);
}

#[tokio::test]
async fn a_sync_that_finds_nothing_to_do_reads_pages_and_nothing_else() {
    let (account, wanted) = (Account::new().await, of(1000));
    let (_, applied) = account.sync(&wanted).await;
    assert!(applied.is_done());
    let requests = account.requests();
    requests.account().await.expect("the account");
    let options = Options { now: NOW, ..Options::default() };
    let plan = look(&requests, &wanted, &Known::new(), &options, "acct_1", false).await.expect("a plan");
    assert!(plan.is_equal());
    assert!(requests.sent() as usize <= 1000_usize.div_ceil(100) + 2000_usize.div_ceil(100) + 2, "{}", requests.sent());
    assert_eq!(requests.writes(), 0);
}
