//! Moving subscriptions to the price that has taken the place of theirs.
//!
//! Nothing needs to be remembered to go on after an interruption: who was moved has the former price no more, and to set a
//! price that is set changes nothing.

use futures_util::{StreamExt, stream};
use pricebook_types::stripe::Desired;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::super::requests::Write;
use super::super::{Requests, StripeError};
use super::Actual;
use super::actual::Price;
use super::plan::{Options, Succession, successions};
use super::shape::Shape;
use super::subscriptions::{self, Item, Subscription};

/// What becomes of the part of a period that is paid already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
#[value(rename_all = "snake_case")]
pub enum Proration {
    /// Nothing: the new amount holds from the next period on
    None,
    /// The difference is on the next invoice
    CreateProrations,
    /// The difference is invoiced at once
    AlwaysInvoice,
}

impl Proration {
    /// As Stripe has it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::CreateProrations => "create_prorations",
            Self::AlwaysInvoice => "always_invoice",
        }
    }
}

/// What would be moved, and what would not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Migration {
    /// Items of subscriptions that go to another price.
    pub moves: Vec<Move>,
    /// Subscriptions that stay, each with the reason.
    pub left: Vec<Left>,
    /// Prices that nobody is moved from, each with the reason.
    pub refused: Vec<Refusal>,
}

/// An item of a subscription that goes to another price.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Move {
    /// The price in the catalog.
    pub lookup_key: String,
    /// `sub_…`
    pub subscription: String,
    /// `si_…`
    pub item: String,
    /// `cus_…`
    pub customer: String,
    /// `active`, `trialing` …
    pub status: String,
    /// None where it is billed by use.
    pub quantity: Option<u64>,
    /// `price_…`
    pub from: String,
    /// `price_…`
    pub to: String,
    /// For people.
    pub from_amount: String,
    /// For people.
    pub to_amount: String,
}

/// A subscription that stays on its price.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Left {
    /// The price in the catalog.
    pub lookup_key: String,
    /// `sub_…`
    pub subscription: String,
    /// Why.
    pub reason: String,
}

/// A price that nobody is moved from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// The price in the catalog.
    pub lookup_key: String,
    /// `price_…`
    pub from: String,
    /// Why.
    pub reason: String,
}

/// What became of a move.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Moved {
    /// What was to be done.
    #[serde(flatten)]
    pub what: Move,
    /// Why it was not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// Reads who pays former prices of the catalog, and says who would be moved. `only` names lookup keys; none for all.
///
/// # Errors
/// What Stripe said.
pub async fn look(
    requests: &Requests,
    desired: &Desired<'_>,
    options: &Options,
    only: &[String],
) -> Result<Migration, StripeError> {
    let actual = Actual::read(requests, desired).await?;
    let mut migration = Migration::default();
    for succession in successions(desired, &actual, options) {
        if !only.is_empty() && !only.iter().any(|key| key == succession.lookup_key) {
            continue;
        }
        for former in &succession.before {
            let payers = subscriptions::of_price(requests, &former.id).await?;
            if !payers.is_empty() {
                migration.add(&succession, former, &payers);
            }
        }
    }
    Ok(migration)
}

impl Migration {
    fn add(&mut self, succession: &Succession<'_>, former: &Price, payers: &[Subscription]) {
        let lookup_key = succession.lookup_key.to_owned();
        let mut refuse = |reason: &str| {
            let refusal =
                Refusal { lookup_key: lookup_key.clone(), from: former.id.clone(), reason: reason.to_owned() };
            self.refused.push(refusal);
        };
        let Some(now) = succession.now else {
            return refuse("what takes its place is not sold yet: sync first");
        };
        let (from, to) = (Shape::of_actual(former), Shape::of_actual(now));
        if let Some(reason) = from.billed_otherwise(&to) {
            return refuse(reason);
        }
        for payer in payers {
            if let Some(reason) = stays(payer, &now.id, &to) {
                let subscription = payer.id.clone();
                self.left.push(Left { lookup_key: lookup_key.clone(), subscription, reason });
                continue;
            }
            let items = payer.items.data.iter().filter(|item| item.price.id == former.id);
            self.moves.extend(items.map(|item| Move {
                lookup_key: lookup_key.clone(),
                subscription: payer.id.clone(),
                item: item.id.clone(),
                customer: payer.customer.clone(),
                status: payer.status.clone(),
                quantity: item.quantity,
                from: former.id.clone(),
                to: now.id.clone(),
                from_amount: from.shown(),
                to_amount: to.shown(),
            }));
        }
    }
}

/// Why a subscription is not moved.
fn stays(payer: &Subscription, to: &str, shape: &Shape) -> Option<String> {
    let has = |item: &&Item| item.price.id == to;
    match () {
        () if payer.schedule.is_some() => {
            Some("a schedule sets its prices, and would set them back: change its phases".to_owned())
        }
        () if payer.cancel_at_period_end => Some("it ends with its period".to_owned()),
        () if payer.pending_update.as_ref().is_some_and(|update| !update.is_null()) => {
            Some("another change of it waits for its payment".to_owned())
        }
        () if !shape.takes(&payer.currency) => {
            let currency = payer.currency.to_uppercase();
            Some(format!("it is paid in {currency}, in which the new price has no amount"))
        }
        () if payer.items.data.iter().any(|item| has(&item)) => Some("it has the new price, too".to_owned()),
        () => None,
    }
}

#[derive(Deserialize)]
struct Answer {
    price: AnswerPrice,
}

#[derive(Deserialize)]
struct AnswerPrice {
    id: String,
}

/// Moves so many at once. `run` sets this run's requests apart from those of another one, which Stripe would answer from
/// memory, though somebody may have moved the subscription back meanwhile.
pub async fn move_all(requests: &Requests, moves: &[Move], proration: Proration, run: &str) -> Vec<Moved> {
    let moving = moves.iter().map(|what| async move {
        let error = move_one(requests, what, proration, run).await.err();
        Moved { what: what.clone(), error }
    });
    stream::iter(moving).buffered(moves.len().max(1)).collect().await
}

async fn move_one(requests: &Requests, what: &Move, proration: Proration, run: &str) -> Result<(), String> {
    let mut form =
        vec![("price".to_owned(), what.to.clone()), ("proration_behavior".to_owned(), proration.as_str().to_owned())];
    // Without it Stripe may count one.
    form.extend(what.quantity.map(|quantity| ("quantity".to_owned(), quantity.to_string())));
    let digest = Sha256::digest(format!("{run} {} {} {form:?}", what.item, what.from));
    let key: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let write = Write {
        path: &format!("/v1/subscription_items/{}", what.item),
        endpoint: "/v1/subscription_items",
        form: Some(&form),
        idempotency_key: &key,
        is_repeatable: true,
    };
    let answer: Answer = requests.write(write).await.map_err(|error| error.to_string())?;
    match answer.price.id == what.to {
        true => Ok(()),
        false => Err(format!("Stripe answered that it has {} now", answer.price.id)),
    }
}
