//! Pages on which customers manage what they have. <https://docs.stripe.com/api/customer_portal>

use serde_json::{Value, json};

use super::Resource;
use super::customers::{self, CUSTOMER};
use crate::call::{Call, is, text};
use crate::failure::Failure;
use crate::list::Filter;
use crate::params::{Field, Kind, field, required};
use crate::store::Object;

pub(crate) static CONFIGURATION: Resource =
    Resource { noun: "configuration", ..Resource::new("billing_portal.configuration", ("bpc_1", 23)) };
pub(crate) static SESSION: Resource = Resource {
    noun: "session",
    links: &[("configuration", &CONFIGURATION), ("customer", &CUSTOMER)],
    ..Resource::new("billing_portal.session", ("bps_1", 23))
};

const SHORT: Kind = Kind::Text(5000);
const ENABLED: Kind = Kind::Hash(&[required("enabled", Kind::Bool)]);
const FEATURES: &[Field] = &[
    field(
        "customer_update",
        Kind::Hash(&[field("allowed_updates", Kind::List(&SHORT)).clearable(), field("enabled", Kind::Bool)]),
    ),
    field("invoice_history", ENABLED),
    field("payment_method_update", ENABLED),
    field(
        "subscription_cancel",
        Kind::Hash(&[
            required("enabled", Kind::Bool),
            field("mode", Kind::Choice(&["at_period_end", "immediately"])),
            field("proration_behavior", Kind::Choice(&["always_invoice", "create_prorations", "none"])),
        ]),
    ),
];
const BUSINESS: &[Field] = &[
    field("headline", Kind::Text(60)).clearable(),
    field("privacy_policy_url", SHORT),
    field("terms_of_service_url", SHORT),
];

pub(crate) const CREATE_CONFIGURATION: &[Field] = &[
    required("features", Kind::Hash(FEATURES)),
    field("business_profile", Kind::Hash(BUSINESS)),
    field("default_return_url", SHORT).clearable(),
    field("metadata", Kind::Metadata),
    field("name", SHORT).clearable(),
];

pub(crate) const LIST_CONFIGURATIONS: &[Field] = &[field("active", Kind::Bool), field("is_default", Kind::Bool)];

pub(crate) const CREATE_SESSION: &[Field] = &[
    required("customer", SHORT),
    field("configuration", SHORT),
    field("locale", Kind::Text(10)),
    field("return_url", SHORT),
];

pub(crate) fn create_configuration(call: &mut Call<'_>) -> Result<Value, Failure> {
    let is_first = default_configuration(call).is_none();
    let configuration = configuration(call, is_first)?;
    call.create(&CONFIGURATION, configuration, "billing_portal.configuration.created")
}

fn configuration(call: &mut Call<'_>, is_default: bool) -> Result<Value, Failure> {
    let params = call.params.clone();
    let features = params.hash("features").unwrap_or_default();
    let business = params.hash("business_profile").unwrap_or_default();
    let is_enabled = |name: &str| features.hash(name).is_some_and(|feature| feature.is("enabled"));
    let cancel = features.hash("subscription_cancel").unwrap_or_default();
    let updates = features.hash("customer_update").map(|update| update.or("allowed_updates", json!([])));
    Ok(json!({
        "id": call.new_id(&CONFIGURATION), "object": "billing_portal.configuration",
        "active": true, "application": null,
        "business_profile": {
            "headline": business.value("headline"), "privacy_policy_url": business.value("privacy_policy_url"),
            "terms_of_service_url": business.value("terms_of_service_url"),
        },
        "created": call.now, "default_return_url": params.value("default_return_url"),
        "features": {
            "customer_update": {
                "allowed_updates": updates.unwrap_or_else(|| json!([])), "enabled": is_enabled("customer_update"),
            },
            "invoice_history": { "enabled": is_enabled("invoice_history") },
            "payment_method_update": {
                "enabled": is_enabled("payment_method_update"), "payment_method_configuration": null,
            },
            "subscription_cancel": {
                "cancellation_reason": { "enabled": false, "options": [] }, "enabled": cancel.is("enabled"),
                "mode": cancel.or("mode", "at_period_end"),
                "proration_behavior": cancel.or("proration_behavior", "none"),
            },
            "subscription_update": {
                "billing_cycle_anchor": null, "default_allowed_updates": [], "enabled": false,
                "proration_behavior": "none", "schedule_at_period_end": { "conditions": [] },
                "trial_update_behavior": "end_trial",
            },
        },
        "is_default": is_default, "livemode": false, "login_page": { "enabled": false, "url": null },
        "metadata": call.new_metadata()?, "name": params.value("name"), "updated": call.now,
    }))
}

fn default_configuration(call: &Call<'_>) -> Option<Object> {
    let shelf = call.state.store.shelf(&CONFIGURATION)?;
    shelf.newest_first().map(|(_, configuration)| configuration).find(|found| is(found, "is_default")).cloned()
}

pub(crate) fn retrieve_configuration(call: &mut Call<'_>) -> Result<Value, Failure> {
    call.found(&CONFIGURATION).map(Value::Object)
}

pub(crate) fn list_configurations(call: &mut Call<'_>) -> Result<Value, Failure> {
    call.list(&CONFIGURATION, &["active", "is_default"].map(Filter::Equals))
}

/// A link for a customer. Without a configuration there is none, until one is made.
pub(crate) fn create_session(call: &mut Call<'_>) -> Result<Value, Failure> {
    let params = call.params.clone();
    customers::referred(call, params.text("customer").unwrap_or_default(), "customer")?;
    let configuration = match params.text("configuration") {
        Some(id) => call.referred(&CONFIGURATION, id, "configuration")?,
        None => default_configuration(call).ok_or_else(|| {
            Failure::invalid(
                "No configuration provided and your test mode default configuration has not been created. Provide a \
                 configuration or create your default by saving your customer portal settings in test mode at \
                 https://dashboard.stripe.com/test/settings/billing/portal.",
            )
        })?,
    };
    let id = call.new_id(&SESSION);
    let return_url = params.or("return_url", configuration.get("default_return_url").cloned().unwrap_or_default());
    let session = json!({
        "id": id, "object": "billing_portal.session",
        "configuration": text(&configuration, "id"), "created": call.now, "customer": params.value("customer"),
        "customer_account": null, "flow": null, "livemode": false, "locale": params.value("locale"),
        "on_behalf_of": null, "return_url": return_url,
        "url": format!("{}/_sandbox/pages/portal/{id}", call.state.base),
    });
    call.create(&SESSION, session, "billing_portal.session.created")
}

/// For the page of the session: `GET /_sandbox/portal/sessions/{id}`.
pub(crate) fn retrieve_session(call: &mut Call<'_>) -> Result<Value, Failure> {
    call.found(&SESSION).map(Value::Object)
}
