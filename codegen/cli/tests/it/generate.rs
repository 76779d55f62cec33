//! `generate`: only what differs is written.

use crate::scratch::{Ran, Scratch, binary, repository};

#[test]
fn what_is_fresh_is_not_written_again() {
    let scratch = Scratch::new();
    let ran = scratch.run(&["generate"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, "Nothing changed.\n"));
    assert_eq!(scratch.run(&["generate", "--check"]).code, 0);
}

#[test]
fn a_hand_edit_is_found_and_its_difference_printed() {
    let scratch = Scratch::new();
    scratch.edit("generated/docs/price-list.md", "Starter Plan", "Beginner Plan");
    let ran = scratch.run(&["generate", "--check"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""));
    for part in [
        "error[stale-artifact]: generated/docs/price-list.md is not what the catalog says",
        "-| Beginner Plan",
        "+| Starter Plan",
        "cargo catalog generate",
    ] {
        assert!(ran.stderr.contains(part), "no {part:?} in:\n{}", ran.stderr);
    }
    assert!(scratch.read("generated/docs/price-list.md").contains("Beginner Plan"), "a check writes nothing");
    assert_eq!(
        scratch.run(&["generate"]).stdout,
        "generated/docs/price-list.md\n1 of 83 files changed.\n"
            .replace("83", &(scratch.read("generated/manifest.json").matches("\"path\"").count() + 1).to_string(),)
    );
    assert_eq!(scratch.run(&["generate", "--check"]).code, 0);
}

#[test]
fn editing_one_price_rewrites_only_the_files_it_changes() {
    let scratch = Scratch::new();
    let before = scratch.generated();
    let stamps = || -> Vec<_> {
        let stamp = |path: &str| std::fs::metadata(scratch.path("generated").join(path)).unwrap().modified().unwrap();
        before.iter().map(|(path, _)| stamp(path)).collect()
    };
    let old_stamps = stamps();
    scratch.edit("catalog/addons.yaml", "monthly: 19.00", "monthly: 21.00");
    assert_eq!(scratch.run(&["generate"]).code, 0);
    let after = scratch.generated();
    assert_eq!(after.len(), before.len());
    let files = before.iter().zip(&after).zip(old_stamps.iter().zip(stamps()));
    for (((path, old), (_, new)), (old_stamp, new_stamp)) in files {
        assert_eq!(old == new, *old_stamp == new_stamp, "{path} was written exactly if it changed");
    }
    let unchanged = |path: &str| before.iter().zip(&after).any(|(old, new)| old == new && old.0 == path);
    assert!(unchanged("catalog.lock"), "a build never writes the lock");
}

#[test]
fn a_file_of_a_target_that_is_gone_is_removed_and_nothing_else() {
    let scratch = Scratch::new();
    scratch.write("generated/docs/former.md", "made by an older version\n");
    scratch.write("generated/docs/NOTES.md", "written by hand\n");
    let files = "\"files\": [\n    {\n      \"path\": \"docs/former.md\",\n      \"sha256\": \"00\"\n    },";
    scratch.edit("generated/manifest.json", "\"files\": [", files);
    scratch.edit(
        "generated/manifest.json",
        "docs/former.md\",",
        "../catalog/plans.yaml\",\n      \"sha256\": \"00\"\n    },\n    {\n      \"path\": \"docs/former.md\",",
    );
    assert_eq!(scratch.run(&["generate"]).code, 0);
    assert!(!scratch.path("generated/docs/former.md").exists());
    assert_eq!(scratch.read("generated/docs/NOTES.md"), "written by hand\n");
    assert!(scratch.path("catalog/plans.yaml").exists(), "a manifest cannot name files outside of its folder");
}

#[test]
fn a_check_finds_files_that_nobody_makes_wherever_they_lie() {
    let scratch = Scratch::new();
    for folder in ["generated/sql/extra", "generated/typescript/node_modules/a"] {
        std::fs::create_dir_all(scratch.path(folder)).unwrap();
    }
    scratch.write("generated/typescript/src/extra.ts", "export const price = 1;\n");
    scratch.write("generated/sql/extra/by-hand.sql", "DROP TABLE plans;\n");
    scratch.write("generated/old.json", "{}\n");
    for unseen in ["generated/docs/README.md", "generated/typescript/node_modules/a/index.js", "generated/.DS_Store"] {
        scratch.write(unseen, "");
    }
    let ran = scratch.run(&["generate", "--check"]);
    assert_eq!(ran.code, 1);
    let found = |line: &str| line.strip_prefix("error[stale-artifact]: generated/").map(str::to_owned);
    let found: Vec<_> = ran.stderr.lines().filter_map(found).collect();
    let expected = ["old.json", "sql/extra/by-hand.sql", "typescript/src/extra.ts"];
    assert_eq!(found, expected.map(|path| format!("{path} is no file that the catalog makes")));
    assert_eq!(scratch.run(&["generate"]).stdout, "Nothing changed.\n", "nobody's file is removed");
}

#[test]
fn a_broken_catalog_leaves_the_last_good_artifacts_as_they_were() {
    let scratch = Scratch::new();
    let before = scratch.generated();
    scratch.edit("catalog/plans.yaml", "amount: 29.00", "amount: twenty-nine");
    let ran = scratch.run(&["generate"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("catalog/plans.yaml:"), "{}", ran.stderr);
    assert_eq!(scratch.generated(), before);
}

#[test]
fn git_sees_nothing_of_how_files_are_written() {
    let scratch = Scratch::new();
    scratch.edit("catalog/addons.yaml", "monthly: 19.00", "monthly: 21.00");
    assert_eq!(scratch.run(&["generate"]).code, 0);
    let status =
        std::process::Command::new("git").args(["status", "--porcelain"]).current_dir(scratch.path("")).output();
    let status = String::from_utf8(status.unwrap().stdout).unwrap();
    assert!(!status.contains(".pricebook"), "{status}");
}

#[test]
fn the_runtimes_own_records_are_fresh_too() {
    let mut command = binary(&["--records", "generate", "--check"]);
    let ran = Ran::from(command.current_dir(repository()).output().unwrap());
    assert_eq!(ran.code, 0, "{}", ran.stderr);
}

#[test]
fn each_sync_script_that_is_written_is_said() {
    let scratch = Scratch::new();
    scratch.edit("catalog/addons.yaml", "monthly: 19.00", "monthly: 21.00");
    let said = scratch.run(&["generate"]).stdout;
    assert!(said.starts_with("Generating Service Synchronization SQL...\n"), "{said}");
    for dialect in ["sqlite", "postgres", "mysql"] {
        let line = format!("\nSQL sync script generated: generated/sql/{dialect}/sync.sql\n");
        assert!(said.contains(&line), "{said}");
    }
    assert_eq!(scratch.run(&["generate"]).stdout, "Nothing changed.\n", "what was not written is not said");
}
