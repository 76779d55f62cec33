//! What everything costs: a table of each kind's products, then what was announced and what is sold no more.

use askama::Template;
use pricebook_model::Catalog;
use pricebook_model::catalog::{CurrencyAmount, CustomAmount, Price, Product};
use pricebook_types::{Currency, TierMode};
use rust_decimal::Decimal;

use super::coupons::{self, Coupon};
use super::markdown::{Code, Text};

#[derive(Template)]
#[template(path = "price-list.md", escape = "none")]
struct Page<'a> {
    header: String,
    title: Text,
    kinds: Vec<KindSection<'a>>,
    changes: Vec<Change<'a>>,
    coupons: Vec<Coupon<'a>>,
    retired: Vec<String>,
}

struct KindSection<'a> {
    title: Text,
    description: Text,
    products: Vec<ProductRow<'a>>,
    prices: Vec<PriceRow<'a>>,
}

struct ProductRow<'a> {
    id: Code<'a>,
    name: Text,
    price: Text,
    deposit: Text,
    billing: &'static str,
    status: &'static str,
}

struct PriceRow<'a> {
    lookup_key: Code<'a>,
    label: Text,
    charged: String,
    amounts: Text,
    trial: String,
    status: &'static str,
}

struct Change<'a> {
    on: &'a str,
    lookup_key: Code<'a>,
    before: Text,
    after: Text,
}

pub(super) fn page(catalog: &Catalog) -> String {
    let prices = || catalog.products.iter().flat_map(|product| &product.prices);
    let mut changes: Vec<Change<'_>> = prices()
        .flat_map(|price| {
            let until = price.changes.iter().map(|change| &change.amounts);
            std::iter::once(&price.amounts).chain(until).zip(&price.changes).map(|(before, change)| Change {
                on: &change.on,
                lookup_key: Code(&price.lookup_key),
                before: Text::new(amounts(before, price)),
                after: Text::new(amounts(&change.amounts, price)),
            })
        })
        .collect();
    changes.sort_by_key(|change| change.on);
    let page = Page {
        header: super::header(&crate::header::lines_with_hash(catalog)),
        title: Text::new(&catalog.title),
        kinds: catalog.kinds.iter().map(|kind| section(catalog, kind)).collect(),
        changes,
        coupons: catalog.coupons.iter().map(|coupon| coupons::row(catalog, coupon)).collect(),
        retired: catalog
            .retired
            .iter()
            .map(|retired| Code(&format!("{}/{}", retired.what, retired.id)).to_string())
            .collect(),
    };
    page.render().expect("a template of texts renders")
}

fn section<'a>(catalog: &'a Catalog, kind: &'a pricebook_model::catalog::Kind) -> KindSection<'a> {
    let products = || catalog.products_of(&kind.id);
    KindSection {
        title: Text::new(&kind.title),
        description: Text::new(&kind.description),
        products: products().map(product_row).collect(),
        prices: products().flat_map(|product| product.prices.iter().map(price_row)).collect(),
    }
}

fn product_row(product: &Product) -> ProductRow<'_> {
    ProductRow {
        id: Code(&product.id),
        name: Text::new(&product.name),
        price: Text::new(price_and_announced(product)),
        deposit: Text::new(&product.deposit_display),
        billing: product.billing_type.as_str(),
        status: match (product.active, product.coming_soon) {
            (true, _) => "on sale",
            (false, true) => "coming soon",
            (false, false) => "inactive",
        },
    }
}

/// `$29/mo`, and with announced changes `$29/mo, from 2027-01-01 $35/mo`: the page is read on any day.
fn price_and_announced(product: &Product) -> String {
    let mut shown = product.price_display.clone();
    let mut last = shown.clone();
    for then in product.announced() {
        // Another amount may change alone: a currency that is not shown here, or the deposit.
        if then.price_display != last {
            shown.push_str(&format!(", from {} {}", then.on, then.price_display));
            last = then.price_display;
        }
    }
    shown
}

fn price_row(price: &Price) -> PriceRow<'_> {
    PriceRow {
        lookup_key: Code(&price.lookup_key),
        label: Text::new(&price.label),
        charged: price.interval.map_or_else(|| "once".to_owned(), |interval| format!("every {interval}")),
        amounts: Text::new(amounts(&price.amounts, price)),
        trial: if price.trial_days == 0 { String::new() } else { format!("{} days", price.trial_days) },
        status: match (price.active, &price.grandfathered) {
            (true, _) => "on sale",
            (false, Some(_)) => "grandfathered",
            (false, None) => "inactive",
        },
    }
}

fn amounts(amounts: &[CurrencyAmount], price: &Price) -> String {
    if amounts.iter().all(|amount| amount.unit_amount.is_some_and(|minor| minor.is_zero())) {
        return "free".to_owned();
    }
    amounts.iter().map(|amount| amount_in(amount, price)).collect::<Vec<_>>().join(" · ")
}

/// `29.00 USD per seat`, or the tiers one after the other.
fn amount_in(amount: &CurrencyAmount, price: &Price) -> String {
    let per = price.per().map_or(String::new(), |unit| format!(" per {unit}"));
    if let Some(minor) = amount.unit_amount {
        return format!("{}{per}", major(minor, amount.currency));
    }
    if let Some(custom) = amount.custom {
        return chosen(custom, amount.currency);
    }
    let mode = match price.tier_mode {
        Some(TierMode::Volume) => "all at: ",
        Some(TierMode::Graduated) | None => "",
    };
    let tiers: Vec<String> = amount
        .tiers
        .iter()
        .map(|tier| {
            let reach = match tier.up_to {
                Some(last) => format!("up to {}", grouped(&last.to_string())),
                None if amount.tiers.len() == 1 => "any quantity".to_owned(),
                None => "beyond".to_owned(),
            };
            let costs = |minor: Option<Decimal>| minor.filter(|minor| !minor.is_zero());
            let unit = costs(tier.unit_amount).map(|minor| format!("{}{per}", major(minor, amount.currency)));
            let flat = costs(tier.flat_amount).map(|minor| format!("{} flat", major(minor, amount.currency)));
            let parts: Vec<String> = unit.into_iter().chain(flat).collect();
            format!("{reach}: {}", if parts.is_empty() { "free".to_owned() } else { parts.join(" + ") })
        })
        .collect();
    format!("{mode}{}", tiers.join("; "))
}

/// `any amount, 5.00 USD to 500.00 USD, preset 20.00 USD`.
fn chosen(CustomAmount { minimum, maximum, preset }: CustomAmount, currency: Currency) -> String {
    let [minimum, maximum, preset] =
        [minimum, maximum, preset].map(|minor| minor.map(|minor| major(Decimal::from(minor), currency)));
    let bounds = match (minimum, maximum) {
        (Some(minimum), Some(maximum)) => format!(", {minimum} to {maximum}"),
        (Some(minimum), None) => format!(", at least {minimum}"),
        (None, Some(maximum)) => format!(", at most {maximum}"),
        (None, None) => format!(" of {currency}"),
    };
    format!("any amount{bounds}{}", preset.map_or(String::new(), |preset| format!(", preset {preset}")))
}

/// Minor units as an exact decimal in major units, with at least the currency's digits: `29.00 USD`, `0.0015 USD`.
pub(super) fn major(minor: Decimal, currency: Currency) -> String {
    let digits = currency.minor_digits();
    let mut major = (minor * Decimal::new(1, digits)).normalize();
    if major.scale() < digits {
        major.rescale(digits);
    }
    format!("{} {currency}", grouped(&major.to_string()))
}

/// The digits before the point in groups of three: `10,000`, `1,495.00`.
pub(super) fn grouped(number: &str) -> String {
    let (whole, rest) = number.split_at(number.find('.').unwrap_or(number.len()));
    let mut out = String::with_capacity(number.len() + whole.len() / 3);
    for (index, digit) in whole.char_indices() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_keep_the_digits_of_their_currency_and_finer_ones() {
        let shown = |minor: &str, currency| major(Decimal::from_str_exact(minor).unwrap(), currency);
        assert_eq!(shown("2900", Currency::Usd), "29.00 USD");
        assert_eq!(shown("2905", Currency::Usd), "29.05 USD");
        assert_eq!(shown("0", Currency::Usd), "0.00 USD");
        assert_eq!(shown("0.15", Currency::Usd), "0.0015 USD");
        assert_eq!(shown("500", Currency::Jpy), "500 JPY");
        assert_eq!(shown("1250", Currency::Kwd), "1.250 KWD");
        assert_eq!(shown("149500", Currency::Usd), "1,495.00 USD");
        assert_eq!(shown("123456789", Currency::Jpy), "123,456,789 JPY");
        assert_eq!(shown("99999", Currency::Usd), "999.99 USD");
    }
}
