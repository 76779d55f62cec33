//! How long a large catalog takes from YAML to every artifact, against only reading that YAML with the same parser.
//!
//! `cargo bench --bench compile` prints a table of medians; each row's ratio compares figures of the same run.

use std::time::{Duration, Instant};

use pricebook_model::{Source, Sources};

const SIZES: [usize; 3] = [1_000, 10_000, 100_000];
const RUNS: usize = 5;

fn main() {
    println!(
        "{:>9} {:>9} {:>10} {:>10} {:>10} {:>7} {:>8}",
        "products", "MB", "read", "compile", "+ emit", "ratio", "growth"
    );
    let mut previous = None;
    for size in SIZES {
        let text = catalog(size);
        let runs = if size > 10_000 { 3 } else { RUNS };
        let read = median(runs, || read(&text));
        let compiled = median(runs, || drop(compile(&text)));
        let all = median(runs, || {
            let catalog = compile(&text);
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
    let events = saphyr_parser::Parser::new_from_str(text).map(|event| event.expect("valid YAML")).count();
    assert!(events > 0);
}

fn compile(text: &str) -> pricebook_model::Catalog {
    let file = Source { path: "catalog/catalog.yaml".into(), text: text.to_owned(), base: false };
    let base = pricebook_records::FILES.iter().map(|(path, text)| Source {
        path: (*path).into(),
        text: (*text).into(),
        base: true,
    });
    let sources = Sources::new(base.chain([file]).collect());
    pricebook_model::compile(sources, &pricebook_emit::limits(), None)
        .unwrap_or_else(|report| panic!("{} problems: {:?}", report.diagnostics.len(), report.diagnostics.first()))
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

/// A catalog of `size` products with two prices, a metadata entry, lines for the price list and features each.
fn catalog(size: usize) -> String {
    use std::fmt::Write as _;

    let mut text = String::from(
        "catalog: { name: large, title: Large, currency: usd }\n\
         kinds:\n  plan:\n    prices: { required: [monthly, yearly] }\n    attributes: { seats: { type: integer } }\n\
         features:\n  api_access: { name: API access, type: switch }\n  contacts: { name: Contacts, type: quantity }\n\
         plans:\n",
    );
    for number in 0..size {
        let (dollars, cents) = (10 + number % 500, number % 100);
        write!(
            text,
            "  plan_{number}:\n    name: Plan {number}\n    description: \"Plan number {number}, for teams that \
             outgrew plan {number} of last year.\"\n    attributes: {{ seats: {seats} }}\n    metadata:\n      \
             region: eu-{region}\n    marketing_features:\n      - Everything in the plan before\n      - Support \
             within {region} hours\n    features:\n      api_access: true\n      contacts: {contacts}\n    prices:\n      \
             monthly: {dollars}.{cents:02}\n      yearly:\n        amount: {yearly}.00\n        trial_days: 14\n",
            seats = 1 + number % 50,
            region = number % 24,
            contacts = 1000 + number,
            yearly = dollars * 10,
        )
        .expect("a string takes any text");
    }
    text
}
