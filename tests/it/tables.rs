//! The tables that the four documents ask for, in the database that `cargo run` makes.

use pricebook_app::catalog;

use crate::place::Place;
use crate::project::read;

const USER: &str = "INSERT INTO users (id, email, name) VALUES ('u1', 'ada@example.com', 'Ada')";

#[test]
fn services_hold_the_fields_of_the_configuration() {
    let place = Place::new();
    place.out(&[]);
    let row = place.column(
        "SELECT json_array(name, min_price, max_price, deposit_amount, billing_type, active, created_at IS NOT NULL)
         FROM services WHERE id = 'market-essentials'",
    );
    assert_eq!(row, [r#"["Market Essentials",1495,1495,299,"one-time",1,1]"#]);
    let metadata = place.column("SELECT metadata FROM services WHERE id = 'market-essentials'");
    let metadata: serde_json::Value = serde_json::from_str(&metadata[0]).expect("JSON");
    assert_eq!(metadata["features"][0], "Executive-grade market analysis (15-20 pages)");
    assert_eq!(metadata["features"].as_array().expect("a list").len(), 6);
    assert_eq!(metadata["deliveryTime"], "Next day");
    assert_eq!(metadata["targetRevenue"], "$1M-$5M");
}

#[test]
fn the_six_services_have_the_documents_prices_and_deposits() {
    let place = Place::new();
    place.out(&[]);
    let rows = place.column(
        "SELECT json_array(id, name, min_price, max_price, deposit_amount, billing_type, active) FROM services ORDER BY rowid",
    );
    let expected = [
        r#"["market-essentials","Market Essentials",1495,1495,299,"one-time",1]"#,
        r#"["market-intelligence","Market Intelligence Pro",2995,2995,599,"one-time",1]"#,
        r#"["strategic-analysis","Strategic Analysis & Advisory",4995,4995,999,"one-time",1]"#,
        r#"["ongoing-retainer","Ongoing Intelligence Retainer",3500,3500,3500,"monthly",1]"#,
        r#"["competitor-tracking","Real-Time Competitor Intelligence",3495,3495,null,"monthly",0]"#,
        r#"["market-pulse-executive","Market Pulse - Executive Report",0,0,0,"free",0]"#,
    ];
    assert_eq!(rows, expected);
}

#[test]
fn market_essentials_is_told_word_by_word() {
    let service = catalog::Service::MarketEssentials.product();
    assert_eq!(
        service.description,
        "Executive-grade market intelligence leveraging proprietary AI research methodology. Comprehensive strategic \
         analysis typically valued at $25,000+, delivered through our next-generation technology platform."
    );
    let lines = [
        "Executive-grade market analysis (15-20 pages)",
        "Proprietary AI-powered competitive intelligence",
        "Strategic opportunity assessment & validation",
        "C-suite ready executive presentation",
        "Strategic consultation call included",
        "Next day white-glove delivery",
    ];
    assert_eq!(service.marketing_features, lines);
    let config = read("generated/typescript/src/config/services.config.ts");
    for text in ["'$1,495'", "'20% deposit required'", "'15-20'", "'$1M-$5M'", "'Next day'"] {
        assert!(config.contains(text) || config.contains(&text.replace('\'', "\"")), "{text}");
    }
}

#[test]
fn the_sync_file_is_made_as_the_document_describes() {
    let sync = read("generated/sql/sqlite/sync.sql");
    assert!(sync.contains("Service Synchronization SQL") && sync.contains("Source: catalog/"), "{}", &sync[..600]);
    for service in catalog::Service::ALL {
        assert!(sync.contains(&format!("-- {}\n", service.product().name)), "{service}");
    }
    assert!(sync.contains("ON CONFLICT") && !sync.contains("INSERT OR REPLACE"));
    assert!(!sync.to_lowercase().contains("created_at"), "a sync leaves created_at to its default");
}

#[test]
fn a_sync_keeps_created_at() {
    let place = Place::new();
    place.out(&[]);
    place.execute(
        "UPDATE services SET created_at = '2001-01-01T00:00:00Z', min_price = 1 WHERE id = 'market-essentials'",
    );
    place.out(&[]);
    let row = "SELECT created_at || ' ' || min_price FROM services WHERE id = 'market-essentials'";
    assert_eq!(place.column(row), ["2001-01-01T00:00:00Z 1495"]);
}

#[test]
fn recurring_revenue_and_changes_of_subscriptions_have_their_columns() {
    let place = Place::new();
    place.out(&[]);
    place.column("SELECT mrr || arr || currency FROM stripe_subscriptions");
    let table = place.column("SELECT sql FROM sqlite_master WHERE name = 'subscription_events'");
    assert!(table[0].contains("'upgrade'") && table[0].contains("'downgrade'"), "{}", table[0]);
}

#[test]
fn the_services_table_has_exactly_the_documents_columns() {
    let place = Place::new();
    place.out(&[]);
    let columns = place.column("SELECT name FROM pragma_table_info('services')");
    assert_eq!(
        columns,
        [
            "id",
            "name",
            "description",
            "min_price",
            "max_price",
            "deposit_amount",
            "billing_type",
            "metadata",
            "active",
            "created_at"
        ]
    );
}

#[test]
fn coming_soon_has_no_deposit_and_free_has_none_to_pay() {
    let place = Place::new();
    place.out(&[]);
    let deposits = place.column(
        "SELECT id || ' ' || coalesce(deposit_amount, 'NULL') || ' ' || active FROM services
         WHERE id IN ('competitor-tracking', 'market-pulse-executive') ORDER BY id",
    );
    assert_eq!(deposits, ["competitor-tracking NULL 0", "market-pulse-executive 0 0"]);
}

#[test]
fn mappings_know_four_results_and_exact_dollars() {
    let place = Place::new();
    place.out(&[]);
    let insert = |status: &str| {
        format!(
            "INSERT INTO stripe_product_mappings (stripe_account, local_product_id, lookup_key, kind, product_id,
               stripe_product_id, stripe_price_id, price_amount, sync_status)
             VALUES ('acct_1', 'plan_starter_monthly', '{status}', 'plan', 'starter', 'prod_x', 'price_x', '29.90', '{status}')"
        )
    };
    for status in ["created", "updated", "synced", "error"] {
        place.execute(&insert(status));
    }
    assert!(place.refusal(&insert("green")).contains("CHECK constraint failed"));
    assert_eq!(
        place.column("SELECT DISTINCT typeof(price_amount) || ' ' || price_amount FROM stripe_product_mappings"),
        ["text 29.90"]
    );
}

#[test]
fn changes_of_products_are_logged_with_what_they_triggered() {
    let place = Place::new();
    place.out(&[]);
    place.execute(
        r#"INSERT INTO product_change_log (id, event_type, product_id, changes, actor)
           VALUES ('c1', 'plan.updated', 'plan/starter', '{"monthlyPrice": {"from": 29, "to": 35}}', 'user:u1')"#,
    );
    let row = "SELECT event_type || ' ' || json_extract(changes, '$.monthlyPrice.to') || ' ' || triggered_sync FROM product_change_log";
    assert_eq!(place.column(row), ["plan.updated 35 0"]);
}

#[test]
fn the_documents_queries_of_events_and_logs_work_as_written() {
    let place = Place::new();
    place.out(&[]);
    place.column("SELECT * FROM stripe_webhook_events ORDER BY received_at DESC LIMIT 100;");
    place.column("SELECT * FROM sync_logs ORDER BY started_at DESC LIMIT 10;");
}

#[test]
fn a_webhook_event_is_stored_once_with_one_of_four_states() {
    let place = Place::new();
    place.out(&[]);
    let insert = |event: &str, status: &str| {
        format!(
            "INSERT INTO stripe_webhook_events (stripe_account, event_id, event_type, status, livemode, stripe_created_at, payload)
             VALUES ('acct_1', '{event}', 'customer.created', '{status}', 0, '2027-01-01T00:00:00Z', x'7b7d')"
        )
    };
    for status in ["processing", "processed", "failed", "ignored"] {
        place.execute(&insert(status, status));
    }
    assert!(place.refusal(&insert("failed", "ignored")).contains("UNIQUE constraint failed"));
    assert!(place.refusal(&insert("another", "pending")).contains("CHECK constraint failed"));
}

#[test]
fn stripe_records_belong_to_an_organization() {
    let place = Place::new();
    place.out(&[]);
    for table in
        ["stripe_customers", "stripe_subscriptions", "stripe_invoices", "stripe_payments", "subscription_events"]
    {
        let owner = place.column(&format!(
            "SELECT \"notnull\" || '' FROM pragma_table_info('{table}') WHERE name = 'organization_id'"
        ));
        assert_eq!(owner, ["1"], "{table}");
    }
}

#[test]
fn a_service_instance_takes_only_known_types_and_states() {
    let place = Place::new();
    place.out(&[]);
    place.execute(USER);
    let insert = |id: &str, ty: &str, status: &str| {
        format!(
            "INSERT INTO service_instances (id, user_id, service_id, name, type, status, start_date)
             VALUES ('{id}', 'u1', '{id}', 'Mine', '{ty}', '{status}', '2027-01-01T00:00:00Z')"
        )
    };
    for ty in ["hosting", "kubernetes", "database", "domain", "vps", "cloud"] {
        for status in ["active", "suspended", "cancelled"] {
            place.execute(&insert(&format!("{ty}-{status}"), ty, status));
        }
    }
    assert!(place.refusal(&insert("a", "fax", "active")).contains("CHECK constraint failed"));
    assert!(place.refusal(&insert("a", "vps", "paused")).contains("CHECK constraint failed"));
    let indexes = "SELECT name FROM sqlite_master WHERE name IN ('idx_user_status', 'idx_service_type') ORDER BY name";
    assert_eq!(place.column(indexes), ["idx_service_type", "idx_user_status"]);
}

#[test]
fn an_update_moves_updated_at_and_deleting_a_user_deletes_the_instances() {
    let place = Place::new();
    place.out(&[]);
    place.execute(USER);
    place.execute(
        "INSERT INTO service_instances (id, user_id, service_id, name, type, start_date, updated_at)
         VALUES ('i1', 'u1', 's1', 'Mine', 'vps', '2027-01-01T00:00:00Z', '2001-01-01T00:00:00Z')",
    );
    place.execute("UPDATE service_instances SET name = 'Ours' WHERE id = 'i1'");
    assert_eq!(place.column("SELECT id FROM service_instances WHERE updated_at > '2020'"), ["i1"]);
    assert_eq!(place.column("SELECT status FROM service_instances"), ["active"]);
    place.execute("DELETE FROM users WHERE id = 'u1'");
    assert!(place.column("SELECT id FROM service_instances").is_empty());
}
