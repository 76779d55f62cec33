//! The tables that Stripe's data is mirrored into, in the database that `cargo run` makes.

use crate::place::Place;

const ORGANIZATION: &str = "INSERT INTO organizations (id, name, slug) VALUES ('o1', 'Acme', 'acme');";

/// A place with a database that one organization uses.
fn place() -> Place {
    let place = Place::new();
    place.out(&[]);
    place.execute(ORGANIZATION);
    place
}

fn customer(organization: &str) -> String {
    format!(
        "INSERT INTO stripe_customers (stripe_account, id, organization_id, livemode, raw, stripe_created_at, state_at)
         VALUES ('acct_1', 'cus_{organization}', '{organization}', 0, '{{}}', '2027-01-01T00:00:00Z', '2027-01-01T00:00:00Z')"
    )
}

fn subscription(id: &str, currency: &str, mrr: i64, status: &str) -> String {
    format!(
        "INSERT INTO stripe_subscriptions (stripe_account, id, organization_id, customer_id, status, currency, mrr, arr, livemode,
           raw, stripe_created_at, state_at)
         VALUES ('acct_1', '{id}', 'o1', 'cus_o1', '{status}', '{currency}', {mrr}, {}, 0, '{{}}', '2027-01-01T00:00:00Z',
           '2027-01-01T00:00:00Z')",
        12 * mrr
    )
}

fn change(id: &str, kind: &str, before: i64, after: i64) -> String {
    format!(
        "INSERT INTO subscription_events (id, stripe_account, organization_id, subscription_id, customer_id, kind, currency,
           mrr_before, mrr_after, policy_version, occurred_at)
         VALUES ('{id}', 'acct_1', 'o1', 'sub_1', 'cus_o1', '{kind}', 'usd', {before}, {after}, 1, '2027-01-01T00:00:00Z')"
    )
}

fn event(id: &str, status: &str, received_at: &str) -> String {
    format!(
        "INSERT INTO stripe_webhook_events (stripe_account, event_id, event_type, status, livemode, stripe_created_at, payload,
           received_at)
         VALUES ('acct_1', '{id}', 'customer.created', '{status}', 0, '2027-01-01T00:00:00Z', x'7b7d', '{received_at}')"
    )
}

#[test]
fn stripe_records_belong_to_an_organization() {
    let place = place();
    for table in
        ["stripe_customers", "stripe_subscriptions", "stripe_invoices", "stripe_payments", "subscription_events"]
    {
        let owner = place.column(&format!(
            "SELECT f.\"table\" || '.' || f.\"to\" || ' ' || f.on_delete || ' ' || c.\"notnull\"
             FROM pragma_foreign_key_list('{table}') f JOIN pragma_table_info('{table}') c ON c.name = f.\"from\"
             WHERE f.\"from\" = 'organization_id'"
        ));
        assert_eq!(owner, ["organizations.id CASCADE 1"], "{table}");
    }
    place.execute(&customer("o1"));
    assert!(place.refusal(&customer("nobody")).contains("FOREIGN KEY constraint failed"));
    place.execute("DELETE FROM organizations WHERE id = 'o1'");
    assert_eq!(place.column("SELECT id FROM stripe_customers"), [""; 0], "they go with their organization");
}

#[test]
fn recurring_revenue_is_kept_in_whole_minor_units_of_its_currency() {
    let place = place();
    place.execute(&subscription("sub_1", "usd", 2900, "active"));
    place.execute(&subscription("sub_2", "usd", 7900, "active"));
    place.execute(&subscription("sub_3", "eur", 2700, "active"));
    let sums = place.column(
        "SELECT currency || ' ' || SUM(mrr) || ' ' || SUM(arr) || ' ' || MIN(typeof(mrr)) FROM stripe_subscriptions
         GROUP BY currency ORDER BY currency",
    );
    assert_eq!(sums, ["eur 2700 32400 integer", "usd 10800 129600 integer"]);
    assert!(place.refusal(&subscription("sub_4", "usd", 1, "asleep")).contains("CHECK constraint failed"));
}

#[test]
fn changes_of_subscriptions_have_a_kind_and_move_revenue() {
    let place = place();
    place.execute(&change("c1", "upgrade", 2900, 7900));
    place.execute(&change("c2", "downgrade", 7900, 2900));
    assert!(place.refusal(&change("c2", "upgrade", 0, 1)).contains("UNIQUE constraint failed"));
    assert!(place.refusal(&change("c3", "sidegrade", 0, 1)).contains("CHECK constraint failed"));
    let moved = place.column("SELECT kind || ' ' || (mrr_after - mrr_before) FROM subscription_events ORDER BY id");
    assert_eq!(moved, ["upgrade 5000", "downgrade -5000"]);
}

#[test]
fn a_webhook_event_is_stored_once_with_one_of_four_states() {
    let place = place();
    for status in ["processing", "processed", "failed", "ignored"] {
        place.execute(&event(status, status, "2027-01-01T00:00:00Z"));
    }
    assert!(place.refusal(&event("failed", "ignored", "2027-01-01T00:00:00Z")).contains("UNIQUE constraint failed"));
    assert!(place.refusal(&event("another", "pending", "2027-01-01T00:00:00Z")).contains("CHECK constraint failed"));
}

#[test]
fn the_documents_queries_of_events_and_logs_give_the_newest_first() {
    let place = place();
    for day in [3, 1, 2] {
        place.execute(&event(&format!("evt_{day}"), "processed", &format!("2027-01-0{day}T00:00:00Z")));
        place.execute(&format!(
            "INSERT INTO sync_logs (id, stripe_account, triggered_by, status, started_at)
             VALUES ('log_{day}', 'acct_1', 'cli', 'success', '2027-01-0{day}T00:00:00Z')"
        ));
    }
    let of =
        |column: &str, query: &str| place.column(&format!("SELECT {column} FROM ({})", query.trim_end_matches(';')));
    let events = "SELECT * FROM stripe_webhook_events ORDER BY received_at DESC LIMIT 100;";
    assert_eq!(of("event_id", events), ["evt_3", "evt_2", "evt_1"]);
    let logs = "SELECT * FROM sync_logs ORDER BY started_at DESC LIMIT 10;";
    assert_eq!(of("id", logs), ["log_3", "log_2", "log_1"]);
}
