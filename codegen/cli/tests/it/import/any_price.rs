//! Any prices of a Stripe account: what the imported catalog makes has every field that they were created with.

use pricebook_emit::stripe::desired;
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use super::stripe::price_as_stripe_answers;
use super::{files, imported, lines};

/// Without, with three and with two digits behind the point.
const CURRENCIES: [&str; 5] = ["eur", "gbp", "jpy", "kwd", "usd"];
const TAX_BEHAVIORS: [&str; 3] = ["exclusive", "inclusive", "unspecified"];

fn cases() -> u32 {
    std::env::var("PRICEBOOK_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(64)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_field_of_any_price_survives_import_and_generate(prices in vec(price(), 1..6)) {
        let created = numbered(prices);
        let imported = imported("account.json", &account(&created).to_string());
        let desired = desired(&imported.catalog);
        prop_assert!(imported.notes.iter().all(|note| !note.left_out), "{}", lines(&imported.notes));
        prop_assert_eq!(desired.prices.len(), created.len());
        for created in created {
            let made = desired.prices.iter().find(|price| price.params.lookup_key == *created["lookup_key"].as_str().unwrap());
            let made = made.unwrap_or_else(|| panic!("{} is not made of it", created["lookup_key"]));
            let mut params = json!(made.params);
            if let Some(meter) = &made.meter {
                params["recurring"]["meter"] = json!(format!("mtr_{meter}"));
            }
            params["metadata"].as_object_mut().unwrap().retain(|key, _| !key.starts_with("pricebook_"));
            if created.get("nickname").is_none() {
                params.as_object_mut().unwrap().remove("nickname");
            }
            prop_assert_eq!(&params, &created, "\n{}", files(&imported));
        }
    }
}

/// Prices of one product: each with a lookup key of its own, and the first of them sold, as a default price is.
fn numbered(mut prices: Vec<Value>) -> Vec<Value> {
    for (number, price) in prices.iter_mut().enumerate() {
        price["lookup_key"] = json!(format!("key-{number}"));
    }
    prices[0]["active"] = json!(true);
    prices
}

/// The account; some of its prices were made by a catalog, whose marks are not the prices' own metadata.
fn account(created: &[Value]) -> Value {
    let prices = created.iter().enumerate().map(|(number, params)| {
        let mut price = price_as_stripe_answers(params.clone(), &format!("price_{number}"), "prod_1", number);
        if number % 2 == 1 {
            price["metadata"]["pricebook_price"] = json!(format!("price_{number}"));
            price["metadata"]["pricebook_hash"] = json!("0000");
        }
        price
    });
    let meter = |name: &str| {
        json!({ "object": "billing.meter", "id": format!("mtr_{name}"), "display_name": name, "event_name": name,
                                     "default_aggregation": { "formula": "sum" } })
    };
    json!({
        "products": [{ "object": "product", "id": "prod_1", "name": "Any", "unit_label": "seat", "default_price": "price_0" }],
        "prices": prices.collect::<Vec<_>>(),
        "meters": [meter("calls"), meter("bytes")],
    })
}

/// The create parameters of a price, but for its lookup key.
fn price() -> impl Strategy<Value = Value> {
    let recurring = proptest::option::weighted(0.8, recurring());
    let others = subsequence(&CURRENCIES[..], 0..4);
    let words = (any::<bool>(), proptest::option::of("[!-~é€🚀][ -~é€🚀]{0,20}[!-~é€🚀]"), metadata());
    (recurring, select(&CURRENCIES[..]), others, words).prop_flat_map(|(recurring, currency, others, words)| {
        let currencies: Vec<_> =
            std::iter::once(currency).chain(others.into_iter().filter(|other| *other != currency)).collect();
        let cost = match &recurring {
            Some(_) => prop_oneof![flat(currencies.len()), tiered(currencies.len())].boxed(),
            None => {
                let count = currencies.len();
                prop_oneof![flat(count), tiered(count), chosen(count)].boxed()
            }
        };
        let behaviors = vec(select(&TAX_BEHAVIORS[..]), currencies.len());
        (cost, behaviors).prop_map(move |((shared, costs), behaviors)| {
            let (active, nickname, metadata) = words.clone();
            let mut price =
                json!({ "currency": currency, "active": active, "metadata": metadata, "billing_scheme": "per_unit" });
            let fields = price.as_object_mut().expect("an object");
            fields.extend(shared);
            fields.extend(nickname.map(|nickname| ("nickname".to_owned(), json!(nickname))));
            fields.extend(recurring.clone().map(|recurring| ("recurring".to_owned(), recurring)));
            let mut costs = costs.into_iter().zip(behaviors).map(|(mut cost, behavior)| {
                cost.insert("tax_behavior".to_owned(), json!(behavior));
                cost
            });
            fields.extend(costs.next().expect("the default currency"));
            let options: Map<_, _> =
                currencies[1..].iter().map(|code| (*code).to_owned()).zip(costs.map(Value::from)).collect();
            if !options.is_empty() {
                fields.insert("currency_options".to_owned(), options.into());
            }
            price
        })
    })
}

fn recurring() -> impl Strategy<Value = Value> {
    let interval = prop_oneof![
        (1..=365_u16).prop_map(|count| ("day", count)),
        (1..=52_u16).prop_map(|count| ("week", count)),
        (1..=12_u16).prop_map(|count| ("month", count)),
        Just(("year", 1)),
    ];
    let meter = proptest::option::of(select(&["calls", "bytes"][..]));
    (interval, proptest::option::of(1..=730_u16), meter).prop_map(|((interval, count), trial, meter)| {
        let mut recurring = json!({ "interval": interval, "interval_count": count, "usage_type": "licensed" });
        if let Some(meter) = meter {
            recurring["usage_type"] = json!("metered");
            recurring["meter"] = json!(format!("mtr_{meter}"));
        }
        if let Some(days) = trial {
            recurring["trial_period_days"] = json!(days);
        }
        recurring
    })
}

fn metadata() -> impl Strategy<Value = Value> {
    let key = "[a-zA-Z0-9 _.:#'\"{}-]{1,40}|<<|é€🚀|~|null|- a";
    // An empty value takes its key away, so that no account has one.
    let value = "[!-~é€🚀]\\PC{0,40}|true|007|1\\.50|[ -~]{500}| two\nlines: #x ";
    btree_map(key, value, 0..4).prop_map(|entries| json!(entries))
}

/// What all currencies share, and what it costs in each.
type Cost = (Map<String, Value>, Vec<Map<String, Value>>);

/// One amount for a unit, or for a pack of units.
fn flat(currencies: usize) -> BoxedStrategy<Cost> {
    let pack = (2..1_000_000_u32, select(&["up", "down"][..]));
    let pack = pack.prop_map(|(by, round)| json!({ "divide_by": by, "round": round }));
    (proptest::option::of(pack), vec(amount("unit_amount"), currencies))
        .prop_map(|(pack, costs)| {
            (pack.map(|pack| ("transform_quantity".to_owned(), pack)).into_iter().collect(), costs)
        })
        .boxed()
}

/// Between which whole amounts customers choose, of which each may be left open.
fn chosen(currencies: usize) -> BoxedStrategy<Cost> {
    let bound = || proptest::option::of(10..999_999_i64);
    let bounds = [bound(), bound(), bound()].prop_map(|mut bounds| {
        let mut ascending: Vec<i64> = bounds.iter().flatten().copied().collect();
        ascending.sort_unstable_by(|one, other| other.cmp(one));
        for bound in bounds.iter_mut().flatten() {
            *bound = 100 * ascending.pop().expect("as many as there are");
        }
        let named = ["minimum", "preset", "maximum"].into_iter().zip(bounds);
        let mut custom: Map<_, _> = named.filter_map(|(name, bound)| Some((name.to_owned(), json!(bound?)))).collect();
        custom.insert("enabled".to_owned(), json!(true));
        Map::from_iter([("custom_unit_amount".to_owned(), custom.into())])
    });
    vec(bounds, currencies).prop_map(|costs| (Map::new(), costs)).boxed()
}

/// Tiers that end at the same units in every currency.
fn tiered(currencies: usize) -> BoxedStrategy<Cost> {
    let steps = vec((1..1_000_000_u64, select(&["unit", "flat", "both"][..])), 1..4);
    (select(&["graduated", "volume"][..]), steps)
        .prop_flat_map(move |(mode, steps)| {
            let last = steps.len() - 1;
            let mut end = 0;
            let tiers: Vec<_> = (steps.into_iter().enumerate())
                .map(|(at, (units, costs))| {
                    end += units;
                    tier(if at == last { json!("inf") } else { json!(end) }, costs)
                })
                .collect();
            let in_currency = tiers.prop_map(|tiers| Map::from_iter([("tiers".to_owned(), Value::from(tiers))]));
            let shared = json!({ "billing_scheme": "tiered", "tiers_mode": mode });
            let shared = shared.as_object().cloned().unwrap_or_default();
            vec(in_currency, currencies).prop_map(move |costs| (shared.clone(), costs))
        })
        .boxed()
}

fn tier(up_to: Value, costs: &str) -> BoxedStrategy<Value> {
    let with = move |amounts: Map<String, Value>| {
        let mut tier = amounts;
        tier.insert("up_to".to_owned(), up_to.clone());
        Value::Object(tier)
    };
    match costs {
        "unit" => amount("unit_amount").prop_map(with).boxed(),
        "flat" => amount("flat_amount").prop_map(with).boxed(),
        _ => (amount("unit_amount"), amount("flat_amount"))
            .prop_map(|(one, other)| one.into_iter().chain(other).collect())
            .prop_map(with)
            .boxed(),
    }
}

/// Whole minor units, also fewer than can be charged, or a number that is finer.
fn amount(name: &'static str) -> BoxedStrategy<Map<String, Value>> {
    let whole =
        prop_oneof![(10..999_999_i64).prop_map(|hundreds| hundreds * 100), (1..10_i64).prop_map(|tens| tens * 10)];
    let whole = whole.prop_map(move |minor| (name.to_owned(), json!(minor)));
    let fine = (1..1_000_000_i64, 1..=12_u32).prop_map(move |(digits, scale)| {
        // The last digit is none that could be left out.
        let number = Decimal::new(digits * 10 + 1, scale);
        (format!("{name}_decimal"), json!(number.to_string()))
    });
    prop_oneof![whole, fine].prop_map(|field| Map::from_iter([field])).boxed()
}
