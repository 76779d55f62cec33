//! `explain`: a text for every code and rule.

use crate::scratch::{Ran, binary};

fn explain(code: &str) -> Ran {
    Ran::from(binary(&["explain", code]).output().unwrap())
}

#[test]
fn every_listed_code_is_explained() {
    let list = Ran::from(binary(&["explain", "--list"]).output().unwrap());
    let codes: Vec<&str> = list.stdout.lines().collect();
    assert!(codes.len() > 100, "{} codes", codes.len());
    for code in ["unknown-feature", "migration-edited", "price-raised"] {
        assert!(codes.contains(&code), "{code} is not listed");
    }
    let mut unique = codes.clone();
    unique.dedup();
    assert_eq!(unique, codes, "a name means one thing");
    for code in ["unknown-feature", "stale-artifact", "entitlement-removed"] {
        let ran = explain(code);
        assert!(ran.code == 0 && ran.stdout.starts_with(&format!("# {code}\n")), "{}", ran.stdout);
    }
}

#[test]
fn a_code_may_be_copied_with_its_brackets() {
    assert_eq!(explain("error[unknown-feature]").stdout, explain("unknown-feature").stdout);
}

#[test]
fn an_unknown_code_suggests_the_nearest() {
    let ran = explain("unknown-featur");
    assert_eq!(ran.code, 2);
    insta::assert_snapshot!(ran.stderr, @r"
    error: there is no code or lint rule `unknown-featur`
      = help: did you mean `unknown-feature`?
    ");
}
