//! What `deny.toml` accepts of dependencies, kept without another tool: licences, sources and banned crates.

use spdx::{Expression, ParseMode};

use crate::project::{cargo, read, root};

/// A package that a build on this machine uses.
struct Dependency {
    /// `name v1.2.3`, and where it comes from unless that is the registry.
    package: String,
    licence: String,
}

fn dependencies() -> Vec<Dependency> {
    let edges = ["--workspace", "--edges", "normal,build,dev", "--prefix", "none"];
    let tree = cargo(&[&["tree"], &edges[..], &["--format", "{p}\t{l}"]].concat());
    let lines = tree.lines().filter_map(|line| line.trim_end_matches(" (*)").split_once('\t'));
    lines.map(|(package, licence)| Dependency { package: package.to_owned(), licence: licence.to_owned() }).collect()
}

/// The texts in quotes of a list in `deny.toml`, without its comments.
fn listed(key: &str) -> Vec<String> {
    let text = read("deny.toml");
    let list = text.split_once(&format!("\n{key} = [\n")).and_then(|(_, rest)| rest.split_once("\n]")).expect(key).0;
    let lines = list.lines().filter(|line| !line.trim_start().starts_with('#'));
    lines.filter_map(|line| line.split('"').nth(1).map(str::to_owned)).collect()
}

#[test]
fn every_dependency_has_an_accepted_licence() {
    let accepted = listed("allow");
    let accepts = |licence: &str| {
        let expression = Expression::parse_mode(licence, ParseMode::LAX).ok();
        expression.is_some_and(|terms| terms.evaluate(|term| accepted.contains(&term.to_string())))
    };
    assert!(accepts("MIT OR GPL-3.0-only") && !accepts("MIT AND GPL-3.0-only"), "{accepted:?}");
    let dependencies = dependencies();
    assert!(dependencies.len() > 100, "cargo lists {} packages", dependencies.len());
    let refused: Vec<_> =
        dependencies.iter().filter(|found| !accepts(&found.licence)).map(|found| &found.package).collect();
    assert!(refused.is_empty(), "with licences that deny.toml does not list: {refused:#?}");
}

#[test]
fn every_dependency_is_of_the_registry_or_of_the_workspace() {
    let own = format!("({}", root().display());
    let other = dependencies().into_iter().map(|found| found.package.replace(" (proc-macro)", ""));
    let other: Vec<_> = other.filter(|package| package.contains('(') && !package.contains(&own)).collect();
    assert!(other.is_empty(), "{other:#?}");
}

#[test]
fn no_banned_crate_is_used() {
    let banned = listed("deny");
    assert!(banned.iter().any(|name| name == "serde_yaml"), "{banned:?}");
    let dependencies = dependencies();
    let name = |found: &Dependency| found.package.split(' ').next().map(str::to_owned).unwrap_or_default();
    let found: Vec<_> = dependencies.iter().map(name).filter(|name| banned.contains(name)).collect();
    assert!(found.is_empty(), "{found:#?}");
}
