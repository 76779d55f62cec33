//! Every route on one page, grouped by who calls it.

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodRouter, any, get, post};
use tower::ServiceBuilder;

use super::api::admin::stripe;
use super::api::{admin, billing_portal, checkout, docs, pages, payments, probes, products};
use super::edge::Edge;
use super::front::Front;
use super::limits::Counted;
use super::pages::stripe_sync;
use super::{App, auth, cors, error, pages as own_pages};
use crate::auth::{Role, Scope};

/// Far more than an address and two passwords.
const LARGEST_FORM: usize = 8 * 1024;

type Calls = MethodRouter<Arc<App>>;

/// Names that no kind's section can have, for something else is answered there.
pub(super) const RESERVED: [&str; 15] = [
    "account",
    "admin",
    "api",
    "create-payment",
    "docs",
    "health",
    "metrics",
    "openapi.json",
    "pages",
    "payment",
    "ready",
    "sign-in",
    "sign-out",
    "storefront",
    "subscribe",
];

/// The page on which plans are bought, to which customers come back.
pub(super) const SUBSCRIBE: &str = "/subscribe";

/// What stands below this is answered to admins, and to operators what they need to see.
pub(super) const ADMIN: &str = "/api/admin/";

/// Pages of shops, their back ends, and whoever checks that prices are right. Nobody has to sign in, but for the billing portal.
fn of_anyone(app: &Arc<App>) -> Vec<(String, Calls)> {
    let limit = || DefaultBodyLimit::max(app.settings.body_limit_bytes);
    let mut routes = vec![
        ("/create-payment".to_owned(), post(payments::create).layer(limit())),
        ("/api/checkout".to_owned(), post(checkout::create).layer(limit())),
        ("/api/billing-portal".to_owned(), post(billing_portal::open).layer(limit())),
    ];
    for (position, kind) in app.artifacts.kinds.iter().enumerate() {
        let list = move |state, request| products::list(position, state, request);
        let one = move |state, headers, path| products::one(position, state, headers, path);
        routes.push((format!("/{}", kind.plural), get(list)));
        routes.push((format!("/{}/{{id}}", kind.plural), get(one)));
    }
    routes
}

/// Whoever buys, with a browser; where the company has a storefront.
fn of_browsers(app: &App) -> Vec<(String, Calls)> {
    let Some(storefront) = app.storefront else { return Vec::new() };
    let policy = pages::policy(&app.settings);
    let page = move |headers| pages::page(storefront, policy.clone(), headers);
    let file = move |path, headers| pages::file(storefront, path, headers);
    vec![
        ("/".to_owned(), get(page.clone())),
        ("/payment".to_owned(), get(page.clone())),
        (SUBSCRIBE.to_owned(), get(page)),
        ("/storefront/{name}".to_owned(), get(file)),
    ]
}

/// People who sign in, or are signed in.
fn of_people(app: &Arc<App>) -> Vec<(String, Calls)> {
    let limit = || DefaultBodyLimit::max(LARGEST_FORM);
    let signed_in = || from_fn_with_state::<_, Arc<App>, _>(Arc::clone(app), auth::admit_person);
    let sign_in = get(own_pages::sign_in::form).post(own_pages::sign_in::begin);
    let link = get(own_pages::link::show).post(own_pages::link::take);
    let of_account = [
        ("/account", get(own_pages::account::show)),
        ("/account/sessions", post(own_pages::account::end)),
        ("/account/password", post(own_pages::account::password)),
        ("/sign-out", post(own_pages::sign_in::end)),
    ];
    let open = [
        ("/sign-in", sign_in),
        ("/sign-in/{token}", link),
        ("/pages/style.css", get(own_pages::style)),
        ("/pages/follow.js", get(own_pages::script)),
    ];
    let open = open.into_iter().map(|(path, calls)| (path.to_owned(), calls.layer(limit())));
    let of_account =
        of_account.into_iter().map(|(path, calls)| (path.to_owned(), calls.layer(limit()).layer(signed_in())));
    open.chain(of_account).collect()
}

/// Administrators, with a browser.
fn of_dashboard(app: &Arc<App>) -> Vec<(String, Calls)> {
    let admitted = || from_fn_with_state::<_, Arc<App>, _>(Arc::clone(app), auth::admit_administrator);
    let pages = [
        ("", get(stripe_sync::overview::show)),
        ("/preview", get(stripe_sync::preview::show)),
        ("/sync", post(stripe_sync::actions::start)),
        ("/jobs/{id}", get(stripe_sync::job::show)),
        ("/jobs/{id}/replay", post(stripe_sync::actions::replay)),
        ("/runs/{id}", get(stripe_sync::run::show)),
        ("/mappings", get(stripe_sync::mappings::show)),
        ("/history", get(stripe_sync::history::show)),
        ("/changes", get(stripe_sync::changes::show)),
        ("/drift", get(stripe_sync::drift::show)),
    ];
    let limit = || DefaultBodyLimit::max(LARGEST_FORM);
    let base = &app.settings.dashboard_path;
    let page = |(path, calls): (&str, Calls)| (format!("{base}{path}"), calls.layer(limit()).layer(admitted()));
    pages.into_iter().map(page).collect()
}

/// Whoever administers, with a token or signed in. What an operator may see stands with each list.
fn of_administrators(app: &Arc<App>) -> Vec<(String, Calls)> {
    let gate = |roles, scope| {
        from_fn_with_state::<_, auth::Gate, _>((Arc::clone(app), auth::Asked { roles, scope }), auth::admit)
    };
    let reads = || gate(&[Role::Admin], Scope::AdminRead);
    let writes = || gate(&[Role::Admin], Scope::AdminWrite);
    let clear = post(admin::cache::clear).layer(writes());
    let mut routes = vec![(format!("{ADMIN}cache/clear"), clear)];
    let of_stripe: [(&str, Calls); 6] = [
        (
            "sync-products",
            get(stripe::status::show).layer(reads()).merge(post(stripe::sync_products::sync).layer(writes())),
        ),
        ("sync-products/{id}", get(stripe::job::show).layer(reads())),
        ("sync-products/{id}/events", get(stripe::job::follow).layer(reads())),
        ("events", post(stripe::events::event).layer(writes())),
        ("pricing-plan-changes", post(stripe::events::pricing_plan_change).layer(writes())),
        ("queue/{id}/replay", post(stripe::queue::replay).layer(writes())),
    ];
    let limit = app.settings.body_limit_bytes;
    let of_stripe =
        of_stripe.map(|(path, calls)| (format!("{ADMIN}stripe/{path}"), calls.layer(DefaultBodyLimit::max(limit))));
    routes.extend(of_stripe);
    for listing in &admin::LISTINGS {
        let list = move |state, uri| admin::list(listing, state, uri);
        routes.push((format!("{ADMIN}{}", listing.name), get(list).layer(gate(listing.readers, Scope::AdminRead))));
    }
    routes
}

/// Whoever keeps the server running, by machine.
fn of_operators() -> Vec<(String, Calls)> {
    vec![
        ("/health".to_owned(), get(probes::health)),
        ("/ready".to_owned(), get(probes::ready)),
        ("/metrics".to_owned(), get(probes::metrics)),
    ]
}

/// Whoever writes a program that calls us.
fn of_developers() -> Vec<(String, Calls)> {
    vec![
        ("/openapi.json".to_owned(), get(docs::description)),
        ("/docs".to_owned(), get(docs::page)),
        ("/docs/style.css".to_owned(), get(docs::style)),
    ]
}

/// The routes whose callers are counted.
fn limited(app: &Arc<App>) -> Vec<(String, Calls)> {
    let of_callers = [of_anyone(app), of_browsers(app), of_people(app), of_dashboard(app), of_administrators(app)];
    of_callers.into_iter().flatten().chain(of_developers()).collect()
}

/// The paths of administrators, with `{id}` for ids.
pub fn paths_of_administrators(app: &Arc<App>) -> Vec<String> {
    of_administrators(app).into_iter().map(|(path, _)| path).collect()
}

/// The routes, and nothing before them.
pub fn routes(app: &Arc<App>) -> Front {
    let all = [limited(app), of_operators()].concat();
    let router = all.into_iter().fold(Router::new(), |router, (path, calls)| router.route(&path, calls));
    let router = router.fallback(error::not_found).with_state(Arc::clone(app));
    Front::new(app, router, |_| None, [])
}

/// The routes with everything that stands before them.
pub fn router(app: &Arc<App>) -> Front {
    let limited = limited(app).into_iter().map(|(path, calls)| (path, calls, Some(Counted::Request)));
    // Probes come often, and from one address.
    let unlimited = of_operators().into_iter().map(|(path, calls)| (path, calls, None));
    let cors = cors::layer(&app.settings);
    let before = |path: &str, counted| ServiceBuilder::new().layer(cors.clone()).layer(Edge::new(app, path, counted));
    let mut router = Router::new();
    for (path, calls, counted) in limited.chain(unlimited) {
        let calls = calls.fallback(error::method_not_allowed).layer(before(&path, counted));
        router = router.route(&path, calls);
    }
    let nowhere = any(error::not_found).layer(before("none", Some(Counted::Request)));
    let router = router.fallback_service(nowhere.with_state(Arc::clone(app))).with_state(Arc::clone(app));
    Front::new(app, router, |path| Some(Edge::new(app, path, Some(Counted::Request))), cors::without_origin())
}
