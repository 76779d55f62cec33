//! What `README.md` shows of a change is what the change gives.

use pricebook_model::Catalog;
use pricebook_types::Dialect;

use crate::catalogs::{files, of_files};
use crate::project::read;
use crate::sql_rows::generated;
use crate::stripe::artifact;

/// The file of this repository that a line of the example is about, as a catalog has it.
fn text_of(catalog: &Catalog, path: &str) -> String {
    match path {
        "generated/sql/sqlite/sync.sql" => generated(catalog, Dialect::Sqlite, "sync.sql"),
        "generated/stripe/catalog.json" => artifact(catalog, "stripe/catalog.json"),
        "generated/docs/price-list.md" => {
            let pages = pricebook_emit::docs::emit(catalog);
            pages.into_iter().find(|page| page.path == "docs/price-list.md").expect("the price list").text
        }
        other => panic!("{other} is no file of the example"),
    }
}

#[test]
fn the_diff_of_a_price_is_the_one_that_git_shows() {
    let readme = read("README.md");
    let edit = "In `catalog/plans.yaml`, `amount: 29.00` becomes `35.00`.";
    let (_, example) = readme.split_once(edit).expect("the edit");
    let (_, example) = example.split_once("```diff\n").expect("a diff");
    let (example, _) = example.split_once("```").expect("its end");
    let before = of_files(files()).expect("the real catalog");
    let mut edited = files();
    let plans = edited.iter_mut().find(|file| file.path == "catalog/plans.yaml").expect("the plans");
    plans.text = plans.text.replacen("amount: 29.00", "amount: 35.00", 1);
    let after = of_files(edited).expect("a sound catalog");
    let (mut path, mut shown) = ("", 0);
    for line in example.lines() {
        let (sign, text) = line.split_at(1);
        if sign == " " {
            path = text;
            continue;
        }
        let [before, after] = [&before, &after].map(|catalog| text_of(catalog, path));
        let lines = |of: &str| of.lines().filter(|line| *line == text).count();
        let (had, has) = (lines(&before), lines(&after));
        assert!(
            if sign == "-" { had > has } else { has > had },
            "{path} has this line {had} times, then {has}: {line}"
        );
        shown += 1;
    }
    assert_eq!(shown, 6, "two lines of three files");
}
