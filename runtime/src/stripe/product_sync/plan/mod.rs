//! Planning, which asks nobody: desired and actual state in, ordered steps with their reasons out.

mod adoption;
mod discounts;
mod fields;
mod form;
mod guards;
mod matching;
mod meters;
mod prices;
mod products;
mod step;
mod successions;
pub mod text;

use std::collections::{BTreeMap, HashMap, HashSet};

use pricebook_types::stripe::{self, Desired};
use serde::{Deserialize, Serialize};

pub use adoption::Adoption;
pub use guards::{Guards, Hazard};
use matching::Matching;
pub use step::{Action, Change, Name, Param, Request, Sort, Step};
pub(super) use successions::{Succession, successions};

use super::Actual;

/// The Stripe products that earlier syncs have made, by local ids: `stripe_product_mappings`.
pub type Known = BTreeMap<String, String>;

/// How is planned.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Whether everything is written again, and what was deleted in Stripe is made again.
    pub force: bool,
    /// What is taken over, where something is.
    pub adoption: Option<Adoption>,
    /// The time, in Unix time: Stripe takes no coupon of the past.
    pub now: i64,
}

/// What is to be done, in phases that follow each other. The chains of a phase do not need each other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// The account: `acct_…`
    pub account: String,
    /// Whether it is real money.
    pub livemode: bool,
    /// The catalog that it was made of.
    pub catalog_hash: String,
    /// The ids that objects of the catalog have already.
    pub ids: BTreeMap<Name, String>,
    /// The chains.
    pub phases: Vec<Vec<Chain>>,
    /// What people should know and no step does.
    pub notes: Vec<String>,
    /// How many live subscriptions the prices have that it takes out of sale, by their ids in Stripe; null where Stripe did
    /// not say.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub subscriptions: BTreeMap<String, Option<u64>>,
}

/// The steps for one object of the catalog with all that belongs to it, one after the other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chain {
    /// What it is.
    pub sort: Sort,
    /// Its id in the catalog.
    pub subject: String,
    /// Its name for people.
    pub title: String,
    /// Its id in Stripe, where it is there.
    pub id: Option<String>,
    /// What is done.
    pub steps: Vec<Step>,
    /// Why nothing can be done.
    pub problem: Option<Problem>,
    /// What is left as it is, and why.
    pub note: Option<String>,
}

/// Why nothing can be done about an object, and what somebody can do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
}

impl Problem {
    fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { message: message.into(), help: help.into() }
    }
}

impl Chain {
    fn new(sort: Sort, subject: &str, title: &str, id: Option<&String>) -> Self {
        Self {
            sort,
            subject: subject.to_owned(),
            title: title.to_owned(),
            id: id.cloned(),
            steps: Vec::new(),
            problem: None,
            note: None,
        }
    }
}

impl Plan {
    /// Every chain.
    pub fn chains(&self) -> impl Iterator<Item = &Chain> {
        self.phases.iter().flatten()
    }

    /// Every step.
    pub fn steps(&self) -> impl Iterator<Item = &Step> {
        self.chains().flat_map(|chain| &chain.steps)
    }

    /// Whether the account is as the catalog says.
    pub fn is_equal(&self) -> bool {
        self.steps().next().is_none() && self.problems().next().is_none()
    }

    /// The ids in Stripe of the prices that it takes out of sale.
    pub fn leaving_prices(&self) -> Vec<String> {
        let leaving = self.steps().filter(|step| step.sort == Sort::Price && step.action == Action::Archive);
        leaving.filter_map(|step| step.id.clone()).collect()
    }

    /// Whether another plan does the same; customers come and go meanwhile.
    pub fn does_what(&self, other: &Self) -> bool {
        let steps = |plan: &Self| Self { subscriptions: BTreeMap::new(), ..plan.clone() };
        steps(self) == steps(other)
    }

    /// What stands in the way.
    pub fn problems(&self) -> impl Iterator<Item = (&Chain, &Problem)> {
        self.chains().filter_map(|chain| Some((chain, chain.problem.as_ref()?)))
    }

    /// The products that stay as they are.
    pub fn synced(&self) -> usize {
        let products = self.chains().filter(|chain| chain.sort == Sort::Product);
        products.filter(|chain| chain.steps.is_empty() && chain.problem.is_none()).count()
    }
}

/// The Stripe products whose features must be read before [`plan`]: those that are not as they were written last, or with
/// `deep` all.
pub fn products_to_read(desired: &Desired<'_>, actual: &Actual, options: &Options, deep: bool) -> Vec<String> {
    products::to_be_read(&Planning::new(desired, actual, &Known::new(), options), deep || options.force)
}

/// What is to be done so that the account is as the catalog says.
pub fn plan(
    desired: &Desired<'_>,
    actual: &Actual,
    known: &Known,
    options: &Options,
    account: &str,
    livemode: bool,
) -> Plan {
    let planning = Planning::new(desired, actual, known, options);
    let meters = desired.meters.iter().map(|meter| meters::meter(&planning, meter));
    let features = desired.features.iter().map(|feature| meters::feature(&planning, feature));
    let products = desired.products.iter().map(|product| products::chain(&planning, product));
    let coupons = desired.coupons.iter().map(|coupon| discounts::chain(&planning, coupon));
    let mut phases: Vec<Vec<Chain>> = vec![
        meters.chain(features).collect(),
        products.collect(),
        products::leaving(&planning),
        discounts::leaving(&planning),
        coupons.collect(),
        meters::leaving(&planning).into_iter().chain(meters::retired(&planning)).collect(),
    ];
    let notes = phases.iter_mut().flatten().filter_map(|chain| chain.note.take()).collect();
    Plan {
        account: account.to_owned(),
        livemode,
        catalog_hash: desired.meta.catalog_hash.to_string(),
        ids: planning.ids(),
        phases,
        notes,
        subscriptions: BTreeMap::new(),
    }
}

/// What planning looks at.
struct Planning<'a> {
    desired: &'a Desired<'a>,
    actual: &'a Actual,
    known: &'a Known,
    options: &'a Options,
    matching: Matching<'a>,
    prices: HashMap<&'a str, Vec<&'a stripe::Price<'a>>>,
    meters: HashMap<&'a str, &'a str>,
    retired: HashSet<(&'a str, &'a str)>,
    defaults: HashSet<&'a str>,
}

impl<'a> Planning<'a> {
    fn new(desired: &'a Desired<'a>, actual: &'a Actual, known: &'a Known, options: &'a Options) -> Self {
        let mut prices: HashMap<&str, Vec<_>> = HashMap::new();
        for price in &desired.prices {
            prices.entry(&price.product).or_default().push(price);
        }
        let meters = desired.meters.iter();
        let meters = meters.filter_map(|meter| Some((&*meter.id, meters::find(&actual.meters, meter)?.id.as_str())));
        Self {
            desired,
            actual,
            known,
            options,
            matching: Matching::new(desired, actual, options.adoption.as_ref()),
            prices,
            meters: meters.collect(),
            retired: desired.retired.iter().map(|retired| (&*retired.what, &*retired.id)).collect(),
            defaults: actual.products.iter().filter_map(|product| product.default_price.as_deref()).collect(),
        }
    }

    /// The prices of the catalog that belong to a Stripe product, by its local id.
    fn prices_of(&self, local_id: &str) -> &[&'a stripe::Price<'a>] {
        self.prices.get(local_id).map_or(&[], Vec::as_slice)
    }

    /// The id in Stripe of a meter of the catalog.
    fn meter_id(&self, meter: &str) -> Option<&'a str> {
        self.meters.get(meter).copied()
    }

    fn is_retired(&self, what: &str, id: &str) -> bool {
        self.retired.contains(&(what, id))
    }

    /// Whether some product has the price as its default.
    fn is_default(&self, price: &super::actual::Price) -> bool {
        self.defaults.contains(price.id.as_str())
    }

    /// Whether an object made by hand is to be taken over, by its id in Stripe.
    fn adopts(&self, id: &str) -> bool {
        self.matching.adopts(id)
    }

    fn ids(&self) -> BTreeMap<Name, String> {
        let meters = self.meters.iter().map(|(meter, id)| (Name::new(Sort::Meter, meter), (*id).to_owned()));
        let features = self.actual.features.iter();
        let features = features.map(|feature| (Name::new(Sort::Feature, &feature.lookup_key), feature.id.clone()));
        let products = self.matching.products();
        let products = products.map(|(local_id, product)| (Name::new(Sort::Product, local_id), product.id.clone()));
        let prices = self.desired.products.iter().flat_map(|product| {
            let actual = self.matching.product(&product.local_id);
            let steps = actual.and_then(|actual| prices::plan(self, product, Some(actual)).ok());
            let chosen = steps.map(|steps| steps.chosen).unwrap_or_default();
            chosen.into_iter().map(|(key, price)| (Name::new(Sort::Price, key), price.id.clone()))
        });
        meters.chain(features).chain(products).chain(prices).collect()
    }
}
