//! The order in which columns are written says nothing: databases keep theirs, and every column is judged by what it says.

use pricebook_model::migrate::own_schema;
use pricebook_model::{Lock, Sources, compile};
use proptest::prelude::*;

use crate::catalogs::{cases, compiled, file};

const HEAD: &str = "catalog: { name: crm, title: CRM, currency: usd }
plans:
  starter: { name: Starter, prices: { monthly: 29.00 } }
";

/// The columns of `visits`.
const OF_RECORD: &[&str] = &[
    "id: { type: text(36), key: true }",
    "code: { type: text(20), unique: true }",
    "settings: json?",
    "plan: { type: text(255)?, references: plans.id, on_delete: set_null }",
    "note: text?",
    "count: { type: integer, default: 0 }",
];

/// The columns of `plans`.
const OF_KIND: &[&str] = &[
    "id: { type: text(255), from: id, key: true }",
    "name: { type: text, from: name }",
    "price: { type: integer?, from: price.max }",
    "granted: { type: json, from: features }",
    "added: { type: timestamp, default: now }",
];

/// What one of the columns says instead, or what stands beside them, and what is said of it.
const SLIPS: &[(&str, &str)] = &[
    ("id: { type: text(36)?, key: true }", "key-allows-null"),
    ("code: { type: json, unique: true }", "key-of-unsuited-type"),
    ("plan: { type: text(36)?, references: plans.id }", "foreign-key-type"),
    ("plan: { type: text(255), references: plans.id, on_delete: set_null }", "set-null-on-required-column"),
    ("count: { type: integer, default: none }", "default-type-mismatch"),
    ("note: { type: text?, on_delete: cascade }", "on-delete-without-reference"),
    ("note: { type: text(10), key: true }", "key-declared-twice"),
    ("tag: { type: text, unique: true }", "key-text-without-length"),
    ("tag: text(10)?", "schema-not-migrated"),
    ("name: { type: integer, from: name }", "column-cannot-hold"),
    ("granted: { type: json, from: grants }", "unknown-column-source"),
    ("added: timestamp", "column-without-value"),
    ("lowest: { type: text?, from: price.min }", "column-cannot-hold"),
    ("lowest: { type: integer?, from: price.min }", "schema-not-migrated"),
];

fn catalog(of_record: &[&str], of_kind: &[&str]) -> String {
    let lines = |columns: &[&str]| columns.iter().map(|column| format!("        {column}\n")).collect::<String>();
    let (of_record, of_kind) = (lines(of_record), lines(of_kind));
    format!(
        "{HEAD}kinds:\n  plan:\n    title: Plan\n    plural: plans\n    prices: {{ required: [monthly] }}\n    table:\n      \
         columns:\n{of_kind}records:\n  visits:\n    columns:\n{of_record}"
    )
}

fn migrated() -> Lock {
    let catalog = compiled(vec![file("a.yaml", &catalog(OF_RECORD, OF_KIND))]).expect("the catalog");
    Lock { version: 1, schema: own_schema(&catalog), ..Lock::default() }
}

/// Each problem as its code, its message, and the text at its place and at the others that it names.
fn said(text: &str, lock: &Lock) -> Vec<String> {
    let Err(report) = compile(Sources::new(vec![file("a.yaml", text)]), &[], Some(lock)) else { return Vec::new() };
    let problems = report.diagnostics.iter().map(|one| {
        let mut places: Vec<&str> = std::iter::once(&one.primary)
            .chain(&one.secondary)
            .map(|(span, _)| &text[span.start as usize..span.end as usize])
            .collect();
        places.sort_unstable();
        format!("{}: {} {places:?}", one.code, one.message)
    });
    problems.collect()
}

/// The columns with the slip: in the place of the column of its name, or first.
fn slipped<'a>(columns: &[&'a str], slip: &'a str) -> Vec<&'a str> {
    let name = |column: &'a str| column.split(':').next();
    let mut columns = columns.to_vec();
    match columns.iter_mut().find(|column| name(column) == name(slip)) {
        Some(column) => *column = slip,
        None => columns.insert(0, slip),
    }
    columns
}

/// The columns of both tables with a slip in the one that it is of.
fn with(slip: &'static str) -> (Vec<&'static str>, Vec<&'static str>) {
    let of_kind = slip.contains("from:") || slip.starts_with("added");
    match of_kind {
        true => (OF_RECORD.to_vec(), slipped(OF_KIND, slip)),
        false => (slipped(OF_RECORD, slip), OF_KIND.to_vec()),
    }
}

#[test]
fn every_slip_is_said_once_and_at_its_column() {
    let lock = migrated();
    for (slip, code) in SLIPS {
        let (of_record, of_kind) = with(slip);
        let said = said(&catalog(&of_record, &of_kind), &lock);
        assert!(said.len() == 1 && said[0].starts_with(code), "{slip}: {said:#?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn columns_in_another_order_mean_the_same(
        of_record in Just(OF_RECORD.to_vec()).prop_shuffle(),
        of_kind in Just(OF_KIND.to_vec()).prop_shuffle(),
    ) {
        prop_assert_eq!(said(&catalog(&of_record, &of_kind), &migrated()), Vec::<String>::new());
    }

    #[test]
    fn of_columns_in_another_order_the_same_is_said(
        (slip, of_record, of_kind) in prop::sample::select(SLIPS).prop_flat_map(|(slip, _)| {
            let (of_record, of_kind) = with(slip);
            (Just(slip), Just(of_record).prop_shuffle(), Just(of_kind).prop_shuffle())
        }),
    ) {
        let (before_record, before_kind) = with(slip);
        let lock = migrated();
        prop_assert_eq!(said(&catalog(&of_record, &of_kind), &lock), said(&catalog(&before_record, &before_kind), &lock));
    }
}
