//! Whatever catalogs, people and faults have done to an account, the next sync makes it what the catalog says.

use std::collections::HashMap;

use pricebook::stripe::Pace;
use pricebook::stripe::product_sync::plan::text::lines;
use pricebook::stripe::product_sync::plan::{Known, Options};
use pricebook::stripe::product_sync::{apply, look};
use pricebook_sandbox::{Fault, FaultRule};
use pricebook_types::stripe::Desired;
use proptest::collection::vec;
use proptest::prelude::any;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use serde_json::Value;

use crate::stripe_account::{Account, NOW, uuid};
use crate::stripe_catalogs::{Dice, by_chance};

#[test]
fn any_account_becomes_what_the_catalog_says() {
    let cases = std::env::var("PRICEBOOK_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(12);
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    let result = runner.run(&vec(any::<u8>(), 400), |bytes| {
        runtime.block_on(sequence(&mut Dice(bytes.iter()))).map_err(TestCaseError::fail)
    });
    result.unwrap_or_else(|failure| panic!("{failure}"));
}

/// Several catalogs after each other, with edits and faults between them.
async fn sequence(dice: &mut Dice<'_>) -> Result<(), String> {
    let account = Account::new().await;
    let foreign = make_foreign(&account).await;
    let rounds = 1 + dice.roll(3);
    for _ in 0..rounds {
        let wanted = by_chance(dice);
        edit(&account, dice).await;
        add_fault(&account, dice);
        try_to_sync(&account, &wanted, [0, 1, 3][dice.roll(3)]).await;
        account.delete("/_sandbox/faults").await;
        if dice.roll(2) == 0 {
            // Another catalog comes before this one is finished.
            continue;
        }
        must_become(&account, &wanted).await?;
    }
    let wanted = by_chance(dice);
    must_become(&account, &wanted).await?;
    for object in foreign {
        let (path, id) = (&object.0, object.1["id"].as_str().expect("an id"));
        let now = account.one(path, "id", id).await;
        if now != object.1 {
            return Err(format!("{} has become {now}", object.1));
        }
    }
    account.stripe.stop().await;
    Ok(())
}

async fn make_foreign(account: &Account) -> Vec<(&'static str, Value)> {
    let product = account.post("/v1/products", &[("name", "Tea")]).await;
    let id = product["id"].as_str().expect("an id");
    let price = account.post("/v1/prices", &[("product", id), ("currency", "usd"), ("unit_amount", "1900")]).await;
    let feature = account.post("/v1/entitlements/features", &[("lookup_key", "mine"), ("name", "Mine")]).await;
    let coupon = account.post("/v1/coupons", &[("id", "mine"), ("percent_off", "5"), ("duration", "once")]).await;
    let meter = [("display_name", "X"), ("event_name", "x"), ("default_aggregation[formula]", "sum")];
    let meter = account.post("/v1/billing/meters", &meter).await;
    vec![
        ("/v1/products", product),
        ("/v1/prices", price),
        ("/v1/entitlements/features", feature),
        ("/v1/coupons", coupon),
        ("/v1/billing/meters", meter),
    ]
}

/// What the process does before it is killed, or gives up.
async fn try_to_sync(account: &Account, wanted: &Desired<'_>, retries: u32) {
    let requests = account.requests_at(Pace { per_second: 100_000, retries, ..Pace::default() });
    let requests = match retries {
        0 => requests,
        _ => account.requests(),
    };
    let options = Options { now: NOW, ..Options::default() };
    if let Ok(plan) = look(&requests, wanted, &Known::new(), &options, "acct_1", false).await {
        apply(&requests, &plan, &uuid(), |_| {}).await;
    }
}

/// One sync in which nothing fails, and the account is as the catalog says.
async fn must_become(account: &Account, wanted: &Desired<'_>) -> Result<(), String> {
    let (plan, applied) = account.sync(wanted).await;
    if !applied.is_done() {
        let failed: Vec<_> = applied.results.iter().filter_map(|result| result.error.as_ref()).collect();
        return Err(format!("{failed:#?}\n{}", lines(&plan).join("\n")));
    }
    let left = account.plan(wanted).await;
    if !left.is_equal() {
        return Err(format!("{}\nafter\n{}", lines(&left).join("\n"), lines(&plan).join("\n")));
    }
    must_be_sold(account, wanted).await
}

/// What customers see, without a word of the code that plans: each product once, each price once under its key.
async fn must_be_sold(account: &Account, wanted: &Desired<'_>) -> Result<(), String> {
    let ours = |object: &&Value| object["metadata"]["pricebook_catalog"] == "tea" && object["active"] == true;
    let (products, prices) = (account.list("/v1/products").await, account.list("/v1/prices").await);
    let sold: Vec<_> = products.iter().filter(ours).collect();
    let sold_by_id: HashMap<_, _> =
        sold.iter().map(|product| (product["metadata"]["pricebook_id"].as_str(), product)).collect();
    let expected: Vec<_> = wanted.products.iter().filter(|product| product.params.active).collect();
    if sold.len() != expected.len() || sold_by_id.len() != sold.len() {
        return Err(format!("{} products are sold, and not {}: {sold:#?}", sold.len(), expected.len()));
    }
    for product in expected {
        let there =
            sold_by_id.get(&Some(&*product.local_id)).ok_or_else(|| format!("{} is missing", product.local_id))?;
        let of_it: Vec<_> = prices.iter().filter(ours).filter(|price| price["product"] == there["id"]).collect();
        let wanted: Vec<_> = wanted.prices.iter().filter(|price| price.product == product.local_id).collect();
        let default = product.default_price.as_ref();
        for price in &wanted {
            let holders: Vec<_> =
                of_it.iter().filter(|there| there["lookup_key"] == *price.params.lookup_key).collect();
            let [holder] = holders[..] else { return Err(format!("{} has {holders:#?}", price.params.lookup_key)) };
            let amount = price.params.unit_amount.map_or(&Value::Null, |_| &holder["unit_amount"]);
            let is_default = default == Some(&price.params.lookup_key);
            if price.params.unit_amount != amount.as_i64() || is_default && there["default_price"] != holder["id"] {
                return Err(format!("{} is {holder}, of {there}", price.params.lookup_key));
            }
        }
        if of_it.len() != wanted.len() || there["name"] != *product.params.name {
            return Err(format!("{} of {there}: {of_it:#?}", product.local_id));
        }
    }
    Ok(())
}

/// What people do in the dashboard, and what an interrupted program leaves behind.
async fn edit(account: &Account, dice: &mut Dice<'_>) {
    for _ in 0..dice.roll(5) {
        let kind = dice.roll(11);
        let list =
            ["/v1/products", "/v1/prices", "/v1/entitlements/features", "/v1/promotion_codes", "/v1/billing/meters"]
                [[0, 0, 1, 1, 1, 2, 3, 4, 0, 1, 0][kind]];
        let all = account.list(list).await;
        let ours: Vec<_> = all
            .iter()
            .filter(|object| object["metadata"]["pricebook_catalog"] == "tea" || object["event_name"] == "cup")
            .collect();
        if ours.is_empty() {
            continue;
        }
        let object = ours[dice.roll(ours.len())];
        let path = format!("{list}/{}", object["id"].as_str().expect("an id"));
        // What Stripe refuses, as archiving a default price, changes nothing.
        match kind {
            0 => account.post(&path, &[("name", "By hand"), ("description", ""), ("metadata[mine]", "1")]).await,
            1 => account.post(&path, &[("active", "false")]).await,
            2 => account.post(&path, &[("active", "false")]).await,
            3 => account.post(&path, &[("lookup_key", ""), ("nickname", "By hand")]).await,
            4 => account.post(&path, &[("active", "true")]).await,
            5 => account.post(&path, &[("active", "false"), ("name", "By hand")]).await,
            6 => account.post(&path, &[("active", "false")]).await,
            7 => account.post(&format!("{path}/deactivate"), &[]).await,
            8 => {
                let of = |key: &str| object["metadata"][key].as_str().unwrap_or_default().to_owned();
                let (id, product) = (of("pricebook_id"), of("pricebook_product"));
                let copy = [
                    ("name", "A copy"),
                    ("metadata[pricebook_catalog]", "tea"),
                    ("metadata[pricebook_id]", &id),
                    ("metadata[pricebook_product]", &product),
                ];
                account.post("/v1/products", &copy).await
            }
            9 => account.post(&path, &[("metadata[pricebook_hash]", "by hand")]).await,
            _ => account.delete("/v1/coupons/friends").await,
        };
    }
}

fn add_fault(account: &Account, dice: &mut Dice<'_>) {
    let fault = match dice.roll(9) {
        0 => return,
        1 => Fault::RateLimited,
        2 => Fault::Unavailable,
        3 => Fault::ServerError,
        4 => Fault::Timeout { millis: 1 },
        5 => Fault::LostAnswer,
        6 => Fault::CutAnswer,
        7 => Fault::ServerErrorAfter,
        _ => Fault::ShortPage { items: 1 + dice.roll(3) },
    };
    let method = [None, Some("POST".to_owned())][dice.roll(2)].clone();
    let nth = 1 + dice.roll(40) as u64;
    // For once, now and then, or for good: the process was killed there.
    let (times, percent) = [(Some(1), 100), (None, 20), (None, 100)][dice.roll(3)];
    let endless_pages = matches!(fault, Fault::ShortPage { .. });
    let method = if endless_pages { None } else { method };
    account.stripe.add_fault(FaultRule { fault, method, path: None, nth, times, percent, seed: dice.roll(256) as u64 });
}

/// From one catalog to another that changes much: stopped at each write in turn, with and without its answer.
#[tokio::test]
async fn interrupted_at_any_write_the_next_sync_ends_it() {
    let mut tried = 0;
    for factor in [37, 89, 113_u32] {
        let bytes: Vec<u8> = (0..400).map(|number| (number * factor % 251) as u8).collect();
        let mut dice = Dice(bytes.iter());
        let (first, second) = (by_chance(&mut dice), by_chance(&mut dice));
        let whole = Account::new().await;
        whole.sync(&first).await;
        let (plan, _) = whole.sync(&second).await;
        for nth in 1..=plan.steps().count() as u64 {
            for fault in [Fault::Unavailable, Fault::LostAnswer] {
                interrupt(&first, &second, nth, fault).await;
                tried += 1;
            }
            // Whatever it did, it says that it failed: of one change this is enough.
            if factor == 37 {
                interrupt(&first, &second, nth, Fault::ServerErrorAfter).await;
            }
        }
    }
    assert!(tried > 80, "{tried}");
}

async fn interrupt(first: &Desired<'_>, second: &Desired<'_>, nth: u64, fault: Fault) {
    let account = Account::new().await;
    account.sync(first).await;
    for method in ["POST", "DELETE"] {
        let rule = FaultRule { method: Some(method.to_owned()), ..FaultRule::once(fault) };
        account.stripe.add_fault(FaultRule { nth, ..rule.clone() });
        account.stripe.add_fault(FaultRule { fault: Fault::Unavailable, nth: nth + 1, times: None, ..rule });
    }
    try_to_sync(&account, second, 0).await;
    account.delete("/_sandbox/faults").await;
    let ended = must_become(&account, second).await;
    ended.unwrap_or_else(|problem| panic!("after write {nth}, {fault:?}: {problem}"));
}
