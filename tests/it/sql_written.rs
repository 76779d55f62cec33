//! The rows that `cargo catalog diff` counts are those that a sync really changes.

use std::collections::BTreeSet;

use pricebook_emit::sql;
use pricebook_model::migrate::{own_schema, with_column_order};
use pricebook_model::{Catalog, Lock, Source};
use pricebook_types::Dialect;

use crate::catalogs::{files, of_files, small, small_after};
use crate::sql_databases::{Database, on};
use crate::sql_random::cases;
use crate::sql_rows::{create_tables, generated};

/// Tables with the keys of their rows.
type Rows = BTreeSet<(String, Vec<String>)>;

/// The rows that are told.
fn told(old: &Catalog, new: &Catalog) -> Rows {
    let today = chrono::Utc::now().date_naive().to_string();
    let written = sql::written(old, new, &today);
    let rows: Rows = written.iter().map(|row| (row.table.clone(), row.key.clone())).collect();
    assert_eq!(rows.len(), written.len(), "each row once");
    rows
}

/// The rows that change in a database that was synced to `old`, then migrated and synced to `new`.
fn changed(old: &Catalog, new: &Catalog) -> Rows {
    on(Dialect::Sqlite, async |database| {
        create_tables(database, old).await;
        database.run(&generated(old, database.dialect, "sync.sql")).await;
        let (from, to) = (own_schema(old), own_schema(new));
        database.run(&sql::migration(database.dialect, &from, &with_column_order(to, &from))).await;
        let before = rows(database, new).await;
        database.run(&generated(new, database.dialect, "sync.sql")).await;
        let after = rows(database, new).await;
        before.symmetric_difference(&after).map(|(table, key, _)| (table.clone(), key.clone())).collect()
    })
}

/// Every row of what a sync writes, with its key and its other columns; not its own state, and not when a row was touched.
async fn rows(database: &mut Database, catalog: &Catalog) -> BTreeSet<(String, Vec<String>, Vec<Option<String>>)> {
    let mut all = BTreeSet::new();
    let of_sync = |name: &str| name.starts_with("catalog_") && !["catalog_state", "catalog_sync_runs"].contains(&name);
    for table in catalog.tables.iter().filter(|table| !table.base || of_sync(&table.name)) {
        let touched = ["created_at", "updated_at"];
        let columns = table.columns.iter().map(|column| &column.name).filter(|name| !touched.contains(&name.as_str()));
        let names: Vec<&String> = table.primary_key.iter().chain(columns).collect();
        let names: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
        let query = format!("SELECT {} FROM \"{}\"", names.join(", "), table.name);
        for mut row in database.rows(&query).await {
            let values = row.split_off(table.primary_key.len());
            all.insert((table.name.clone(), row.into_iter().map(Option::unwrap_or_default).collect(), values));
        }
    }
    all
}

/// A file of the real catalog, what is replaced in it, and what comes instead.
type Replacement = (&'static str, &'static str, &'static str);

/// Each edit by what it is, with what it replaces.
const EDITS: &[(&str, &[Replacement])] = &[
    ("a price", &[("addons", "monthly: 19.00", "monthly: 21.00")]),
    ("a price in the kind's table", &[("services", "deposit: { percent: 20 }", "deposit: full")]),
    (
        "a new product",
        &[(
            "addons",
            "addons:\n",
            "addons:\n  fax:\n    name: Fax\n    features: { api_access: true }\n    prices: { monthly: 1.00, yearly: 2.00 }\n",
        )],
    ),
    ("a renamed product", &[("addons", "  automation_plus:\n", "  automation_max:\n    was: automation_plus\n")]),
    (
        "a retired product with features",
        &[
            ("addons", "addons:\n", "retired: [addon/marketing_suite]\n\naddons:\n"),
            (
                "addons",
                "  marketing_suite:\n    name: Marketing Suite\n    description: Campaigns, landing pages and lead scoring beside the pipeline.\n    tax_code: txcd_10103001\n    marketing_features: [E-mail campaigns, Landing pages, Lead scoring]\n    features: { campaign_emails: 10000, lead_scoring: true }\n    prices: { monthly: 39.00, yearly: 390.00 }\n",
                "",
            ),
        ],
    ),
    (
        "a retired price",
        &[
            ("hosting", "monthly: 9.00, yearly: 90.00", "monthly: 9.00"),
            ("hosting", "hosting:\n", "retired: [price/hosting_hosting_yearly]\n\nhosting:\n"),
        ],
    ),
    ("a price that is gone without a word", &[("hosting", "monthly: 9.00, yearly: 90.00", "monthly: 9.00")]),
    ("a feature taken away", &[("addons", "call_recording: true, ", "")]),
    (
        "a renamed feature",
        &[
            ("features", "  workflows: { name: Workflows, ", "  automations: { was: workflows, name: Workflows, "),
            ("addons", "workflows: 100", "automations: 100"),
            ("plans", "workflows: 20", "automations: 20"),
            ("plans", "workflows: unlimited", "automations: unlimited"),
        ],
    ),
    (
        "a retired coupon",
        &[
            (
                "coupons",
                "  setup_waiver:\n    name: Setup fee waived\n    amount_off: 99.00\n    duration: once\n    applies_to: [fee/starter_setup]\n    max_redemptions: 100\n    promotion_codes:\n      - { code: WELCOME, minimum_amount: 99.00 }\n",
                "",
            ),
            ("coupons", "coupons:\n", "retired: [coupon/setup_waiver]\n\ncoupons:\n"),
        ],
    ),
    ("another promotion code", &[("coupons", "code: WELCOME", "code: HELLO")]),
    ("an announcement that changes", &[("plans", "on: 2027-01-01, amount: 35.00", "on: 2099-02-01, amount: 39.00")]),
    ("another tier", &[("hosting", "unit_amount: 0.002 }", "unit_amount: 0.003 }")]),
    ("a currency that goes", &[("plans", "currencies: { eur: 270.00, gbp: 230.00 }", "currencies: { eur: 270.00 }")]),
    ("other lookup keys", &[("kinds", "lookup_key: \"plan_{id}_{price}\"", "lookup_key: \"crm_{id}_{price}\"")]),
    ("a setting of all prices", &[("catalog", "tax_behavior: exclusive", "tax_behavior: inclusive")]),
    ("a table by another name", &[("kinds", "      name: role_tiers\n", "      name: tiers\n      was: role_tiers\n")]),
    (
        "a new attribute with a default",
        &[(
            "kinds",
            "    attributes:\n      popular:",
            "    attributes:\n      level: { type: integer, default: 3 }\n      popular:",
        )],
    ),
    (
        "a new attribute that one product has",
        &[
            ("kinds", "    attributes:\n      popular:", "    attributes:\n      motto: text\n      popular:"),
            ("plans", "attributes: { popular: true }", "attributes: { popular: true, motto: Grow. }"),
        ],
    ),
    ("another value of an attribute", &[("organizations", "seats: 50", "seats: 40")]),
    (
        "an attribute that goes",
        &[
            (
                "kinds",
                "    attributes:\n      popular: { type: boolean, default: false, description: Highlighted on the price list. }\n",
                "",
            ),
            ("plans", "    attributes: { popular: true }\n", ""),
        ],
    ),
];

/// What the migration does, or what a sync leaves alone.
const WRITE_NOTHING: &[&str] = &["a table by another name", "a new attribute with a default", "an attribute that goes"];

fn edited(files: &[Source], edits: &[(&str, &str, &str)]) -> Vec<Source> {
    let mut files = files.to_vec();
    for (file, from, to) in edits {
        let path = format!("catalog/{file}.yaml");
        let source = files.iter_mut().find(|source| source.path == path).expect("the file");
        assert!(source.text.contains(from), "{path} holds no {from:?}");
        source.text = source.text.replacen(from, to, 1);
    }
    files
}

#[test]
fn the_rows_that_are_told_are_those_that_a_sync_changes() {
    let files = files();
    let before = of_files(files.clone()).expect("the real catalog has no problem");
    for (what, edits) in EDITS {
        let after = of_files(edited(&files, edits)).unwrap_or_else(|| panic!("{what} is no sound edit"));
        let (there, back) = (told(&before, &after), told(&after, &before));
        assert_eq!(there.is_empty(), WRITE_NOTHING.contains(what), "{what}: {there:?}");
        assert_eq!(there, changed(&before, &after), "{what}");
        // The other way nothing is retired and nothing renamed: what goes is left alone.
        assert_eq!(back, changed(&after, &before), "{what}, taken back");
    }
}

#[test]
fn whatever_line_is_edited_the_rows_that_are_told_are_those_that_a_sync_changes() {
    let files = files();
    let before = of_files(files.clone()).expect("the real catalog has no problem");
    let lines: Vec<(usize, usize)> =
        (0..files.len()).flat_map(|file| (0..files[file].text.lines().count()).map(move |line| (file, line))).collect();
    let cases = cases(32) as usize;
    let mut compared = 0;
    for (file, line) in lines.iter().step_by(1.max(lines.len() / cases)) {
        let mut files = files.clone();
        let mut text: Vec<String> = files[*file].text.lines().map(str::to_owned).collect();
        // Another digit, or a line less.
        match text[*line].rfind(|char: char| ('1'..'9').contains(&char)) {
            Some(at) => {
                let digit = text[*line].as_bytes()[at] + 1;
                text[*line].replace_range(at..=at, &char::from(digit).to_string());
            }
            None => drop(text.remove(*line)),
        }
        files[*file].text = text.join("\n") + "\n";
        let Some(after) = of_files(files) else { continue };
        assert_eq!(told(&before, &after), changed(&before, &after), "{file}:{line}");
        compared += 1;
    }
    assert!(compared > 4, "only {compared} edits are valid");
}

const SHOP: &str = "
catalog: { name: shop, title: Shop, currency: usd }
kinds: { tea: { plural: teas } }
teas:
  green: { name: Green, prices: { monthly: 1.00 } }
  black: { name: Black, active: false, prices: { monthly: 2.00 } }
";

#[test]
fn what_only_the_lock_remembers_is_taken_from_sale_and_told_where_it_was_for_sale() {
    let before = small(SHOP);
    let lock = Lock { schema: own_schema(&before), ..Lock::default() }.recorded(&before);
    let products = SHOP.find("teas:\n  green").expect("the products");
    let none = small_after(&format!("{}retired: [tea/green, tea/black]\n", &SHOP[..products]), &lock);
    let row = |table: &str, key: &str| (table.to_owned(), vec![key.to_owned()]);
    // Black was not for sale before either.
    let expected = Rows::from([row("catalog_prices", "tea_green_monthly"), row("teas", "green")]);
    assert_eq!(told(&before, &none), expected);
    assert_eq!(changed(&before, &none), expected);
    let later = Catalog { retired: Vec::new(), ..none };
    assert_eq!(told(&before, &later), expected);
    assert_eq!(changed(&before, &later), expected);
}
