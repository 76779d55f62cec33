//! Several writers at once, and writers that are killed.

use std::process::Stdio;
use std::time::Duration;

use crate::scratch::Scratch;

/// Two catalogs that differ in many files, with what each becomes.
struct Sides {
    scratch: Scratch,
    addons: [String; 2],
    generated: [Vec<(String, String)>; 2],
}

fn sides() -> Sides {
    let scratch = Scratch::new();
    let (first, before) = (scratch.read("catalog/addons.yaml"), scratch.generated());
    let second = first.replace("monthly: 19.00", "monthly: 21.00").replace("Sales PowerPack", "Sales Power");
    scratch.write("catalog/addons.yaml", &second);
    assert_eq!(scratch.run(&["generate"]).code, 0);
    let after = scratch.generated();
    Sides { scratch, addons: [first, second], generated: [before, after] }
}

#[test]
fn two_writers_tear_neither_a_file_nor_the_set() {
    let Sides { scratch, addons, generated } = sides();
    for round in 0..cases(6) {
        // Both read the same catalog or, as in an editor, one still the old.
        scratch.write("catalog/addons.yaml", &addons[round % 2]);
        let first = scratch.command(&["generate"]).stdout(Stdio::null()).spawn().unwrap();
        if round % 3 == 2 {
            std::thread::yield_now();
            scratch.write("catalog/addons.yaml", &addons[(round + 1) % 2]);
        }
        let second = scratch.command(&["generate"]).stdout(Stdio::null()).spawn().unwrap();
        for mut writer in [first, second] {
            assert!(writer.wait().unwrap().success());
        }
        let found = scratch.generated();
        assert!(generated.contains(&found), "round {round}: the files are of both catalogs");
    }
}

#[test]
fn a_killed_writer_leaves_whole_files_and_the_next_one_mends_the_set() {
    let Sides { scratch, addons, generated } = sides();
    for round in 0..cases(12) {
        scratch.write("catalog/addons.yaml", &addons[round % 2]);
        let mut writer = scratch.command(&["generate"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        // From before the first byte to after the last; which moment it hits does not matter, only that they differ.
        std::thread::sleep(Duration::from_micros(1000 + 4000 * (round as u64 % 25)));
        writer.kill().unwrap();
        writer.wait().unwrap();
        let found = scratch.generated();
        assert_eq!(found.len(), generated[0].len(), "round {round}");
        for (index, file) in found.iter().enumerate() {
            let whole = generated.iter().any(|side| side[index] == *file);
            assert!(whole, "round {round}: {} is torn", file.0);
        }
        let ran = scratch.run(&["generate"]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert_eq!(scratch.generated(), generated[round % 2], "round {round}");
        assert!(!scratch.path("generated/.pricebook/staged").exists());
    }
}

fn cases(default: usize) -> usize {
    std::env::var("PRICEBOOK_CASES").ok().and_then(|number| number.parse().ok()).map_or(default, |number: usize| {
        // A case starts processes; the number is meant for cases in memory.
        default.max(number / 20)
    })
}
