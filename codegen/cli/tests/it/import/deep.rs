//! Modules that nest so deep, or are so long, that a parser which calls itself would overflow its stack.

use pricebook_cli::import::Failure;

use super::{import_one, imported, lines};

fn refused(text: &str) -> String {
    match import_one("services.config.ts", text) {
        Ok(_) => panic!("imported"),
        Err(Failure::Source(notes)) => lines(&notes),
        Err(failure) => panic!("{failure}"),
    }
}

#[test]
fn brackets_within_brackets_are_refused_with_their_place() {
    for (open, close) in [("[", "]"), ("(", ")"), ("{ a: ", "}")] {
        let nested = format!("const a =\n {}1{};", open.repeat(9000), close.repeat(9000));
        let said = refused(&nested);
        assert!(said.starts_with("services.config.ts:2:") && said.contains("more than 256 brackets"), "{said}");
    }
}

#[test]
fn what_nests_without_brackets_overflows_no_stack() {
    for (part, end) in [("!", "a"), ("-", "1"), ("a ? b : ", "c"), ("a => ", "a"), ("await ", "a"), ("a ** ", "a")] {
        let count = 500_000 / part.len();
        let said = refused(&format!("const a = {}{end};", part.repeat(count)));
        assert!(said.lines().count() == 1, "{said}");
    }
    let said = refused(&"if (a) ".repeat(70_000));
    assert!(said.contains("syntax"), "{said}");
    let said = refused(&format!("const a = '{}';", "a".repeat(600_000)));
    assert!(said.contains("512 KiB"), "{said}");
}

#[test]
fn a_text_of_many_parts_is_joined() {
    let name = "\"x\"+".repeat(50_000) + "\"y\"";
    let service = format!("{{ id: 'a', name: {name}, price: {{ value: 5 }} }}");
    match import_one("services.config.ts", &format!("export const services = {{ a: {service} }};")) {
        Ok(imported) => assert_eq!(imported.catalog.products[0].name.len(), 50_001),
        // Whether so long a name may be is for the catalog to say.
        Err(Failure::Source(notes)) => assert!(!lines(&notes).is_empty()),
        Err(failure) => panic!("{failure}"),
    }
    let short = imported(
        "services.config.ts",
        "export const services = { a: { id: 'a', name: 'A' + ' ' + 'b' + `c`, price: { value: 5 } } };",
    );
    assert_eq!(short.catalog.products[0].name, "A bc");
}
