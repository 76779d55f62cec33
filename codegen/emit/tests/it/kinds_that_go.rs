//! A kind that was sold can be removed, and can get another id, by what the report says.

use pricebook_model::migrate::own_schema;
use pricebook_model::{Lock, Report, Source, Sources, compile};

use crate::diagnostics::{catalog, lock};

const FEE: &str = "  fee:\n";

pub(crate) fn edited(edits: &[(&str, &str, &str)]) -> Vec<Source> {
    let mut sources = catalog();
    for (file, find, replace) in edits {
        let source = sources.iter_mut().find(|source| source.path == *file).expect("the file");
        assert_eq!(source.text.matches(find).count(), 1, "{find} stands once in {file}");
        source.text = source.text.replace(find, replace);
    }
    sources
}

/// What is reported once the change's migration is written, as it can be before anything is retired.
fn report(sources: Vec<Source>) -> Option<Report> {
    let migrated = compile(Sources::new(sources.clone()), &pricebook_emit::limits(), None);
    let schema = own_schema(&migrated.unwrap_or_else(|_| panic!("no migration can be written")));
    compile(Sources::new(sources), &pricebook_emit::limits(), Some(&Lock { schema, ..lock() })).err()
}

/// The section that the report says to write, in front of the catalog's own.
fn follow(report: &Report, sources: &mut [Source]) {
    let [diagnostic] = report.diagnostics.as_slice() else { panic!("{:#?}", report.diagnostics) };
    assert_eq!(diagnostic.code, "id-vanished");
    let line = diagnostic.help.iter().find_map(|help| help.split('`').find(|part| part.starts_with("retired:")));
    let line = line.unwrap_or_else(|| panic!("{:?}", diagnostic.help));
    let source = sources.iter_mut().find(|source| source.path == "catalog/catalog.yaml").expect("the file");
    source.text = format!("{line}\n{}", source.text);
}

fn ends_after_its_report(mut sources: Vec<Source>) {
    let first = report(sources.clone()).expect("what was sold does not vanish");
    follow(&first, &mut sources);
    if let Some(report) = report(sources) {
        panic!("{:#?}", report.diagnostics);
    }
}

#[test]
fn a_kind_is_removed_with_all_that_was_sold_as_one() {
    let kinds = catalog().into_iter().find(|source| source.path == "catalog/kinds.yaml").expect("the file").text;
    let from = kinds.find(FEE).expect("the kind");
    let to = from + kinds[from..].find("\n\n").expect("its end") + 2;
    let mut sources = edited(&[
        ("catalog/kinds.yaml", &kinds[from..to], ""),
        ("catalog/coupons.yaml", "    applies_to: [fee/starter_setup]\n", ""),
    ]);
    sources.retain(|source| source.path != "catalog/fees.yaml");
    ends_after_its_report(sources);
}

#[test]
fn a_kind_gets_another_id_and_its_products_with_it() {
    ends_after_its_report(edited(&[
        ("catalog/kinds.yaml", FEE, "  charge:\n"),
        ("catalog/fees.yaml", "fees:\n", "charges:\n"),
        ("catalog/coupons.yaml", "fee/starter_setup", "charge/starter_setup"),
    ]));
    ends_after_its_report(edited(&[("catalog/kinds.yaml", "  hosting:\n", "  hosted:\n")]));
}

#[test]
fn what_is_retired_of_no_kind_that_ever_was_is_a_slip() {
    let sources = edited(&[("catalog/catalog.yaml", "catalog:\n", "retired: [paln/starter]\ncatalog:\n")]);
    let report = report(sources).expect("a slip");
    let codes: Vec<&str> = report.diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
    assert_eq!(codes, ["unknown-kind"]);
}
