//! `config/<plural>.config.ts`: the products of one kind in the shape that payment pages read, with whole currency
//! units as plain numbers, as they stand on the day when they are read.

use pricebook_model::Catalog;
use pricebook_model::catalog::{Asked, Kind, Product};
use pricebook_types::Money;
use rust_decimal::Decimal;

use super::amounts;
use super::literal::{Object, Shape, doc, lines, object, string, value};
use super::module::Module;
use super::names::KindNames;
use super::products::{self, deposit_kind};
use super::today;

/// The shape, which every kind's configuration has under its own name.
const INTERFACE: &str = "{
    id: string;
    name: string;
    description: string;
    /** Today (UTC), in units of the currency, not minor ones; of a price with tiers the least that somebody pays. `display` is for people. */
    price: {
        value: number;
        display: string;
    };
    /** `value` is the percentage or amount that was declared, `amount` what is due today (UTC) in units of the currency. */
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
    today::import(&mut module, catalog.products_of(&kind.id));
    let about = if kind.description.is_empty() { &kind.title } else { &kind.description };
    module.types(&format!("{}export interface {interface} {INTERFACE}", doc(about, 0)));
    let mut shape = Shape::default();
    for product in catalog.products_of(&kind.id) {
        shape.member(&products::about(product), &product.id, &interface);
    }
    module.table(&format!("{}: every product.", kind.title), &names.products, &shape.end(), |all| {
        for product in catalog.products_of(&kind.id) {
            all.object(&product.id, |out| fields(product, out));
        }
    });
    module
}

fn fields(product: &Product, out: &mut Object<'_>) {
    let price = |value: String, display: &str| object([("value", value), ("display", string(display))]);
    let major = |asked: Asked| amounts::major(asked.minor, asked.currency);
    let first = product.prices.first().and_then(|price| Some(price.asked(price.amounts.first()?)));
    let before = price(first.map_or_else(|| "0".to_owned(), major), &product.price_display);
    let announced = product.announced();
    let announced = announced.map(|announced| (announced.on, price(major(announced.asked), &announced.price_display)));
    out.string("id", &product.id).string("name", &product.name).string("description", &product.description);
    today::field(out, "price", &before, announced);
    deposit(product, out);
    out.string("billingType", product.billing_type.as_str())
        .field("features", &lines(product.marketing_features.iter().map(|line| string(line)), 2))
        .field("metadata", &object(product.metadata.iter().map(|(name, item)| (name.as_str(), value(item)))))
        .field("active", if product.active { "true" } else { "false" });
}

/// A product without a deposit has one of type `none`.
fn deposit(product: &Product, out: &mut Object<'_>) {
    let literal = |kind: &str, value: String, amount: String| {
        let display = string(&product.deposit_display);
        object([("type", string(kind)), ("value", value), ("amount", amount), ("display", display)])
    };
    let Some(deposit) = &product.deposit else {
        out.field("deposit", &literal("none", "0".to_owned(), "0".to_owned()));
        return;
    };
    let of = |due: &Money| {
        let amount = amounts::major(Decimal::from(due.minor()), due.currency());
        literal(deposit_kind(deposit.kind), deposit.value.normalize().to_string(), amount)
    };
    let changes = deposit.changes.iter().filter_map(|change| Some((&*change.on, of(change.amounts.first()?))));
    today::field(out, "deposit", &of(&deposit.amount()), changes);
}
