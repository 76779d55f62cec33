//! How long a look-up by id takes against a plain `phf` map with the same ids, and that it allocates nothing.
//!
//! `cargo bench -p pricebook-benches --bench lookup`; the two figures of a pair are of the same run.

use divan::{AllocProfiler, Bencher, black_box};
use pricebook_app::catalog::{self, PriceId};
use pricebook_types::Price;

#[global_allocator]
static ALLOCATIONS: AllocProfiler = AllocProfiler::system();

fn main() {
    divan::main();
}

/// What `phf_codegen` would make: id to value.
fn plain() -> phf::Map<&'static str, &'static Price> {
    let ids: Vec<_> = PriceId::ALL.iter().map(|price| price.id()).collect();
    let state = phf_generator::generate_hash(&ids);
    let entries: Vec<_> = state.map.iter().map(|position| (ids[*position], PriceId::ALL[*position].price())).collect();
    phf::Map { key: state.key, disps: state.disps.leak(), entries: entries.leak() }
}

#[divan::bench]
fn plain_phf_map(bencher: Bencher<'_, '_>) {
    let map = plain();
    bencher.bench_local(|| {
        for price in PriceId::ALL {
            black_box(map.get(black_box(price.id())));
        }
    });
}

#[divan::bench]
fn catalog_price() {
    for price in PriceId::ALL {
        black_box(catalog::price(black_box(price.id())));
    }
}

#[divan::bench]
fn parse_a_price_id() {
    for price in PriceId::ALL {
        black_box(black_box(price.id()).parse::<PriceId>()).ok();
    }
}
