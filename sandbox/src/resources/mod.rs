//! The kinds of objects, a file each: what they hold, what an endpoint takes, and what it does.

pub(crate) mod accounts;
mod addresses;
pub(crate) mod balance_transactions;
pub(crate) mod charges;
mod checkout_items;
pub(crate) mod checkout_payment;
pub(crate) mod checkout_sessions;
pub(crate) mod core_events;
pub(crate) mod coupons;
pub(crate) mod credit_notes;
pub(crate) mod customer_balance;
pub(crate) mod customers;
pub(crate) mod discounts;
pub(crate) mod disputes;
pub(crate) mod entitlements;
pub(crate) mod event_destinations;
pub(crate) mod events;
pub(crate) mod features;
pub(crate) mod invoices;
pub(crate) mod meter_events;
pub(crate) mod meters;
pub(crate) mod payment_intents;
pub(crate) mod payment_methods;
pub(crate) mod payment_steps;
pub(crate) mod portal;
mod price_amounts;
pub(crate) mod prices;
pub(crate) mod product_features;
pub(crate) mod products;
pub(crate) mod promotion_codes;
pub(crate) mod refunds;
pub(crate) mod schedules;
pub(crate) mod setup_intents;
pub(crate) mod subscriptions;
pub(crate) mod webhook_endpoints;

use crate::call::Call;
use crate::failure::Failure;
use crate::store::{Due, Object};

/// What is the same for every object of a kind.
#[derive(Debug)]
pub(crate) struct Resource {
    /// `price`, as in the object's own `object`.
    pub(crate) object: &'static str,
    /// As errors call it: `No such price`.
    pub(crate) noun: &'static str,
    /// How ids begin, and how many letters follow.
    pub(crate) id: (&'static str, usize),
    /// Fields that hold the id of another object, by their place (`promotion.coupon`).
    pub(crate) links: &'static [(&'static str, &'static Resource)],
    /// Fields that are shown only when they are expanded.
    pub(crate) on_request: &'static [&'static str],
    /// Fields that are kept and not shown.
    pub(crate) hidden: &'static [&'static str],
    /// Fields by which objects are looked up.
    pub(crate) indexed: &'static [&'static str],
    /// What time does to objects of the kind, if anything.
    pub(crate) clock: Option<Clock>,
}

/// How time changes the objects of a kind.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    /// When it does so next.
    pub(crate) due: Due,
    /// Lets happen what is due first; the object's next moment lies later then, or is none.
    pub(crate) follow: fn(&mut Call<'_>, Object) -> Result<(), Failure>,
}

impl Resource {
    /// A kind without anything of its own.
    pub(crate) const fn new(object: &'static str, id: (&'static str, usize)) -> Self {
        Self { object, noun: object, id, links: &[], on_request: &[], hidden: &[], indexed: &[], clock: None }
    }
}

/// Every kind that is kept.
pub(crate) const ALL: &[&Resource] = &[
    &accounts::ACCOUNT,
    &balance_transactions::BALANCE_TRANSACTION,
    &charges::CHARGE,
    &checkout_sessions::SESSION,
    &coupons::COUPON,
    &credit_notes::CREDIT_NOTE,
    &customer_balance::BALANCE_CHANGE,
    &customers::CUSTOMER,
    &discounts::DISCOUNT,
    &disputes::DISPUTE,
    &entitlements::ACTIVE_ENTITLEMENT,
    &event_destinations::EVENT_DESTINATION,
    &events::EVENT,
    &features::FEATURE,
    &invoices::INVOICE,
    &invoices::items::INVOICE_ITEM,
    &invoices::lines::LINE_ITEM,
    &invoices::payments::INVOICE_PAYMENT,
    &meter_events::METER_EVENT,
    &meters::METER,
    &payment_intents::PAYMENT_INTENT,
    &payment_methods::PAYMENT_METHOD,
    &portal::CONFIGURATION,
    &portal::SESSION,
    &prices::PRICE,
    &product_features::PRODUCT_FEATURE,
    &products::PRODUCT,
    &promotion_codes::PROMOTION_CODE,
    &refunds::REFUND,
    &setup_intents::SETUP_INTENT,
    // A phase begins before the period that it is about is billed.
    &schedules::SCHEDULE,
    &subscriptions::SUBSCRIPTION,
    &subscriptions::items::SUBSCRIPTION_ITEM,
    &webhook_endpoints::WEBHOOK_ENDPOINT,
];

/// The kind of objects that call themselves so.
pub(crate) fn named(object: &str) -> Option<&'static Resource> {
    ALL.iter().copied().find(|resource| resource.object == object)
}
