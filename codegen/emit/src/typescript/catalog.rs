//! `catalog.ts`: which catalog this is, its currencies, kinds and groups; `features.ts`: entitlements.

use std::collections::BTreeSet;

use pricebook_model::Catalog;
use pricebook_model::catalog::Feature;
use pricebook_types::{Currency, FeatureKind};

use super::literal::{Object, Shape, alias, doc, key, list, object, optional, string, union};
use super::module::Module;
use super::names::KindNames;

/// The catalog's name, hash, currencies, kinds and groups.
pub(super) fn catalog_module(catalog: &Catalog) -> Module {
    let mut module = Module::new(catalog, "catalog");
    let grouped = catalog.kinds.iter().filter(|kind| catalog.groups.iter().any(|group| group.kind == kind.id));
    for names in grouped.map(KindNames::of) {
        module.import_types(&[&names.id], &format!("./products/{}.js", names.file));
    }
    let currencies = currencies(catalog);
    let codes = union(currencies.iter().map(|currency| currency.code()));
    let kinds = union(catalog.kinds.iter().map(|kind| kind.id.as_str()));
    let groups = union(catalog.groups.iter().map(|group| group.id.as_str()));
    module
        .types(&format!(
            "/** The currencies of the catalog, by their ISO 4217 codes. */\n{}",
            alias("Currency", &codes)
        ))
        .types(&format!("/** The families of products. */\n{}", alias("KindId", &kinds)))
        .types(&format!("/** Products that upgrade and downgrade among themselves. */\n{}", alias("GroupId", &groups)))
        .constant("The catalog's name, a slug.", "CATALOG_NAME", "string", &string(&catalog.name))
        .constant("The catalog's name for people.", "CATALOG_TITLE", "string", &string(&catalog.title))
        .constant(
            "SHA-256 of the catalog; the same in every artifact.",
            "CATALOG_HASH",
            "string",
            &string(&catalog.hash),
        )
        .constant(
            "The currency of amounts that name none.",
            "DEFAULT_CURRENCY",
            "Currency",
            &string(catalog.currency.code()),
        );
    let digits = object(currencies.iter().map(|currency| (currency.code(), currency.minor_digits().to_string())));
    module.constant(
        "How many digits of a minor amount stand behind the decimal point.",
        "CURRENCY_DIGITS",
        "Readonly<Record<Currency, number>>",
        &digits,
    );
    let shape = "Readonly<Record<KindId, { readonly title: string; readonly description: string }>>";
    module.table("The families of products, for people.", "KINDS", shape, |kinds| {
        for kind in &catalog.kinds {
            let texts = [("title", string(&kind.title)), ("description", string(&kind.description))];
            kinds.field(&kind.id, &object(texts));
        }
    });
    groups_table(catalog, &mut module);
    module
}

/// Each group in a type of its own, so that its kind and its products are known to the compiler.
fn groups_table(catalog: &Catalog, module: &mut Module) {
    let mut shape = Shape::default();
    let groups = || catalog.groups.iter().filter_map(|group| Some((group, catalog.kind(&group.kind)?)));
    for (group, kind) in groups() {
        let product = KindNames::of(kind).id;
        let fields = format!("readonly kind: {}; readonly products: readonly {product}[]", string(&kind.id));
        shape.member(&group.name, &group.id, &format!("{{ readonly name: string; {fields} }}"));
    }
    let about = "Groups with their products, from the lowest to the highest.";
    module.table(about, "GROUPS", &shape.end(), |table| {
        for (group, _) in groups() {
            let products = list(group.products.iter().map(|id| string(id)));
            let fields = [("name", string(&group.name)), ("kind", string(&group.kind)), ("products", products)];
            table.field(&group.id, &object(fields));
        }
    });
}

/// Every currency that a price has, and the default.
fn currencies(catalog: &Catalog) -> BTreeSet<Currency> {
    let prices = catalog.products.iter().flat_map(|product| &product.prices);
    let amounts =
        prices.flat_map(|price| price.amounts.iter().chain(price.changes.iter().flat_map(|change| &change.amounts)));
    amounts.map(|amount| amount.currency).chain([catalog.currency]).collect()
}

/// Entitlements: their ids, what they are, and the type of what a product grants.
pub(super) fn features_module(catalog: &Catalog) -> Module {
    let mut module = Module::new(catalog, "features");
    let ids = union(catalog.features.iter().map(|feature| feature.id.as_str()));
    let mut grants = String::from(
        "/** What a product grants; a feature that is absent is not granted. */\nexport interface Grants {\n",
    );
    for feature in &catalog.features {
        let limit = match feature.kind {
            FeatureKind::Switch => "true",
            FeatureKind::Quantity => "number | 'unlimited'",
        };
        let about = if feature.description.is_empty() { &feature.name } else { &feature.description };
        grants.push_str(&doc(about, 1));
        grants.push_str(&format!("    readonly {}?: {limit};\n", key(&feature.id)));
    }
    grants.push_str("}\n");
    module
        .types(&format!("/** The ids of features. */\n{}", alias("FeatureId", &ids)))
        .types(FEATURE)
        .types(&grants)
        .table("Every feature.", "FEATURES", "Readonly<Record<FeatureId, Feature>>", |table| {
            for feature in &catalog.features {
                table.object(&feature.id, |out| fields(feature, out));
            }
        })
        .guard(
            "Whether a value is the id of a feature.",
            "isFeatureId",
            "FeatureId",
            "typeof value === 'string' && Object.prototype.hasOwnProperty.call(FEATURES, value)",
        );
    module
}

fn fields(feature: &Feature, out: &mut Object<'_>) {
    let kind = match feature.kind {
        FeatureKind::Switch => "'switch'",
        FeatureKind::Quantity => "'quantity'",
    };
    out.string("id", &feature.id)
        .string("name", &feature.name)
        .string("description", &feature.description)
        .field("kind", kind)
        .field("unit", &optional(feature.unit.as_deref()));
}

const FEATURE: &str = "/** An entitlement that products can grant. */
export interface Feature {
    readonly id: FeatureId;
    readonly name: string;
    readonly description: string;
    readonly kind: 'switch' | 'quantity';
    /** What a quantity counts. */
    readonly unit: string | null;
}
";
