//! The Rust that the application is compiled with equals the catalog, field by field.

use pricebook_app::catalog::{
    self, Addon, Feature, Fee, Hosting, Organization, Plan, PriceId, Role, Service, artifacts,
};
use pricebook_model::catalog::{self as model, whole};
use pricebook_types::{Amount, CurrencyAmount, Item, Price, Product, Value};
use rust_decimal::Decimal;

use crate::catalogs::real;

#[test]
fn kinds_products_and_features_are_the_catalogs_in_its_order() {
    let catalog = real();
    let kinds: Vec<_> = artifacts().kinds.iter().map(|kind| [kind.id, kind.title, kind.plural, kind.table]).collect();
    let declared: Vec<_> =
        catalog.kinds.iter().map(|kind| [&*kind.id, &*kind.title, &*kind.plural, &*kind.table]).collect();
    assert_eq!(kinds, declared);
    assert_eq!(artifacts().products.len(), catalog.products.len());
    for (compiled, declared) in artifacts().products.iter().zip(&catalog.products) {
        assert_product(compiled, declared);
    }
    assert_eq!(artifacts().features.len(), catalog.features.len());
    for (compiled, declared) in artifacts().features.iter().zip(&catalog.features) {
        assert_eq!(
            (compiled.id, compiled.name, compiled.description, compiled.kind, compiled.unit),
            (&*declared.id, &*declared.name, &*declared.description, declared.kind, declared.unit.as_deref())
        );
    }
}

/// Databases keep these columns as text; a row has no other texts than the enums beside it.
#[test]
fn rows_of_products_hold_enums_where_only_some_texts_are_meant() {
    let row = |provider: &str, billing_type: &str| {
        serde_json::from_value::<catalog::rows::HostingRow>(serde_json::json!({
            "id": "vps", "name": "Server", "description": null, "service_type": "vps", "provider": provider,
            "download": "none", "health_check": "tcp", "billing_type": billing_type, "features": "{}", "metadata": "{}",
            "active": true, "coming_soon": false, "created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-01T00:00:00Z",
        }))
    };
    let read = row("open_service_broker", "monthly").expect("a row");
    assert_eq!(read.provider, Hosting::Vps.provider());
    assert_eq!(read.health_check, Hosting::Vps.health_check());
    assert_eq!(read.billing_type, Hosting::Vps.product().billing_type);
    assert!(row("somebody", "monthly").is_err() && row("manual", "weekly").is_err());
}

#[test]
fn the_texts_are_those_of_generated() {
    let read = |path: &str| crate::project::read(format!("generated/{path}"));
    assert_eq!((artifacts().name, artifacts().title), ("stratiqx", "StratIQX"));
    assert_eq!(artifacts().catalog_hash, real().hash);
    assert_eq!(artifacts().sync_sql.sqlite, read("sql/sqlite/sync.sql"));
    assert_eq!(artifacts().verify_sql.mysql, read("sql/mysql/verify.sql"));
    assert_eq!(artifacts().stripe_json, read("stripe/catalog.json"));
    assert_eq!(artifacts().validation_json, read("validation/catalog.json"));
    for migration in artifacts().migrations.migrations {
        let path = format!("sql/postgres/migrations/{:04}_{}.sql", migration.number, migration.name);
        assert_eq!(migration.sql.postgres, read(&path));
    }
}

#[test]
fn every_id_finds_its_item() {
    let catalog = real();
    for product in &catalog.products {
        let found = catalog::product(&product.kind, &product.id).expect("a product of the catalog");
        assert_eq!((found.kind, found.id), (&*product.kind, &*product.id));
        for price in &product.prices {
            let id: PriceId = price.lookup_key.parse().expect("a price of the catalog");
            assert_eq!((id.id(), id.price().product), (&*price.lookup_key, &*product.id));
        }
    }
    assert_eq!(catalog.kinds.len(), 7, "and all of them follow");
    assert_ids::<Addon>(&catalog);
    assert_ids::<Fee>(&catalog);
    assert_ids::<Hosting>(&catalog);
    assert_ids::<Organization>(&catalog);
    assert_ids::<Plan>(&catalog);
    assert_ids::<Role>(&catalog);
    assert_ids::<Service>(&catalog);
    assert_finds_all::<Feature>();
    assert_finds_all::<PriceId>();
    assert_eq!(catalog::product("plan", "platinum"), None);
    assert_eq!(catalog::price("plan_platinum_monthly"), None);
}

/// The enum of a kind has the catalog's products, in its order, and finds each.
fn assert_ids<T: Item>(catalog: &model::Catalog) {
    let ids: Vec<_> = T::ALL.iter().map(|item| item.id()).collect();
    assert_eq!(ids, catalog.products_of(T::WHAT).map(|product| &*product.id).collect::<Vec<_>>());
    assert_finds_all::<T>();
}

fn assert_finds_all<T: Item>() {
    assert!(!T::ALL.is_empty());
    for item in T::ALL {
        assert_eq!(T::find(item.id()), Some(*item));
    }
}

#[test]
fn groups_are_the_catalogs_in_its_order() {
    let catalog = real();
    let groups: Vec<_> =
        artifacts().groups.iter().map(|group| (group.id, group.name, group.kind, group.products.to_vec())).collect();
    let declared: Vec<_> = catalog
        .groups
        .iter()
        .map(|group| (&*group.id, &*group.name, &*group.kind, group.products.iter().map(|id| &**id).collect()))
        .collect();
    assert_eq!(groups, declared);
}

#[test]
fn a_product_knows_what_it_upgrades_and_downgrades_to() {
    let crm = Plan::Professional.group().expect("a group");
    assert_eq!((crm.id, crm.products), ("crm", &["starter", "professional", "enterprise"][..]));
    assert_eq!(Plan::Starter.upgrades(), [Plan::Professional, Plan::Enterprise]);
    assert_eq!(Plan::Professional.upgrades(), [Plan::Enterprise]);
    assert_eq!(Plan::Professional.downgrades(), [Plan::Starter]);
    assert_eq!(Plan::Enterprise.downgrades(), [Plan::Starter, Plan::Professional]);
    assert_eq!((Plan::Enterprise.upgrades(), Plan::Starter.downgrades()), (&[][..], &[][..]));
    assert_eq!(Organization::Starter.upgrades(), [Organization::Growth]);
    assert_eq!((Role::AdminElite.group(), Role::AdminElite.upgrades()), (None, &[][..]), "in no group");
    assert_eq!((Addon::SalesPowerpack.group(), Addon::SalesPowerpack.downgrades()), (None, &[][..]));
    for group in artifacts().groups {
        for (place, id) in group.products.iter().enumerate() {
            assert_eq!(
                (group.downgrades(id), group.upgrades(id)),
                (&group.products[..place], &group.products[place + 1..])
            );
        }
        assert_eq!((group.downgrades("platinum"), group.upgrades("platinum")), (&[][..], &[][..]));
    }
}

fn assert_product(compiled: &Product, declared: &model::Product) {
    assert_eq!(
        (compiled.kind, compiled.id, compiled.name, compiled.description, compiled.billing_type),
        (&*declared.kind, &*declared.id, &*declared.name, &*declared.description, declared.billing_type)
    );
    assert_eq!(
        (compiled.active, compiled.coming_soon, compiled.free),
        (declared.active, declared.coming_soon, declared.free)
    );
    assert_eq!(compiled.unit_label, declared.unit_label.as_deref());
    assert_eq!(
        (compiled.images, compiled.url),
        (declared.images.iter().map(|image| &**image).collect::<Vec<_>>().as_slice(), declared.url.as_deref())
    );
    assert_eq!(compiled.deposit.is_some(), declared.deposit.is_some());
    if let (Some(deposit), Some(declared)) = (compiled.deposit, &declared.deposit) {
        assert_eq!((deposit.kind, deposit.value), (declared.kind, &*declared.value.to_string()));
        assert_eq!(deposit.amounts_before_changes, declared.amounts);
        let changes = deposit.changes.iter().map(|change| (change.on, change.amounts));
        assert!(changes.eq(declared.changes.iter().map(|change| (&*change.on, &*change.amounts))));
    }
    assert_eq!(compiled.marketing_features, declared.marketing_features);
    let grants: Vec<_> = compiled.grants.iter().map(|grant| (grant.feature, grant.limit)).collect();
    assert_eq!(grants, declared.grants.iter().map(|grant| (&*grant.feature, grant.limit)).collect::<Vec<_>>());
    assert_eq!(values(compiled.attributes), declared.attributes);
    assert_eq!(values(compiled.metadata), declared.metadata);
    assert_eq!(compiled.prices.len(), declared.prices.len());
    for (price, expected) in compiled.prices.iter().zip(&declared.prices) {
        assert_eq!(price.product, declared.id);
        assert_price(price, expected);
    }
}

fn assert_price(compiled: &Price, declared: &model::Price) {
    assert_eq!(
        (compiled.key, compiled.lookup_key, compiled.label, compiled.interval, compiled.usage, compiled.meter),
        (
            &*declared.key,
            &*declared.lookup_key,
            &*declared.label,
            declared.interval,
            declared.usage,
            declared.meter.as_deref()
        )
    );
    assert_eq!(
        (compiled.tier_mode, compiled.unit, compiled.trial_days, compiled.tax_behavior, compiled.active),
        (declared.tier_mode, declared.unit.as_deref(), declared.trial_days, declared.tax_behavior, declared.active)
    );
    let otherwise: Vec<_> = declared.currency_tax_behavior.iter().map(|(of, behavior)| (*of, *behavior)).collect();
    assert_eq!(compiled.currency_tax_behavior, otherwise);
    assert_eq!(compiled.grandfathered, declared.grandfathered.as_deref());
    assert_eq!(
        compiled.transform_quantity.map(|transform| (transform.divide_by, transform.round_up)),
        declared.transform_quantity.map(|transform| (transform.divide_by, transform.round_up))
    );
    assert_amounts(compiled.amounts_before_changes, &declared.amounts);
    assert_eq!(compiled.changes.len(), declared.changes.len());
    for (change, expected) in compiled.changes.iter().zip(&declared.changes) {
        assert_eq!(change.on, expected.on);
        assert_amounts(change.amounts, &expected.amounts);
    }
}

fn assert_amounts(compiled: &[CurrencyAmount], declared: &[model::CurrencyAmount]) {
    let tiers = |amount: &CurrencyAmount| -> Vec<_> {
        let tier =
            |tier: &pricebook_types::Tier| (tier.up_to, decimal(tier.unit_amount), tier.flat_amount.map(decimal));
        amount.tiers.iter().map(tier).collect()
    };
    let tiers_declared = |amount: &model::CurrencyAmount| -> Vec<_> {
        let tier = |tier: &model::Tier| (tier.up_to, tier.unit_amount.unwrap_or_default(), tier.flat_amount);
        amount.tiers.iter().map(tier).collect()
    };
    let compiled: Vec<_> = compiled
        .iter()
        .map(|amount| {
            (
                amount.currency,
                amount.unit_amount.map(decimal),
                tiers(amount),
                amount.custom.map(|custom| [custom.minimum, custom.preset, custom.maximum]),
            )
        })
        .collect();
    let declared: Vec<_> = declared
        .iter()
        .map(|amount| {
            (
                amount.currency,
                amount.unit_amount,
                tiers_declared(amount),
                amount.custom.map(|custom| [custom.minimum, custom.preset, custom.maximum]),
            )
        })
        .collect();
    assert_eq!(compiled, declared);
}

fn decimal(amount: Amount) -> Decimal {
    match amount {
        Amount::Minor(minor) => Decimal::from(minor),
        Amount::Decimal(digits) => {
            let decimal: Decimal = digits.parse().expect("the digits of a decimal");
            assert_eq!(whole(decimal), None, "a whole amount is printed as such");
            decimal
        }
    }
}

fn values(values: &[(&str, Value)]) -> Vec<(String, model::Value)> {
    let value = |value: Value| match value {
        Value::Text(text) => model::Value::Text(text.to_owned()),
        Value::Integer(number) => model::Value::Integer(number),
        Value::Decimal(digits) => model::Value::Decimal(digits.parse().expect("the digits of a decimal")),
        Value::Boolean(value) => model::Value::Boolean(value),
        Value::List(texts) => model::Value::List(texts.iter().map(|text| (*text).to_owned()).collect()),
    };
    values.iter().map(|(id, of)| ((*id).to_owned(), value(*of))).collect()
}
