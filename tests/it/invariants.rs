//! House rules that no compiler checks.

use pricebook_emit::build::{Package, Stream, compare, generate};

use crate::project::{cargo, code_lines, listed, named_tests, read, root, rust_files};

#[test]
fn every_rust_file_says_first_what_it_is_for() {
    let says = |text: &str| text.lines().next().is_some_and(|line| line.starts_with("//! ") && line.len() > 10);
    let silent: Vec<_> = rust_files(".").into_iter().filter(|path| !says(&read(path))).collect();
    assert!(silent.is_empty(), "the first line is no `//!` sentence: {silent:#?}");
}

#[test]
fn entry_points_are_a_page_at_most() {
    let is_entry = |name: &str| name == "build.rs" || name == "main.rs";
    let long: Vec<_> = rust_files(".")
        .into_iter()
        .filter(|path| path.file_name().is_some_and(|name| is_entry(&name.to_string_lossy())))
        .filter(|path| read(path).lines().count() > 60)
        .collect();
    assert!(long.is_empty(), "longer than 60 lines: {long:#?}");
}

#[test]
fn the_shipped_binary_holds_no_catalog_parser_and_no_emitter() {
    let tree = cargo(&["tree", "--package", "pricebook-app", "--edges", "normal,no-proc-macro", "--prefix", "none"]);
    let names: Vec<_> = tree.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert!(names.contains(&"pricebook"), "{tree}");
    let compilers = ["saphyr", "saphyr-parser", "serde-saphyr", "serde_yaml", "pricebook-model", "pricebook-emit"];
    let found: Vec<_> = names.iter().filter(|name| compilers.contains(name)).collect();
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn every_generated_folder_is_what_its_catalog_says() {
    for (package, stream) in
        [(".", Stream::Catalog), ("runtime", Stream::Records), ("examples/adopter", Stream::Catalog)]
    {
        let package = Package::new(root().join(package), stream);
        let generated = generate(&package).unwrap_or_else(|failure| panic!("{failure}"));
        let differences = compare(&package.generated(), &generated.artifacts).expect("the folder can be read");
        assert!(differences.is_empty(), "{}", differences.iter().map(ToString::to_string).collect::<String>());
    }
}

#[test]
fn everything_that_is_sold_is_recorded() {
    for package in [".", "examples/adopter"] {
        let generated = generate(&Package::new(root().join(package), Stream::Catalog));
        let generated = generated.unwrap_or_else(|failure| panic!("{failure}"));
        let lock = generated.history.lock.expect("the lock was written by the first migration");
        let unrecorded: Vec<_> = lock.unrecorded(&generated.catalog).into_iter().map(|item| item.id).collect();
        let keys = lock.unrecorded_keys(&generated.catalog);
        assert!(keys.is_empty(), "keys that are not recorded in {package}: {keys:?}");
        let help = format!("run `cargo catalog record --manifest-dir {package}` and commit the lock");
        assert!(unrecorded.is_empty(), "not recorded in {package}: {unrecorded:?}; {help}");
    }
}

/// Stripe's own numbers: a percentage and the sides of packages, of at most two decimals; and whether a module that is imported
/// keeps a number as it is written.
const NO_MONEY: [&str; 7] = [
    "pub percent_off: Option<f64>",
    "pub height: f64",
    "pub length: f64",
    "pub weight: f64",
    "pub width: f64",
    r#""f64" => "a number""#,
    "let double = number.to_string().parse::<f64>()",
];

#[test]
fn money_is_never_a_float() {
    let crates = ["types/src", "codegen", "runtime/src", "sandbox/src", "src"];
    let floats: Vec<_> = crates
        .into_iter()
        .flat_map(rust_files)
        .flat_map(|path| code_lines(&path).into_iter().map(move |(number, line)| (path.clone(), number, line)))
        .filter(|(_, _, line)| words(line).any(|word| word == "f64" || word == "f32"))
        .filter(|(_, _, line)| !NO_MONEY.iter().any(|field| line.contains(field)))
        .collect();
    assert!(floats.is_empty(), "{floats:#?}");
}

#[test]
fn colours_are_named_in_one_style_sheet() {
    let sheets = listed(&["*.css"]);
    let tokens = "runtime/templates/tokens.css";
    assert!(sheets.iter().any(|sheet| sheet == tokens) && sheets.len() > 3, "{sheets:?}");
    let names_one = |line: &str| {
        let value = line.split_once(':').map(|(_, value)| value).unwrap_or_default();
        ["#", "rgb(", "rgba(", "hsl(", "oklch("].iter().any(|colour| value.contains(colour))
    };
    assert!(read(tokens).lines().any(names_one));
    let others = sheets.iter().filter(|sheet| *sheet != tokens);
    let found: Vec<_> = others
        .flat_map(|sheet| {
            read(sheet)
                .lines()
                .filter(|line| names_one(line))
                .map(|line| format!("{sheet}: {line}"))
                .collect::<Vec<_>>()
        })
        .collect();
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn no_page_reads_money_as_a_float() {
    let floats = ["parseFloat", "Number(", "toFixed", "* 100", "/ 100"];
    let pages = listed(&["frontend/src/*.ts", "frontend/src/*.tsx"]);
    assert!(pages.len() > 20, "{pages:?}");
    let found: Vec<_> = pages.iter().filter(|page| floats.iter().any(|float| read(page).contains(float))).collect();
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn every_invariant_of_the_architecture_has_its_test() {
    let text = read("docs/ARCHITECTURE.md");
    let invariants =
        text.split("\n## ").find(|section| section.starts_with("Invariants")).expect("a section Invariants");
    let rows: Vec<_> =
        invariants.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| invariant")).collect();
    assert!(rows.len() >= 10, "{rows:#?}");
    let untested: Vec<_> = rows.iter().filter(|row| !row.starts_with("| ---") && named_tests(row).is_empty()).collect();
    assert!(untested.is_empty(), "{untested:#?}");
}

#[test]
fn every_test_that_a_document_names_exists() {
    for document in
        ["README.md", "CONTRIBUTING.md", "docs/ARCHITECTURE.md", "docs/REQUIREMENTS.md", "docs/DEPENDENCIES.md"]
    {
        let text = read(document);
        let missing: Vec<_> = named_tests(&text).into_iter().filter(|test| !test.exists()).collect();
        assert!(missing.is_empty(), "{document}: {missing:#?}");
    }
}

#[test]
fn every_path_that_a_guide_names_exists() {
    for document in ["README.md", "CONTRIBUTING.md", "docs/ARCHITECTURE.md"] {
        let text = read(document);
        let folders = [
            "catalog/",
            "generated/",
            "codegen/",
            "types/",
            "runtime/",
            "docs/",
            "tests/",
            "src/",
            "examples/",
            "benches/",
            "fuzz/",
            "frontend/",
        ];
        let paths = text.split('`').skip(1).step_by(2).filter(|quoted| {
            folders.iter().any(|folder| quoted.starts_with(folder)) && !quoted.contains(['<', '*', '{', ' ', ':'])
        });
        let missing: Vec<_> = paths.filter(|path| !root().join(path).exists()).collect();
        assert!(missing.is_empty(), "{document}: {missing:#?}");
    }
}

#[test]
fn the_architecture_is_told_in_200_lines() {
    assert!(read("docs/ARCHITECTURE.md").lines().count() <= 200);
}

#[test]
fn every_dependency_has_its_line() {
    let manifest = read("Cargo.toml");
    let dependencies = manifest.split("[workspace.dependencies]").nth(1).and_then(|rest| rest.split("\n[").next());
    let names = dependencies.expect("a section of dependencies").lines().filter_map(|line| line.split_once(" = "));
    let document = read("docs/DEPENDENCIES.md");
    let missing: Vec<_> = names
        .map(|(name, _)| name.trim())
        .filter(|name| !name.starts_with("pricebook") && !document.contains(&format!("`{name}`")))
        .collect();
    assert!(missing.is_empty(), "docs/DEPENDENCIES.md says nothing of {missing:?}");
}

fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|character: char| !character.is_alphanumeric() && character != '_')
}
