//! The Markdown pages of the real catalog.

use pricebook_model::{Source, Sources, compile};

use crate::diagnostics::catalog;

/// The page at `path` without the header, whose hash moves with every change of the catalog.
fn page(path: &str) -> String {
    let Ok(catalog) = compile(Sources::new(catalog()), &pricebook_emit::limits(), None) else {
        panic!("the real catalog compiles");
    };
    let page = pricebook_emit::docs::emit(&catalog).into_iter().find(|artifact| artifact.path == path).expect("a page");
    let (header, body) = page.text.split_once("-->\n").expect("a header");
    assert!(header.contains("cargo catalog generate"), "{header}");
    body.to_owned()
}

#[test]
fn the_price_list_shows_every_price_with_its_state() {
    insta::assert_snapshot!(page("docs/price-list.md"));
}

#[test]
fn the_entitlements_show_what_each_product_grants() {
    insta::assert_snapshot!(page("docs/entitlements.md"));
}

#[test]
fn announced_changes_follow_each_other() {
    let text = "
catalog: { name: shop, title: Shop, currency: usd }
kinds: { tea: {} }
teas:
  green: { name: Green, prices: { monthly: { amount: 4.00, changes: [{ on: 2027-01-01, amount: 5.00 }, { on: 2028-01-01, amount: 6.00 }] } } }
";
    let source = Source { path: "shop.yaml".to_owned(), text: text.to_owned(), base: false };
    let catalog = compile(Sources::new(vec![source]), &pricebook_emit::limits(), None).expect("a sound catalog");
    let pages = pricebook_emit::docs::emit(&catalog);
    let rows = pages[0].text.lines().filter(|line| line.starts_with("| 20")).collect::<Vec<_>>();
    assert_eq!(
        rows,
        [
            "| 2027-01-01 | `tea_green_monthly` | 4.00 USD | 5.00 USD |",
            "| 2028-01-01 | `tea_green_monthly` | 5.00 USD | 6.00 USD |"
        ]
    );
}

#[test]
fn an_announced_change_that_is_not_seen_is_left_out_of_what_a_product_costs() {
    let text = "
catalog: { name: shop, title: Shop, currency: usd }
kinds: { tea: {} }
teas:
  green:
    name: Green
    prices:
      monthly:
        amount: 4.00
        currencies: { eur: 3.00 }
        changes:
          - { on: 2027-01-01, amount: 4.00, currencies: { eur: 3.50 } }
          - { on: 2028-01-01, amount: 5.00, currencies: { eur: 4.00 } }
";
    let source = Source { path: "shop.yaml".to_owned(), text: text.to_owned(), base: false };
    let catalog = compile(Sources::new(vec![source]), &pricebook_emit::limits(), None).expect("a sound catalog");
    let pages = pricebook_emit::docs::emit(&catalog);
    let row = "| Green | `green` | $4/mo, from 2028-01-01 $5/mo |";
    assert!(pages[0].text.contains(row), "{}", pages[0].text);
    assert!(pages[0].text.contains("| 2027-01-01 | `tea_green_monthly` |"), "all amounts of the change");
}

#[test]
fn a_price_says_how_often_it_is_charged() {
    let text = "
catalog: { name: shop, title: Shop, currency: usd }
kinds: { tea: {} }
teas:
  green: { name: Green, prices: { b: { interval: month, interval_count: 5, amount: 40.00 }, one_time: 4.00 } }
";
    let source = Source { path: "shop.yaml".to_owned(), text: text.to_owned(), base: false };
    let catalog = compile(Sources::new(vec![source]), &pricebook_emit::limits(), None).expect("a sound catalog");
    let pages = pricebook_emit::docs::emit(&catalog);
    for line in [
        "| `tea_green_b` | B | every 5 months | 40.00 USD |  | on sale |",
        "| `tea_green_one_time` | One-time | once | 4.00 USD |  | on sale |",
    ] {
        assert!(pages[0].text.contains(line), "{}", pages[0].text);
    }
}
