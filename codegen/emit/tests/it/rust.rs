//! The generated Rust of a small catalog, in its reviewed shape.

use pricebook_emit::build::Package;
use pricebook_emit::rust::{self, Lookup, Texts};
use pricebook_model::lock::LockedMigration;
use pricebook_model::{Catalog, Source, compile};

const SMALL: &str = "
catalog: { name: small, title: Small, currency: usd }
kinds:
  plan:
    description: A subscription.
    attributes:
      support: { type: one_of, values: [mail, phone], default: mail, description: How we help. }
      seats: { type: integer }
plans:
  free:
    name: Free
    free: true
    prices: { monthly: 0 }
  team-plus:
    name: Team Plus
    description: For teams.
    unit_label: team
    url: https://example.com/team
    images: [https://example.com/team.png]
    attributes: { support: phone, seats: 10 }
    metadata: { region: eu }
    marketing_features: [Everything]
    features: { api_access: true, storage: 50 }
    deposit: { percent: 20 }
    prices:
      monthly: { amount: 29.00, currencies: { eur: 27.00 }, currency_tax_behavior: { eur: inclusive }, changes: [{ on: 2027-01-01, amount: 35.00, currencies: { eur: 32.00 } }] }
      usage:
        interval: month
        usage: metered
        meter: calls
        tiers: { mode: volume, steps: [{ up_to: 10, unit_amount: 1.00 }, { up_to: unlimited, unit_amount: 0.001 }] }
  gift:
    name: Gift
    prices:
      one_time: { custom_amount: { minimum: 5.00, maximum: 500.00, preset: 20.00 } }
  parcel:
    name: Parcel
    prices:
      monthly: { amount: 1.00, unit: gram, transform_quantity: { divide_by: 100, round: up } }
      yearly: { amount: 9.00, unit: gram, transform_quantity: { divide_by: 100, round: down } }
features:
  api_access: { name: API access, type: switch, description: Programs may use the API. }
  storage: { name: Storage, type: quantity, unit: GB }
meters:
  calls: { name: Calls, event_name: call }
groups:
  sizes: { name: Sizes, kind: plan, products: [free, team-plus] }
enums:
  mood: { description: How one feels., values: { good: Well., bad: Not well. } }
records:
  notes:
    description: What was written.
    columns:
      id: { type: text(36), key: true }
      mood: mood?
      type: { type: text, description: Of the note. }
      price: decimal(10,2)
      data: json?
      scan: bytes
      seal: bytes?
      created_at: { type: timestamp, default: now }
";

fn small() -> Catalog {
    let file = Source { path: "catalog/catalog.yaml".to_owned(), text: SMALL.to_owned(), base: false };
    let mut catalog = compile(Package::with_base(vec![file]), &pricebook_emit::limits(), None)
        .unwrap_or_else(|report| panic!("{:#?}", report.diagnostics));
    catalog.hash = "5ma11".to_owned();
    catalog
}

fn first_migration() -> LockedMigration {
    let checksums = ["aa", "bb", "cc"].map(str::to_owned);
    LockedMigration { number: 1, name: "initial".to_owned(), checksums }
}

#[test]
fn a_small_catalog_has_its_reviewed_shape() {
    let [source, index] = &rust::emit(&small(), &[first_migration()], Texts::Included)[..] else {
        panic!("the source and the index");
    };
    assert_eq!((&*source.path, &*index.path), (rust::CATALOG, rust::INDEX));
    insta::assert_snapshot!("catalog", source.text);
    insta::assert_snapshot!("index", index.text);
}

#[test]
fn a_macro_without_a_build_script_names_its_folder() {
    let source = rust::source(&small(), &[], Texts::Inline(&[]), Lookup::Folder("shop"));
    assert!(source.contains(r#"item!($crate::catalog, "plan", $id, "shop")"#), "{source}");
}

#[test]
fn the_runtimes_records_are_rows_enums_and_migrations() {
    let [source] = &rust::emit_records(&small(), &[first_migration()], Texts::Included)[..] else {
        panic!("the source");
    };
    for part in
        ["pub struct User {", "pub enum UserRole {", "pub const MIGRATIONS", "sql/mysql/migrations/0001_initial.sql"]
    {
        assert!(source.text.contains(part), "{part} in {}", source.text);
    }
    for other in ["Plan", "Note", "Mood", "PriceId"] {
        assert!(!source.text.contains(&format!("{other} {{")), "{other} in {}", source.text);
    }
}

#[test]
fn the_source_is_valid_for_rustc() {
    let source = rust::source(&small(), &[], Texts::Included, Lookup::OutDir);
    syn::parse_file(&source).expect("items");
}
