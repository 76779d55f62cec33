//! Lists for administrators: pages without gaps, filters that must be known, and no secret in any of them.

use axum::http::{Method, StatusCode};
use pricebook_types::Dialect;
use serde_json::{Value, json};

use crate::http_shop::{Answer, Site, request, settings};

/// A server, and an admin's token.
struct Office {
    site: Site,
    authorization: String,
}

impl Office {
    fn new(dialect: Dialect) -> Self {
        let site = Site::new(dialect, settings(&[("PRICEBOOK_RATE_PER_MINUTE", "0")]));
        let added = site.command(&["user", "add", "ana@shop.example", "--role", "admin", "--token", "office"]);
        let authorization = format!("Bearer {}", added["token"]["token"].as_str().expect("a token"));
        Self { site, authorization }
    }

    fn get(&self, path: &str) -> Answer {
        let headers = [("authorization", self.authorization.as_str())];
        self.site.send(request(Method::GET, &format!("/api/admin/{path}"), &headers, ""))
    }

    fn data(&self, path: &str) -> Value {
        let answer = self.get(path);
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
        answer.json()["data"].take()
    }

    fn ids(&self, path: &str) -> Vec<String> {
        let items = self.data(path)["items"].as_array().expect("items").clone();
        items.iter().map(|item| item["id"].as_str().expect("an id").to_owned()).collect()
    }
}

fn on_every_database(test: impl Fn(&Office)) {
    for dialect in Dialect::ALL {
        test(&Office::new(dialect));
    }
}

#[test]
fn pages_show_every_row_once_also_while_rows_are_added() {
    on_every_database(|office| {
        for number in 0..7 {
            let email = format!("customer-{number}@shop.example");
            office.site.command(&["user", "add", &email, "--role", "customer"]);
        }
        let all = office.ids("audit");
        assert_eq!(all.len(), 9);
        assert!(all.is_sorted_by(|newer, older| newer > older), "{all:?}");
        let mut seen = Vec::new();
        let mut next = "audit?limit=4".to_owned();
        for expected in [4, 4, 1] {
            let page = office.data(&next);
            let ids = office.ids(&next);
            assert_eq!(ids.len(), expected);
            seen.extend(ids);
            office.site.command(&["user", "token", "add", "ana@shop.example", "more"]);
            let Some(cursor) = page["nextCursor"].as_str() else { continue };
            next = format!("audit?limit=4&cursor={cursor}");
        }
        assert_eq!(seen, all);
        assert_eq!(office.data(&next)["nextCursor"], Value::Null);
    });
}

#[test]
fn filters_choose_rows() {
    on_every_database(|office| {
        office.site.command(&["user", "disable", "ana@shop.example"]);
        office.site.command(&["user", "enable", "ana@shop.example"]);
        let found = office.data("audit?action=user.disable&actorKind=command");
        let [row] = found["items"].as_array().expect("items").as_slice() else { panic!("{found}") };
        assert_eq!((&row["objectType"], &row["result"]), (&json!("user"), &json!("succeeded")));
        assert_eq!(row["details"], json!({ "email": "ana@shop.example", "from": "active", "to": "disabled" }));
        assert_eq!((&row["requestId"], &row["ipAddress"]), (&Value::Null, &Value::Null));
        assert!(row["occurredAt"].as_str().is_some_and(|at| at.len() == 20 && at.ends_with('Z')), "{row}");
        assert_eq!(office.ids("audit?objectType=token").len(), 1);
        assert_eq!(office.ids("audit?action=user.disable&result=failed"), [""; 0]);
    });
}

#[test]
fn a_parameter_that_is_not_known_or_not_so_is_refused() {
    let office = Office::new(Dialect::Sqlite);
    let cases = [
        ("audit?acton=user.disable", "acton: there is no such parameter; there are limit, cursor, actorKind, actorId"),
        ("audit?limit=0", "limit: a whole number from 1 to 200"),
        ("audit?limit=201", "limit: a whole number from 1 to 200"),
        ("audit?limit=%2B5", "limit: a whole number from 1 to 200"),
        ("audit?limit=5&limit=6", "limit: given more than once"),
        ("audit?cursor=1", "cursor: the nextCursor of the page before"),
        ("audit?action=", "action: 1 to 255 characters"),
        ("audit?action=%00", "action: 1 to 255 characters"),
        ("incidents?open=maybe", "open: true or false"),
        ("syncs?open=true", "open: there is no such parameter"),
    ];
    for (path, message) in cases {
        let (status, code, told) = office.get(path).error();
        assert_eq!((status, code.as_str()), (422, "invalid_request"), "{path}");
        assert!(told.starts_with(message), "{path}: {told}");
    }
}

#[test]
fn syncs_backups_checks_and_incidents_are_shown_as_they_are_stored() {
    on_every_database(|office| {
        office.site.sql(
            "INSERT INTO catalog_sync_runs (id, environment, catalog_hash, status, actor, changes, started_at)
               VALUES ('s1', 'staging', 'aa', 'succeeded', 'command:ana', '[{\"row\": 1}]', '2026-01-02 03:04:05');
             INSERT INTO backups (id, environment, reason, location, size_bytes, checksum)
               VALUES ('b1', 'staging', 'manual', '/backups/b1.sql', 5000000000, 'cc');
             INSERT INTO live_checks (id, environment, url, catalog_hash, result, differences, duration_ms)
               VALUES ('l1', 'production', 'https://shop.example', 'aa', 'different', '[\"x\"]', 12);
             INSERT INTO incidents (id, subject, summary, opened_at, closed_at)
               VALUES ('i1', 'live-check/production', 'differs', '2026-01-02 03:04:05', '2026-01-02 03:05:05'),
                      ('i2', 'live-check/staging', 'differs', '2026-01-03 03:04:05', NULL);",
        );
        let sync = office.data("syncs?environment=staging")["items"][0].clone();
        assert_eq!((&sync["changes"], &sync["startedAt"]), (&json!([{ "row": 1 }]), &json!("2026-01-02T03:04:05Z")));
        assert_eq!((&sync["finishedAt"], &sync["actor"]), (&Value::Null, &json!("command:ana")));
        assert_eq!(office.data("backups")["items"][0]["sizeBytes"], json!(5_000_000_000_i64));
        let check = office.data("live-checks?result=different")["items"][0].clone();
        assert_eq!((&check["differences"], &check["durationMs"]), (&json!(["x"]), &json!(12)));
        assert_eq!(office.ids("live-checks?result=equal"), [""; 0]);
        assert_eq!(office.ids("incidents"), ["i2", "i1"]);
        assert_eq!(office.ids("incidents?open=true"), ["i2"]);
        assert_eq!(office.ids("incidents?open=false"), ["i1"]);
    });
}

#[test]
fn payments_are_shown_without_what_would_let_somebody_pay_or_see_them() {
    on_every_database(|office| {
        let order =
            json!({ "service": "essentials", "amount": 299, "currency": "usd", "customerReference": "order 7" });
        let paid = office.site.pay_with_key(&order, "key-of-the-caller");
        assert_eq!(paid.status, StatusCode::CREATED, "{}", paid.text);
        let answer = office.get("payments?status=created&productId=essentials");
        let payment = answer.json()["data"]["items"][0].clone();
        assert_eq!((&payment["amountMinor"], &payment["currency"]), (&json!(29_900), &json!("usd")));
        assert_eq!(
            (&payment["lookupKey"], &payment["customerReference"]),
            (&json!("essentials_once"), &json!("order 7"))
        );
        for secret in ["clientSecret", "key-of-the-caller", "\"secret\"", "response", "requestHash"] {
            assert!(!answer.text.contains(secret), "{secret}: {}", answer.text);
        }
    });
}
