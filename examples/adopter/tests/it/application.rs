//! The application that an adopter gets, and what it takes to set it up.

use adopter::catalog;

#[test]
fn the_artifacts_carry_the_texts_of_generated() {
    let artifacts = catalog::artifacts();
    assert_eq!((artifacts.name, artifacts.title), ("freewheel", "Freewheel Bikes"));
    assert_eq!(artifacts.products.len(), 4);
    assert!(artifacts.sync_sql.sqlite.contains("river-loop"));
    assert!(artifacts.stripe_json.contains(artifacts.catalog_hash));
}

/// The application's own lines, without blank lines, comments and what it does with its tours.
#[test]
fn an_application_is_set_up_in_ten_lines() {
    let setup = [include_str!("../../build.rs"), include_str!("../../src/main.rs"), include_str!("../../src/lib.rs")];
    let lines = setup.iter().flat_map(|file| file.lines()).map(str::trim);
    let lines: Vec<_> =
        lines.filter(|line| !line.is_empty() && !line.starts_with("//") && *line != "pub mod tours;").collect();
    assert!(lines.len() <= 10, "{lines:#?}");
}
