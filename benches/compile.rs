//! How long a large catalog takes from YAML to every artifact, against only reading that YAML with the same parser.
//!
//! `cargo bench --bench compile` prints a table of medians; each row's ratio compares figures of the same run.

mod large;

use std::time::{Duration, Instant};

const SIZES: [usize; 3] = [1_000, 10_000, 100_000];
const RUNS: usize = 5;

fn main() {
    println!(
        "{:>9} {:>9} {:>10} {:>10} {:>10} {:>7} {:>8}",
        "products", "MB", "read", "compile", "+ emit", "ratio", "growth"
    );
    let mut previous = None;
    for size in SIZES {
        let text = large::catalog(size);
        let runs = if size > 10_000 { 3 } else { RUNS };
        let read = median(runs, || read(&text));
        let compiled = median(runs, || drop(large::compile(&text)));
        let all = median(runs, || {
            let catalog = large::compile(&text);
            assert!(!pricebook_emit::emit(&catalog).is_empty());
        });
        let ratio = all.as_secs_f64() / read.as_secs_f64();
        let growth = previous
            .map_or(String::new(), |before: Duration| format!("{:.1}x", all.as_secs_f64() / before.as_secs_f64()));
        #[expect(clippy::cast_precision_loss, reason = "a size in megabytes for people")]
        let megabytes = text.len() as f64 / 1e6;
        println!("{size:>9} {megabytes:>9.2} {read:>10.1?} {compiled:>10.1?} {all:>10.1?} {ratio:>6.1}x {growth:>8}");
        previous = Some(all);
    }
}

/// Only the parser's events, counted so that the work is not left out.
fn read(text: &str) {
    let events = saphyr_parser::Parser::new_from_str(text).filter(Result::is_ok).count();
    assert!(events > 0);
}

fn median(runs: usize, mut work: impl FnMut()) -> Duration {
    let mut times: Vec<_> = (0..runs)
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed()
        })
        .collect();
    times.sort();
    times[runs / 2]
}
