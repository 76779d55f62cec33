//! Names made to break what is generated: each is refused by a diagnostic about names, or everything works with it.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::LazyLock;

use pricebook_emit::build::Package;
use pricebook_emit::rust::{self, Lookup, Texts};
use pricebook_model::{Catalog, Source};
use pricebook_types::Dialect;

use crate::sql_databases::on;
use crate::sql_rows::{create_tables, generated};

/// Every keyword of Rust 2024, also those that are kept for later; of TypeScript, with its built-in types; words and own
/// names of databases; names of ours; names that become one another.
const NAMES: &str = "
    abstract as async await become box break const continue crate do dyn else enum extern false final fn for gen if impl in
    let loop macro macro_rules match mod move mut override priv pub raw ref return safe self static struct super trait true
    try type typeof union unsafe unsized use virtual where while yield
    any arguments bigint boolean case catch class constructor debugger declare default delete eval export extends finally
    from function get implements import instanceof interface keyof let_ module namespace never new null number object of
    package private prototype protected public readonly require set string switch symbol this throw undefined unknown var
    void with
    sqlite_stuff sqlite pg_class pg_thing information_schema ctid xmin tableoid oid rowid db_row_id fts_doc_id
    gen_clust_index primary order group user table select index check references check_1 pricebook_migrations
    api records enums rows tables catalog artifacts item items limit all find id id_ name name_ metadata metadata_ product
    products price prices price_id feature features kind kinds plan plans plan_row plan_attribute group_ groups service
    services product_ids amounts_on option some none ok err vec result string_ clone from_str hash monthly monthly_ max
    deal deal_line quote new_quote uq_quote_code pk_quote touch_quote_at is_plan is_plan_id plan_ids plan_prices
    a a_ a__b a_b ab a1 a_1 visits chk_visits_mood chk_visits_nr fk_visits_of_id
    organization_subscription_events_of_the_billing_system
    organization_subscription_events_of_the_external_billing_system
    organization_subscription_events_of_the_external_billing_systems
    ";

/// What says that a name cannot be used.
const CODES: &[&str] = &[
    "attribute-is-column",
    "duplicate-index",
    "duplicate-table",
    "duplicate-type-name",
    "key-declared-twice",
    "name-collision",
    "name-too-long",
    "reserved-name",
    "section-taken",
];

/// Where a name stands: a catalog up to its line, the line, and the catalog's rest. `%` is the name, `^` its type's name,
/// `#` its number.
struct Position {
    of: &'static str,
    before: &'static str,
    line: &'static str,
    after: &'static str,
}

const POSITIONS: &[Position] = &[
    Position {
        of: "table",
        before: "records:",
        line: "  \"%\": { row: R#, columns: { id: { type: text(36), key: true }, code: { type: text(20), unique: true }, \
               line_code: { type: text(20), unique: true }, the_record_before_this_one: { type: text(36)?, references: \
               \"%.id\" }, at: { type: timestamp, default: now, on_update: now } } }",
        after: "",
    },
    Position {
        of: "column",
        before: "records:\n  things:\n    columns:\n      key_of_all: { type: text(36), key: true }",
        line: "      \"%\": integer?",
        after: "",
    },
    Position {
        of: "index",
        before: "records:",
        line: "  t#: { row: R#, columns: { nr: { type: integer, key: true } }, indexes: { \"%\": [nr] } }",
        after: "",
    },
    Position {
        of: "foreign key",
        before: "enums: { mood: { values: [one, two] } }\nrecords:\n  visits:\n    columns:\n      nr: { type: integer, key: true }\n      \
                 mood: mood\n      of_id: { type: integer?, references: visits.nr }\n    foreign_keys:",
        line: "      \"%\": { columns: [of_id], references: visits, to: [nr] }",
        after: "",
    },
    Position {
        of: "row",
        before: "records:",
        line: "  t#: { row: \"^\", columns: { nr: { type: integer, key: true } } }",
        after: "",
    },
    Position {
        of: "interface",
        before: "records:",
        line: "  t#: { row: R#, columns: { nr: { type: integer, key: true } }, interface: { name: \"^\", fields: { nr: nr } } }",
        after: "",
    },
    Position {
        of: "enum",
        before: "records: { things: { columns: { nr: { type: integer, key: true } } } }\nenums:",
        line: "  \"%\": { values: [one, two] }",
        after: "",
    },
    Position {
        of: "value",
        before: "records: { things: { columns: { nr: { type: integer, key: true }, mood: mood } } }\nenums:\n  mood:\n    values:",
        line: "      \"%\": A mood.",
        after: "",
    },
    Position { of: "kind", before: "kinds:", line: "  \"%\": { plural: p#, table: { name: t# } }", after: "" },
    Position { of: "plural", before: "kinds:", line: "  k#: { plural: \"%\" }", after: "" },
    Position {
        of: "attribute",
        before: "kinds:\n  gizmo:\n    attributes:",
        line: "      \"%\": { type: integer, default: 1 }",
        after: "gizmos: { one: { name: One, prices: { monthly: 5.00, max: { interval: year, amount: 50.00 } } } }",
    },
    Position {
        of: "attribute without a column",
        before: "kinds:\n  gizmo:\n    table: { columns: { id: { type: text(99), from: id, key: true } } }\n    attributes:",
        line: "      \"%\": { type: one_of, values: [self_made, gen], default: gen }",
        after: "gizmos: { one: { name: One, prices: { monthly: 5.00, max: { interval: year, amount: 50.00 } } } }",
    },
    Position {
        of: "product",
        before: "kinds: { gizmo: {} }\ngizmos:",
        line: "  \"%\": { name: N#, prices: { monthly: 5.00 } }",
        after: "",
    },
    Position {
        of: "price",
        before: "kinds: { gizmo: {} }\ngizmos:\n  one:\n    name: One\n    prices:",
        line: "      \"%\": { interval: month, amount: 5.00 }",
        after: "",
    },
    Position {
        of: "feature",
        before: "kinds: { gizmo: {} }\nfeatures:",
        line: "  \"%\": { name: N#, type: switch }",
        after: "",
    },
];

/// What is left of a position once every name is gone that was refused.
pub(crate) struct Accepted {
    pub(crate) of: &'static str,
    pub(crate) catalog: Catalog,
    names: BTreeSet<&'static str>,
    /// The names that were refused, with the diagnostic's code.
    refused: BTreeSet<(&'static str, &'static str)>,
}

/// Every position with the names that can stand there.
pub(crate) static ACCEPTED: LazyLock<Vec<Accepted>> = LazyLock::new(|| POSITIONS.iter().map(accepted).collect());

fn accepted(position: &Position) -> Accepted {
    let mut names: Vec<&str> = NAMES.split_whitespace().collect();
    let mut refused = BTreeSet::new();
    loop {
        let head = format!("catalog: {{ name: shop, title: Shop, currency: usd }}\n{}\n", position.before);
        let first_line = head.lines().count() + 1;
        let lines: Vec<String> = names.iter().enumerate().map(|(number, name)| line(position, name, number)).collect();
        let text = format!("{head}{}\n{}\n", lines.join("\n"), position.after);
        let file = Source { path: "catalog.yaml".to_owned(), text, base: false };
        let report = match pricebook_model::compile(Package::with_base(vec![file]), &pricebook_emit::limits(), None) {
            Ok(catalog) => {
                return Accepted { of: position.of, catalog, names: names.into_iter().collect(), refused };
            }
            Err(report) => report,
        };
        for diagnostic in &report.diagnostics {
            let line = diagnostic.position(&report.sources).line;
            let name = line.checked_sub(first_line).and_then(|index| names.get(index));
            let name = name.unwrap_or_else(|| panic!("{}, line {line}: {}", position.of, diagnostic.message));
            assert!(
                CODES.contains(&diagnostic.code),
                "{} {name}: {}: {}",
                position.of,
                diagnostic.code,
                diagnostic.message
            );
            refused.insert((*name, diagnostic.code));
        }
        names.retain(|name| !refused.iter().any(|(other, _)| other == name));
    }
}

fn line(position: &Position, name: &str, number: usize) -> String {
    let ty: String =
        name.split('_').map(|word| word[..word.len().min(1)].to_uppercase() + word.get(1..).unwrap_or("")).collect();
    let ty = if ty == "ApiError" { "APIError".to_owned() } else { ty };
    position.line.replace('%', name).replace('^', &ty).replace('#', &number.to_string())
}

#[test]
fn what_no_target_can_take_is_refused_and_the_rest_is_not() {
    let of = |position: &str| ACCEPTED.iter().find(|accepted| accepted.of == position).expect("a position");
    for (position, name, code) in [
        ("table", "sqlite_stuff", "reserved-name"),
        ("table", "pg_class", "reserved-name"),
        ("table", "deal_line", "duplicate-index"),
        ("table", "quote", "duplicate-index"),
        ("column", "ctid", "reserved-name"),
        ("column", "db_row_id", "reserved-name"),
        ("index", "gen_clust_index", "reserved-name"),
        ("foreign key", "chk_visits_mood", "duplicate-index"),
        ("foreign key", "visits", "duplicate-index"),
        ("foreign key", "fk_visits_of_id", "duplicate-index"),
        ("interface", "service", "duplicate-type-name"),
        ("attribute", "name_", "name-collision"),
        ("attribute", "metadata_", "name-collision"),
        ("attribute without a column", "a_", "name-collision"),
    ] {
        assert!(of(position).refused.contains(&(name, code)), "{position} {name}: {:?}", of(position).refused);
    }
    let long = "organization_subscription_events_of_the_external_billing_system";
    for (position, name) in [
        ("table", long),
        ("table", "new_quote"),
        ("column", "gen"),
        ("attribute", "gen"),
        ("attribute without a column", "name"),
        ("attribute without a column", "limit"),
        ("attribute without a column", "monthly"),
        ("product", "type"),
        ("price", "gen"),
    ] {
        assert!(of(position).names.contains(name), "{position} {name}: {:?}", of(position).refused);
    }
    let fewest = ACCEPTED.iter().map(|accepted| accepted.names.len()).min().expect("positions");
    assert!(fewest > 60, "of {} names {fewest} are left", NAMES.split_whitespace().count());
}

#[test]
fn sqlite_creates_and_fills_the_tables() {
    create_and_fill(Dialect::Sqlite);
}

#[test]
fn servers_create_and_fill_the_tables() {
    [Dialect::Postgres, Dialect::Mysql].into_iter().for_each(create_and_fill);
}

fn create_and_fill(dialect: Dialect) {
    for accepted in ACCEPTED.iter() {
        on(dialect, async |database| {
            create_tables(database, &accepted.catalog).await;
            database.run(&generated(&accepted.catalog, database.dialect, "sync.sql")).await;
            let different = database.rows(&generated(&accepted.catalog, database.dialect, "verify.sql")).await;
            assert!(different.is_empty(), "{}: {different:?}", accepted.of);
        });
    }
}

#[test]
fn rustc_takes_the_rust() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let modules = ACCEPTED.iter().enumerate().map(|(number, accepted)| {
        let artifacts = pricebook_emit::emit(&accepted.catalog);
        let source = rust::source(&accepted.catalog, &[], Texts::Inline(&artifacts), Lookup::OutDir);
        format!("/// {}\npub mod catalog_{number} {{\n{source}\n}}\n", accepted.of)
    });
    let file = folder.path().join("lib.rs");
    fs::write(&file, modules.collect::<String>()).expect("a file");
    let types = newest_types();
    let output = Command::new("rustc")
        .args(["--edition", "2024", "--crate-type", "lib", "--emit", "metadata", "--cap-lints", "allow", "--out-dir"])
        .arg(folder.path())
        .args(["--extern".to_owned(), format!("pricebook_types={}", types.display())])
        .arg("-L")
        .arg(format!("dependency={}", types.parent().expect("a folder").display()))
        .arg(&file)
        .output()
        .expect("rustc runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// `pricebook-types` as this test was built with it.
fn newest_types() -> PathBuf {
    let test = std::env::current_exe().expect("a path");
    let built = fs::read_dir(test.parent().expect("a folder")).expect("a folder of built libraries");
    let libraries = built.map(|entry| entry.expect("an entry").path()).filter(|path| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        name.starts_with("libpricebook_types-") && name.ends_with(".rlib")
    });
    libraries.max_by_key(|path| path.metadata().and_then(|data| data.modified()).ok()).expect("the built library")
}
