//! Help, completions and the manual page come from one list.

use std::process::Stdio;

use crate::scratch::{Ran, Scratch, binary};

const COMMANDS: [&str; 10] =
    ["check", "generate", "diff", "lint", "migrate", "record", "import", "explain", "completions", "man"];

#[test]
fn every_command_stands_in_the_help_the_manual_and_the_completions() {
    let text = |arguments: &[&str]| {
        let ran = Ran::from(binary(arguments).output().unwrap());
        assert_eq!(ran.code, 0, "{arguments:?}: {}", ran.stderr);
        ran.stdout
    };
    let mut places = vec![text(&["--help"]), text(&["man"]).to_lowercase()];
    places.extend(["bash", "zsh", "fish", "powershell", "elvish"].map(|shell| text(&["completions", shell])));
    for command in COMMANDS {
        for place in &places {
            assert!(place.contains(command), "{command} is missing in:\n{place}");
        }
    }
    assert!(places[0].contains("Exit codes:"));
    assert!(!places[1].contains("(1)"), "a page that nobody writes:\n{}", places[1]);
}

#[test]
fn every_command_shows_examples_and_says_what_its_exit_codes_mean() {
    for command in COMMANDS {
        let ran = Ran::from(binary(&[command, "--help"]).output().unwrap());
        for part in [&format!("Examples:\n  cargo catalog {command}"), "Exit codes:\n  0  "] {
            assert!(ran.stdout.contains(part), "{part:?} is missing in:\n{}", ran.stdout);
        }
    }
}

#[test]
fn wrong_usage_ends_with_2() {
    for arguments in [
        &["chek"][..],
        &["lint", "--max-raise=-1"],
        &["lint", "--today", "tomorrow"],
        &["generate", "--frozen"],
        &["diff", "--json", "--markdown"],
        &[],
    ] {
        let ran = Ran::from(binary(arguments).output().unwrap());
        assert_eq!(ran.code, 2, "{arguments:?}");
    }
}

#[test]
fn a_closed_pipe_is_no_failure() {
    let scratch = Scratch::new();
    let mut child = scratch.command(&["man"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let ran = Ran::from(child.wait_with_output().unwrap());
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
}
