//! Migrations run before the sync: what a product's edit in the same release cannot prevent.

use pricebook_emit::build::Package;
use pricebook_model::migrate::{diff, hazards, own_schema};
use pricebook_model::{Catalog, Source, compile};

const SHOP: &str = "
catalog: { name: shop, title: Shop, currency: usd }
enums:
  grade: { values: { fine: Fine., plain: Plain. } }
kinds:
  tea: { plural: teas, attributes: { grade: { type: enum, enum: grade, required: true } } }
teas:
  green: { name: Green, attributes: { grade: plain }, prices: { monthly: 1.00 } }
records:
  notes: { columns: { id: { type: text(36), key: true }, grade: grade } }
";

fn shop(text: &str) -> Catalog {
    let file = Source { path: "catalog.yaml".to_owned(), text: text.to_owned(), base: false };
    compile(Package::with_base(vec![file]), &pricebook_emit::limits(), None)
        .unwrap_or_else(|report| panic!("{:#?}", report.diagnostics))
}

#[test]
fn who_drops_a_value_is_told_that_the_products_come_first() {
    let after = shop(&SHOP.replace("plain: Plain.", "simple: Simple.").replace("grade: plain", "grade: simple"));
    let hazards = hazards(&diff(&own_schema(&shop(SHOP)), &own_schema(&after)), &after);
    let message = |name: &str| {
        let found = hazards.iter().find(|hazard| hazard.name == name);
        found.unwrap_or_else(|| panic!("{name} in {hazards:?}")).message.as_str()
    };
    let late = "edit the products, sync every database, and migrate in the next release";
    assert!(message("drop-value:teas.grade.plain").contains(late), "{hazards:?}");
    assert!(!message("drop-value:notes.grade.plain").contains(late), "no sync writes the company's own records");
}
