//! Amounts of money: their sign, their precision, and what can be charged.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use pricebook_types::{Currency, Money};
use rust_decimal::Decimal;

use super::context::{Context, Product};
use crate::catalog::{AmountUnit, Deposit, whole};
use crate::decl::{AmountsDecl, DepositDecl, PriceDecl, StepDecl};
use crate::diagnostic::Diagnostic;
use crate::lower::money::minor;
use crate::source::{Span, Spanned};

/// An amount as people read it: `29.00 USD`.
pub(super) fn money(amount: Decimal, currency: Currency) -> String {
    match minor(amount, currency).and_then(whole) {
        Some(minor) => Money::new(minor, currency).to_string(),
        None => format!("{} {currency}", amount.normalize()),
    }
}

/// One number of a price.
struct Amount<'a> {
    product: Product<'a>,
    price: &'a PriceDecl,
    currency: Currency,
    amount: &'a Spanned<Decimal>,
    /// Of a tier.
    in_tier: bool,
    /// A bound of what customers choose.
    is_bound: bool,
}

/// Every number of every price: now, announced and grandfathered, in all currencies.
fn all<'a>(context: &Context<'a>) -> Vec<Amount<'a>> {
    let mut all = Vec::new();
    for product in &context.products {
        for price in &product.body.prices {
            let currency = context.currency_of(price);
            let mut add = |amounts: &'a AmountsDecl| {
                let own = amounts.amount.iter().map(|amount| (currency, amount, false));
                let other = amounts.currencies.iter().map(|(currency, amount)| (currency.value, amount, false));
                let steps = amounts.tiers.iter().flat_map(|tiers| tiers.steps.iter().map(|step| (currency, step)));
                let other_steps = amounts.tiers.iter().flat_map(|tiers| &tiers.currencies);
                let other_steps =
                    other_steps.flat_map(|(currency, steps)| steps.iter().map(|step| (currency.value, step)));
                let of_step = |(currency, step): (Currency, &'a StepDecl)| {
                    let amounts = step.unit_amount.iter().chain(&step.flat_amount);
                    amounts.map(move |amount| (currency, amount, true)).collect::<Vec<_>>()
                };
                let tiers = steps.chain(other_steps).flat_map(of_step);
                let of = |currency, amount, in_tier, is_bound| Amount {
                    product: *product,
                    price,
                    currency,
                    amount,
                    in_tier,
                    is_bound,
                };
                let said = own.chain(other).chain(tiers);
                all.extend(said.map(|(currency, amount, in_tier)| of(currency, amount, in_tier, false)));
                // Bounds that contradict one another are reported as such.
                let bounds = amounts.bounds(currency).filter(|(_, bounds)| bounds.out_of_order().is_none());
                let bounds =
                    bounds.flat_map(|(currency, bounds)| bounds.amounts().map(move |amount| (currency, amount)));
                all.extend(bounds.map(|(currency, amount)| of(currency, amount, false, true)));
            };
            add(&price.amounts);
            price.changes.iter().for_each(|change| add(&change.amounts));
            price.grandfathered.iter().for_each(|former| add(&former.amounts));
        }
    }
    all
}

impl Amount<'_> {
    /// Whether the number is for one of many small units, so that only their sum is charged.
    fn is_small_unit(&self) -> bool {
        self.in_tier || !self.price.is_charged_at_once()
    }
}

/// No amount is negative.
pub(super) fn amounts_are_not_negative(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let coupons = context.declared.coupons.iter().filter_map(|coupon| coupon.body.as_ref());
    let off = coupons.flat_map(|coupon| context.amounts_off(coupon)).map(|(_, amount)| amount);
    let prices = all(context).into_iter().map(|amount| amount.amount);
    let deposits = context.products.iter().filter_map(|product| match &product.body.deposit.as_ref()?.value {
        DepositDecl::Amount(fixed) => Some(fixed),
        _ => None,
    });
    let deposits = deposits
        .flat_map(|fixed| std::iter::once(&fixed.amount).chain(fixed.currencies.iter().map(|(_, amount)| amount)));
    for amount in prices.chain(off).chain(deposits).filter(|amount| amount.value.is_sign_negative()) {
        let message = format!("an amount cannot be negative: {}", amount.value);
        found.push(Diagnostic::error("negative-amount", amount.span, message).help("discounts are `coupons:`"));
    }
}

/// A product costs nothing exactly if it says so; each is reported once, with the places of all its amounts.
pub(super) fn only_free_products_cost_nothing(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let mut of_products: HashMap<Span, usize> = HashMap::new();
    for amount in all(context) {
        let Some(report) = free_or_not(&amount) else { continue };
        match of_products.entry(amount.product.item.span()) {
            Entry::Occupied(first) => {
                let found: &mut Diagnostic = &mut found[*first.get()];
                found.secondary.push((amount.amount.span, "and here".to_owned()));
            }
            Entry::Vacant(first) => {
                first.insert(found.len());
                found.push(report);
            }
        }
    }
    for product in &context.products {
        let Some(free) = product.body.free.as_ref().filter(|free| free.value) else { continue };
        for custom in product.body.prices.iter().filter_map(|price| price.amounts.custom.as_ref()) {
            let message = format!("`{}` is free, but customers choose what they pay", product.item.id.value);
            found.push(
                Diagnostic::error("free-with-amount", custom.span, message)
                    .also(free.span, "free")
                    .help("write `amount: 0`, or remove `free: true`"),
            );
        }
    }
}

/// An amount that contradicts what its product says of being free.
fn free_or_not(amount: &Amount<'_>) -> Option<Diagnostic> {
    let id = &amount.product.item.id.value;
    let value = amount.amount.value;
    match amount.product.body.free.as_ref().filter(|free| free.value) {
        Some(free) if value > Decimal::ZERO && !amount.is_bound => {
            let message = format!("`{id}` is free, but costs {}", money(value, amount.currency));
            Some(
                Diagnostic::error("free-with-amount", amount.amount.span, message)
                    .also(free.span, "free")
                    .help("write 0, or remove `free: true`"),
            )
        }
        None if value.is_zero() && !amount.in_tier && !amount.is_bound && !amount.price.is_metered() => {
            let message = format!("`{id}` costs nothing, and does not say that it is free");
            Some(
                Diagnostic::error("zero-amount", amount.amount.span, message)
                    .help("write an amount, or add `free: true` to the product"),
            )
        }
        _ => None,
    }
}

/// What can be charged in a currency has a least and a most.
pub(super) fn amounts_can_be_charged(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for amount in all(context) {
        let scale = Decimal::from(10_u64.pow(amount.currency.minor_digits()));
        let minor = amount.amount.value.saturating_mul(scale);
        for target in context.limits {
            let Some(limit) = target.charge(amount.currency) else { continue };
            let of = |minor: i64| Money::new(minor, amount.currency).to_string();
            let shown = money(amount.amount.value, amount.currency);
            if minor > Decimal::from(limit.max_minor) {
                found.push(
                    Diagnostic::error(
                        "charge-too-large",
                        amount.amount.span,
                        format!("{shown} is more than can be charged"),
                    )
                    .label(format!("{} charges at most {}", target.target, of(limit.max_minor)))
                    .help("look for a digit too many; what costs more is sold in parts, each a price of its own"),
                );
            } else if (minor > Decimal::ZERO || amount.is_bound && minor.is_zero())
                && minor < Decimal::from(limit.min_minor)
                && !amount.is_small_unit()
            {
                let help = match amount.is_bound {
                    true => "write more, or leave it out",
                    false => {
                        "write more, or, where this is the price of one of many small units, say what the unit is: `unit: call`"
                    }
                };
                found.push(
                    Diagnostic::error(
                        "charge-too-small",
                        amount.amount.span,
                        format!("{shown} is less than can be charged"),
                    )
                    .label(format!("{} charges at least {}", target.target, of(limit.min_minor)))
                    .help(help),
                );
            }
        }
    }
}

/// Amounts of a table in major units are whole ones: prices of its range, also announced ones, and deposits.
pub(super) fn amounts_fit_the_table(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for product in &context.products {
        let Some(table) = &product.kind.table else { continue };
        if table.amounts.as_ref().is_none_or(|unit| unit.value != AmountUnit::Major) {
            continue;
        }
        let held = product.meant.range_prices();
        let is_held = |price: &&PriceDecl| held.iter().any(|held| held.key == price.key.value);
        let amounts = product.body.prices.iter().filter(is_held).flat_map(|price| {
            let announced = price.changes.iter().map(|change| &change.amounts);
            let amounts =
                std::iter::once(&price.amounts).chain(announced).filter_map(|amounts| amounts.amount.as_ref());
            amounts.filter(|amount| !is_refused_as_too_small(context, price, amount.value))
        });
        let mut broken: Vec<(Span, String, Option<Span>)> = amounts
            .filter(|amount| !amount.value.is_integer())
            .map(|amount| (amount.span, format!("{} is no whole number of major units", amount.value), None))
            .collect();
        // A deposit is a part of a price: where that is broken, the deposit only follows.
        if let (true, Some(deposit), Some(due)) = (broken.is_empty(), &product.body.deposit, &product.meant.deposit)
            && let Some((day, due)) = fraction_of_major(due)
            && !is_too_small(context, due.minor().into(), due.currency())
        {
            let from = day.map(|day| format!("from {day} ")).unwrap_or_default();
            let message = format!("{from}the deposit comes to {due}, no whole number of major units");
            broken.push((deposit.span, message, product.body.prices.first().and_then(|price| amount_from(price, day))));
        }
        for (span, message, whole) in broken {
            let report = Diagnostic::error("amount-not-whole-major", span, message);
            let report = match whole {
                Some(whole) => report.also(whole, "it is a part of this"),
                None => report,
            };
            found.push(
                report
                    .also(
                        table.amounts.as_ref().map_or(product.kind_item.span(), |unit| unit.span),
                        "the kind's table holds whole major units",
                    )
                    .help("write a whole amount: this table has no place for parts of one"),
            );
        }
    }
}

/// Whether an amount of a price is reported as less than can be charged.
fn is_refused_as_too_small(context: &Context<'_>, price: &PriceDecl, amount: Decimal) -> bool {
    let currency = context.currency_of(price);
    price.is_charged_at_once() && minor(amount, currency).is_some_and(|minor| is_too_small(context, minor, currency))
}

/// Whether some target cannot charge so little.
fn is_too_small(context: &Context<'_>, minor: Decimal, currency: Currency) -> bool {
    let mut limits = context.limits.iter().filter_map(|target| target.charge(currency));
    minor > Decimal::ZERO && limits.any(|limit| minor < Decimal::from(limit.min_minor))
}

/// Where the amount stands that a price has from a day on, or now.
fn amount_from(price: &PriceDecl, day: Option<&str>) -> Option<Span> {
    let amounts = match day {
        Some(day) => &price.changes.iter().find(|change| change.on.value == day)?.amounts,
        None => &price.amounts,
    };
    Some(amounts.amount.as_ref()?.span)
}

/// The first amount in the default currency, now or from a day on, that is no whole number of major units.
fn fraction_of_major(deposit: &Deposit) -> Option<(Option<&str>, Money)> {
    let announced =
        deposit.changes.iter().filter_map(|change| Some((Some(change.on.as_str()), *change.amounts.first()?)));
    let mut amounts = std::iter::once((None, deposit.amount())).chain(announced);
    amounts.find(|(_, due)| due.minor() % 10_i64.pow(due.currency().minor_digits()) != 0)
}
