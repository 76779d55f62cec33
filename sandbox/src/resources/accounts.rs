//! The account whose key is used. <https://docs.stripe.com/api/accounts>

use serde_json::{Value, json};

use super::Resource;
use crate::call::{Call, as_object};
use crate::failure::Failure;
use crate::store::Object;

pub(crate) static ACCOUNT: Resource = Resource::new("account", ("acct_", 16));

/// An account that may take payments.
pub(crate) fn ready(id: &str, now: i64) -> Object {
    let nothing_due = json!({
        "alternatives": [], "current_deadline": null, "currently_due": [], "disabled_reason": null, "errors": [],
        "eventually_due": [], "past_due": [], "pending_verification": [],
    });
    let address =
        json!({ "city": null, "country": null, "line1": null, "line2": null, "postal_code": null, "state": null });
    as_object(json!({
        "id": id,
        "object": "account",
        "business_profile": {
            "annual_revenue": null, "estimated_worker_count": null, "mcc": null,
            "minority_owned_business_designation": null, "name": "Local sandbox", "product_description": null,
            "support_address": address, "support_email": null, "support_phone": null, "support_url": null, "url": null,
        },
        "business_type": "company",
        "capabilities": { "card_payments": "active", "transfers": "active" },
        "charges_enabled": true,
        "controller": { "type": "account" },
        "country": "US",
        "created": now,
        "default_currency": "usd",
        "details_submitted": true,
        "email": "sandbox@example.com",
        "external_accounts": {
            "object": "list", "data": [], "has_more": false, "url": format!("/v1/accounts/{id}/external_accounts"),
        },
        "future_requirements": nothing_due,
        "metadata": {},
        "payouts_enabled": true,
        "requirements": nothing_due,
        "settings": settings(),
        "tos_acceptance": { "date": null, "ip": null, "user_agent": null },
        "type": "standard",
    }))
}

fn settings() -> Value {
    json!({
        "bacs_debit_payments": { "display_name": null, "service_user_number": null },
        "branding": { "icon": null, "logo": null, "primary_color": null, "secondary_color": null },
        "card_issuing": { "tos_acceptance": { "date": null, "ip": null } },
        "card_payments": {
            "decline_on": { "avs_failure": false, "cvc_failure": false },
            "statement_descriptor_prefix": null, "statement_descriptor_prefix_kana": null,
            "statement_descriptor_prefix_kanji": null,
        },
        "dashboard": { "display_name": "Local sandbox", "timezone": "Etc/UTC" },
        "invoices": { "default_account_tax_ids": null, "hosted_payment_method_save": null },
        "payments": {
            "statement_descriptor": null, "statement_descriptor_kana": null, "statement_descriptor_kanji": null,
            "statement_descriptor_prefix_kana": null, "statement_descriptor_prefix_kanji": null,
        },
        "payouts": {
            "debit_negative_balances": true, "schedule": { "delay_days": 2, "interval": "daily" },
            "statement_descriptor": null,
        },
        "sepa_debit_payments": {},
    })
}

/// The account of the key.
pub(crate) fn retrieve(call: &mut Call<'_>) -> Result<Value, Failure> {
    let own =
        call.state.store.shelf(&ACCOUNT).and_then(|shelf| shelf.newest_first().next().map(|(_, own)| own.clone()));
    own.map(Value::Object).ok_or_else(|| Failure::not_found("account", ""))
}

/// The account by its id, which must be that of the key.
pub(crate) fn retrieve_named(call: &mut Call<'_>) -> Result<Value, Failure> {
    call.found(&ACCOUNT).map(Value::Object).map_err(|_| {
        let id = call.ids.first().map(String::as_str).unwrap_or_default();
        let message = format!(
            "The provided key does not have access to account '{id}' (or that account does not exist). Application \
             access may have been revoked."
        );
        Failure::forbidden(message, "account_invalid")
    })
}
