//! Every endpoint, by resource.

use serde_json::Value;

use crate::call::Call;
use crate::failure::Failure;
use crate::params::Field;
use crate::resources::{
    accounts, balance_transactions, charges, checkout_payment, checkout_sessions, core_events, coupons, credit_notes,
    customer_balance, customers, discounts, disputes, entitlements, event_destinations, events, features, invoices,
    meter_events, meters, payment_intents, payment_methods, payment_steps, portal, prices, product_features, products,
    promotion_codes, refunds, schedules, setup_intents, subscriptions, webhook_endpoints,
};

type Run = fn(&mut Call<'_>) -> Result<Value, Failure>;

/// An endpoint.
#[derive(Debug)]
pub(crate) struct Route {
    method: &'static str,
    /// `{id}` stands for one segment.
    path: &'static str,
    pub(crate) fields: &'static [Field],
    pub(crate) is_list: bool,
    pub(crate) run: Run,
}

const fn post(path: &'static str, fields: &'static [Field], run: Run) -> Route {
    Route { method: "POST", path, fields, is_list: false, run }
}

const fn get(path: &'static str, run: Run) -> Route {
    Route { method: "GET", path, fields: &[], is_list: false, run }
}

const fn get_with(path: &'static str, fields: &'static [Field], run: Run) -> Route {
    Route { method: "GET", path, fields, is_list: false, run }
}

const fn list(path: &'static str, fields: &'static [Field], run: Run) -> Route {
    Route { method: "GET", path, fields, is_list: true, run }
}

const fn delete(path: &'static str, run: Run) -> Route {
    delete_with(path, &[], run)
}

const fn delete_with(path: &'static str, fields: &'static [Field], run: Run) -> Route {
    Route { method: "DELETE", path, fields, is_list: false, run }
}

const ROUTES: &[Route] = &[
    get("/v1/account", accounts::retrieve),
    get("/v1/accounts/{id}", accounts::retrieve_named),
    post("/v1/products", products::CREATE, products::create),
    list("/v1/products", products::LIST, products::list),
    get("/v1/products/{id}", products::retrieve),
    post("/v1/products/{id}", products::UPDATE, products::update),
    delete("/v1/products/{id}", products::delete),
    post("/v1/products/{id}/features", product_features::CREATE, product_features::create),
    list("/v1/products/{id}/features", &[], product_features::list),
    get("/v1/products/{id}/features/{id}", product_features::retrieve),
    delete("/v1/products/{id}/features/{id}", product_features::delete),
    post("/v1/prices", prices::CREATE, prices::create),
    list("/v1/prices", prices::LIST, prices::list),
    get("/v1/prices/{id}", prices::retrieve),
    post("/v1/prices/{id}", prices::UPDATE, prices::update),
    post("/v1/entitlements/features", features::CREATE, features::create),
    list("/v1/entitlements/features", features::LIST, features::list),
    get("/v1/entitlements/features/{id}", features::retrieve),
    post("/v1/entitlements/features/{id}", features::UPDATE, features::update),
    list("/v1/entitlements/active_entitlements", entitlements::LIST, entitlements::list_of_customer),
    get("/v1/entitlements/active_entitlements/{id}", entitlements::retrieve),
    post("/v1/coupons", coupons::CREATE, coupons::create),
    list("/v1/coupons", coupons::LIST, coupons::list),
    get("/v1/coupons/{id}", coupons::retrieve),
    post("/v1/coupons/{id}", coupons::UPDATE, coupons::update),
    delete("/v1/coupons/{id}", coupons::delete),
    post("/v1/promotion_codes", promotion_codes::CREATE, promotion_codes::create),
    list("/v1/promotion_codes", promotion_codes::LIST, promotion_codes::list),
    get("/v1/promotion_codes/{id}", promotion_codes::retrieve),
    post("/v1/promotion_codes/{id}", promotion_codes::UPDATE, promotion_codes::update),
    post("/v1/billing/meters", meters::CREATE, meters::create),
    list("/v1/billing/meters", meters::LIST, meters::list),
    get("/v1/billing/meters/{id}", meters::retrieve),
    post("/v1/billing/meters/{id}", meters::UPDATE, meters::update),
    post("/v1/billing/meters/{id}/deactivate", &[], meters::deactivate),
    post("/v1/billing/meters/{id}/reactivate", &[], meters::reactivate),
    post("/v1/billing/meter_events", meter_events::CREATE, meter_events::create),
    list("/v1/billing/meters/{id}/event_summaries", meter_events::SUMMARIES, meter_events::summaries),
    post("/v1/customers", customers::CREATE, customers::create),
    list("/v1/customers", customers::LIST, customers::list),
    get("/v1/customers/{id}", customers::retrieve),
    post("/v1/customers/{id}", customers::UPDATE, customers::update),
    delete("/v1/customers/{id}", customers::delete),
    list("/v1/customers/{id}/payment_methods", payment_methods::LIST, payment_methods::list_of_customer),
    post("/v1/customers/{id}/balance_transactions", customer_balance::CREATE, customer_balance::create),
    list("/v1/customers/{id}/balance_transactions", &[], customer_balance::list),
    get("/v1/customers/{id}/balance_transactions/{id}", customer_balance::retrieve),
    post("/v1/payment_methods", payment_methods::CREATE, payment_methods::create),
    list("/v1/payment_methods", payment_methods::LIST, payment_methods::list),
    get("/v1/payment_methods/{id}", payment_methods::retrieve),
    post("/v1/payment_methods/{id}", payment_methods::UPDATE, payment_methods::update),
    post("/v1/payment_methods/{id}/attach", payment_methods::ATTACH, payment_methods::attach),
    post("/v1/payment_methods/{id}/detach", &[], payment_methods::detach),
    post("/v1/payment_intents", payment_intents::CREATE, payment_intents::create),
    list("/v1/payment_intents", payment_intents::LIST, payment_intents::list),
    get_with("/v1/payment_intents/{id}", payment_intents::RETRIEVE, payment_intents::retrieve),
    post("/v1/payment_intents/{id}", payment_intents::UPDATE, payment_intents::update),
    post("/v1/payment_intents/{id}/confirm", payment_intents::CONFIRM, payment_intents::confirm),
    post("/v1/payment_intents/{id}/capture", payment_intents::CAPTURE, payment_intents::capture),
    post("/v1/payment_intents/{id}/cancel", payment_intents::CANCEL, payment_intents::cancel),
    post("/_sandbox/payment_intents/{id}/authenticate", payment_steps::AUTHENTICATE, payment_steps::authenticate),
    post("/v1/setup_intents", setup_intents::CREATE, setup_intents::create),
    list("/v1/setup_intents", setup_intents::LIST, setup_intents::list),
    get("/v1/setup_intents/{id}", setup_intents::retrieve),
    post("/v1/setup_intents/{id}", setup_intents::UPDATE, setup_intents::update),
    post("/v1/setup_intents/{id}/confirm", setup_intents::CONFIRM, setup_intents::confirm),
    post("/v1/setup_intents/{id}/cancel", setup_intents::CANCEL, setup_intents::cancel),
    post("/_sandbox/setup_intents/{id}/authenticate", payment_steps::AUTHENTICATE, setup_intents::authenticate),
    list("/v1/charges", charges::LIST, charges::list),
    get("/v1/charges/{id}", charges::retrieve),
    post("/v1/charges/{id}", charges::UPDATE, charges::update),
    post("/v1/refunds", refunds::CREATE, refunds::create),
    list("/v1/refunds", refunds::LIST, refunds::list),
    get("/v1/refunds/{id}", refunds::retrieve),
    post("/v1/refunds/{id}", refunds::UPDATE, refunds::update),
    list("/v1/disputes", disputes::LIST, disputes::list),
    get("/v1/disputes/{id}", disputes::retrieve),
    post("/v1/disputes/{id}", disputes::UPDATE, disputes::update),
    post("/v1/disputes/{id}/close", &[], disputes::close),
    list("/v1/balance_transactions", balance_transactions::LIST, balance_transactions::list),
    get("/v1/balance_transactions/{id}", balance_transactions::retrieve),
    post("/v1/checkout/sessions", checkout_sessions::CREATE, checkout_sessions::create),
    list("/v1/checkout/sessions", checkout_sessions::LIST, checkout_sessions::list),
    get("/v1/checkout/sessions/{id}", checkout_sessions::retrieve),
    list("/v1/checkout/sessions/{id}/line_items", &[], checkout_sessions::list_items),
    post("/v1/checkout/sessions/{id}/expire", &[], checkout_sessions::expire),
    post("/_sandbox/checkout/sessions/{id}/pay", checkout_payment::PAY, checkout_payment::pay),
    post("/v1/billing_portal/configurations", portal::CREATE_CONFIGURATION, portal::create_configuration),
    list("/v1/billing_portal/configurations", portal::LIST_CONFIGURATIONS, portal::list_configurations),
    get("/v1/billing_portal/configurations/{id}", portal::retrieve_configuration),
    get("/_sandbox/portal/sessions/{id}", portal::retrieve_session),
    post("/v1/billing_portal/sessions", portal::CREATE_SESSION, portal::create_session),
    post("/v1/subscriptions", subscriptions::CREATE, subscriptions::create),
    list("/v1/subscriptions", subscriptions::LIST, subscriptions::list),
    get("/v1/subscriptions/{id}", subscriptions::retrieve),
    post("/v1/subscriptions/{id}", subscriptions::UPDATE, subscriptions::update),
    delete_with("/v1/subscriptions/{id}", subscriptions::CANCEL, subscriptions::cancel),
    post("/v1/subscriptions/{id}/resume", subscriptions::RESUME, subscriptions::resume),
    delete("/v1/subscriptions/{id}/discount", discounts::delete_of_subscription),
    post("/v1/subscription_items", subscriptions::items::CREATE, subscriptions::items::create),
    list("/v1/subscription_items", subscriptions::items::LIST, subscriptions::items::list_of),
    get("/v1/subscription_items/{id}", subscriptions::items::retrieve),
    post("/v1/subscription_items/{id}", subscriptions::items::UPDATE, subscriptions::items::update),
    delete_with("/v1/subscription_items/{id}", subscriptions::items::DELETE, subscriptions::items::delete),
    post("/v1/subscription_schedules", schedules::CREATE, schedules::create),
    list("/v1/subscription_schedules", schedules::LIST, schedules::list),
    get("/v1/subscription_schedules/{id}", schedules::retrieve),
    post("/v1/subscription_schedules/{id}", schedules::UPDATE, schedules::update),
    post("/v1/subscription_schedules/{id}/cancel", schedules::CANCEL, schedules::cancel),
    post("/v1/subscription_schedules/{id}/release", schedules::RELEASE, schedules::release),
    post("/v1/invoices", invoices::CREATE, invoices::create),
    list("/v1/invoices", invoices::LIST, invoices::list),
    post("/v1/invoices/create_preview", invoices::preview::CREATE, invoices::preview::create),
    get("/v1/invoices/{id}", invoices::retrieve),
    post("/v1/invoices/{id}", invoices::UPDATE, invoices::update),
    delete("/v1/invoices/{id}", invoices::delete),
    list("/v1/invoices/{id}/lines", &[], invoices::list_lines),
    post("/v1/invoices/{id}/finalize", invoices::steps::FINALIZE, invoices::steps::finalize_draft),
    post("/v1/invoices/{id}/mark_uncollectible", &[], invoices::steps::mark_uncollectible),
    post("/v1/invoices/{id}/pay", invoices::steps::PAY, invoices::steps::pay),
    post("/v1/invoices/{id}/send", &[], invoices::steps::send),
    post("/v1/invoices/{id}/void", &[], invoices::steps::void_open),
    post("/v1/invoiceitems", invoices::items::CREATE, invoices::items::create),
    list("/v1/invoiceitems", invoices::items::LIST, invoices::items::list),
    get("/v1/invoiceitems/{id}", invoices::items::retrieve),
    post("/v1/invoiceitems/{id}", invoices::items::UPDATE, invoices::items::update),
    delete("/v1/invoiceitems/{id}", invoices::items::delete),
    list("/v1/invoice_payments", invoices::payments::LIST, invoices::payments::list),
    get("/v1/invoice_payments/{id}", invoices::payments::retrieve),
    post("/v1/credit_notes", credit_notes::CREATE, credit_notes::create),
    list("/v1/credit_notes", credit_notes::LIST, credit_notes::list),
    get_with("/v1/credit_notes/preview", credit_notes::CREATE, credit_notes::preview),
    list("/v1/credit_notes/preview/lines", credit_notes::CREATE, credit_notes::preview_lines),
    get("/v1/credit_notes/{id}", credit_notes::retrieve),
    post("/v1/credit_notes/{id}", credit_notes::UPDATE, credit_notes::update),
    list("/v1/credit_notes/{id}/lines", &[], credit_notes::list_lines),
    post("/v1/credit_notes/{id}/void", &[], credit_notes::void),
    list("/v1/events", events::LIST, events::list),
    get("/v1/events/{id}", events::retrieve),
    get_with("/v2/core/events", core_events::LIST, core_events::list),
    get("/v2/core/events/{id}", core_events::retrieve),
    post("/v2/core/event_destinations", event_destinations::CREATE, event_destinations::create),
    get_with("/v2/core/event_destinations", event_destinations::LIST, event_destinations::list),
    get_with("/v2/core/event_destinations/{id}", event_destinations::INCLUDE, event_destinations::retrieve),
    post("/v2/core/event_destinations/{id}", event_destinations::UPDATE, event_destinations::update),
    delete("/v2/core/event_destinations/{id}", event_destinations::delete),
    post("/v2/core/event_destinations/{id}/disable", &[], event_destinations::disable),
    post("/v2/core/event_destinations/{id}/enable", &[], event_destinations::enable),
    post("/v2/core/event_destinations/{id}/ping", &[], core_events::ping),
    post("/v1/webhook_endpoints", webhook_endpoints::CREATE, webhook_endpoints::create),
    list("/v1/webhook_endpoints", &[], webhook_endpoints::list),
    get("/v1/webhook_endpoints/{id}", webhook_endpoints::retrieve),
    post("/v1/webhook_endpoints/{id}", webhook_endpoints::UPDATE, webhook_endpoints::update),
    delete("/v1/webhook_endpoints/{id}", webhook_endpoints::delete),
];

/// An endpoint with the ids that the address has for it.
pub(crate) struct Found {
    pub(crate) route: &'static Route,
    pub(crate) ids: Vec<String>,
}

/// The endpoint of an address. Of two that fit, the one that is listed first.
pub(crate) fn find(method: &str, path: &str) -> Option<Found> {
    ROUTES
        .iter()
        .filter(|route| route.method == method)
        .find_map(|route| Some(Found { route, ids: ids(route.path, path)? }))
}

/// The path of the endpoint, for counting; the request's own where there is none.
pub(crate) fn pattern<'a>(method: &str, path: &'a str) -> &'a str {
    find(method, path).map_or(path, |found| found.route.path)
}

fn ids(pattern: &str, path: &str) -> Option<Vec<String>> {
    let (mut wanted, mut given) = (pattern.split('/'), path.trim_end_matches('/').split('/'));
    let mut ids = Vec::new();
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return Some(ids),
            (Some(step), Some(id)) if step.starts_with('{') && !id.is_empty() => {
                // Only ids that people choose have such letters.
                ids.push(percent_decoded(id));
            }
            (Some(step), Some(text)) if step == text => {}
            _ => return None,
        }
    }
}

/// A form's value is decoded alike, but for its plus signs.
fn percent_decoded(text: &str) -> String {
    let form = format!("v={}", text.replace('+', "%2B"));
    url::form_urlencoded::parse(form.as_bytes()).next().map(|(_, value)| value.into_owned()).unwrap_or_default()
}
