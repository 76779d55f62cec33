//! How long the product sync takes: planning 10,000 products in memory, and filling an empty account as fast as Stripe lets us.
//!
//! `cargo bench -p pricebook-benches --bench stripe` prints both; the second one takes some three minutes, for Stripe's sandboxes answer 25 requests a
//! second. `-- plan` runs the first one alone.

use std::time::{Duration, Instant};

use pricebook::stripe::product_sync::plan::{Known, Options};
use pricebook::stripe::product_sync::{Actual, apply, desired, look, plan};
use pricebook::stripe::{Pace, Requests, SecretKey, StripeClient};
use pricebook_types::stripe::Desired;
use serde_json::{Value, json};

const PLANNED: usize = 10_000;
const RUNS: usize = 5;
const SYNCED: usize = 1_000;
const PER_SECOND: u32 = 25;
const LATENCY: Duration = Duration::from_millis(300);

fn main() {
    plans();
    if !std::env::args().any(|argument| argument == "plan") {
        first_sync();
    }
}

fn plans() {
    let wanted = catalog(PLANNED);
    let (empty, equal) = (Actual::default(), account(&wanted));
    for (name, actual, steps) in [("an empty account", &empty, 4 * PLANNED), ("an equal account", &equal, 0)] {
        let mut fastest = Duration::MAX;
        for _ in 0..RUNS {
            let began = Instant::now();
            let plan = plan(&wanted, actual, &Known::new(), &Options::default(), "acct_1", false);
            fastest = fastest.min(began.elapsed());
            assert_eq!(plan.steps().count(), steps);
        }
        println!("plan of {PLANNED} products with two prices, {name}: {} ms", fastest.as_millis());
    }
}

fn first_sync() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let options = pricebook_sandbox::Options {
            requests_per_sec: Some(PER_SECOND),
            latency: LATENCY,
            ..pricebook_sandbox::Options::default()
        };
        let stripe = pricebook_sandbox::start(options).await.expect("a sandbox");
        let key = SecretKey::parse("sk_test_1").expect("a key");
        let client = StripeClient::new(stripe.url().parse().expect("a URL"), key).expect("a client");
        let requests = Requests::new(client, Pace::default());
        let (wanted, options) = (catalog(SYNCED), Options::default());
        let began = Instant::now();
        let plan = look(&requests, &wanted, &Known::new(), &options, "acct_1", false).await.expect("a plan");
        let applied = apply(&requests, &plan, "bench", |_| {}).await;
        let took = began.elapsed();
        assert!(applied.is_done());
        let least = f64::from(requests.sent()) / f64::from(PER_SECOND);
        println!(
            "first sync of {SYNCED} products with two prices at {PER_SECOND}/s and {} ms latency: {:.1} s for {} requests, \
             {:.1} % more than the rate limit's {least:.1} s (goal: 5 %)",
            LATENCY.as_millis(),
            took.as_secs_f64(),
            requests.sent(),
            (took.as_secs_f64() / least - 1.0) * 100.0
        );
    });
}

fn marks(number: usize, price: Option<&str>) -> Value {
    let mut marks = json!({
        "pricebook_catalog": "tea", "pricebook_id": format!("tea_{number}"), "pricebook_product": format!("tea/{number}"),
        "pricebook_hash": format!("of {number}"),
    });
    if let Some(price) = price {
        marks["pricebook_price"] = json!(price);
    }
    marks
}

fn catalog(products: usize) -> Desired<'static> {
    let prices = (0..products).flat_map(|number| {
        [("monthly", "month", 2900), ("yearly", "year", 29_000)].map(|(key, interval, cents)| {
            json!({ "local_id": format!("tea_{number}"), "product": format!("tea_{number}"), "params": {
                "currency": "usd", "unit_amount": cents, "billing_scheme": "per_unit", "tax_behavior": "exclusive",
                "recurring": { "interval": interval, "interval_count": 1, "usage_type": "licensed" },
                "lookup_key": format!("tea_{number}_{key}"), "nickname": key, "active": true,
                "metadata": marks(number, Some(key)),
            } })
        })
    });
    let product = |number: usize| {
        json!({
            "local_id": format!("tea_{number}"), "default_price": format!("tea_{number}_monthly"), "features": [],
            "params": { "name": format!("Tea {number}"), "active": true, "metadata": marks(number, None) },
        })
    };
    let state = json!({
        "_meta": { "generated": "", "catalog": "tea", "catalog_hash": "" }, "environments": [], "meters": [],
        "features": [], "coupons": [], "promotion_codes": [], "retired": [],
        "products": (0..products).map(product).collect::<Vec<_>>(), "prices": prices.collect::<Vec<_>>(),
    });
    desired(&state.to_string(), "2026-11-22").expect("a desired state")
}

/// What Stripe has once the catalog was synced.
fn account(wanted: &Desired<'_>) -> Actual {
    let product = |(index, product): (usize, &pricebook_types::stripe::Product<'_>)| {
        let mut object = serde_json::to_value(&product.params).expect("JSON");
        let default = format!("price_{}", product.default_price.as_deref().unwrap_or_default());
        (object["id"], object["created"]) = (json!(product.local_id), json!(index));
        object["default_price"] = json!(default);
        serde_json::from_value(object).expect("a product")
    };
    let price = |(index, price): (usize, &pricebook_types::stripe::Price<'_>)| {
        let mut object = serde_json::to_value(&price.params).expect("JSON");
        (object["id"], object["created"]) = (json!(format!("price_{}", price.params.lookup_key)), json!(index));
        object["product"] = json!(price.product);
        serde_json::from_value(object).expect("a price")
    };
    Actual {
        products: wanted.products.iter().enumerate().map(product).collect(),
        prices: wanted.prices.iter().enumerate().map(price).collect(),
        ..Actual::default()
    }
}
