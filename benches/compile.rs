//! How long a large catalog takes from YAML to every artifact, against only reading that YAML with the same parser.
//!
//! `cargo bench -p pricebook-benches --bench compile` (`-- 10000` for one size) prints the fastest of several runs, each a process of its own as a
//! build is (what else the machine does only adds to a time); a row's ratios
//! compare figures of the same run. "Events" is the
//! parser alone, which keeps nothing; "tree" is the parser's own library reading the files into values with
//! places, one after the other.

mod large;

use std::process::Command;
use std::time::{Duration, Instant};

use pricebook_emit::Artifact;
use pricebook_emit::rust::{self, Texts};
use pricebook_model::Catalog;
use saphyr::LoadableYamlNode;

const SIZES: [usize; 3] = [1_000, 10_000, 100_000];
const RUNS: usize = 7;

/// What is measured, each in a process of its own, as a build script is one.
const WORKS: [(&str, Work); 4] = [("events", events), ("tree", tree), ("compile", compile), ("all", all)];
type Work = fn(&[String]);

fn main() {
    let arguments: Vec<_> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let numbers: Vec<_> = arguments.iter().filter_map(|argument| argument.parse().ok()).collect();
    let named = WORKS.iter().find(|(name, _)| arguments.iter().any(|argument| argument == name));
    match (named, numbers.as_slice()) {
        (Some((_, work)), [size]) => println!("{}", time(*work, *size).as_nanos()),
        (_, []) => compare(&SIZES),
        (_, sizes) => compare(sizes),
    }
}

/// A table of the fastest of several processes each.
fn compare(sizes: &[usize]) {
    println!(
        "{:>9} {:>7} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9} {:>7}",
        "products", "MB", "events", "tree", "compile", "all", "/ events", "/ tree", "growth"
    );
    let mut previous = None;
    for &size in sizes {
        let runs = if size > 10_000 { 3 } else { RUNS };
        let [events, tree, compile, all] =
            WORKS.map(|(name, _)| (0..runs).map(|_| in_a_process(name, size)).min().unwrap_or_default());
        let ratio = |to: Duration| all.as_secs_f64() / to.as_secs_f64();
        let growth = previous.map_or(String::new(), |before| format!("{:.1}x", ratio(before)));
        #[expect(clippy::cast_precision_loss, reason = "a size in megabytes for people")]
        let megabytes = large::catalog(size).iter().map(String::len).sum::<usize>() as f64 / 1e6;
        println!(
            "{size:>9} {megabytes:>7.2} {events:>9.1?} {tree:>9.1?} {compile:>9.1?} {all:>9.1?} {:>8.1}x {:>8.1}x {growth:>7}",
            ratio(events),
            ratio(tree)
        );
        previous = Some(all);
    }
}

fn in_a_process(name: &str, size: usize) -> Duration {
    let this = std::env::current_exe().expect("this program has a path");
    let output = Command::new(this).args([name, &size.to_string()]).output().expect("it can be started again");
    let nanoseconds = String::from_utf8_lossy(&output.stdout).trim().parse().expect("it prints nanoseconds");
    Duration::from_nanos(nanoseconds)
}

fn time(work: Work, size: usize) -> Duration {
    let files = large::catalog(size);
    let start = Instant::now();
    work(&files);
    start.elapsed()
}

/// Our parse, lower and check.
fn compile(files: &[String]) {
    drop(large::compile(files));
}

/// All of it.
fn all(files: &[String]) {
    let catalog = large::compile(files);
    assert!(!emit(&catalog).is_empty());
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
fn events(files: &[String]) {
    let events = |text| saphyr_parser::Parser::new_from_str(text).filter(Result::is_ok).count();
    assert!(files.iter().map(|text| events(text)).sum::<usize>() > 0);
}

/// The files as values with places, all kept.
fn tree(files: &[String]) {
    let read = |text: &String| saphyr::MarkedYaml::load_from_str(text).expect("sound YAML");
    let documents: Vec<_> = files.iter().flat_map(read).collect();
    assert_eq!(documents.len(), files.len());
}
