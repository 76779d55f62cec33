//! The settings of the server's syncs: what holds when nobody sets them, and what cannot be.

use std::time::Duration;

use pricebook::config::{AutoSync, Settings};

fn read(variables: &[(&str, &str)]) -> Result<Settings, String> {
    let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Settings::read(variables, &["production"]).map_err(|errors| errors.to_string())
}

#[test]
fn the_defaults_are_those_of_the_document_and_each_can_be_set() {
    let settings = read(&[]).expect("settings");
    let sync = &settings.stripe_sync;
    assert_eq!(sync.debounce, Duration::from_millis(5_000));
    assert_eq!(sync.trigger_events, ["product.created", "product.updated", "plan.price_changed"]);
    assert_eq!((settings.stripe_retries, settings.stripe_retry_delay_ms), (3, 1_000));
    let hour = Duration::from_secs(3_600);
    assert_eq!((sync.validate_every, sync.sync_every, sync.validation_cache), (Some(hour), Some(24 * hour), hour));
    assert_eq!(sync.automatic, AutoSync::Test);
    let set = read(&[
        ("PRICEBOOK_STRIPE_DEBOUNCE_MS", "250"),
        ("PRICEBOOK_STRIPE_TRIGGER_EVENTS", "addon.updated, plan.created"),
        ("PRICEBOOK_STRIPE_RETRIES", "1"),
        ("PRICEBOOK_STRIPE_RETRY_DELAY_MS", "20"),
        ("PRICEBOOK_STRIPE_VALIDATE_SECS", "0"),
        ("PRICEBOOK_STRIPE_SYNC_SECS", "600"),
        ("PRICEBOOK_STRIPE_VALIDATION_CACHE_SECS", "60"),
        ("PRICEBOOK_STRIPE_AUTO_SYNC", "all"),
    ]);
    let set = set.expect("settings");
    let sync = &set.stripe_sync;
    assert_eq!((sync.debounce, sync.automatic), (Duration::from_millis(250), AutoSync::All));
    assert_eq!(sync.trigger_events, ["addon.updated", "plan.created"]);
    assert_eq!((set.stripe_retries, set.stripe_retry_delay_ms), (1, 20));
    assert_eq!((sync.validate_every, sync.sync_every), (None, Some(Duration::from_secs(600))));
    assert_eq!(sync.validation_cache, Duration::from_secs(60));
}

#[test]
fn what_cannot_be_is_refused_by_its_name() {
    for (name, value) in [
        ("PRICEBOOK_STRIPE_AUTO_SYNC", "live"),
        ("PRICEBOOK_STRIPE_TRIGGER_EVENTS", "product"),
        ("PRICEBOOK_STRIPE_TRIGGER_EVENTS", "product.Created"),
        ("PRICEBOOK_STRIPE_DEBOUNCE_MS", "-1"),
        ("PRICEBOOK_STRIPE_SYNC_SECS", "daily"),
    ] {
        let told = read(&[(name, value)]).expect_err("it cannot be");
        assert!(told.starts_with(name), "{told}");
    }
}

#[test]
fn a_debounce_that_is_longer_than_the_longest_wait_counts() {
    let settings = read(&[("PRICEBOOK_STRIPE_DEBOUNCE_MS", "90000")]).expect("settings");
    assert_eq!(settings.stripe_sync.debounce_most, Duration::from_millis(90_000));
}
