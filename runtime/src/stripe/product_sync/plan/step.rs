//! A step of a plan: one request to Stripe, what it changes, and why.

use serde::{Deserialize, Serialize};

/// What a step does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Makes an object.
    Create,
    /// Changes one.
    Update,
    /// Brings back one that was archived.
    Reactivate,
    /// Takes one out of sale; it stays for those who have it.
    Archive,
    /// Deletes one, where Stripe archives none.
    Delete,
}

/// What a step is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// A meter.
    Meter,
    /// An entitlement feature.
    Feature,
    /// A product.
    Product,
    /// A price.
    Price,
    /// That a product grants a feature.
    Grant,
    /// A coupon.
    Coupon,
    /// A promotion code.
    PromotionCode,
}

impl Sort {
    /// For people.
    pub const fn noun(self) -> &'static str {
        match self {
            Self::Meter => "meter",
            Self::Feature => "feature",
            Self::Product => "product",
            Self::Price => "price",
            Self::Grant => "feature of the product",
            Self::Coupon => "coupon",
            Self::PromotionCode => "promotion code",
        }
    }
}

/// An object of the catalog, whose id in Stripe may not be known before it is made.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", from = "String")]
pub struct Name(String);

impl Name {
    /// Of a meter's id, a feature's or price's lookup key, a product's local id, a coupon's id.
    pub fn new(sort: Sort, id: &str) -> Self {
        Self(format!("{}/{id}", super::super::shape::word(sort)))
    }

    /// `product/plan_starter_monthly`
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for Name {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<Name> for String {
    fn from(name: Name) -> Self {
        name.0
    }
}

/// A value of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Param {
    /// As it is sent.
    Text(String),
    /// The id that the object has by then.
    IdOf(Name),
}

/// A request that changes something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// `/v1/prices`
    pub collection: String,
    /// The object of the collection; none for making one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object: Option<Param>,
    /// What stands behind the id: `/features`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub below: String,
    /// What is sent; none to delete.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<Vec<(String, Param)>>,
}

/// A field that changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Its name, as Stripe has it.
    pub field: String,
    /// What is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// What will be there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
}

impl Change {
    /// From something to something.
    pub fn new(field: impl Into<String>, from: Option<String>, to: Option<String>) -> Self {
        Self { field: field.into(), from, to }
    }
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// What it does.
    pub action: Action,
    /// To what.
    pub sort: Sort,
    /// What people call it: a lookup key, a local id.
    pub subject: String,
    /// The object's id in Stripe, where it is there already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Why.
    pub reason: String,
    /// Which fields change.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
    /// By how many percent the amount moves, where a price takes the place of another in the same currency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount_moves_percent: Option<u64>,
    /// What is asked of Stripe.
    pub request: Request,
    /// What the object that it makes is called by later steps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub makes: Option<Name>,
}

impl Step {
    /// Makes an object.
    pub(super) fn create(sort: Sort, subject: &str, collection: &str, form: Vec<(String, Param)>) -> Self {
        let request =
            Request { collection: collection.to_owned(), object: None, below: String::new(), form: Some(form) };
        Self {
            action: Action::Create,
            sort,
            subject: subject.to_owned(),
            id: None,
            reason: String::new(),
            changes: Vec::new(),
            amount_moves_percent: None,
            request,
            makes: Some(Name::new(sort, subject)),
        }
    }

    /// Changes the object of this id.
    pub(super) fn update(
        sort: Sort,
        subject: &str,
        (collection, id): (&str, &str),
        form: Vec<(String, Param)>,
    ) -> Self {
        let step = Self::create(sort, subject, collection, form);
        let request = Request { object: Some(Param::Text(id.to_owned())), ..step.request };
        Self { action: Action::Update, id: Some(id.to_owned()), makes: None, request, ..step }
    }

    /// The same with a reason.
    pub(super) fn because(self, reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), ..self }
    }

    /// The same with another action.
    pub(super) fn doing(self, action: Action) -> Self {
        Self { action, ..self }
    }

    /// The same with what changes.
    pub(super) fn changing(self, changes: Vec<Change>) -> Self {
        Self { changes, ..self }
    }

    /// Whether it may be done twice: it sets what it sets.
    pub fn is_repeatable(&self) -> bool {
        self.request.object.is_some() && self.request.below.is_empty()
    }
}
