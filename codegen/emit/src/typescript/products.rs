//! `products/<plural>.ts`: the products of one kind with their ids, prices, attributes and what they grant.

use std::collections::HashSet;

use pricebook_model::Catalog;
use pricebook_model::catalog::{AttributeType, Kind, Price, Product, TaxBehavior};
use pricebook_types::{DepositKind, Limit, UsageType};

use super::amounts;
use super::amounts::Form;
use super::literal::{Object, Shape, alias, doc, key, lines, object, optional, string, union, value};
use super::module::Module;
use super::names::KindNames;
use super::today;

/// The module of a kind.
pub(super) fn module(catalog: &Catalog, kind: &Kind) -> Module {
    let names = KindNames::of(kind);
    let products: Vec<_> = catalog.products_of(&kind.id).collect();
    let mut module = Module::new(catalog, format!("products/{}", names.file));
    today::import_of_prices(&mut module, &products);
    types(&mut module, kind, &names, &products);
    prices(&mut module, kind, &names, &products);
    let mut shape = Shape::default();
    let product_type = format!("{}Product", names.camel);
    for product in &products {
        shape.member(&about(product), &product.id, &product_type);
    }
    let table = format!("{product_type}s");
    let table_doc = doc(&format!("{}: the products by their ids.", kind.title), 0);
    module.types(&format!("{table_doc}{}", alias(&table, &shape.end())));
    let KindNames { id, ids, is_id, .. } = &names;
    let title = &kind.title;
    let ids_value = lines(products.iter().map(|product| string(&product.id)), 0);
    module
        .table(&format!("{title}: every product."), &names.products, &table, |all| {
            for product in &products {
                all.object(&product.id, |out| product_fields(product, &names, out));
            }
        })
        .constant(&format!("{title}: every id, in the catalog's order."), ids, &format!("readonly {id}[]"), &ids_value)
        .guard(&format!("Whether a value is the id of a product ({title})."), is_id, id, &has_own(&names.products))
        .guard(
            &format!("Whether a value is the lookup key of a price ({title})."),
            &names.is_lookup_key,
            &names.lookup_key,
            &has_own(&names.prices),
        );
    module
}

/// What editors show for a product: its name and, apart from it, what it is.
pub(super) fn about(product: &Product) -> String {
    format!("{}\n\n{}", product.name.replace('\n', " "), product.description)
}

fn has_own(table: &str) -> String {
    format!("typeof value === 'string' && Object.prototype.hasOwnProperty.call({table}, value)")
}

/// The types of a kind: ids, lookup keys, attributes, prices, product.
fn types(module: &mut Module, kind: &Kind, names: &KindNames, products: &[&Product]) {
    let KindNames { camel, id, lookup_key, .. } = names;
    let prices = || products.iter().flat_map(|product| &product.prices);
    let is_used = |form: &Form| *form == Form::Unit || prices().any(|price| Form::of(price) == *form);
    let mut used: Vec<_> = Form::ALL.into_iter().filter(is_used).map(Form::interface).collect();
    used.sort_unstable();
    module.import_types(&[&["Product"], used.as_slice()].concat(), "../types.js");
    if kind.attributes.iter().any(|attribute| matches!(attribute.ty, AttributeType::Enum(_))) {
        module.types("import type * as enums from '../enums.js';\n");
    }
    let ids = union(products.iter().map(|product| product.id.as_str()));
    let keys = union(prices().map(|price| price.lookup_key.as_str()));
    module.types(&format!("{}{}", doc(&format!("{}: the ids of products.", kind.title), 0), alias(id, &ids)));
    module.types(&format!(
        "{}{}",
        doc(&format!("{}: the lookup keys of prices.", kind.title), 0),
        alias(lookup_key, &keys)
    ));
    module.types(&attributes(kind, camel));
    module.types(&price_keys(kind, camel, products));
    let about = if kind.description.is_empty() { &kind.title } else { &kind.description };
    module.types(&format!(
        "{}export interface {camel}Product extends Product {{\n    readonly kind: {};\n    readonly id: {id};\n    \
         readonly attributes: {camel}Attributes;\n    readonly prices: {camel}Prices;\n}}\n",
        doc(about, 0),
        string(&kind.id),
    ));
}

fn attributes(kind: &Kind, camel: &str) -> String {
    let mut out = doc(&format!("{}: the attributes of products.", kind.title), 0);
    out.push_str(&format!("export interface {camel}Attributes {{\n"));
    for attribute in &kind.attributes {
        let ty = match &attribute.ty {
            AttributeType::Text { .. } | AttributeType::Decimal | AttributeType::Date => "string".to_owned(),
            AttributeType::Integer { .. } => "number".to_owned(),
            AttributeType::Boolean => "boolean".to_owned(),
            AttributeType::OneOf(values) => union(values.iter().map(String::as_str)),
            AttributeType::Enum(name) => format!("enums.{}", super::records::type_name(name)),
            AttributeType::List => "readonly string[]".to_owned(),
        };
        let always = attribute.required || attribute.default.is_some();
        out.push_str(&doc(&attribute.description, 1));
        out.push_str(&format!("    readonly {}{}: {ty};\n", key(&attribute.id), if always { "" } else { "?" }));
    }
    out + "}\n"
}

/// The price keys of a kind; the type of each is as precise as all products allow.
fn price_keys(kind: &Kind, camel: &str, products: &[&Product]) -> String {
    let mut order: Vec<&str> = Vec::new();
    let mut known = HashSet::new();
    let mut forms = HashSet::new();
    for price in products.iter().flat_map(|product| &product.prices) {
        if known.insert(price.key.as_str()) {
            order.push(&price.key);
        }
        forms.insert((price.key.as_str(), Form::of(price)));
    }
    let mut out = doc(&format!("{}: the prices of a product, by their keys.", kind.title), 0);
    out.push_str(&format!("export type {camel}Prices = {{\n"));
    for name in order {
        let of_key = Form::ALL.into_iter().filter(|form| forms.contains(&(name, *form)));
        let ty = of_key.map(Form::interface).collect::<Vec<_>>().join(" | ");
        let mark = if kind.prices.required.iter().any(|required| required == name) { "" } else { "?" };
        out.push_str(&format!("    readonly {}{mark}: {ty};\n", key(name)));
    }
    out + "};\n"
}

/// The table of prices by lookup key.
fn prices(module: &mut Module, kind: &Kind, names: &KindNames, products: &[&Product]) {
    let mut shape = Shape::default();
    for product in products {
        for price in &product.prices {
            let ty = Form::of(price).interface();
            shape.member(&format!("{}, {}", product.name, price.label), &price.lookup_key, ty);
        }
    }
    let ty = format!("{}PricesByLookupKey", names.camel);
    let table_doc = doc(&format!("{}: the prices by their lookup keys.", kind.title), 0);
    module.types(&format!("{table_doc}{}", alias(&ty, &shape.end())));
    module.table(&format!("{}: every price by its lookup key.", kind.title), &names.prices, &ty, |table| {
        for product in products {
            for price in &product.prices {
                table.object(&price.lookup_key, |out| price_fields(product, price, out));
            }
        }
    });
}

fn price_fields(product: &Product, price: &Price, out: &mut Object<'_>) {
    let interval = price.interval.map_or_else(
        || "null".to_owned(),
        |interval| object([("unit", string(interval.unit.as_str())), ("count", interval.count.to_string())]),
    );
    let transform = price.transform_quantity.map_or_else(
        || "null".to_owned(),
        |by| {
            let round = if by.round_up { "'up'" } else { "'down'" };
            object([("divideBy", by.divide_by.to_string()), ("round", round.to_owned())])
        },
    );
    out.string("lookupKey", &price.lookup_key)
        .string("product", &product.id)
        .string("key", &price.key)
        .string("label", &price.label)
        .field("interval", &interval)
        .field("usage", if price.usage == UsageType::Metered { "'metered'" } else { "'licensed'" })
        .field("unit", &optional(price.unit.as_deref()))
        .field("transformQuantity", &transform)
        .field("trialDays", &price.trial_days.to_string());
    out.field("taxBehavior", tax(price.tax_behavior));
    if !price.currency_tax_behavior.is_empty() {
        let currencies = price.currency_tax_behavior.iter();
        let currencies = currencies.map(|(currency, behavior)| (currency.code(), tax(*behavior).to_owned()));
        out.field("currencyTaxBehavior", &object(currencies));
    }
    amounts::fields(price, out);
    out.field("replacedBy", &optional(price.grandfathered.as_deref())).field("active", bool_text(price.active));
}

fn tax(behavior: TaxBehavior) -> &'static str {
    match behavior {
        TaxBehavior::Exclusive => "'exclusive'",
        TaxBehavior::Inclusive => "'inclusive'",
        TaxBehavior::Unspecified => "'unspecified'",
    }
}

fn product_fields(product: &Product, names: &KindNames, out: &mut Object<'_>) {
    out.string("kind", &product.kind)
        .string("id", &product.id)
        .string("name", &product.name)
        .string("description", &product.description)
        .field("active", bool_text(product.active))
        .field("comingSoon", bool_text(product.coming_soon))
        .field("free", bool_text(product.free))
        .string("billingType", product.billing_type.as_str());
    let announced = product.announced().map(|announced| (announced.on, string(&announced.price_display)));
    today::field(out, "priceDisplay", &string(&product.price_display), announced);
    out.string("depositDisplay", &product.deposit_display);
    match &product.deposit {
        Some(deposit) => out.object("deposit", |out| amounts::deposit(deposit, deposit_kind(deposit.kind), out)),
        None => out.field("deposit", "null"),
    };
    out.field("unitLabel", &optional(product.unit_label.as_deref()));
    if !product.images.is_empty() {
        out.field("images", &lines(product.images.iter().map(|image| string(image)), 2));
    }
    if let Some(url) = &product.url {
        out.string("url", url);
    }
    out.field("marketingFeatures", &lines(product.marketing_features.iter().map(|line| string(line)), 2))
        .field("features", &object(product.grants.iter().map(|grant| (grant.feature.as_str(), limit(grant.limit)))))
        .field("metadata", &values(&product.metadata))
        .field("attributes", &values(&product.attributes));
    out.object("prices", |prices| {
        for price in &product.prices {
            let index = key(&price.lookup_key);
            let index = if index.starts_with(['\'', '[']) {
                format!("[{}]", index.trim_matches(['[', ']']))
            } else {
                format!(".{index}")
            };
            prices.field(&price.key, &format!("{}{index}", names.prices));
        }
    });
}

fn values(values: &[(String, pricebook_model::catalog::Value)]) -> String {
    object(values.iter().map(|(name, item)| (name.as_str(), value(item))))
}

/// How a deposit was declared, as texts name it.
pub(super) fn deposit_kind(kind: DepositKind) -> &'static str {
    match kind {
        DepositKind::Percentage => "percentage",
        DepositKind::Fixed => "fixed",
        DepositKind::Full => "full",
    }
}

fn limit(limit: Limit) -> String {
    match limit {
        Limit::Off => "false".to_owned(),
        Limit::On => "true".to_owned(),
        Limit::AtMost(most) => most.to_string(),
        Limit::Unlimited => "'unlimited'".to_owned(),
    }
}

fn bool_text(value: bool) -> &'static str {
    if value { "true" } else { "false" }
}
