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
    let description = place.column("SELECT description FROM services WHERE id = 'market-essentials'");
    assert_eq!(description, [catalog::Service::MarketEssentials.product().description]);
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
    let amounts = "SELECT DISTINCT typeof(price_amount) || ' ' || price_amount FROM stripe_product_mappings
         WHERE stripe_account = 'acct_1'";
    assert_eq!(place.column(amounts), ["text 29.90"]);
}

#[test]
fn changes_of_products_are_logged_with_what_they_triggered() {
    let place = Place::new();
    place.out(&[]);
    let columns = place.column(
        "SELECT name || ' ' || type || iif(\"notnull\", ' NOT NULL', '') || coalesce(' DEFAULT ' || dflt_value, '')
         FROM pragma_table_info('product_change_log')
         WHERE name IN ('event_type', 'product_id', 'changes', 'triggered_sync') ORDER BY cid",
    );
    let told = [
        "event_type TEXT NOT NULL",
        "product_id TEXT NOT NULL",
        "changes TEXT NOT NULL",
        "triggered_sync INTEGER NOT NULL DEFAULT 0",
    ];
    assert_eq!(columns, told);
    let change = |id: &str, event: &str, changes: &str| {
        format!(
            "INSERT INTO product_change_log (id, event_type, product_id, changes, actor)
             VALUES ('{id}', {event}, 'plan/starter', {changes}, 'user:u1');"
        )
    };
    place.execute(&change("c1", "'plan.updated'", r#"'{"monthlyPrice": {"from": 29, "to": 35}}'"#));
    for (event, changes, said) in [
        ("NULL", "'{}'", "NOT NULL constraint failed"),
        ("'plan.updated'", "NULL", "NOT NULL constraint failed"),
        ("'plan.updated'", "'monthlyPrice'", "CHECK constraint failed"),
        ("printf('%065d', 1)", "'{}'", "CHECK constraint failed"),
    ] {
        let refusal = place.refusal(&change("c2", event, changes));
        assert!(refusal.contains(said), "{event}, {changes}: {refusal}");
    }
    let refusal = place.refusal("UPDATE product_change_log SET triggered_sync = 2");
    assert!(refusal.contains("CHECK constraint failed"), "{refusal}");
    let refusal = place.refusal("UPDATE product_change_log SET sync_run_id = 'none'");
    assert!(refusal.contains("FOREIGN KEY constraint failed"), "{refusal}");
    let logged =
        "SELECT event_type || ' ' || product_id || ' ' || triggered_sync FROM product_change_log WHERE id = 'c1'";
    assert_eq!(place.column(logged), ["plan.updated plan/starter 0"]);
}
