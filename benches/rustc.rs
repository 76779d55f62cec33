//! How long rustc takes for the generated Rust of a large catalog: a debug build of 10 products against one of 10,000.
//!
//! `cargo bench -p pricebook-benches --bench rustc` makes a package of its own below the target folder and builds it with cargo.

mod large;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use pricebook_emit::rust::{self, Lookup, Texts};

fn main() {
    let package = package();
    build(&package, 1);
    let small = build(&package, 10);
    println!("{:>9} {:>9} {:>10} {:>10}", "products", "MB", "emit", "rustc");
    println!("{small}");
    for size in [1_000, 10_000] {
        let large = build(&package, size);
        println!("{large} {:>+10.1?} against 10 products", large.rustc.saturating_sub(small.rustc));
    }
}

struct Figures {
    products: usize,
    bytes: usize,
    emit: Duration,
    rustc: Duration,
}

impl std::fmt::Display for Figures {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { products, bytes, emit, rustc } = self;
        #[expect(clippy::cast_precision_loss, reason = "a size in megabytes for people")]
        let megabytes = *bytes as f64 / 1e6;
        write!(f, "{products:>9} {megabytes:>9.2} {emit:>10.1?} {rustc:>10.1?}")
    }
}

/// Emits a catalog of so many products and builds it; all but the generated Rust is built already.
fn build(package: &Path, products: usize) -> Figures {
    let catalog = large::compile(&large::catalog(products));
    let start = Instant::now();
    let source = rust::source(&catalog, &[], Texts::Inline(&[]), Lookup::OutDir);
    let emit = start.elapsed();
    fs::write(package.join("src/lib.rs"), format!("//! A large catalog.\npub mod catalog {{\n{source}\n}}\n"))
        .expect("the package can be written");
    let start = Instant::now();
    let status = Command::new(env!("CARGO")).args(["build", "--quiet", "--offline"]).current_dir(package).status();
    let rustc = start.elapsed();
    assert!(status.expect("cargo runs").success(), "the generated Rust of {products} products compiles");
    Figures { products, bytes: source.len(), emit, rustc }
}

/// A package that depends on the types alone, with a lock of its own.
fn package() -> PathBuf {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    let package = root.join("target/bench-rustc");
    fs::create_dir_all(package.join("src")).expect("the target folder can be written");
    let manifest = format!(
        "[package]\nname = \"large\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\npricebook-types = \
         {{ path = {:?} }}\n\n[workspace]\n",
        root.join("types"),
    );
    fs::write(package.join("Cargo.toml"), manifest).expect("the target folder can be written");
    fs::copy(root.join("Cargo.lock"), package.join("Cargo.lock")).expect("the workspace has a lock");
    package
}
