//! The module of constant tables that everything else reads.

use std::collections::HashMap;
use std::fmt::Write;

use pricebook_model::Catalog;
use pricebook_model::catalog::{self, Deposit, Product, Value};
use pricebook_model::schema::EnumType;
use pricebook_types::{Limit, Money};

use super::lookup::Items;
use super::shapes::Shapes;
use super::{attributes, groups, kinds, literal, prices, records};

/// What stands before the tables.
pub(super) const BEGIN: &str = "/// What the items above are read from.\n\
    #[allow(dead_code, unused_imports, long_running_const_eval)]\n\
    mod tables {\nuse ::pricebook_types::*;\n\n";

/// What stands behind them.
pub(super) const END: &str = "}\n";

/// The tables of a company's catalog.
pub(super) fn tables(catalog: &Catalog, items: &Items<'_>, enums: &[&EnumType]) -> [String; 9] {
    [
        kind_rows(catalog),
        feature_rows(catalog),
        groups::rows(catalog),
        prices::rows(catalog),
        product_rows(catalog),
        kinds::tables(catalog, items),
        items.features.tables(),
        items.prices.tables(),
        records::tables(enums),
    ]
}

fn kind_rows(catalog: &Catalog) -> String {
    let mut source = format!("pub(super) static KINDS: [Kind; {}] = [\n", catalog.kinds.len());
    for kind in &catalog.kinds {
        let [id, title, plural, table] =
            [&kind.id, &kind.title, &kind.plural, &kind.table].map(|text| literal::text(text));
        writeln!(source, "    Kind {{ id: {id}, title: {title}, plural: {plural}, table: {table} }},")
            .expect("writing to a String succeeds");
    }
    source.push_str("];\n");
    source
}

fn feature_rows(catalog: &Catalog) -> String {
    let count = catalog.features.len();
    let mut ids = String::new();
    let mut source = format!("pub(super) static FEATURES: [Feature; {count}] = [\n");
    for feature in &catalog.features {
        writeln!(ids, "    {},", literal::text(&feature.id)).expect("writing to a String succeeds");
        let [id, name, description] =
            [&feature.id, &feature.name, &feature.description].map(|text| literal::text(text));
        let (kind, unit) = (feature.kind, literal::optional(feature.unit.as_deref()));
        writeln!(
            source,
            "    Feature {{ id: {id}, name: {name}, description: {description}, kind: FeatureKind::{kind:?}, unit: {unit} }},"
        )
        .expect("writing to a String succeeds");
    }
    format!("{source}];\nstatic FEATURE_IDS: [&str; {count}] = [\n{ids}];\n")
}

fn product_rows(catalog: &Catalog) -> String {
    let [mut shapes, mut marketing, mut values]: [Shapes; 3] = Default::default();
    let mut grants = Grants::of(catalog);
    let [mut ids, mut texts, mut rows] = [const { String::new() }; 3];
    let mut first_price = 0;
    for product in &catalog.products {
        let Product { id, name, description, .. } = product;
        writeln!(ids, "    {},", literal::text(id)).expect("writing to a String succeeds");
        writeln!(texts, "    [{}, {}],", literal::text(name), literal::text(description)).expect("as above");
        let (first_grant, grant_count) = grants.range(&product.grants);
        writeln!(
            rows,
            "    [{}, {first_price}, {}, {first_grant}, {grant_count}, {}, {}, {}],",
            shapes.position(shape(product)),
            product.prices.len(),
            marketing.position(attributes::list(&product.marketing_features)),
            values.position(value_list(&product.attributes)),
            values.position(value_list(&product.metadata)),
        )
        .expect("writing to a String succeeds");
        first_price += product.prices.len();
    }
    let count = catalog.products.len();
    format!(
        "{}{}{}{}const LISTS: rows::Lists = rows::Lists {{ prices: &PRICES, grants: &GRANTS, marketing_features: \
         MARKETING_FEATURES, values: VALUES }};\npub(super) static PRODUCT_IDS: [&str; {count}] = [\n{ids}];\nstatic \
         PRODUCT_TEXTS: [[&str; 2]; {count}] = [\n{texts}];\npub(super) static PRODUCTS: [Product; {count}] = \
         rows::products(PRODUCT_SHAPES, &PRODUCT_IDS, &PRODUCT_TEXTS, LISTS, &[\n{rows}]);\n",
        shapes.slice("PRODUCT_SHAPES", "Product"),
        grants.table(),
        marketing.slice("MARKETING_FEATURES", "&[&str]"),
        values.slice("VALUES", "&[(&str, Value)]"),
    )
}

/// All of a product that its row does not say.
fn shape(product: &Product) -> String {
    let Product { kind, active, coming_soon, free, billing_type, unit_label, images, url, deposit, .. } = product;
    let [unit_label, url] = [unit_label, url].map(|text| literal::optional(text.as_deref()));
    let images = attributes::list(images);
    let (kind, deposit) = (literal::text(kind), deposit.as_ref().map_or("None".to_owned(), deposit_literal));
    format!(
        "Product {{ kind: {kind}, id: \"\", name: \"\", description: \"\", active: {active}, coming_soon: {coming_soon}, \
         free: {free}, billing_type: BillingType::{billing_type:?}, unit_label: {unit_label}, images: {images}, url: {url}, deposit: {deposit}, prices: &[], grants: &[], \
         marketing_features: &[], attributes: &[], metadata: &[] }}"
    )
}

fn deposit_literal(deposit: &Deposit) -> String {
    let Deposit { kind, value, amounts, changes } = deposit;
    let changes: Vec<_> = changes
        .iter()
        .map(|change| {
            format!("DepositChange {{ on: {}, amounts: {} }}", literal::text(&change.on), monies(&change.amounts))
        })
        .collect();
    format!(
        "Some(Deposit {{ kind: DepositKind::{kind:?}, value: {}, amounts_before_changes: {}, changes: &[{}] }})",
        literal::text(&value.to_string()),
        monies(amounts),
        changes.join(", ")
    )
}

fn monies(amounts: &[Money]) -> String {
    let amounts: Vec<_> = amounts
        .iter()
        .map(|amount| format!("Money::new({}, Currency::{:?})", amount.minor(), amount.currency()))
        .collect();
    format!("&[{}]", amounts.join(", "))
}

/// The lists of grants, one after the other; equal ones are printed once.
struct Grants<'a> {
    features: HashMap<&'a str, usize>,
    ranges: HashMap<String, (usize, usize)>,
    rows: String,
    count: usize,
}

impl<'a> Grants<'a> {
    fn of(catalog: &'a Catalog) -> Self {
        let features = catalog.features.iter().enumerate().map(|(position, feature)| (feature.id.as_str(), position));
        Self { features: features.collect(), ranges: HashMap::new(), rows: String::new(), count: 0 }
    }

    fn range(&mut self, grants: &[catalog::Grant]) -> (usize, usize) {
        let rows: String = grants.iter().map(|grant| self.row(grant)).collect();
        if let Some(range) = self.ranges.get(&rows) {
            return *range;
        }
        let range = (self.count, grants.len());
        self.count += grants.len();
        self.rows.push_str(&rows);
        self.ranges.insert(rows, range);
        range
    }

    fn row(&self, grant: &catalog::Grant) -> String {
        let feature = self.features[grant.feature.as_str()];
        let (form, most) = match grant.limit {
            Limit::Off => (0, 0),
            Limit::On => (1, 0),
            Limit::Unlimited => (2, 0),
            Limit::AtMost(most) => (3, most),
        };
        format!("    [{feature}, {form}, {most}],\n")
    }

    fn table(&self) -> String {
        let Self { count, rows, .. } = self;
        format!("static GRANTS: [Grant; {count}] = rows::grants(&FEATURES, &[\n{rows}]);\n")
    }
}

fn value_list(values: &[(String, Value)]) -> String {
    let values: Vec<_> = values
        .iter()
        .map(|(id, value)| {
            let value = match value {
                Value::Text(text) => format!("Text({})", literal::text(text)),
                Value::Integer(number) => format!("Integer({number})"),
                Value::Decimal(number) => format!("Decimal({})", literal::text(&number.to_string())),
                Value::Boolean(value) => format!("Boolean({value})"),
                Value::List(texts) => format!("List({})", attributes::list(texts)),
            };
            format!("({}, Value::{value})", literal::text(id))
        })
        .collect();
    format!("&[{}]", values.join(", "))
}
