//! The prices of one product: which object stands for which, what is made, brought back, changed and archived.

use std::collections::{HashMap, HashSet};

use pricebook_types::TaxBehavior;
use pricebook_types::stripe::{self, PriceParams};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::fields::Update;
use super::form::{form, with, with_id};
use super::step::{Action, Change, Name, Sort, Step};
use super::{Planning, Problem};
use crate::stripe::product_sync::actual::{Owned, Price, Product};
use crate::stripe::product_sync::shape::{Shape, word};

const COLLECTION: &str = "/v1/prices";

/// The steps for the prices of a product.
#[derive(Debug, Default)]
pub(super) struct PriceSteps<'a> {
    /// Before the product takes its default price.
    pub(super) before: Vec<Step>,
    /// After that: a default price cannot be archived.
    pub(super) after: Vec<Step>,
    /// The objects that stand for prices, by lookup keys.
    pub(super) chosen: HashMap<&'a str, &'a Price>,
    /// Objects that are archived in the end.
    pub(super) leaving: HashSet<&'a str>,
}

/// Plans the prices of a product, which is `actual` in Stripe, where it is there.
pub(super) fn plan<'a>(
    planning: &Planning<'a>,
    product: &'a stripe::Product<'a>,
    actual: Option<&'a Product>,
) -> Result<PriceSteps<'a>, Problem> {
    let wanted = planning.prices_of(&product.local_id);
    let mut prices = Prices { planning, product, actual, steps: PriceSteps::default(), claimed: HashSet::new() };
    for price in wanted {
        prices.must_not_be_foreign(price)?;
    }
    for price in wanted {
        if let Some(chosen) = prices.choose(price) {
            prices.claimed.insert(&chosen.id);
            prices.steps.chosen.insert(&price.params.lookup_key, chosen);
        }
    }
    for price in wanted {
        match prices.steps.chosen.get(&*price.params.lookup_key).copied() {
            Some(chosen) => prices.update(price, chosen),
            None => prices.create(price),
        }
    }
    for price in wanted {
        prices.archive_others(price);
    }
    prices.archive_retired();
    Ok(prices.steps)
}

struct Prices<'p, 'a> {
    planning: &'p Planning<'a>,
    product: &'a stripe::Product<'a>,
    actual: Option<&'a Product>,
    steps: PriceSteps<'a>,
    claimed: HashSet<&'a str>,
}

impl<'a> Prices<'_, 'a> {
    fn must_not_be_foreign(&self, wanted: &stripe::Price<'_>) -> Result<(), Problem> {
        let key = &wanted.params.lookup_key;
        let Some(holder) = self.planning.matching.holder(key) else { return Ok(()) };
        if self.planning.matching.is_ours(holder) {
            return Ok(());
        }
        let (price, of) = (&holder.id, &holder.product);
        let local_id = &self.product.local_id;
        Err(Problem::new(
            format!("the lookup key {key} is that of {price}, which pricebook did not make"),
            format!(
                "take it over with `pricebook stripe adopt {local_id} {of}`, or give that price another lookup key"
            ),
        ))
    }

    fn shape(&self, wanted: &stripe::Price<'_>) -> Shape {
        let meter = wanted.meter.as_deref().map(|meter| self.planning.meter_id(meter).unwrap_or_default().to_owned());
        Shape::of_desired(&wanted.params, meter)
    }

    /// The object that stands for a price: of those with its shape the one that has its lookup key, or is sold, or is newest.
    fn choose(&self, wanted: &stripe::Price<'_>) -> Option<&'a Price> {
        let actual = self.actual?;
        let shape = self.shape(wanted);
        let fits = |price: &&Price| {
            price.product == actual.id
                && !self.claimed.contains(price.id.as_str())
                && takes_tax(price, &wanted.params)
                && Shape::of_actual(price) == shape
        };
        let key = Some(&*wanted.params.lookup_key);
        let rank = |price: &&Price| (price.lookup_key.as_deref() == key, price.active, price.created, price.id.clone());
        let matching = &self.planning.matching;
        let own = matching.candidates(wanted, self.product).into_iter().filter(fits).max_by_key(rank);
        let of_successor = || {
            let successor = wanted.replaced_by.as_ref()?;
            let prices = self.planning.prices_of(&self.product.local_id);
            let successor = prices.iter().find(|price| price.params.lookup_key == *successor)?;
            matching.candidates(successor, self.product).into_iter().filter(fits).max_by_key(rank)
        };
        let to_adopt = || {
            let prices = matching.of(&actual.id).iter().copied();
            let is_sold = |price: &&Price| price.active == wanted.params.active;
            prices.filter(|price| matching.is_adopted(price)).filter(is_sold).filter(fits).max_by_key(rank)
        };
        own.or_else(of_successor).or_else(to_adopt)
    }

    fn update(&mut self, wanted: &'a stripe::Price<'a>, price: &'a Price) {
        let params = &wanted.params;
        let force = self.planning.options.force;
        let mut update = Update::default();
        let is_back = params.active && !price.active;
        let leaves = !params.active && price.active && !self.stays_as_default(price);
        if is_back || leaves {
            update.text("active", &params.active.to_string(), Some(&price.active.to_string()), false);
        }
        if price.lookup_key.as_deref() != Some(&params.lookup_key) {
            update.text("lookup_key", &params.lookup_key, price.lookup_key.as_deref(), false);
            if self.planning.matching.holder(&params.lookup_key).is_some() {
                update.form = with(std::mem::take(&mut update.form), "transfer_lookup_key", "true");
            }
        }
        update.text("nickname", &params.nickname, price.nickname.as_deref(), force);
        if tax(price) != word(params.tax_behavior) {
            update.text("tax_behavior", &word(params.tax_behavior), Some(tax(price)), false);
        }
        update.metadata(&params.metadata, &price.metadata, force);
        if update.is_empty() {
            return;
        }
        let (action, reason) = match (is_back, leaves) {
            (true, _) if price.lookup_key.as_deref() == Some(&params.lookup_key) => {
                (Action::Reactivate, "it was archived in Stripe".to_owned())
            }
            (true, _) => {
                (Action::Reactivate, format!("the price is {} again, which it was before", self.shape(wanted).shown()))
            }
            (_, true) => (Action::Archive, "the catalog sells it no more; subscriptions keep it".to_owned()),
            _ if update.changes.is_empty() && force => (Action::Update, "forced".to_owned()),
            _ => (Action::Update, "it is not as the catalog says".to_owned()),
        };
        let Update { form, changes } = update;
        let step = Step::update(Sort::Price, &params.lookup_key, (COLLECTION, &price.id), form);
        let mut step = step.doing(action).because(reason).changing(changes);
        if is_back {
            step.amount_moves_percent =
                self.former(wanted, Some(price)).and_then(|former| moved(former, &self.shape(wanted)));
        }
        if leaves {
            self.steps.leaving.insert(&price.id);
        }
        // What takes the key of its successor away would leave that one without, for a moment.
        let steps = if leaves || wanted.replaced_by.is_some() { &mut self.steps.after } else { &mut self.steps.before };
        steps.push(step);
    }

    fn create(&mut self, wanted: &'a stripe::Price<'a>) {
        let params = &wanted.params;
        let mut sent = form(params);
        sent = with_id(sent, "product", Name::new(Sort::Product, &wanted.product));
        if let Some(meter) = &wanted.meter {
            sent = with_id(sent, "recurring[meter]", Name::new(Sort::Meter, meter));
        }
        if self.planning.matching.holder(&params.lookup_key).is_some() {
            sent = with(sent, "transfer_lookup_key", "true");
        }
        let shape = self.shape(wanted);
        let former = self.former(wanted, None);
        let shown = |shape: &Shape| Some(shape.shown());
        let from = former.map(Shape::of_actual);
        let reason = match (&from, wanted.replaced_by.is_some()) {
            (Some(from), false) if *from == shape => "what never changes of a price differs: tax or product",
            (Some(_), false) => "Price mismatch: a price never changes in Stripe, so a new one takes its place",
            _ => "it is not in Stripe yet",
        };
        let mut step = Step::create(Sort::Price, &params.lookup_key, COLLECTION, sent).because(reason);
        step.changes = vec![Change::new("amount", from.as_ref().and_then(shown), shown(&shape))];
        step.amount_moves_percent = former.and_then(|former| moved(former, &shape));
        let steps = if params.active { &mut self.steps.before } else { &mut self.steps.after };
        steps.push(step);
    }

    /// What is sold until now, where another object takes its place.
    fn former(&self, wanted: &stripe::Price<'_>, other_than: Option<&Price>) -> Option<&'a Price> {
        let candidates = self.planning.matching.candidates(wanted, self.product);
        let is_other = |price: &&Price| price.active && other_than.is_none_or(|other| other.id != price.id);
        let key = Some(&*wanted.params.lookup_key);
        candidates.into_iter().filter(is_other).max_by_key(|price| price.lookup_key.as_deref() == key)
    }

    /// Archives what was this price before.
    fn archive_others(&mut self, wanted: &'a stripe::Price<'a>) {
        for price in self.planning.matching.candidates(wanted, self.product) {
            let is_chosen = self.claimed.contains(price.id.as_str());
            if !price.active || is_chosen || self.steps.leaving.contains(price.id.as_str()) || self.cannot_leave(price)
            {
                continue;
            }
            self.archive(price, &wanted.params.lookup_key, "another one has taken its place; subscriptions keep it");
        }
    }

    /// Prices of ours that the catalog has retired, and those without a lookup key, as no catalog has one.
    fn archive_retired(&mut self) {
        let Some(actual) = self.actual else { return };
        for price in self.planning.matching.of(&actual.id).iter().copied() {
            let key = price.lookup_key.as_deref().filter(|key| !key.is_empty());
            let is_ours = price.is_of(&self.planning.desired.meta.catalog) && price.active;
            let is_known = self.claimed.contains(price.id.as_str()) || self.steps.leaving.contains(price.id.as_str());
            if !is_ours || is_known || self.cannot_leave(price) {
                continue;
            }
            match key {
                Some(key) if self.planning.is_retired("price", key) => {
                    self.archive(price, key, "the catalog has retired it; subscriptions keep it");
                }
                Some(_) => {}
                None => {
                    let subject = format!("{} ({})", self.product.local_id, price.id);
                    self.archive(price, &subject, "it has no lookup key, and the catalog has no such price");
                }
            }
        }
    }

    fn archive(&mut self, price: &'a Price, subject: &str, reason: &str) {
        self.steps.leaving.insert(&price.id);
        let form = with(Vec::new(), "active", "false");
        let step = Step::update(Sort::Price, subject, (COLLECTION, &price.id), form).doing(Action::Archive);
        let amount = Change::new("amount", Some(Shape::of_actual(price).shown()), None);
        self.steps.after.push(step.because(reason).changing(vec![amount]));
    }

    /// The default price of a product that is archived itself, or of another product: Stripe would refuse.
    fn cannot_leave(&self, price: &Price) -> bool {
        self.stays_as_default(price)
            || self.actual.is_none_or(|actual| actual.id != price.product) && self.planning.is_default(price)
    }

    fn stays_as_default(&self, price: &Price) -> bool {
        let is_default = self.actual.is_some_and(|actual| actual.default_price.as_deref() == Some(&price.id));
        is_default && self.product.default_price.is_none() && !self.product.params.active
    }
}

fn tax(price: &Price) -> &str {
    price.amounts.tax_behavior.as_deref().unwrap_or("unspecified")
}

/// Whether a price has the tax behaviour, or can still be given it.
fn takes_tax(price: &Price, params: &PriceParams<'_>) -> bool {
    tax(price) == word(params.tax_behavior)
        || tax(price) == "unspecified" && params.tax_behavior != TaxBehavior::Unspecified
}

/// By how many percent one amount differs from another, in one currency.
fn moved(from: &Price, to: &Shape) -> Option<u64> {
    let from = Shape::of_actual(from);
    let (old, new) = (from.unit()?, to.unit()?);
    if from.currency() != to.currency() || old == new {
        return None;
    }
    if old.is_zero() {
        return Some(u64::MAX);
    }
    ((new - old).abs() * Decimal::ONE_HUNDRED / old).ceil().to_u64()
}
