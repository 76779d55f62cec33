//! `POST /api/billing-portal`: the page of the payment service on which a user manages their own subscriptions, cards and invoices.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::payment_work::unavailable;
use super::payments::not_configured;
use crate::audit::{self, Entry};
use crate::http::auth::Caller;
use crate::http::body::{Json, Success};
use crate::http::limits::Counted;
use crate::http::request_id::RequestId;
use crate::http::{ApiError, App, auth};
use crate::services::buyer;
use crate::stripe::PortalError;

const ROUTE: &str = "POST /api/billing-portal";

/// Nothing is asked for but the page.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct OpenPortal {}

/// The page.
#[derive(Serialize, ToSchema)]
#[schema(as = BillingPortal)]
pub(in crate::http) struct Portal {
    /// Its address, which is good for a few minutes.
    url: String,
}

/// The page.
#[derive(Serialize, ToSchema)]
#[schema(as = BillingPortalOpened)]
pub(in crate::http) struct Opened {
    /// Always true.
    success: bool,
    portal: Portal,
}

/// Opens the page of whoever is signed in.
#[utoipa::path(post, path = "/api/billing-portal", tag = "anyone", operation_id = "open_billing_portal",
    summary = "Opens the page on which a customer manages subscriptions, cards and invoices",
    description = "It is always that of the user who is signed in, or whose token is shown.",
    security(("token" = [])), request_body = OpenPortal,
    responses((status = 200, description = "The page is open", body = Opened),
        (status = 400, description = "The body is no JSON", body = crate::http::error::Body),
        (status = 401, description = "Nobody is signed in", body = crate::http::error::Body),
        (status = 403, description = "The token permits too little, or a page of another site sent this", body = crate::http::error::Body),
        (status = 404, description = "The user has bought nothing", body = crate::http::error::Body),
        (status = 413, description = "The body is too large", body = crate::http::error::Body),
        (status = 415, description = "The body is not declared as JSON", body = crate::http::error::Body),
        (status = 422, description = "The body is no empty object", body = crate::http::error::Body),
        (status = 429, description = "Too many requests", body = crate::http::error::Body),
        (status = 502, description = "The payment service does not answer", body = crate::http::error::Body),
        (status = 503, description = "Payments or the page are not configured, or the database does not answer",
            body = crate::http::error::Body)))]
pub(in crate::http) async fn open(
    State(app): State<Arc<App>>,
    request_id: Option<Extension<RequestId>>,
    headers: HeaderMap,
    body: Result<Json<OpenPortal>, ApiError>,
) -> Result<Json<Success<'static, Portal>>, ApiError> {
    app.limits.count(Counted::Payment, &headers)?;
    let call = auth::call(&app, request_id.as_deref(), &headers);
    let Caller { identity, actor } = auth::signed_in(&app, &headers, &call, ROUTE).await?;
    let Json(OpenPortal {}) = body?;
    let gateway = app.gateway.clone().ok_or_else(not_configured)?;
    let selling = gateway.selling().ok_or_else(not_configured)?;
    let returns = app.checkout_returns().ok_or_else(not_ready)?;
    let account = app.stripe_account(selling).await.map_err(unavailable)?;
    let user_id = &identity.user_id;
    let customer = buyer::customer_of(&mut app.reads.session().await?, &account, user_id).await?;
    let customer = customer.ok_or_else(nothing_bought)?;
    let url = selling.portal(&customer, &returns.portal).await.map_err(|error| match error {
        PortalError::CustomerGone => nothing_bought(),
        PortalError::NotConfigured => not_ready(),
        PortalError::Unavailable(cause) => unavailable(cause),
    })?;
    let details = json!({ "stripe_account": account, "user": user_id });
    let entry = Entry {
        actor: &actor,
        action: "billing_portal.open",
        object_type: "customer",
        object_id: &customer,
        result: "succeeded",
        details,
    };
    let told = audit::record(&mut app.writes.session().await?, entry).await;
    told.map_err(|cause| app.writes.failed("write", cause))?;
    Ok(Json(Success("portal", Portal { url })))
}

fn nothing_bought() -> ApiError {
    let message = "There is nothing to manage yet: nothing was bought while this user was signed in";
    ApiError::new(StatusCode::NOT_FOUND, "no_billing_account", message)
}

/// Said with what to do, for whoever runs the server reads it, too.
fn not_ready() -> ApiError {
    let message = "The billing page is not set up yet: its settings are saved in Stripe's dashboard (Settings, Billing, Customer \
                   portal), and a server without pages needs checkout_return_url";
    ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "billing_portal_not_configured", message)
}
