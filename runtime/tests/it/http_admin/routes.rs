//! Every route of administrators, as the router has it, against people who may not call it.

use axum::http::Method;
use pricebook::http::paths_of_administrators;
use pricebook_types::Dialect;

use crate::http_shop::{Site, request, settings};
use crate::sign_in::user;

const METHODS: [Method; 5] = [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];

#[test]
fn every_route_refuses_nobody_customers_and_sessions_that_have_ended() {
    let unlimited = [("PRICEBOOK_RATE_PER_MINUTE", "0"), ("PRICEBOOK_AUTH_FAILURE_RATE_PER_MINUTE", "0")];
    for dialect in Dialect::ALL {
        let site = Site::new(dialect, settings(&unlimited));
        let (_, customer) = user(&site, "carl", "customer");
        let (_, ended) = user(&site, "ana", "admin");
        site.sql(
            "UPDATE sessions SET expires_at = '2020-01-01 00:00:00'
             WHERE user_id IN (SELECT id FROM users WHERE role = 'admin')",
        );
        let described = site.get("/openapi.json").json();
        let paths = paths_of_administrators(&site.app);
        assert!(paths.len() >= 16, "{paths:?}");
        for path in paths {
            assert!(described["paths"][&path].is_object(), "{path} is not described");
            let address = path.replace("{id}", "0195d3a0-0000-7000-8000-000000000000");
            let mut refused = 0;
            for method in METHODS {
                for (cookie, status) in [("", 401), (&customer, 403), (&ended, 401)] {
                    let headers = [("cookie", cookie), ("sec-fetch-site", "same-origin")];
                    let answer = site.send(request(method.clone(), &address, &headers, "{}"));
                    if answer.status.as_u16() != 405 {
                        assert_eq!(answer.status.as_u16(), status, "{method} {path}: {}", answer.text);
                        refused += 1;
                    }
                }
            }
            assert!(refused >= 3, "{path} was not called");
        }
    }
}
