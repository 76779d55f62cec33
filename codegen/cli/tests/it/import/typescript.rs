//! From `services.config.ts`.

use pricebook_cli::import::{Failure, Input, Options, import};
use pricebook_emit::build::{Package, Stream};
use pricebook_model::catalog::Product;
use pricebook_types::{BillingType, Currency};

use super::{files, import_one, imported, lines};

/// What document 1 shows, with the other ways in which such a file is written.
const SERVICES: &str = r#"
import type { ServiceConfig } from './types';

const DELIVERY = 'Next day';
const shared = { deliveryTime: DELIVERY } as const;

export const services: Record<string, ServiceConfig> = {
  'market-essentials': {
    id: 'market-essentials',
    name: 'Market Essentials',
    description: 'Executive-grade market intelligence ' + "leveraging proprietary AI, valued at $25,000+.",
    price: { value: 1_495, display: '$1,495' },
    deposit: { type: 'percentage', value: 20, amount: 299, display: '20% deposit required' },
    billingType: 'one-time',
    features: [`Executive-grade market analysis (15-20 pages)`, 'C-suite ready executive presentation'],
    metadata: { ...shared, reportPages: '15-20', targetRevenue: '$1M-$5M' },
    active: true,
  },
  'ongoing-retainer': {
    id: 'ongoing-retainer',
    name: 'Ongoing Intelligence Retainer',
    description: '',
    price: { value: 3500, display: '$3,500/mo' },
    deposit: { type: 'full', value: 100, amount: 3500, display: 'Full payment required' },
    billingType: 'monthly',
    features: [],
    metadata: {},
    active: true,
  },
  'competitor-tracking': {
    id: 'competitor-tracking',
    name: 'Real-Time Competitor Intelligence',
    description: 'Soon.',
    price: { value: 3495, display: '$3,495/mo' },
    deposit: { type: 'none', value: 0, amount: 0, display: 'Coming Soon' },
    billingType: 'monthly',
    features: [],
    metadata: {},
    active: false,
  },
  'market-pulse-executive': {
    id: 'market-pulse-executive',
    name: 'Market Pulse - Executive Report',
    description: 'Free.',
    price: { value: 0, display: 'Free' },
    deposit: { type: 'fixed', value: 0, amount: 0, display: '$0' },
    billingType: 'free',
    features: [],
    metadata: {},
    active: false,
  },
} as const satisfies Record<string, ServiceConfig>;
"#;

#[test]
fn services_become_products_with_the_same_prices_and_deposits() {
    let imported = imported("src/config/services.config.ts", SERVICES);
    assert_eq!(lines(&imported.notes), "");
    insta::assert_snapshot!(files(&imported));
    let catalog = &imported.catalog;
    let product = |id: &str| catalog.products.iter().find(|product| product.id == id).expect("a product");
    let essentials = product("market-essentials");
    assert_eq!(essentials.prices[0].amount_minor(), Some(149_500));
    assert_eq!(essentials.deposit.as_ref().map(|deposit| deposit.amount().minor()), Some(29_900));
    assert_eq!(essentials.metadata.len(), 3);
    assert_eq!(product("ongoing-retainer").billing_type, BillingType::Monthly);
    assert!(product("competitor-tracking").coming_soon);
    assert!(product("market-pulse-executive").free);
}

#[test]
fn lists_and_default_exports_are_read_too() {
    let text =
        "export default [{ id: 'a', name: 'A', price: { value: 29.9, display: '$29.90/yr' }, billingType: 'yearly' }];";
    let imported = imported("services.config.ts", text);
    assert_eq!(imported.catalog.products[0].prices[0].amount_minor(), Some(2_990));
    assert_eq!(lines(&imported.notes), "");
}

#[test]
fn what_cannot_be_evaluated_is_named_with_line_and_column() {
    let text =
        "export const services = {\n  a: {\n    id: 'a',\n    name: t('name'),\n    price: { value: 1 },\n  },\n};\n";
    let Err(Failure::Source(notes)) = import_one("services.config.ts", text) else { panic!("it was imported") };
    insta::assert_snapshot!(lines(&notes), @"services.config.ts:4:11: value: this cannot be evaluated without running the module; write the value itself");
}

#[test]
fn everything_that_cannot_be_evaluated_is_named_at_once() {
    let text = "const delivery = t('next-day');\nexport const services = [\n  { id: 'a', name: t('name'), price: { value: PRICE }, \
                metadata: { delivery } },\n  { id: 'b', name: `B ${x} ${y}`, price: { value: -t() }, metadata: { delivery, [key]: 1 } },\n  \
                ...more,\n];\nexport const plans = { c: { id: 'c', name: 'C' + c(), price: { value: 1, now() {} } } };\n";
    let Err(Failure::Source(notes)) = import_one("services.config.ts", text) else { panic!("it was imported") };
    insta::assert_snapshot!(lines(&notes), @r"
    services.config.ts:1:18: value: this cannot be evaluated without running the module; write the value itself
    services.config.ts:3:20: value: this cannot be evaluated without running the module; write the value itself
    services.config.ts:3:47: value: the file declares no constant `PRICE`; write the value itself
    services.config.ts:4:25: value: the file declares no constant `x`; write the value itself
    services.config.ts:4:30: value: the file declares no constant `y`; write the value itself
    services.config.ts:4:52: value: this cannot be evaluated without running the module; write the value itself
    services.config.ts:4:82: value: this key is computed
    services.config.ts:5:6: value: the file declares no constant `more`; write the value itself
    services.config.ts:7:50: value: this cannot be evaluated without running the module; write the value itself
    services.config.ts:7:74: value: a method is no value
    ");
}

#[test]
fn syntax_errors_and_files_without_services_are_named() {
    let broken = import_one("services.config.ts", "export const services = {\n  a: {,\n};").expect_err("it is broken");
    assert!(broken.to_string().starts_with("services.config.ts:2:7: syntax: "), "{broken}");
    let empty = import_one("services.config.ts", "export const a = 1;").expect_err("it is empty");
    assert!(empty.to_string().contains("no constant holds services"), "{empty}");
}

#[test]
fn what_is_not_taken_over_is_noted() {
    let text = "export const services = [{\n  id: 'a',\n  name: 'A',\n  price: { value: 10, display: 'From $10' },\n  \
                deposit: { type: 'percentage', value: 20, amount: 3, display: '20% deposit required' },\n  \
                billingType: 'one-time',\n  features: ['x', 1],\n  metadata: { a: { b: 1 }, features: 'x' },\n  icon: 'star',\n}, \
                {\n  id: 'B!',\n  name: 'B',\n  price: { value: 10 },\n}, {\n  id: 'c',\n  name: 'C',\n  price: { value: 10 },\n  billingType: 'hourly',\n}];\n";
    let imported = imported("services.config.ts", text);
    assert_eq!(imported.catalog.products.len(), 1);
    insta::assert_snapshot!(lines(&imported.notes));
}

#[test]
fn hostile_texts_are_taken_over_unharmed() {
    let hostile = "'; DROP TABLE services; -- \"\\ ${x} */ \u{202e}\u{1f680} : # & * ! | > ' % @ ` - yes null ~\n\ttab";
    let quoted = serde_json::to_string(hostile).expect("JSON is TypeScript");
    // A name, and what a price list lists, is one line that can be read.
    let name = "'; DROP TABLE services; -- \"\\ ${x} */ \u{1f680} : # & * ! | > ' % @ ` - yes null ~";
    let quoted_name = serde_json::to_string(name).expect("JSON is TypeScript");
    let text = format!(
        "export const services = [{{ id: 'a', name: {quoted_name}, description: {quoted}, price: {{ value: 1 }}, \
         features: [{quoted_name}], metadata: {{ \"${{k}} \\n'\": {quoted} }} }}];"
    );
    let imported = imported("services.config.ts", &text);
    assert_eq!(lines(&imported.notes), "");
    let product = &imported.catalog.products[0];
    assert_eq!(product.description, hostile);
    assert_eq!(product.marketing_features, [name]);
    assert_eq!(product.name, name);
}

#[test]
fn the_generated_configuration_is_imported_back() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    let sources = Package::new(root, Stream::Catalog).sources().expect("the catalog");
    let first = pricebook_model::compile(sources, &pricebook_emit::limits(), None)
        .unwrap_or_else(|report| panic!("{:?}", report.diagnostics));
    let artifacts = pricebook_emit::typescript::emit(&first);
    let module = artifacts.iter().find(|artifact| artifact.path.ends_with("config/services.config.ts"));
    let second = imported("services.config.ts", &module.expect("the configuration").text);
    assert_eq!(lines(&second.notes), "");
    let services: Vec<_> = first.products_of("service").collect();
    assert_eq!(second.catalog.products.len(), services.len());
    for (was, is) in services.into_iter().zip(&second.catalog.products) {
        assert_eq!((&was.id, &was.name, &was.description), (&is.id, &is.name, &is.description));
        assert_eq!((was.active, was.free, was.coming_soon), (is.active, is.free, is.coming_soon));
        assert_eq!(
            (&was.deposit, &was.metadata, &was.marketing_features),
            (&is.deposit, &is.metadata, &is.marketing_features)
        );
        assert_eq!((&was.price_display, &was.deposit_display), (&is.price_display, &is.deposit_display));
        let amounts = |product: &Product| {
            product.prices.iter().map(|price| (price.interval, price.amounts.clone())).collect::<Vec<_>>()
        };
        assert_eq!(amounts(was), amounts(is));
    }
}

#[test]
fn a_constant_that_refers_to_itself_is_no_endless_loop() {
    let text = "const a = [...b]; const b = { ...b }; export const services = [{ id: 'a', name: 'A', price: b }];";
    let failure = import_one("services.config.ts", text).expect_err("it refers to itself");
    assert!(failure.to_string().contains("refers to itself"), "{failure}");
}

#[test]
fn a_constants_name_gives_the_kind_however_it_is_written() {
    for (constant, kind, section) in [
        ("services", "service", "services"),
        ("SERVICES", "service", "services"),
        ("SERVICES_CONFIG", "service", "services"),
        ("monthlyPlans", "monthly_plan", "monthly_plans"),
        ("APIProducts", "api_product", "api_products"),
        ("COMPANIES", "company", "companies"),
        ("features", "service", "services"),
        ("catalog", "service", "services"),
    ] {
        let text = format!("export const {constant} = [{{ id: 'a', name: 'A', price: {{ value: 5 }} }}];");
        let imported = imported("services.config.ts", &text);
        assert_eq!(imported.catalog.kinds[0].id, kind, "{constant}");
        assert_eq!(imported.catalog.kinds[0].plural, section, "{constant}");
    }
}

#[test]
fn the_amount_of_a_deposit_counts_where_its_percentage_gives_another() {
    let deposit = |deposit: &str| {
        let text = format!(
            "export const services = [{{ id: 'a', name: 'A', price: {{ value: 1495 }}, deposit: {deposit} }}];"
        );
        let imported = imported("services.config.ts", &text);
        let product = &imported.catalog.products[0];
        (product.deposit.as_ref().unwrap().amount().minor(), lines(&imported.notes))
    };
    assert_eq!(deposit("{ type: 'percentage', value: 20, amount: 299 }"), (29_900, String::new()));
    assert_eq!(deposit("{ type: 'percentage', value: 33.333, amount: 498.33 }"), (49_833, String::new()));
    assert_eq!(deposit("{ type: 'fixed', value: 500 }"), (50_000, String::new()));
    let (minor, notes) = deposit("{ type: 'percentage', value: 20, amount: 300 }");
    assert_eq!(minor, 30_000);
    assert!(notes.contains("deposit.value: 20 % of the price is not 300; the amount was kept"), "{notes}");
    let (minor, notes) = deposit("{ type: 'full', amount: 1000, unit: 'usd' }");
    assert_eq!(minor, 100_000);
    assert!(
        notes.contains("`full` is not 1000") && notes.contains("deposit.unit: this import does not know the field"),
        "{notes}"
    );
    let (minor, notes) = deposit("{ type: 'fixed', value: 50, amount: 60 }");
    assert_eq!(minor, 6_000);
    assert!(notes.contains("deposit.value: a fixed deposit of 50 is not 60; the amount was kept"), "{notes}");
    assert_eq!(deposit("{ type: 'fixed', value: 60.0, amount: 60 }"), (6_000, String::new()));
}

#[test]
fn what_is_coming_soon_is_taken_over_whatever_its_deposit_says() {
    let service = |deposit: &str| {
        let text = format!(
            "export const services = [{{ id: 'a', name: 'A', price: {{ value: 3495, display: '$3,495/mo' }}, \
             deposit: {deposit}, billingType: 'monthly', active: false }}];"
        );
        let imported = imported("services.config.ts", &text);
        let product = &imported.catalog.products[0];
        assert!(product.coming_soon && product.deposit.is_none(), "{deposit}");
        lines(&imported.notes)
    };
    for nothing in ["type: 'coming-soon', value: 0, amount: 0,", "type: 'percentage', value: 0,", "type: 'none',", ""] {
        assert_eq!(service(&format!("{{ {nothing} display: 'Coming Soon' }}")), "", "{nothing}");
    }
    let notes = service("{ type: 'percentage', value: 20, amount: 699, display: 'Coming Soon' }");
    assert!(notes.contains("deposit: what is coming soon asks for none"), "{notes}");
}

#[test]
fn a_service_in_another_currency_is_not_taken_for_one_of_the_catalogs() {
    let text = "export const services = [\n  { id: 'a', name: 'A', price: { value: 10, display: '$10' } },\n  \
                { id: 'b', name: 'B', price: { value: 1495, display: '€1.495' } },\n  \
                { id: 'c', name: 'C', price: { value: 90, display: '$90' }, deposit: { type: 'fixed', value: 9, amount: 9, display: '£9 deposit required' } },\n];";
    let found = imported("services.config.ts", text);
    let ids: Vec<_> = found.catalog.products.iter().map(|product| product.id.as_str()).collect();
    assert_eq!(ids, ["a"]);
    assert!(found.notes.len() == 2 && found.notes.iter().all(|note| note.left_out), "{}", lines(&found.notes));
    insta::assert_snapshot!(lines(&found.notes), @r"
    services.config.ts:3:56: service b: price.display: `€` is another currency than usd; import such services apart, with --currency
    services.config.ts:4:119: service c: deposit.display: `£` is another currency than usd; import such services apart, with --currency
    ");
    let euros = Options { currency: Some(Currency::Eur), ..Options::default() };
    let input = Input { name: "services.config.ts".to_owned(), text: text.to_owned() };
    let found = import(&[input], &euros).unwrap();
    assert_eq!(found.catalog.products[0].id, "b");
    assert_eq!(found.catalog.products[0].prices[0].amounts[0].currency, Currency::Eur);
}

#[test]
fn a_file_wholly_in_another_currency_says_which_option_helps() {
    let text = "export const services = [{ id: 'b', name: 'B', price: { value: 1495, display: '€1.495' } }];";
    let failure = import_one("services.config.ts", text).expect_err("nothing is left to import");
    assert!(
        failure.to_string().contains("`€` is another currency than usd; import such services apart, with --currency")
    );
}
