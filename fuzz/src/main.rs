//! A fuzz target that builds on stable Rust and needs no fuzzing engine.
//!
//! `cargo run --release --manifest-path fuzz/Cargo.toml -- [SECONDS] [SEED]` changes the catalogs of the repository at
//! random and stops at the first text for which the law does not hold; the text is left in `fuzz/crash.yaml`.
//! `cargo run --manifest-path fuzz/Cargo.toml -- FILE` tries one file, so that any engine can drive it.

mod law;
mod mutation;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use mutation::Mutation;

/// A change of a text that takes longer to compile than this counts as a hang.
const MAX_CASE: Duration = Duration::from_secs(2);

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let limits = pricebook_emit::limits();
    if let Some(file) = arguments.first().filter(|argument| argument.parse::<u64>().is_err()) {
        let bytes = std::fs::read(file).expect("the file can be read");
        law::any_bytes_are_a_catalog_or_a_report(&bytes, &limits);
        return ExitCode::SUCCESS;
    }
    let number = |index: usize, default| arguments.get(index).and_then(|text| text.parse().ok()).unwrap_or(default);
    let (end, seed) = (Instant::now() + Duration::from_secs(number(0, 60)), number(1, 1));
    let mut mutation = Mutation::new(seed, seeds());
    let mut cases = 0_u64;
    while Instant::now() < end {
        let text = mutation.next_text();
        let started = Instant::now();
        let outcome =
            catch_unwind(AssertUnwindSafe(|| law::any_bytes_are_a_catalog_or_a_report(text.as_bytes(), &limits)));
        if outcome.is_err() || started.elapsed() > MAX_CASE {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("crash.yaml");
            std::fs::write(&path, &text).expect("the text can be kept");
            eprintln!("case {cases} of seed {seed}: {} after {:?}", path.display(), started.elapsed());
            return ExitCode::FAILURE;
        }
        cases += 1;
    }
    println!("{cases} cases of seed {seed}");
    ExitCode::SUCCESS
}

/// The catalogs to start from, each as one text.
fn seeds() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let everything = std::fs::read_to_string(root.join("codegen/model/tests/catalogs/everything.yaml"));
    let real = pricebook_model::load(&root.join("catalog"), "catalog", false).expect("the real catalog");
    let mut seeds: Vec<String> = real.into_iter().map(|source| source.text).collect();
    seeds.insert(0, everything.expect("the catalog of all keys"));
    seeds
}
