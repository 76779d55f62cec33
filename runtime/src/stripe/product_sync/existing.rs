//! Whether an object was made all the same, where Stripe answered its making with 500: what was done by then is unknown.
//! <https://docs.stripe.com/error-low-level#server-errors>

use serde_json::Value;

use super::super::{Requests, StripeError};
use super::actual::all;

/// What tells an object from others, besides metadata: amounts as texts are left out, for Stripe writes them in its own way.
const IDENTITY: [&str; 8] =
    ["id", "lookup_key", "event_name", "code", "product", "currency", "unit_amount", "tax_behavior"];

/// The id of the object of a list that a form would make, where it is there.
pub(super) async fn find(
    requests: &Requests,
    list: &str,
    form: &[(String, String)],
) -> Result<Option<String>, StripeError> {
    let id = |object: &Value| object["id"].as_str().unwrap_or_default().to_owned();
    let objects: Vec<Value> = all(requests, list, "", id).await?;
    Ok(objects.iter().find(|object| is_made_by(form, object)).map(id))
}

fn is_made_by(form: &[(String, String)], object: &Value) -> bool {
    let is_sold = object["active"] != false && object["status"] != "inactive";
    is_sold && form.iter().all(|(field, sent)| has(object, field, sent))
}

/// Whether the object has what was sent, as far as that tells it from others.
fn has(object: &Value, field: &str, sent: &str) -> bool {
    if let Some(key) = field.strip_prefix("metadata[").and_then(|rest| rest.strip_suffix(']')) {
        return object["metadata"][key] == *sent;
    }
    if field == "entitlement_feature" {
        return object[field]["id"] == *sent;
    }
    !IDENTITY.contains(&field) || text(&object[field]).is_some_and(|there| there.eq_ignore_ascii_case(sent))
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::is_made_by;

    #[test]
    fn the_former_holder_of_a_lookup_key_is_not_the_new_price() {
        let sent = |amount: &str| {
            let pairs = [("lookup_key", "tea"), ("unit_amount", amount), ("metadata[pricebook_id]", "tea")];
            pairs.map(|(field, text)| (field.to_owned(), text.to_owned()))
        };
        let price =
            json!({ "lookup_key": "tea", "unit_amount": 2900, "active": true, "metadata": { "pricebook_id": "tea" } });
        assert!(is_made_by(&sent("2900"), &price));
        assert!(!is_made_by(&sent("3500"), &price));
    }
}
