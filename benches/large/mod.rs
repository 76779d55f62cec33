//! Large catalogs to measure with.

use std::fmt::Write as _;

use pricebook_model::{Catalog, Source, Sources};

/// Products in a file: 430 KB of YAML, which is more than a team keeps in one.
const FILE: usize = 1_000;

/// The files of a catalog of `size` products with two prices, a metadata entry, lines for the price list and features each.
pub(crate) fn catalog(size: usize) -> Vec<String> {
    let mut files = vec![String::from(
        "catalog: { name: large, title: Large, currency: usd }\n\
         kinds:\n  plan:\n    prices: { required: [monthly, yearly] }\n    attributes: { seats: { type: integer } }\n\
         features:\n  api_access: { name: API access, type: switch }\n  contacts: { name: Contacts, type: quantity }\n",
    )];
    for number in 0..size {
        if number % FILE == 0 {
            files.push(String::from("plans:\n"));
        }
        let text = files.last_mut().expect("there is one");
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
    files
}

/// The catalog of its files.
pub(crate) fn compile(files: &[String]) -> Catalog {
    let source = |(number, text): (usize, &String)| Source {
        path: format!("catalog/{number}.yaml"),
        text: text.clone(),
        base: false,
    };
    let base = pricebook_records::FILES.iter().map(|(path, text)| Source {
        path: (*path).into(),
        text: (*text).into(),
        base: true,
    });
    let sources = Sources::new(base.chain(files.iter().enumerate().map(source)).collect());
    pricebook_model::compile(sources, &pricebook_emit::limits(), None)
        .unwrap_or_else(|report| panic!("{} problems: {:?}", report.diagnostics.len(), report.diagnostics.first()))
}
