//! What customers may be entitled to. <https://docs.stripe.com/api/entitlements/feature>

use serde_json::{Value, json};

use super::Resource;
use crate::call::Call;
use crate::failure::Failure;
use crate::list::Filter;
use crate::params::{Field, Kind, field, required};

pub(crate) static FEATURE: Resource = Resource {
    noun: "entitlement feature",
    indexed: &["lookup_key"],
    ..Resource::new("entitlements.feature", ("feat_test_", 32))
};

pub(crate) const CREATE: &[Field] =
    &[required("lookup_key", Kind::Text(80)), required("name", Kind::Text(80)), field("metadata", Kind::Metadata)];

pub(crate) const UPDATE: &[Field] =
    &[field("active", Kind::Bool), field("metadata", Kind::Metadata).clearable(), field("name", Kind::Text(80))];

pub(crate) const LIST: &[Field] = &[field("archived", Kind::Bool), field("lookup_key", Kind::Text(80))];

pub(crate) fn create(call: &mut Call<'_>) -> Result<Value, Failure> {
    let key = call.params.text("lookup_key").unwrap_or_default();
    if call.state.store.first_with(&FEATURE, "lookup_key", key).is_some() {
        let message = format!("An entitlement feature with lookup_key `{key}` already exists.");
        return Err(Failure::invalid(message).code("resource_already_exists").param("lookup_key"));
    }
    let feature = json!({
        "id": call.new_id(&FEATURE), "object": "entitlements.feature",
        "active": true, "livemode": false, "lookup_key": call.params.value("lookup_key"),
        "metadata": call.new_metadata()?, "name": call.params.value("name"),
    });
    call.keep_quietly(&FEATURE, feature)
}

pub(crate) fn update(call: &mut Call<'_>) -> Result<Value, Failure> {
    let mut feature = call.found(&FEATURE)?;
    call.params.copy_to(&mut feature, &["active", "name"]);
    call.merge_metadata(&mut feature)?;
    call.keep_quietly(&FEATURE, Value::Object(feature))
}

pub(crate) fn retrieve(call: &mut Call<'_>) -> Result<Value, Failure> {
    call.found(&FEATURE).map(Value::Object)
}

pub(crate) fn list(call: &mut Call<'_>) -> Result<Value, Failure> {
    let archived = call.params.bool("archived");
    call.list_where(&FEATURE, |feature| {
        let is_active = feature.get("active") == Some(&Value::Bool(true));
        archived.is_none_or(|archived| archived != is_active) && Filter::Equals("lookup_key").passes(call, feature)
    })
}
