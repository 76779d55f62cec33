//! One line, as the reviewed catalog has it.

use pricebook_types::stripe::{PriceParams, owned};
use pricebook_types::validation::{Amount, LiveKind, Payment, PriceRule, Sale};
use pricebook_types::{Interval, Kind, UsageType};

use super::refusal::CheckoutRefusal;
use super::{AcceptedLine, Catalog, WantedLine, of_product, sums};
use crate::services::payment::Refusal;

/// More seats than that are sold by people.
const MOST_UNITS: u32 = 10_000;

/// What the catalog says of a line.
#[derive(Debug)]
pub(super) struct Reviewed<'a> {
    pub(super) kind: &'static Kind,
    pub(super) product: &'a Payment<'static>,
    pub(super) price: &'a PriceRule<'static>,
    pub(super) live: &'a LiveKind<'static>,
    pub(super) local_id: &'a str,
    pub(super) params: &'a PriceParams<'static>,
    pub(super) quantity: Option<u32>,
    total_minor: Option<i64>,
}

/// Looks a line up: it must be sold, for an amount that is known, in a quantity that can be.
pub(super) fn reviewed<'a>(
    catalog: Catalog<'a>,
    wanted: &WantedLine,
    day: &str,
) -> Result<Reviewed<'a>, CheckoutRefusal> {
    let unknown = || CheckoutRefusal::UnknownPrice { price: wanted.lookup_key.clone() };
    let of_product_with = |product: &'a Payment<'static>| {
        let price = product.prices.iter().find(|price| price.lookup_key == wanted.lookup_key)?;
        Some((product, price))
    };
    let (product, price) = catalog.validation.payments.iter().find_map(of_product_with).ok_or_else(unknown)?;
    let kind = catalog.kinds.iter().find(|kind| kind.id == product.kind).ok_or_else(unknown)?;
    let live = catalog.validation.live.iter().find(|live| live.kind == product.kind).ok_or_else(unknown)?;
    is_sold(kind, product, price)?;
    let desired = catalog.desired.prices.iter().find(|known| known.params.lookup_key == price.lookup_key);
    let desired = desired.ok_or_else(unknown)?;
    let change = desired.changes.iter().rfind(|change| *change.on <= *day);
    let params = change.map_or(&desired.params, |change| &change.params);
    if params.custom_unit_amount.is_some() {
        return Err(CheckoutRefusal::ChosenByCustomer { price: wanted.lookup_key.clone() });
    }
    let quantity = quantity(price, wanted.quantity)?;
    let total_minor = quantity.map(|quantity| sums::total_minor(params, quantity).ok_or_else(unknown)).transpose()?;
    Ok(Reviewed { kind, product, price, live, local_id: &desired.local_id, params, quantity, total_minor })
}

fn is_sold(kind: &Kind, product: &Payment<'_>, price: &PriceRule<'_>) -> Result<(), CheckoutRefusal> {
    let (title, id) = (kind.title, product.id.to_string());
    let refused = match product.sale {
        Sale::Sold => None,
        Sale::ComingSoon => Some(Refusal::ComingSoon { title, id }),
        Sale::Inactive => Some(Refusal::Inactive { title, id }),
        Sale::Free => Some(Refusal::Free { title, id }),
    };
    match refused {
        Some(refusal) => Err(of_product(&price.lookup_key, refusal)),
        None if !price.active => Err(CheckoutRefusal::NotSold { price: price.lookup_key.to_string() }),
        None => Ok(()),
    }
}

fn quantity(price: &PriceRule<'_>, wanted: Option<u32>) -> Result<Option<u32>, CheckoutRefusal> {
    let lookup_key = || price.lookup_key.to_string();
    match (price.usage, wanted) {
        (UsageType::Metered, None) => Ok(None),
        (UsageType::Metered, Some(_)) => Err(CheckoutRefusal::QuantityOfUse { price: lookup_key() }),
        (UsageType::Licensed, wanted) => {
            let quantity = wanted.unwrap_or(1);
            let fits = (1..=MOST_UNITS).contains(&quantity);
            if fits {
                Ok(Some(quantity))
            } else {
                Err(CheckoutRefusal::Quantity { price: lookup_key(), most: MOST_UNITS })
            }
        }
    }
}

impl Reviewed<'_> {
    pub(super) fn lookup_key(&self) -> &str {
        &self.price.lookup_key
    }

    /// How often it is paid.
    pub(super) fn interval(&self) -> Option<Interval> {
        let recurring = self.params.recurring.as_ref()?;
        Some(Interval { unit: recurring.interval, count: recurring.interval_count })
    }

    /// Whether its quantity is set, and not counted.
    pub(super) fn is_licensed(&self) -> bool {
        self.price.usage.is_licensed()
    }

    /// Whether it is the product's usual price.
    pub(super) fn is_first(&self) -> bool {
        self.product.prices.first().is_some_and(|first| first.key == self.price.key)
    }

    /// What it costs on a day in the currency that it is sold in.
    pub(super) fn amount_on(&self, day: &str) -> Option<&Amount<'static>> {
        self.price.amounts_on(day).iter().find(|amount| amount.currency == self.params.currency)
    }

    pub(super) fn accepted(&self) -> AcceptedLine {
        AcceptedLine {
            kind: self.kind.id.to_owned(),
            product: self.product.id.to_string(),
            name: self.product.name.to_string(),
            lookup_key: self.lookup_key().to_owned(),
            local_id: self.local_id.to_owned(),
            content_hash: self.params.metadata.get(owned::HASH).map(ToString::to_string).unwrap_or_default(),
            quantity: self.quantity,
            total_minor: self.total_minor,
        }
    }
}
