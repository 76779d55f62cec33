//! `config/<plural>.config.ts`: the products of one kind in the shape that payment pages read, with whole currency
//! units as plain numbers.

use pricebook_model::Catalog;
use pricebook_model::catalog::{Kind, Product};
use rust_decimal::Decimal;

use super::amounts;
use super::literal::{Object, Shape, doc, lines, object, string, value};
use super::module::Module;
use super::names::KindNames;
use super::products::{self, deposit_kind};

/// The shape, which every kind's configuration has under its own name.
const INTERFACE: &str = "{
    id: string;
    name: string;
    description: string;
    /** In units of the currency, not minor ones, before any announced change; `display` is for people. */
    price: {
        value: number;
        display: string;
    };
    /** `value` is the percentage or amount that was declared, `amount` what is due in units of the currency. */
    deposit: {
        type: string;
        value: number;
        amount: number;
        display: string;
    };
    billingType: string;
    features: string[];
    metadata: object;
    active: boolean;
}
";

/// The configuration module of a kind.
pub(super) fn module(catalog: &Catalog, kind: &Kind) -> Module {
    let names = KindNames::of(kind);
    let interface = format!("{}Config", names.camel);
    let mut module = Module::new(catalog, format!("config/{}.config", names.file));
    let about = if kind.description.is_empty() { &kind.title } else { &kind.description };
    module.types(&format!("{}export interface {interface} {INTERFACE}", doc(about, 0)));
    let (mut shape, mut all) = (Shape::default(), Object::new(0));
    for product in catalog.products_of(&kind.id) {
        shape.member(&products::about(product), &product.id, &interface);
        all.field(&product.id, &literal(product));
    }
    module.constant(&format!("{}: every product.", kind.title), &names.products, &shape.end(), &all.end());
    module
}

fn literal(product: &Product) -> String {
    let mut out = Object::new(1);
    let value_major = amounts::first_unit_major(product.prices.first());
    let price = object([("value", value_major), ("display", string(&product.price_display))]);
    out.field("id", &string(&product.id))
        .field("name", &string(&product.name))
        .field("description", &string(&product.description))
        .field("price", &price)
        .field("deposit", &deposit(product))
        .field("billingType", &string(product.billing_type.as_str()))
        .field("features", &lines(product.marketing_features.iter().map(|line| string(line)), 2))
        .field("metadata", &object(product.metadata.iter().map(|(name, item)| (name.as_str(), value(item)))))
        .field("active", if product.active { "true" } else { "false" });
    out.end()
}

/// A product without a deposit has one of type `none`.
fn deposit(product: &Product) -> String {
    let (kind, value, amount) = match &product.deposit {
        Some(deposit) => (
            deposit_kind(deposit.kind),
            deposit.value.normalize().to_string(),
            amounts::major(Decimal::from(deposit.amount().minor()), deposit.amount().currency()),
        ),
        None => ("none", "0".to_owned(), "0".to_owned()),
    };
    object([
        ("type", string(kind)),
        ("value", value),
        ("amount", amount),
        ("display", string(&product.deposit_display)),
    ])
}
