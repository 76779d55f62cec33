//! A meter that was recorded is missed by a build, until somebody says that it is gone.

use pricebook_model::{Catalog, Lock, Report, Sources, compile};

use crate::diagnostics::lock;
use crate::kinds_that_go::edited;

const METER: &str = "  api_calls: { name: API calls, event_name: api_call, aggregation: sum }\n";
const OTHER: &str = "  hits: { name: API calls, event_name: hit }\n";

/// The real catalog with another meter, and a price that is charged by it.
fn with_meter(meter: &str, retired: &str, lock: &Lock) -> Result<Catalog, Report> {
    let id = meter.trim().split(':').next().expect("an id");
    let sources = edited(&[
        ("catalog/features.yaml", METER, meter),
        ("catalog/hosting.yaml", "meter: api_calls", &format!("meter: {id}")),
        ("catalog/catalog.yaml", "catalog:\n", &format!("{retired}catalog:\n")),
    ]);
    compile(Sources::new(sources), &pricebook_emit::limits(), Some(lock))
}

#[test]
fn a_meter_that_is_gone_is_missed_until_it_is_retired() {
    let report = with_meter(OTHER, "", &lock()).expect_err("a meter is gone");
    insta::assert_snapshot!(report.to_string());
    let catalog =
        with_meter(OTHER, "retired: [meter/api_calls]\n", &lock()).unwrap_or_else(|report| panic!("{report}"));
    let artifacts = pricebook_emit::emit(&catalog);
    let stripe = artifacts.iter().find(|artifact| artifact.path == "stripe/catalog.json").expect("the desired state");
    let desired: serde_json::Value = serde_json::from_str(&stripe.text).expect("JSON");
    let ended = serde_json::json!({ "what": "meter", "id": "api_calls", "event_name": "api_call" });
    assert_eq!(desired["retired"], serde_json::json!([ended]), "Stripe knows a meter by its events");
    let recorded = lock().recorded(&catalog);
    let gone = recorded.items.iter().find(|item| item.what == "meter" && item.id == "api_calls").expect("the meter");
    assert!(gone.retired && gone.renamed_to.is_empty());
    let report = with_meter(METER, "", &recorded).expect_err("its id is used again");
    assert_eq!(report.diagnostics[0].code, "retired-in-use", "{report}");
}

#[test]
fn a_meter_that_has_another_id_and_listens_to_its_events_is_not_gone() {
    let renamed = METER.replace("api_calls:", "calls:");
    let catalog = with_meter(&renamed, "", &lock()).unwrap_or_else(|report| panic!("{report}"));
    assert!(catalog.formerly_sold.iter().all(|one| one.what != "meter"));
    let recorded = lock().recorded(&catalog);
    let former = recorded.items.iter().find(|item| item.what == "meter" && item.id == "api_calls").expect("the meter");
    assert_eq!(former.renamed_to, "calls");
    assert!(with_meter(&renamed, "", &recorded).is_ok());
}

#[test]
fn a_lock_from_before_meters_were_in_it_misses_none() {
    let mut before = lock();
    before.items.retain(|item| item.what != "meter");
    assert!(with_meter(OTHER, "", &before).is_ok());
}
