//! Completions, as bash runs them.

use std::process::Command;

use crate::scratch::{Ran, binary};

/// What bash offers for these words, of which the last is being typed; `before` is run before the completions are read.
fn offered(before: &str, words: &[&str]) -> Vec<String> {
    let script = Ran::from(binary(&["completions", "bash"]).output().unwrap()).stdout;
    let quoted: Vec<_> = words.iter().map(|word| format!("'{word}'")).collect();
    let typed = format!(
        "{before}\n{script}\nCOMP_WORDS=({})\nCOMP_CWORD={}\nCOMPREPLY=()\n[[ \"$(complete -p {})\" =~ -F\\ ([^ ]+) ]]\n\
         \"${{BASH_REMATCH[1]}}\" '{}' '{}' '{}'\nprintf '%s\\n' \"${{COMPREPLY[@]}}\"\n",
        quoted.join(" "),
        words.len() - 1,
        words[0],
        words[0],
        words[words.len() - 1],
        words[words.len() - 2],
    );
    let ran = Ran::from(Command::new("bash").args(["--noprofile", "--norc", "-c", &typed]).output().unwrap());
    assert_eq!(ran.stderr, "", "of:\n{typed}");
    ran.stdout.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

#[test]
fn both_ways_to_call_the_command_are_completed() {
    for call in [&["cargo", "catalog"][..], &["cargo", "+stable", "catalog"], &["cargo-catalog"]] {
        let after = |words: &[&str]| offered("", &[call, words].concat());
        assert_eq!(after(&["gen"]), ["generate"], "{call:?}");
        assert_eq!(after(&["ex"]), ["explain"], "{call:?}");
        assert_eq!(after(&["generate", "--ch"]), ["--check"], "{call:?}");
        assert!(after(&["lint", "--format", ""]).contains(&"github".to_owned()), "{call:?}");
    }
}

#[test]
fn what_cargo_completed_before_it_completes_still() {
    let before = "_old() { COMPREPLY=(\"build of $1\"); }\ncomplete -F _old cargo";
    assert_eq!(offered(before, &["cargo", "bu"]), ["build of cargo"]);
    assert_eq!(offered(before, &["cargo", "catalog"]), ["build of cargo"], "the word itself is cargo's");
    assert_eq!(offered(before, &["cargo", "catalog", "gen"]), ["generate"]);
}

#[test]
fn fish_knows_the_commands_below_cargo() {
    let script = Ran::from(binary(&["completions", "fish"]).output().unwrap()).stdout;
    let is_of_cargo =
        |line: &&str| line.starts_with("complete -c cargo -n \"__fish_cargo_with_catalog_using_subcommand catalog");
    let of_cargo: Vec<_> = script.lines().filter(is_of_cargo).collect();
    for command in ["generate", "lint", "import"] {
        assert!(of_cargo.iter().any(|line| line.contains(&format!("-a \"{command}\""))), "{command}:\n{script}");
    }
    assert!(!script.contains("__fish_cargo_needs"), "a name that fish may have:\n{script}");
}
