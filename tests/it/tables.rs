//! What the documents say of tables and of the synchronization, in the database that `cargo run` makes; how tables behave
//! on each database is in `sql_tables`.

use pricebook_app::catalog;

use crate::place::Place;
use crate::project::read;

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
fn recurring_revenue_and_changes_of_subscriptions_have_their_columns() {
    let place = Place::new();
    place.out(&[]);
    place.column("SELECT mrr || arr || currency FROM stripe_subscriptions");
    let table = place.column("SELECT sql FROM sqlite_master WHERE name = 'subscription_events'");
    assert!(table[0].contains("'upgrade'") && table[0].contains("'downgrade'"), "{}", table[0]);
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
