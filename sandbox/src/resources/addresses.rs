//! Addresses and people, as several kinds of objects have them.

use serde_json::{Value, json};

use crate::params::{Field, Kind, Params, field, required};

const LINE: Kind = Kind::Text(5000);

pub(super) const ADDRESS: &[Field] = &[
    field("city", LINE).clearable(),
    field("country", LINE).clearable(),
    field("line1", LINE).clearable(),
    field("line2", LINE).clearable(),
    field("postal_code", LINE).clearable(),
    field("state", LINE).clearable(),
];

pub(super) const SHIPPING: &[Field] = &[
    required("address", Kind::Hash(ADDRESS)),
    required("name", LINE),
    field("phone", LINE).clearable(),
    field("carrier", LINE),
    field("tracking_number", LINE),
];

pub(super) const BILLING: &[Field] = &[
    field("address", Kind::Hash(ADDRESS)).clearable(),
    field("email", LINE).clearable(),
    field("name", LINE).clearable(),
    field("phone", LINE).clearable(),
    field("tax_id", LINE).clearable(),
];

/// An address with all its lines.
pub(super) fn address(params: &Params) -> Value {
    let line = |name| params.value(name);
    json!({
        "city": line("city"), "country": line("country"), "line1": line("line1"), "line2": line("line2"),
        "postal_code": line("postal_code"), "state": line("state"),
    })
}

/// Name and address of whom a card belongs to.
pub(super) fn billing_details(params: Option<&Params>) -> Value {
    let none = Params::default();
    let params = params.unwrap_or(&none);
    json!({
        "address": address(&params.hash("address").unwrap_or_default()), "email": params.value("email"),
        "name": params.value("name"), "phone": params.value("phone"), "tax_id": params.value("tax_id"),
    })
}

/// Name and address of whom something is sent to; null where there is nobody.
pub(super) fn shipping(params: Option<&Params>) -> Value {
    params.map_or(Value::Null, |params| {
        json!({
            "address": address(&params.hash("address").unwrap_or_default()), "carrier": params.value("carrier"),
            "name": params.value("name"), "phone": params.value("phone"),
            "tracking_number": params.value("tracking_number"),
        })
    })
}
