//! Payment methods that are made ready for later. <https://docs.stripe.com/api/setup_intents>

use serde_json::{Value, json};

use super::Resource;
use super::customers::{self, CUSTOMER};
use super::payment_methods::{self, PAYMENT_METHOD};
use crate::call::{Call, as_object, nulls, set, text};
use crate::cards::Outcome;
use crate::failure::Failure;
use crate::list::Filter;
use crate::params::{Field, Kind, field, required};
use crate::store::Object;

pub(crate) static SETUP_INTENT: Resource = Resource {
    noun: "setupintent",
    links: &[("customer", &CUSTOMER), ("payment_method", &PAYMENT_METHOD)],
    ..Resource::new("setup_intent", ("seti_1", 23))
};

const SHORT: Kind = Kind::Text(5000);

pub(crate) const CREATE: &[Field] = &[
    field(
        "automatic_payment_methods",
        Kind::Hash(&[required("enabled", Kind::Bool), field("allow_redirects", Kind::Choice(&["always", "never"]))]),
    ),
    field("confirm", Kind::Bool),
    field("customer", SHORT),
    field("description", Kind::Text(1000)),
    field("metadata", Kind::Metadata),
    field("payment_method", SHORT),
    field("payment_method_types", Kind::List(&SHORT)),
    field("return_url", SHORT),
    field("usage", Kind::Choice(&["off_session", "on_session"])),
];

pub(crate) const UPDATE: &[Field] = &[
    field("customer", SHORT),
    field("description", Kind::Text(1000)),
    field("metadata", Kind::Metadata).clearable(),
    field("payment_method", SHORT),
];

pub(crate) const CONFIRM: &[Field] = &[field("payment_method", SHORT), field("return_url", SHORT)];

pub(crate) const CANCEL: &[Field] =
    &[field("cancellation_reason", Kind::Choice(&["abandoned", "duplicate", "requested_by_customer"]))];

pub(crate) const LIST: &[Field] =
    &[field("created", Kind::Range), field("customer", SHORT), field("payment_method", SHORT)];

/// What nothing sets here.
const UNSET: &[&str] = &[
    "application",
    "automatic_payment_methods",
    "cancellation_reason",
    "customer",
    "description",
    "excluded_payment_method_types",
    "flow_directions",
    "last_setup_error",
    "latest_attempt",
    "mandate",
    "next_action",
    "on_behalf_of",
    "payment_method",
    "payment_method_configuration_details",
    "single_use_mandate",
];

pub(crate) fn create(call: &mut Call<'_>) -> Result<Value, Failure> {
    let params = call.params.clone();
    let id = call.new_id(&SETUP_INTENT);
    let mut intent = as_object(json!({
        "id": id, "object": "setup_intent",
        "client_secret": call.state.ids.next(&format!("{id}_secret_"), 25), "created": call.now, "livemode": false,
        "metadata": {}, "payment_method_options": {},
        "payment_method_types": params.or("payment_method_types", json!(["card"])),
        "status": "requires_payment_method", "usage": params.or("usage", "off_session"),
    }));
    intent.extend(nulls(UNSET));
    if let Some(automatic) = params.hash("automatic_payment_methods") {
        set(&mut intent, "automatic_payment_methods", json!({ "enabled": automatic.value("enabled") }));
    }
    write(call, &mut intent)?;
    call.create(&SETUP_INTENT, Value::Object(intent.clone()), "setup_intent.created")?;
    if params.is("confirm") { carry_out(call, intent) } else { Ok(Value::Object(intent)) }
}

fn write(call: &mut Call<'_>, intent: &mut Object) -> Result<(), Failure> {
    let params = call.params.clone();
    if let Some(customer) = params.text("customer") {
        customers::referred(call, customer, "customer")?;
    }
    params.copy_to(intent, &["customer", "description"]);
    if let Some(method) = params.text("payment_method") {
        let method = payment_methods::named(call, method, "payment_method")?;
        let owner = text(&method, "customer");
        if !owner.is_empty() && owner != text(intent, "customer") {
            let message = "The provided PaymentMethod belongs to another customer, or the SetupIntent has none.";
            return Err(Failure::invalid(message).param("payment_method"));
        }
        set(intent, "payment_method", text(&method, "id"));
        set(intent, "status", "requires_confirmation");
    }
    call.merge_metadata(intent)
}

/// The intent of the address, as long as it can still change.
fn open(call: &Call<'_>, what: &str) -> Result<Object, Failure> {
    let intent = call.found(&SETUP_INTENT)?;
    match text(&intent, "status") {
        status @ ("canceled" | "succeeded") => {
            let message = format!("You cannot {what} this SetupIntent because it has a status of {status}.");
            let failure = Failure::invalid(message).code("setup_intent_unexpected_state");
            Err(failure.tell("setup_intent", Value::Object(intent)))
        }
        _ => Ok(intent),
    }
}

pub(crate) fn update(call: &mut Call<'_>) -> Result<Value, Failure> {
    let mut intent = open(call, "update")?;
    write(call, &mut intent)?;
    call.keep_quietly(&SETUP_INTENT, Value::Object(intent))
}

pub(crate) fn confirm(call: &mut Call<'_>) -> Result<Value, Failure> {
    let mut intent = open(call, "confirm")?;
    write(call, &mut intent)?;
    carry_out(call, intent)
}

fn carry_out(call: &mut Call<'_>, mut intent: Object) -> Result<Value, Failure> {
    let id = text(&intent, "payment_method").to_owned();
    if id.is_empty() {
        let message = "You cannot confirm this SetupIntent because it's missing a payment method. Update the \
                       SetupIntent with a payment method and then confirm it again.";
        return Err(Failure::invalid(message).code("setup_intent_unexpected_state"));
    }
    let method = call.referred(&PAYMENT_METHOD, &id, "payment_method")?;
    set(&mut intent, "last_setup_error", Value::Null);
    match payment_methods::outcome(&method) {
        Outcome::Paid => succeed(call, intent),
        Outcome::Authentication => {
            set(&mut intent, "status", "requires_action");
            let action = json!({ "type": "use_stripe_sdk", "use_stripe_sdk": { "type": "three_d_secure_redirect" } });
            set(&mut intent, "next_action", action);
            call.update(&SETUP_INTENT, intent, "setup_intent.requires_action")
        }
        Outcome::Declined(code, decline_code) => {
            let failure = Failure::declined(code, decline_code).tell("payment_method", Value::Object(method));
            fail(call, intent, failure)
        }
    }
}

/// The method is the customer's from now on.
fn succeed(call: &mut Call<'_>, mut intent: Object) -> Result<Value, Failure> {
    set(&mut intent, "status", "succeeded");
    set(&mut intent, "next_action", Value::Null);
    if !text(&intent, "customer").is_empty() {
        let customer = text(&intent, "customer").to_owned();
        payment_methods::attach_to(call, text(&intent, "payment_method"), &customer, "payment_method")?;
    }
    call.update(&SETUP_INTENT, intent, "setup_intent.succeeded")
}

fn fail(call: &mut Call<'_>, mut intent: Object, failure: Failure) -> Result<Value, Failure> {
    set(&mut intent, "status", "requires_payment_method");
    set(&mut intent, "payment_method", Value::Null);
    set(&mut intent, "next_action", Value::Null);
    set(&mut intent, "last_setup_error", failure.as_field());
    call.update(&SETUP_INTENT, intent.clone(), "setup_intent.setup_failed")?;
    Err(failure.tell("setup_intent", Value::Object(intent)).keeping_changes())
}

/// The customer has answered the bank: `POST /_sandbox/setup_intents/{id}/authenticate`.
pub(crate) fn authenticate(call: &mut Call<'_>) -> Result<Value, Failure> {
    let intent = call.found(&SETUP_INTENT)?;
    if text(&intent, "status") != "requires_action" {
        return Err(Failure::invalid("This SetupIntent does not wait for its customer."));
    }
    if call.params.text("outcome") != Some("fail") {
        return succeed(call, intent);
    }
    let message = "We are unable to authenticate your payment method. Please choose a different payment method and \
                   try again.";
    fail(call, intent, Failure::card(message, "setup_intent_authentication_failure"))
}

pub(crate) fn cancel(call: &mut Call<'_>) -> Result<Value, Failure> {
    let mut intent = open(call, "cancel")?;
    set(&mut intent, "status", "canceled");
    set(&mut intent, "cancellation_reason", call.params.value("cancellation_reason"));
    set(&mut intent, "next_action", Value::Null);
    call.update(&SETUP_INTENT, intent, "setup_intent.canceled")
}

pub(crate) fn retrieve(call: &mut Call<'_>) -> Result<Value, Failure> {
    call.found(&SETUP_INTENT).map(Value::Object)
}

pub(crate) fn list(call: &mut Call<'_>) -> Result<Value, Failure> {
    let equal = ["customer", "payment_method"].map(Filter::Equals);
    call.list(&SETUP_INTENT, &[&equal[..], &[Filter::Within("created")]].concat())
}
