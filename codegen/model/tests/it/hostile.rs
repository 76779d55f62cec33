//! Input that nobody meant: always a place, never a panic, never a hang.

use pricebook_model::source::Position;
use pricebook_model::{Source, Sources, compile, load};

use crate::catalogs::{compiled, everything, file, lines};
use crate::law;

/// The diagnostics of one file beside a sound one, as `line:column code`.
fn places(text: &str) -> Vec<String> {
    let sound = "catalog: { name: acme, title: Acme, currency: usd }\n";
    let report = compiled(vec![file("a.yaml", sound), file("b.yaml", text)]).expect_err("the catalog is broken");
    law::report_is_whole(&report);
    (report.diagnostics.iter())
        .map(|diagnostic| {
            let Position { line, column, .. } = diagnostic.position(&report.sources);
            format!("{line}:{column} {}", diagnostic.code)
        })
        .collect()
}

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    assert_eq!(places(text), expected, "for {:?}", text.get(..200).unwrap_or(text));
}

#[test]
fn a_tab_in_the_indentation_is_found() {
    check("kinds:\n\tplan: {}\n", &["2:1 yaml-tab"]);
    check("kinds:\n  plan:\n  \ttitle: Plan\n", &["3:3 yaml-tab"]);
}

#[test]
fn anchors_and_aliases_are_refused_where_the_anchor_stands() {
    check("a: &x { b: c }\nd: *x\n", &["1:1 unknown-section", "1:4 yaml-alias"]);
    check("kinds: *x\n", &["1:8 yaml-alias"]);
}

#[test]
fn an_alias_bomb_is_refused_at_once() {
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for level in 1..60 {
        let before = format!("*a{}", level - 1);
        bomb.push_str(&format!("a{level}: &a{level} [{}]\n", [before.as_str(); 9].join(", ")));
    }
    assert!(places(&bomb).contains(&"1:5 yaml-alias".to_owned()));
}

#[test]
fn merge_keys_are_refused() {
    check("kinds:\n  plan:\n    <<: { title: Plan }\n", &["3:5 yaml-merge-key"]);
}

#[test]
fn tags_are_refused() {
    check("kinds: !!map {}\n", &["1:8 yaml-tag"]);
    check("kinds:\n  plan: { title: !secret Plan }\n", &["2:18 yaml-tag"]);
}

#[test]
fn a_second_document_is_refused() {
    check("kinds: {}\n---\nplans: {}\n", &["2:1 yaml-documents"]);
}

#[test]
fn keys_that_stand_twice_are_found_at_the_second() {
    check("kinds: {}\nkinds: {}\n", &["2:1 duplicate-key"]);
    let many: String = (0..1000).map(|i| format!("  f{}: {{ name: F, type: switch }}\n", i % 999)).collect();
    check(&format!("features:\n{many}"), &["1001:3 duplicate-key"]);
}

#[test]
fn what_is_nested_too_deep_is_found_where_it_begins_to_be() {
    check(&"[".repeat(65), &["1:65 yaml-too-deep"]);
    for unit in ["[", "{a: ", "- ", "? "] {
        let found = places(&unit.repeat(100_000));
        assert!(found.len() == 1 && found[0].ends_with(" yaml-too-deep"), "{unit:?}: {found:?}");
    }
    let block: String = (0..200).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    check(&block, &["65:65 yaml-too-deep"]);
}

#[test]
fn control_characters_are_found_raw_and_escaped() {
    check("kinds:\n  plan: { title: \"a\u{1}b\" }\n", &["2:20 control-character"]);
    check("kinds:\n  plan: { title: \"a\\0b\" }\n", &["2:18 control-character"]);
    check("kinds: {} # \u{9b}\n", &["1:13 control-character"]);
}

#[test]
fn a_file_that_is_no_mapping_is_refused() {
    check("- a\n- b\n", &["1:1 not-a-mapping"]);
    check("just text\n", &["1:1 not-a-mapping"]);
    check("? [a]\n: b\n", &["1:3 key-not-text"]);
}

#[test]
fn syntax_errors_have_the_place_where_reading_stopped() {
    check("kinds: {\n", &["1:8 yaml-syntax"]);
    check("kinds:\n  plan: \"open\n", &["2:9 yaml-syntax"]);
    check("kinds:\n  plan: a: b\n", &["2:10 yaml-syntax"]);
}

#[test]
fn an_empty_file_says_nothing_and_a_catalog_of_them_is_none() {
    for text in ["", "# nothing\n", "\n\n"] {
        let report = compiled(vec![file("a.yaml", text)]).expect_err("there is no catalog");
        law::report_is_whole(&report);
        assert_eq!(lines(&report), ["a.yaml:1:1 missing-catalog: no file says `catalog:`"]);
    }
}

#[test]
fn a_file_that_cannot_be_read_does_not_hide_the_others() {
    let report = compiled(vec![file("a.yaml", "kinds: {"), file("b.yaml", "kinds: { plan: { titel: P } }")])
        .expect_err("both are broken");
    let lines = lines(&report).join("\n");
    assert!(lines.contains("a.yaml:1:") && lines.contains("b.yaml:1:18 unknown-key"), "{lines}");
}

#[test]
fn windows_line_breaks_and_a_byte_order_mark_are_taken() {
    check("\u{feff}kinds:\r\n  plan:\r\n    titel: P\r\n", &["3:5 unknown-key"]);
}

#[test]
fn columns_count_characters() {
    check("kinds: { plan: { title: \"日本語\", titel: x } }\n", &["1:32 unknown-key"]);
}

#[test]
fn bytes_that_are_not_utf8_are_found_at_their_line() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("a.yaml"), b"kinds:\n  plan: { title: \"\xff\xfe\" }\n").expect("a file");
    let files: Vec<Source> = load(folder.path(), "catalog", false).expect("the folder");
    let report = compile(Sources::new(files), &[], None).expect_err("not UTF-8");
    assert_eq!(lines(&report)[0], "catalog/a.yaml:2:19 invalid-utf8: there are bytes here that are not UTF-8");
}

#[test]
fn a_file_in_utf16_is_one_problem() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = "kinds:\n  plan: { title: Plan }\n";
    for mark in [&b"\xff\xfe"[..], b""] {
        let units = text.encode_utf16().flat_map(u16::to_le_bytes);
        let bytes: Vec<u8> = mark.iter().copied().chain(units).collect();
        std::fs::write(folder.path().join("a.yaml"), bytes).expect("a file");
        let files = load(folder.path(), "catalog", false).expect("the folder");
        let report = compile(Sources::new(files), &[], None).expect_err("UTF-16");
        assert_eq!(lines(&report), ["catalog/a.yaml:1:1 invalid-utf8: this file is UTF-16"]);
    }
}

#[test]
fn fifty_megabytes_of_anything_end_in_a_report() {
    let size = 50 << 20;
    for (unit, most) in [("[", 1), ("a: ", 1), ("\u{1}", 10)] {
        let found = places(&unit.repeat(size / unit.len()));
        assert!((1..=most).contains(&found.len()), "{unit:?}: {found:?}");
    }
}

#[test]
fn a_file_beyond_the_limit_is_refused_unread() {
    check(&" ".repeat((64 << 20) + 1), &["1:1 file-too-large"]);
}

#[test]
fn both_endings_of_yaml_files_are_read_and_others_are_not() {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["plans.yaml", "addons.yml", "fees.YAML", "notes.md", "plans.yaml.orig"] {
        std::fs::write(folder.path().join(name), "{}\n").expect("a file");
    }
    let files = load(folder.path(), "catalog", false).expect("the folder");
    let mut read: Vec<_> = files.iter().map(|file| file.path.as_str()).collect();
    read.sort_unstable();
    assert_eq!(read, ["catalog/addons.yml", "catalog/fees.YAML", "catalog/plans.yaml"]);
}

#[cfg(unix)]
#[test]
fn hidden_files_are_left_out_and_links_to_folders_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("plans.yaml"), "plans: {}\n").expect("a file");
    std::fs::write(folder.path().join(".draft.yaml"), "not: read\n").expect("a file");
    let files = load(folder.path(), "catalog", false).expect("the folder");
    assert_eq!(files.iter().map(|file| file.path.as_str()).collect::<Vec<_>>(), ["catalog/plans.yaml"]);
    std::os::unix::fs::symlink(folder.path(), folder.path().join("cycle")).expect("a link");
    let refused = load(folder.path(), "catalog", false).expect_err("no cycle is entered");
    assert_eq!(refused.shown, "catalog/cycle");
    assert!(refused.cause.to_string().contains("link its files one by one"), "{}", refused.cause);
}

#[test]
fn numbers_beyond_every_range_are_found_wherever_an_amount_stands() {
    let huge = "79228162514264337593543950335";
    for written in [
        "29.00",
        "amount: 500",
        "amount_off: 10.00",
        "percent: 20",
        "percent_off: 20",
        "minimum_amount: 50.00",
        "unit_amount: 0.002",
    ] {
        let key = written.rsplit_once(' ').map_or("", |(key, _)| key);
        let text = everything().replacen(written, format!("{key} {huge}").trim(), 1);
        let report = compiled(vec![file("a.yaml", &text)]).expect_err(written);
        law::report_is_whole(&report);
        assert_eq!(report.diagnostics.len(), 1, "{written}: {report}");
    }
}
