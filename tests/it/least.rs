//! "From" means one thing wherever a price with tiers is shown: the least that anybody who takes one unit or more pays.

use pricebook::services::price_list;
use pricebook_app::catalog::artifacts;
use pricebook_emit::{docs, typescript};
use pricebook_model::Catalog;
use pricebook_model::catalog as model;
use pricebook_types::{
    Amount, Artifacts, BillingType, CurrencyAmount, Interval, Price, Product, TaxBehavior, Tier, TierMode, UsageType,
};
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::catalogs::small;
use crate::sql_random::cases;

/// A tier: how many units it holds, and its amounts in thousandths of a dollar.
type Step = (u64, Option<u32>, Option<u32>);

fn catalog(mode: TierMode, steps: &[Step]) -> Catalog {
    let mut last = 0;
    let steps: Vec<String> = (steps.iter().enumerate())
        .map(|(index, (units, unit, flat))| {
            last += units;
            let end = if index + 1 == steps.len() { "unlimited".to_owned() } else { last.to_string() };
            let amount = |name: &str, amount: &Option<u32>| match amount {
                Some(mills) => format!(", {name}: {}", Decimal::new(i64::from(*mills), 3).normalize()),
                None => String::new(),
            };
            format!("{{ up_to: {end}{}{} }}", amount("unit_amount", unit), amount("flat_amount", flat))
        })
        .collect();
    let mode = if mode == TierMode::Volume { "volume" } else { "graduated" };
    small(&format!(
        "catalog: {{ name: shop, title: Shop, currency: usd }}\nkinds: {{ host: {{}} }}\nhosts:\n  site:\n    name: Site\n    \
         prices: {{ monthly: {{ unit: site, tiers: {{ mode: {mode}, steps: [{}] }} }} }}\n",
        steps.join(", ")
    ))
}

/// What a quantity costs, counted unit by unit, in thousandths of a dollar.
fn bill(mode: TierMode, steps: &[Step], quantity: u64) -> u64 {
    let [mut before, mut total] = [0; 2];
    for (index, (units, unit, flat)) in steps.iter().enumerate() {
        let end = if index + 1 == steps.len() { u64::MAX } else { before + units };
        let (unit, flat) = (u64::from(unit.unwrap_or(0)), u64::from(flat.unwrap_or(0)));
        match mode {
            TierMode::Graduated if quantity > before => total += (quantity.min(end) - before) * unit + flat,
            TierMode::Volume if quantity > before && quantity <= end => return quantity * unit + flat,
            _ => {}
        }
        before = end;
    }
    total
}

/// The price list of the terminal for the same prices.
fn terminal(catalog: &Catalog) -> String {
    fn amount(minor: Decimal) -> Amount {
        match model::whole(minor) {
            Some(minor) => Amount::Minor(minor),
            None => Amount::Decimal(minor.normalize().to_string().leak()),
        }
    }
    let price = &catalog.products[0].prices[0];
    let tier = |tier: &model::Tier| Tier {
        up_to: tier.up_to,
        unit_amount: amount(tier.unit_amount.unwrap_or_default()),
        flat_amount: tier.flat_amount.map(amount),
    };
    let amounts = price.amounts.iter().map(|amount| CurrencyAmount {
        currency: amount.currency,
        unit_amount: None,
        tiers: amount.tiers.iter().map(tier).collect::<Vec<_>>().leak(),
        custom: None,
    });
    let price = Price {
        lookup_key: "host_site_monthly",
        key: "monthly",
        label: "Monthly",
        product: "site",
        interval: Some(Interval::MONTHLY),
        usage: UsageType::Licensed,
        meter: None,
        tier_mode: price.tier_mode,
        unit: Some("site"),
        transform_quantity: None,
        trial_days: 0,
        tax_behavior: TaxBehavior::Unspecified,
        currency_tax_behavior: &[],
        amounts_before_changes: amounts.collect::<Vec<_>>().leak(),
        changes: &[],
        grandfathered: None,
        active: true,
    };
    let product = Product {
        id: "site",
        billing_type: BillingType::Monthly,
        deposit: None,
        prices: vec![price].leak(),
        ..artifacts().products[0]
    };
    let artifacts: &Artifacts = Box::leak(Box::new(Artifacts { products: vec![product].leak(), ..*artifacts() }));
    price_list(artifacts, "2026-11-22".parse().expect("a day"), None).remove(0).price
}

/// The number between two texts.
fn number(text: &str, before: &str, after: &[char]) -> Decimal {
    let (_, rest) = text.split_once(before).unwrap_or_else(|| panic!("{before:?} in {text:?}"));
    let number = rest.split(after).next().unwrap_or_default().replace(',', "");
    number.parse().unwrap_or_else(|_| panic!("{number:?} in {text:?}"))
}

fn file(artifacts: Vec<pricebook_emit::Artifact>, path: &str) -> String {
    artifacts.into_iter().find(|artifact| artifact.path == path).unwrap_or_else(|| panic!("{path}")).text
}

fn steps() -> impl Strategy<Value = (TierMode, Vec<Step>)> {
    let amount = || prop_oneof![Just(0), 1..9_u32, 1_000..30_000_u32];
    let step = (1..6_u64, proptest::option::of(amount()), proptest::option::of(amount()));
    let mode = prop_oneof![Just(TierMode::Graduated), Just(TierMode::Volume)];
    (mode, proptest::collection::vec(step, 1..5)).prop_map(|(mode, mut steps)| {
        for (_, unit, flat) in &mut steps {
            if unit.or(*flat).is_none() {
                *unit = Some(0);
            }
        }
        // Some quantity costs something.
        if let Some((_, unit, _)) = steps.last_mut() {
            *unit = Some(unit.unwrap_or(0).max(1));
        }
        (mode, steps)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(64)))]

    #[test]
    fn every_target_shows_the_least_that_somebody_pays((mode, steps) in steps()) {
        let reached = steps.iter().map(|(units, ..)| units).sum::<u64>() + 1;
        let least = (1..=reached).map(|quantity| bill(mode, &steps, quantity)).min().expect("a quantity");
        let of_a_unit = least > 0 && least == bill(mode, &steps, 1) && steps[0].2.unwrap_or(0) == 0;
        let least = Decimal::new(i64::try_from(least).expect("a small number"), 3);

        let catalog = catalog(mode, &steps);
        let display = &catalog.products[0].price_display;
        prop_assert_eq!(number(display, "From $", &['/']), least);
        prop_assert_eq!(display.contains("/site/mo"), of_a_unit, "{}", display);

        let typescript = typescript::emit(&catalog);
        let config = file(typescript.clone(), "typescript/src/config/hosts.config.ts");
        prop_assert_eq!(number(&config, "price: { value: ", &[',']), least);
        let shown = format!("display: '{display}'");
        prop_assert!(config.contains(&shown), "{}", shown);
        let products = file(typescript, "typescript/src/products/hosts.ts");
        let shown = format!("priceDisplay: '{display}'");
        prop_assert!(products.contains(&shown), "{}", shown);
        let list = file(docs::emit(&catalog), "docs/price-list.md");
        let shown = format!("| Site | `site` | {display} |");
        prop_assert!(list.contains(&shown), "{}", shown);

        let terminal = terminal(&catalog);
        prop_assert_eq!(number(&terminal, "from ", &[' ']), least);
        prop_assert_eq!(terminal.contains("USD / site / month"), of_a_unit, "{}", terminal);
    }
}
