//! How long a large catalog takes from YAML to every artifact, against only reading that YAML with the same parser.
//!
//! `cargo bench --bench compile` prints the fastest of several runs (what else the machine does only adds to a time); a row's ratios
//! compare figures of the same run. "Events" is the
//! parser alone, which keeps nothing; "tree" is the parser's own library reading the file into values with places.

mod large;

use std::time::{Duration, Instant};

use pricebook_emit::Artifact;
use pricebook_emit::rust::{self, Texts};
use pricebook_model::Catalog;
use saphyr::LoadableYamlNode;

const SIZES: [usize; 3] = [1_000, 10_000, 100_000];
const RUNS: usize = 9;

fn main() {
    println!(
        "{:>9} {:>7} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9} {:>7}",
        "products", "MB", "events", "tree", "compile", "all", "/ events", "/ tree", "growth"
    );
    let mut previous = None;
    for size in SIZES {
        let text = large::catalog(size);
        let runs = if size > 10_000 { 3 } else { RUNS };
        let events = fastest(runs, || events(&text));
        let tree = fastest(runs, || tree(&text));
        let compiled = fastest(runs, || drop(large::compile(&text)));
        let all = fastest(runs, || {
            let catalog = large::compile(&text);
            assert!(!emit(&catalog).is_empty());
        });
        let ratio = |to: Duration| all.as_secs_f64() / to.as_secs_f64();
        let growth = previous.map_or(String::new(), |before| format!("{:.1}x", ratio(before)));
        #[expect(clippy::cast_precision_loss, reason = "a size in megabytes for people")]
        let megabytes = text.len() as f64 / 1e6;
        println!(
            "{size:>9} {megabytes:>7.2} {events:>9.1?} {tree:>9.1?} {compiled:>9.1?} {all:>9.1?} {:>8.1}x {:>8.1}x {growth:>7}",
            ratio(events),
            ratio(tree)
        );
        previous = Some(all);
    }
}

/// Every artifact of a catalog, side by side as a build makes them.
fn emit(catalog: &Catalog) -> Vec<Artifact> {
    std::thread::scope(|scope| {
        let others = scope.spawn(|| pricebook_emit::emit(catalog));
        let mut artifacts = rust::emit(catalog, &[], Texts::Included);
        artifacts.extend(others.join().expect("the emitters do not panic"));
        artifacts
    })
}

/// Only the parser's events, counted so that the work is not left out.
fn events(text: &str) {
    let events = saphyr_parser::Parser::new_from_str(text).filter(Result::is_ok).count();
    assert!(events > 0);
}

/// The file as values with places, all kept.
fn tree(text: &str) {
    let documents = saphyr::MarkedYaml::load_from_str(text).expect("sound YAML");
    assert_eq!(documents.len(), 1);
}

fn fastest(runs: usize, mut work: impl FnMut()) -> Duration {
    let mut time = || {
        let start = Instant::now();
        work();
        start.elapsed()
    };
    (0..runs).map(|_| time()).min().unwrap_or_default()
}
