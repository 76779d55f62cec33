//! The catalog of the shop with a server: two kinds of products, in every state, as rows and as validation tables.

use pricebook_types::{Artifacts, Kind, Migration, Stream};
use serde_json::{Value, json};

use crate::shop::{SHOP, migration};

const CREATE: &str = "CREATE TABLE services (id VARCHAR(255) PRIMARY KEY, name TEXT NOT NULL, description TEXT,
  min_price INTEGER, max_price INTEGER, deposit_amount INTEGER, billing_type TEXT, metadata JSON, active BOOLEAN);
CREATE TABLE plans (key_of_plan VARCHAR(255) PRIMARY KEY, title TEXT NOT NULL, on_sale BOOLEAN NOT NULL);
";

pub(crate) const ROWS: &str = r#"
INSERT INTO services VALUES
  ('essentials', 'Essentials', 'It''s "good"', 1495, 1495, 299, 'one-time', '{"features": ["Report", "Call"], "pages": "15-20"}', TRUE),
  ('retainer', 'Retainer', NULL, 3500, 3500, 3500, 'monthly', '{"features": []}', TRUE),
  ('tracking', 'Tracking', '', 3495, 3495, NULL, 'monthly', '{"features": []}', FALSE),
  ('old', 'Old', '', 10, 10, NULL, 'one-time', '{"features": []}', FALSE),
  ('pulse', 'Pulse', '', 0, 0, 0, 'free', '{"features": []}', TRUE),
  ('growing', 'Growing', '', 100, 100, 20, 'one-time', '{"features": []}', TRUE);
INSERT INTO plans VALUES ('starter', 'Starter', TRUE), ('usage', 'Usage', TRUE), ('gone', 'Gone', FALSE);
INSERT INTO catalog_prices (lookup_key, kind, product_id, price_key, local_id, label, active) VALUES
  ('essentials_once', 'service', 'essentials', 'one_time', 'e', 'One-time', TRUE),
  ('retainer_monthly', 'service', 'retainer', 'monthly', 'r', 'Monthly', TRUE),
  ('pulse_once', 'service', 'pulse', 'one_time', 'p', 'One-time', TRUE),
  ('growing_once', 'service', 'growing', 'one_time', 'g', 'One-time', TRUE),
  ('starter_monthly', 'plan', 'starter', 'monthly', 'sm', 'Monthly', TRUE),
  ('starter_yearly', 'plan', 'starter', 'yearly', 'sy', 'Yearly', TRUE),
  ('starter_2020', 'plan', 'starter', 'v2020', 's2', 'Old', FALSE),
  ('usage_monthly', 'plan', 'usage', 'monthly', 'um', 'Monthly', TRUE),
  ('usage_calls', 'plan', 'usage', 'calls', 'uc', 'Calls', TRUE);
INSERT INTO catalog_price_amounts (lookup_key, currency, effective_on, tier_number, unit_amount, is_default) VALUES
  ('essentials_once', 'usd', '1970-01-01', 0, '149500', TRUE),
  ('retainer_monthly', 'usd', '1970-01-01', 0, '350000', TRUE),
  ('pulse_once', 'usd', '1970-01-01', 0, '0', TRUE),
  ('growing_once', 'usd', '1970-01-01', 0, '10000', TRUE),
  ('growing_once', 'usd', '2027-01-01', 0, '12000', TRUE),
  ('starter_monthly', 'usd', '1970-01-01', 0, '2950', TRUE),
  ('starter_monthly', 'kwd', '1970-01-01', 0, '9500', FALSE),
  ('starter_yearly', 'usd', '1970-01-01', 0, '29000', TRUE),
  ('starter_2020', 'usd', '1970-01-01', 0, '100', TRUE),
  ('usage_monthly', 'usd', '1970-01-01', 1, '1', TRUE),
  ('usage_calls', 'usd', '1970-01-01', 0, '300', TRUE);
INSERT INTO catalog_state (catalog, catalog_hash) VALUES ('shop', 'aa');
"#;

static KINDS: [Kind; 2] = [
    Kind { id: "service", title: "Service", plural: "services", table: "services" },
    Kind { id: "plan", title: "Plan", plural: "plans", table: "plans" },
];
static MIGRATIONS: [Migration; 1] = [migration(1, "initial", CREATE, "bb")];

fn payment(kind: &str, id: &str, sale: &str, prices: Value, deposit: Value) -> Value {
    json!({ "kind": kind, "id": id, "name": id, "sale": sale, "prices": prices, "deposit": deposit })
}

fn price(key: &str, lookup_key: &str, usd: i64) -> Value {
    json!({ "key": key, "lookup_key": lookup_key, "active": true, "amounts": [{ "currency": "usd", "unit_amount": usd }] })
}

fn deposit(kind: &str, usd: i64) -> Value {
    json!({ "kind": kind, "minimum": { "usd": usd } })
}

fn item(id: &str, active: bool) -> Value {
    json!({ "id": id, "name": format!("{id} of the catalog"), "description": "told by the catalog", "priceRange": null,
        "depositAmount": null, "currency": "usd", "billingType": "monthly", "features": [], "metadata": {}, "active": active })
}

/// What the compiler would write for this shop.
fn validation() -> Value {
    let mut growing = price("one_time", "growing_once", 10000);
    growing["changes"] = json!([{ "on": "2027-01-01", "amounts": [{ "currency": "usd", "unit_amount": 12000 }] }]);
    let mut growing_deposit = deposit("percentage", 2000);
    growing_deposit["changes"] = json!([{ "on": "2027-01-01", "minimum": { "usd": 2400 } }]);
    let mut monthly = price("monthly", "starter_monthly", 2950);
    monthly["amounts"] =
        json!([{ "currency": "usd", "unit_amount": 2950 }, { "currency": "kwd", "unit_amount": 9500 }]);
    let mut grandfathered = price("v2020", "starter_2020", 100);
    grandfathered["active"] = json!(false);
    let by_use = json!({ "key": "monthly", "lookup_key": "usage_monthly", "active": true, "tier_mode": "graduated",
        "amounts": [{ "currency": "usd", "tiers": [{ "unit_amount": 1 }] }] });
    let mut calls = price("calls", "usage_calls", 300);
    calls["usage"] = json!("metered");
    let mut starter = item("starter", true);
    starter["rangePrices"] = json!(["starter_monthly"]);
    let services = ["essentials", "retainer", "growing", "pulse", "tracking", "old"];
    json!({
        "_meta": { "generated": "", "catalog": "shop", "catalog_hash": "aa" },
        "environments": [{ "id": "production", "live_url": "https://shop.example" }],
        "payments": [
            payment("service", "essentials", "sold", json!([price("one_time", "essentials_once", 149_500)]), deposit("percentage", 29_900)),
            payment("service", "retainer", "sold", json!([price("monthly", "retainer_monthly", 350_000)]), deposit("full", 350_000)),
            payment("service", "growing", "sold", json!([growing]), growing_deposit),
            payment("service", "pulse", "free", json!([price("one_time", "pulse_once", 0)]), deposit("fixed", 0)),
            payment("service", "tracking", "coming_soon", json!([price("monthly", "tracking_monthly", 349_500)]), Value::Null),
            payment("service", "old", "inactive", json!([price("one_time", "old_once", 1_000)]), Value::Null),
            payment("plan", "starter", "sold", json!([monthly, price("yearly", "starter_yearly", 29_000), grandfathered]), Value::Null),
            payment("plan", "usage", "sold", json!([by_use, calls]), Value::Null),
        ],
        "live": [
            { "kind": "service", "path": "/services",
              "table": { "name": "services", "amounts": "major", "columns": { "id": "id", "name": "name", "description": "description",
                "price_min": "min_price", "price_max": "max_price", "deposit_amount": "deposit_amount",
                "billing_type": "billing_type", "metadata": "metadata", "active": "active" } },
              "items": services.map(|id| item(id, true)) },
            { "kind": "plan", "path": "/plans",
              "table": { "name": "plans", "amounts": "minor", "columns": { "id": "key_of_plan", "name": "title", "active": "on_sale" } },
              "items": [starter, item("usage", true)] },
        ],
    })
}

/// The shop's catalog.
pub(crate) fn artifacts() -> &'static Artifacts {
    let validation_json = Box::leak(validation().to_string().into_boxed_str());
    let migrations = Stream { name: "shop", migrations: &MIGRATIONS };
    Box::leak(Box::new(Artifacts { kinds: &KINDS, migrations, validation_json, catalog_hash: "aa", ..SHOP }))
}
