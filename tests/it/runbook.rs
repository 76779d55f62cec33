//! What docs/OPERATIONS.md and the workflow have a shell do, done: settings for systemd and the shell, the comment on a pull request.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

use crate::deployment::steps;
use crate::place::succeeded;
use crate::project::read;

#[test]
fn settings_mean_the_same_to_a_shell_and_to_systemd() {
    let runbook = read("docs/OPERATIONS.md");
    let (_, rest) = runbook.split_once("cat > /etc/pricebook/pricebook.env <<'END'\n").expect("the file is written");
    let (file, rest) = rest.split_once("END\n").expect("it ends");
    let reads = rest.lines().find(|line| line.starts_with("set -a; . ")).expect("a shell reads it");
    let folder = tempfile::tempdir().expect("a folder");
    let env = folder.path().join("pricebook.env");
    fs::write(&env, file).expect("it is written");
    let settings: Vec<_> = file.lines().map(|line| line.split_once('=').expect("a setting")).collect();
    assert!(settings.iter().any(|(_, value)| value.contains('&')), "the example shows what a shell would not take");
    for (name, quoted) in settings {
        // Between single quotes systemd, too, takes everything as it is.
        let value = quoted.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')).expect("single quotes");
        assert!(!value.contains(['\'', '\\']), "{quoted}");
        let reads = reads.replace("/etc/pricebook/pricebook.env", &env.display().to_string());
        let script = format!("{reads}\nprintenv {name}");
        let read = Command::new("sh").args(["-euc", &script]).env_clear().env("PATH", "/usr/bin:/bin").output();
        assert_eq!(succeeded(read.expect("sh runs")).trim_end(), value);
    }
}

const GH: &str = r#"#!/bin/bash
printf '%s\n' "$*" >> asked
case "$*" in *--paginate*) cat comments ;; esac
"#;

/// Runs the step in a folder where `gh` finds these comments, and returns what else it was asked for.
fn comment(folder: &Path, comments: &str) -> String {
    fs::write(folder.join("comments"), comments).expect("it is written");
    fs::write(folder.join("asked"), "").expect("it is written");
    let [script] = &steps("Comment on the pull request")[..] else { panic!("one job comments") };
    let path = format!("{}:/usr/bin:/bin", folder.display());
    let ran: std::io::Result<Output> = Command::new("bash")
        .args(["-eo", "pipefail", "-c", script])
        .current_dir(folder)
        .env_clear()
        .env("PATH", path)
        .env("NUMBER", "7")
        .env("GITHUB_REPOSITORY", "shop/prices")
        .output();
    succeeded(ran.expect("bash runs"));
    let asked = fs::read_to_string(folder.join("asked")).expect("it was asked");
    let (first, rest) = asked.split_once('\n').expect("a line");
    assert!(first.starts_with("api --paginate repos/shop/prices/issues/7/comments --jq "), "{first}");
    assert!(first.ends_with("startswith(\"<!-- The change of the catalog, in words -->\")) | .id"), "{first}");
    rest.to_owned()
}

#[test]
fn the_comment_on_a_pull_request_is_written_once_and_then_changed() {
    let folder = tempfile::tempdir().expect("a folder");
    let gh = folder.path().join("gh");
    fs::write(&gh, GH).expect("it is written");
    fs::set_permissions(&gh, fs::Permissions::from_mode(0o755)).expect("it can be run");
    fs::write(folder.path().join("diff.md"), "One price changes.\n").expect("it is written");
    assert_eq!(comment(folder.path(), ""), "pr comment 7 --body-file comment.md\n");
    let changed = "api --method PATCH --silent repos/shop/prices/issues/comments/12 --field body=@comment.md\n";
    assert_eq!(comment(folder.path(), "11\n12\n"), changed);
    let text = fs::read_to_string(folder.path().join("comment.md")).expect("a comment");
    assert_eq!(text, "<!-- The change of the catalog, in words -->\nOne price changes.\n");
}
