//! Reports as people and programs read them.

use insta::assert_snapshot;
use pricebook_model::render::{self, Style};
use pricebook_model::{Diagnostic, Report, Sources};

use crate::catalogs::{compiled, file};

const CATALOG: &str = "catalog: { name: acme, title: Acme, currency: usd }\n";

fn report(plans: &str) -> Report {
    let kinds = "kinds: { plan: { prices: { min: 0 } } }\n";
    compiled(vec![file("catalog/acme.yaml", &format!("{CATALOG}{kinds}")), file("catalog/plans.yaml", plans)])
        .expect_err("the catalog is broken")
}

#[test]
fn a_report_has_the_shape_of_rustc() {
    let report = report("plans:\n  starter:\n    name: Stárter\n    prices: { monthly: $29 }\n    actve: true\n");
    assert_snapshot!(render::text(&report, Style::Plain), @r#"
    error[invalid-decimal]: expected a decimal number, found the text `$29`
     --> catalog/plans.yaml:4:24
      |
    4 |     prices: { monthly: $29 }
      |                        ^^^
      |
      = help: write `29`: digits and a point, no currency signs, units or separators

    error[unknown-key]: a product has no key `actve`
     --> catalog/plans.yaml:5:5
      |
    5 |     actve: true
      |     ^^^^^
      |
      = help: did you mean `active`?

    error: 2 problems in the catalog
    "#);
}

#[test]
fn a_second_place_has_its_own_label() {
    let report = report("plans:\n  starter: { name: A }\n  other: { name: B }\n  starter: { name: C }\n");
    assert_snapshot!(render::text(&report, Style::Plain), @r#"
    error[duplicate-key]: `starter` stands here twice
     --> catalog/plans.yaml:4:3
      |
    2 |   starter: { name: A }
      |   ------- first here
    3 |   other: { name: B }
    4 |   starter: { name: C }
      |   ^^^^^^^ again
      |
      = help: keep one of them: a key stands once

    error: 1 problem in the catalog
    "#);
}

#[test]
fn a_second_place_in_another_file_is_shown_from_there() {
    let files = vec![
        file(
            "catalog/a.yaml",
            &format!("{CATALOG}kinds: {{ plan: {{ prices: {{ min: 0 }} }} }}\nplans:\n  starter: {{ name: A }}\n"),
        ),
        file("catalog/b.yaml", "# more\nplans:\n  starter: { name: C }\n"),
    ];
    let report = compiled(files).expect_err("an id stands twice");
    assert_snapshot!(render::text(&report, Style::Plain), @r#"
    error[duplicate-id]: the plan `starter` is declared twice
     --> catalog/b.yaml:3:3
      |
    3 |   starter: { name: C }
      |   ^^^^^^^ again
      |
     ::: catalog/a.yaml:4:3
      |
    4 |   starter: { name: A }
      |   ------- first here
      |
      = help: remove one of them, or give one another id

    error: 1 problem in the catalog
    "#);
}

#[test]
fn colours_are_ansi_escapes() {
    let report = report("plans: 1\n");
    assert!(render::text(&report, Style::Coloured).contains("\u{1b}["));
    assert!(!render::text(&report, Style::Plain).contains('\u{1b}'));
}

#[test]
fn json_names_places_from_one() {
    let report = report("plans:\n  é: { name: A }\n");
    assert_snapshot!(render::json(&report), @r#"
    [
      {
        "code": "invalid-id",
        "message": "`é` cannot be an id",
        "file": "catalog/plans.yaml",
        "line": 2,
        "column": 3,
        "end_line": 2,
        "end_column": 4,
        "label": "",
        "others": [],
        "help": [
          "a product's id is a lower-case letter, then lower-case letters, digits, `_` and `-`"
        ]
      }
    ]
    "#);
}

#[test]
fn a_report_without_any_file_has_a_place_too() {
    let report = compiled(Vec::new()).expect_err("there is no catalog");
    assert_snapshot!(render::text(&report, Style::Plain), @r#"
    error[missing-catalog]: no file says `catalog:`
    --> catalog
     = help: add `catalog: { name: acme, title: Acme, currency: usd }` to one of the files

    error: 1 problem in the catalog
    "#);
}

#[test]
fn very_long_lines_are_named_but_not_shown() {
    let long = format!("plans: {{ starter: {{ name: \"{}\", actve: true }} }}\n", "x".repeat(1 << 20));
    let text = render::text(&report(&long), Style::Plain);
    assert!(text.len() < 1000, "{} bytes", text.len());
    assert!(text.contains("catalog/plans.yaml:1:1048607"), "{text}");
}

#[test]
fn places_at_the_end_of_a_file_without_a_line_break_are_shown() {
    let sources = Sources::new(vec![file("a.yaml", "a: b")]);
    let span = pricebook_model::source::Span { start: 3, end: 4, ..Default::default() };
    let shown = render::diagnostic(&Diagnostic::error("x", span, "m").label("here"), &sources, Style::Plain);
    assert!(shown.contains("a.yaml:1:4"), "{shown}");
}
