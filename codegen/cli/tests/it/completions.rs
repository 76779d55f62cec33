//! Completions, as bash, fish and zsh run them: `scripts/install fish zsh`.

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

/// What fish offers for a line, without its descriptions.
fn offered_by_fish(line: &str) -> Vec<String> {
    let script = Ran::from(binary(&["completions", "fish"]).output().unwrap()).stdout;
    let typed = format!("{script}\ncomplete -C '{line}'\n");
    let fish = Command::new("fish").args(["--no-config", "-c", &typed]).output();
    let ran = Ran::from(fish.expect("there is no fish: run `scripts/install fish zsh`"));
    assert_eq!(ran.stderr, "", "of:\n{typed}");
    ran.stdout.lines().filter_map(|line| line.split('\t').next()).map(str::to_owned).collect()
}

#[test]
fn fish_completes_both_ways_to_call_the_command() {
    for call in ["cargo catalog", "cargo +stable catalog", "cargo-catalog"] {
        let after = |words: &str| offered_by_fish(&format!("{call} {words}"));
        assert_eq!(after("gen"), ["generate"], "{call}");
        assert_eq!(after("generate --ch"), ["--check"], "{call}");
        assert_eq!(after("lint --format "), ["github", "json", "text"], "{call}");
        assert_eq!(after("completions "), ["bash", "elvish", "fish", "powershell", "zsh"], "{call}");
    }
    assert_eq!(offered_by_fish("cargo cata"), ["catalog"]);
}

/// What a line becomes when somebody presses the tabulator in zsh: it is typed into a terminal. Completions of cargo are those
/// that rustup installs.
fn completed_by_zsh(line: &str, becomes: &str) -> bool {
    const TYPES: &str = r#"
        zmodload zsh/zpty
        zpty z zsh -f -i
        zpty -w z "PS1=; fpath=($1 $2 \$fpath); autoload -Uz compinit; compinit -D -u; echo REA''DY"
        zpty -r -m z shown '*READY*'
        zpty -w -n z "$3"$'\t'
        zpty -r -m z shown "*$4*"
        print -r -- $shown
    "#;
    let folder = tempfile::tempdir().unwrap();
    let script = Ran::from(binary(&["completions", "zsh"]).output().unwrap()).stdout;
    std::fs::write(folder.path().join("_cargo-catalog"), script).unwrap();
    let sysroot = Ran::from(Command::new("rustc").args(["--print", "sysroot"]).output().unwrap()).stdout;
    let of_cargo = format!("{}/share/zsh/site-functions", sysroot.trim());
    let mut zsh = Command::new("timeout");
    zsh.args(["30", "zsh", "-f", "-c", TYPES, "zsh"]).arg(folder.path()).args([&of_cargo, line, becomes]);
    let ran = Ran::from(zsh.output().unwrap());
    assert_ne!(ran.code, 127, "there is no zsh: run `scripts/install fish zsh`");
    ran.stdout.contains(becomes)
}

#[test]
fn zsh_completes_both_ways_to_call_the_command() {
    for call in ["cargo-catalog", "cargo catalog"] {
        for (typed, becomes) in [
            ("gen", "generate"),
            ("generate --ch", "--check"),
            ("lint --format g", "github"),
            ("completions el", "elvish"),
        ] {
            assert!(completed_by_zsh(&format!("{call} {typed}"), becomes), "{call} {typed}");
        }
    }
}
