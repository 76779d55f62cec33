//! What people and machines are told to type: every command of the guides, the workflows, cron and systemd is one.

use std::path::PathBuf;
use std::process::Command;

use crate::project::{read, root};

const GUIDES: [&str; 4] = ["README.md", "docs/OPERATIONS.md", "docs/SERVICES.md", "docs/STRIPE.md"];

#[test]
fn every_command_that_is_written_down_is_understood() {
    let guides = GUIDES.iter().flat_map(|guide| of_guide(&read(guide)).into_iter().map(move |words| (*guide, words)));
    let folders = [".github/workflows", "ops", "ops/systemd"];
    let automation = folders.into_iter().flat_map(|folder| {
        let texts = files(folder).into_iter().map(|path| read(&path));
        texts.flat_map(|text| of_script(&text)).map(move |words| (folder, words)).collect::<Vec<_>>()
    });
    let all: Vec<(&str, Vec<String>)> = guides.chain(automation).collect();
    assert!(all.len() > 20, "only {} commands are found", all.len());
    for (place, words) in all {
        let output =
            Command::new(env!("CARGO_BIN_EXE_pricebook")).args(&words).arg("--help").output().expect("it runs");
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{place}: pricebook {}: {error}", words.join(" "));
    }
}

#[test]
fn production_is_synced_by_the_workflow_only_after_staging_was_validated() {
    let workflow = read(".github/workflows/sync-services.yml");
    let place = |text: &str| workflow.find(text).unwrap_or_else(|| panic!("the workflow lacks `{text}`"));
    let order = [
        "bin/pricebook migrate up staging",
        "SERVERS: ${{ secrets.SERVERS || 'staging' }}",
        "bin/pricebook services sync staging --yes --no-catalog-check --folder sync --proof sync/proof.json",
        "bin/pricebook services validate staging",
        "if bin/pricebook stripe validate staging\n          then exit 0\n",
        "bin/pricebook stripe sync staging --yes --folder sync\n          bin/pricebook stripe validate staging\n",
        "  sync:\n    needs: staging\n    runs-on: ubuntu-latest",
        "bin/pricebook services proved staging staging/proof.json",
        "bin/pricebook migrate up production",
        "SERVERS: ${{ secrets.SERVERS || 'production' }}",
        "bin/pricebook services sync production --after staging --after-proof staging/proof.json --yes",
        "bin/pricebook services validate production",
        "if bin/pricebook stripe validate production\n          then exit 0\n",
        "bin/pricebook stripe sync production --yes --folder sync\n          bin/pricebook stripe validate production\n",
    ];
    assert!(order.map(place).is_sorted(), "{:?}", order.map(place));
    // A sync writes into a folder that is there, and makes none.
    assert_eq!(workflow.matches("mkdir -p sync\n").count(), workflow.matches("--folder sync").count());
    // Each job has the secrets of its own environment only, and production's takes over the proof under staging's name for it.
    assert_eq!(workflow.matches("name: staging-log-and-backup\n").count(), 2);
    // A newer price reaches staging while production waits for its reviewer, and no two runs are in one environment.
    assert!(!workflow.contains("\nconcurrency:"), "all of it waits for production");
    for environment in ["staging", "production"] {
        let alone = format!(
            "    environment: {environment}\n{}    concurrency:\n      group: ${{{{ github.workflow }}}}-{environment}\n      cancel-in-progress: false\n",
            workflow
                .split_once(&format!("    environment: {environment}\n"))
                .and_then(|(_, rest)| rest.split_once("    concurrency:"))
                .map_or("", |(comment, _)| comment)
        );
        assert!(workflow.contains(&alone) && alone.lines().count() <= 5, "{environment}: {alone}");
    }
    let pages = place("npm --prefix frontend run build");
    assert!(pages < place("cargo build --release"), "the program holds the pages that are there when it is built");
    assert!(workflow.contains("branches: [main]\n    paths: ['catalog/**', 'generated/**']"));
    assert!(workflow.contains("CLOUDFLARE_API_TOKEN: ${{ secrets.CLOUDFLARE_API_TOKEN }}"));
}

#[test]
fn the_runbook_has_the_steps_the_issues_and_the_commands_of_the_document() {
    let runbook = read("docs/OPERATIONS.md");
    for step in 1..=9 {
        assert!(runbook.contains(&format!("| {step}. ")), "step {step}");
    }
    let named = [
        "The API returns old data after a sync",
        "Minimum deposit required",
        "Service 'xxx' not found or inactive",
        "The insert fails with a JSON error",
        "node scripts/generate-service-sync.js",
        "./scripts/sync-services.sh production",
        "node scripts/validate-service-sync.js",
        "SELECT * FROM services",
        "SUPABASE_SERVICE_ROLE_KEY",
        "node scripts/stripe-product-sync.js",
        "https://payments.stratiqx.ai/services",
        "src/config/services.config.ts",
    ];
    let missing: Vec<_> = named.into_iter().filter(|text| !runbook.contains(text)).collect();
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn cron_and_systemd_check_every_15_minutes() {
    let line = read("ops/crontab");
    let line = line.lines().find(|line| !line.starts_with('#')).expect("a line");
    assert!(line.starts_with("*/15 * * * * "), "{line}");
    assert!(line.ends_with("mail -s \"StratIQX Sync Alert\" admin@stratiqx.ai"), "{line}");
    assert!(line.contains("Service sync check failed") && !line.contains('%'), "{line}");
    assert!(read("ops/systemd/pricebook-validate.timer").contains("\nOnCalendar=*:0/15\n"));
    assert!(read("ops/systemd/pricebook-validate.service").contains("\nOnFailure=pricebook-mail@%n.service\n"));
    let mail = read("ops/systemd/pricebook-mail@.service");
    assert!(mail.contains("Service sync check failed") && mail.contains("| mail -s \"StratIQX Sync Alert\""), "{mail}");
}

fn files(folder: &str) -> Vec<PathBuf> {
    let all = std::fs::read_dir(root().join(folder))
        .expect("the folder is there")
        .map(|entry| entry.expect("an entry").path());
    all.filter(|path| path.is_file()).collect()
}

/// Commands in backquotes and in blocks of code.
fn of_guide(text: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    for (position, part) in text.split("```").enumerate() {
        match position % 2 {
            1 => found.extend(part.lines().filter_map(|line| line.trim().strip_prefix("pricebook ").map(words))),
            _ => found.extend(
                part.split('`').skip(1).step_by(2).filter_map(|quoted| quoted.strip_prefix("pricebook ").map(words)),
            ),
        }
    }
    found
}

/// Commands of a workflow, a unit or cron, where the program is named by its path.
fn of_script(text: &str) -> Vec<Vec<String>> {
    text.lines()
        .filter(|line| !line.trim_start().starts_with('#'))
        .filter_map(|line| line.split_once("bin/pricebook ").map(|(_, rest)| words(rest)))
        .collect()
}

/// The arguments up to whatever ends a command: a remark, a redirection, a bracket.
fn words(command: &str) -> Vec<String> {
    let words = command.split_whitespace().map(|word| word.trim_end_matches(';'));
    words.take_while(|word| !word.starts_with(['#', '>', '|']) && !word.starts_with("2>")).map(str::to_owned).collect()
}
