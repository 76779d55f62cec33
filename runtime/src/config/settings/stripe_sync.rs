//! Settings of the server's part in the sync of products: what starts one, and how often one is made anyway.

use std::path::PathBuf;
use std::time::Duration;

use super::Reader;

const A_WEEK: u64 = 7 * 86_400;

/// Which accounts are synced by nobody's order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AutoSync {
    /// None.
    None,
    /// Those without real money.
    Test,
    /// Live ones too.
    All,
}

/// When the server syncs products.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StripeSyncSettings {
    /// Which accounts it syncs by itself.
    pub automatic: AutoSync,
    /// How long no other change must come before changes are synced.
    pub debounce: Duration,
    /// How long they wait at most.
    pub debounce_most: Duration,
    /// The events that are synced: `product.updated`, `plan.price_changed`.
    pub trigger_events: Vec<String>,
    /// Between two looks at the account; `None` where it does not look.
    pub validate_every: Option<Duration>,
    /// Between two full syncs; `None` where there are none.
    pub sync_every: Option<Duration>,
    /// How long a look counts.
    pub validation_cache: Duration,
    /// Where `logs/stripe-sync/` is.
    pub report_folder: PathBuf,
    /// Syncs that one address may ask for in a minute, 0 for any number.
    pub rate_per_minute: u32,
}

pub(super) fn stripe_sync(reader: &mut Reader) -> StripeSyncSettings {
    let every = |secs: Duration| Some(secs).filter(|secs| !secs.is_zero());
    let debounce = Duration::from_millis(reader.within("stripe_debounce_ms", 0, 3_600_000));
    let most = Duration::from_millis(reader.within("stripe_debounce_most_ms", 0, 86_400_000));
    StripeSyncSettings {
        automatic: reader.get("stripe_auto_sync", |text| match text {
            "none" => Ok(AutoSync::None),
            "test" => Ok(AutoSync::Test),
            "all" => Ok(AutoSync::All),
            _ => Err("it is none, test or all".to_owned()),
        }),
        debounce,
        debounce_most: most.max(debounce),
        trigger_events: reader.get("stripe_trigger_events", events),
        validate_every: every(reader.secs("stripe_validate_secs", 0, A_WEEK)),
        sync_every: every(reader.secs("stripe_sync_secs", 0, 4 * A_WEEK)),
        validation_cache: reader.secs("stripe_validation_cache_secs", 0, A_WEEK),
        report_folder: reader.get("stripe_report_folder", |text| Ok(PathBuf::from(text))),
        rate_per_minute: reader.within("stripe_sync_rate_per_minute", 0, 1_000_000),
    }
}

fn events(text: &str) -> Result<Vec<String>, String> {
    let names = text.split(',').map(str::trim).filter(|name| !name.is_empty());
    let is_word = |word: &str| {
        !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
    };
    names
        .map(|name| match name.split_once('.') {
            Some((kind, event)) if is_word(kind) && is_word(event) => Ok(name.to_owned()),
            _ => Err("each is a kind and what happens to it, such as product.updated or plan.price_changed".to_owned()),
        })
        .collect()
}
