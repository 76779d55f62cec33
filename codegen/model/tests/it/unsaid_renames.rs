//! What has another name and no `was:` is reported where it stands now, with the name that it had.

use pricebook_model::migrate::own_schema;
use pricebook_model::{Lock, Sources, compile};

use crate::catalogs::{compiled, file};

const SHOP: &str = "catalog: { name: shop, title: Shop, currency: usd }
kinds:
  plan:
    attributes:
      seats: integer
      places: integer
      note: text
    prices: { min: 0 }
records:
  visits:
    columns:
      id: { type: text(36), key: true }
      page: text(255)
      day: date
      count: integer
  orders:
    columns:
      number: { type: integer, key: true }
      sum: decimal(12,2)
";

/// The first place and the helps of the report on an edited catalog, whose lock is the one before.
fn told(from: &str, to: &str) -> Vec<String> {
    let before = SHOP;
    let migrated = compiled(vec![file("shop.yaml", before)]).expect("a sound catalog");
    let lock = Lock { version: 1, schema: own_schema(&migrated), ..Lock::default() };
    assert_eq!(before.matches(from).count(), 1, "{from}");
    let text = before.replace(from, to);
    let report = compile(Sources::new(vec![file("shop.yaml", &text)]), &[], Some(&lock)).expect_err("an unsaid change");
    let [found] = report.diagnostics.as_slice() else { panic!("{report}") };
    let line = text.lines().nth(found.position(&report.sources).line - 1).expect("its line");
    std::iter::once(line.trim().to_owned()).chain(found.help.iter().take(found.help.len() - 1).cloned()).collect()
}

fn renamed(line: &str, was: &str, now: &str) -> [String; 2] {
    [line.to_owned(), format!("if `{now}` is only another name for `{was}`, say so there: `was: {was}`")]
}

#[test]
fn a_column_is_one_of_its_type_at_its_place_or_with_a_similar_name() {
    assert_eq!(told("      page: text(255)", "      site: text(255)"), renamed("site: text(255)", "page", "site"));
    let moved = ("      page: text(255)\n      day: date\n", "      day: date\n      pages: text(255)\n");
    assert_eq!(told(moved.0, moved.1), renamed("pages: text(255)", "page", "pages"));
}

#[test]
fn a_column_of_another_type_is_another_column() {
    let found = told("      page: text(255)", "      pages: date");
    assert_eq!(found.len(), 1, "{found:?}");
}

#[test]
fn an_attribute_is_found_where_it_is_written_though_its_column_stands_last() {
    assert_eq!(told("      places: integer", "      stalls: integer"), renamed("stalls: integer", "places", "stalls"));
}

#[test]
fn a_table_is_one_that_shares_half_of_its_columns() {
    assert_eq!(told("  visits:", "  views:"), renamed("views:", "visits", "views"));
    let other = (
        "  orders:\n    columns:\n      number: { type: integer",
        "  posts:\n    columns:\n      slug: { type: text(20)",
    );
    let found = told(other.0, other.1);
    assert_eq!(found.first().map(String::as_str), Some("posts:"), "half of the columns are the same: {found:?}");
    let nothing_alike = (
        "  orders:\n    columns:\n      number: { type: integer, key: true }\n      sum: decimal(12,2)\n",
        "  posts:\n    columns:\n      slug: { type: text(20), key: true }\n",
    );
    assert_eq!(told(nothing_alike.0, nothing_alike.1).len(), 1, "no rename is guessed");
}
