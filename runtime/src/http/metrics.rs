//! Counters for Prometheus.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use pricebook_types::Artifacts;
use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

use crate::services::live::Status;

/// Everything that is counted.
pub(super) struct Metrics {
    registry: Registry,
    pub(super) requests: Family<Answered, Counter>,
    pub(super) durations: Family<Route, Histogram>,
    pub(super) payments: Family<PaymentResult, Counter>,
    pub(super) list_hits: Counter,
    pub(super) list_reads: Counter,
    pub(super) revision: Gauge<i64, std::sync::atomic::AtomicI64>,
    pub(super) database_up: Gauge<u64, AtomicU64>,
    pub(super) synced: Gauge<u64, AtomicU64>,
    pruned: Family<Table, Counter>,
    live_equal: Family<Environment, Gauge<u64, AtomicU64>>,
    live_differences: Family<Environment, Gauge<u64, AtomicU64>>,
    live_checked: Family<Environment, Gauge<i64, std::sync::atomic::AtomicI64>>,
}

/// An environment whose live API is watched.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Environment {
    environment: String,
}

/// A table of the database.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Table {
    table: &'static str,
}

/// A route, as the router knows it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Route {
    pub(super) route: Arc<String>,
}

/// A route and the status that it answered.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Answered {
    pub(super) route: Arc<String>,
    pub(super) status: u16,
}

/// How a request to pay ended: `created`, or an error's code.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct PaymentResult {
    pub(super) result: &'static str,
}

impl Metrics {
    pub(super) fn new(artifacts: &Artifacts) -> Self {
        let durations = || Histogram::new(exponential_buckets(0.0005, 2.0, 14));
        let mut metrics = Self {
            registry: Registry::with_prefix("pricebook"),
            requests: Family::default(),
            durations: Family::new_with_constructor(durations),
            payments: Family::default(),
            list_hits: Counter::default(),
            list_reads: Counter::default(),
            revision: Gauge::default(),
            database_up: Gauge::default(),
            synced: Gauge::default(),
            pruned: Family::default(),
            live_equal: Family::default(),
            live_differences: Family::default(),
            live_checked: Family::default(),
        };
        let registry = &mut metrics.registry;
        registry.register("http_requests", "Requests by route and status", metrics.requests.clone());
        registry.register_with_unit(
            "http_request_duration",
            "How long requests took",
            Unit::Seconds,
            metrics.durations.clone(),
        );
        registry.register("payments", "Requests to pay by how they ended", metrics.payments.clone());
        registry.register(
            "list_hits",
            "Lists of products that were answered as they were kept",
            metrics.list_hits.clone(),
        );
        registry.register(
            "list_reads",
            "Lists of products that were read from the database",
            metrics.list_reads.clone(),
        );
        registry.register("catalog_revision", "The revision of the database's rows", metrics.revision.clone());
        registry.register(
            "catalog_synced",
            "Whether the database's rows are of the catalog in this program",
            metrics.synced.clone(),
        );
        registry.register("database_up", "Whether the database answers", metrics.database_up.clone());
        registry.register("pruned_rows", "Rows that were taken out for their age", metrics.pruned.clone());
        registry.register(
            "live_check_equal",
            "Whether the live API last answered what the catalog says",
            metrics.live_equal.clone(),
        );
        registry.register(
            "live_check_differences",
            "Differences that the last look at the live API and its database found, at most 201",
            metrics.live_differences.clone(),
        );
        registry.register_with_unit(
            "live_check_timestamp",
            "When the live API was last looked at, since 1970",
            Unit::Seconds,
            metrics.live_checked.clone(),
        );
        let labels = vec![("hash", artifacts.catalog_hash), ("name", artifacts.name)];
        registry.register("catalog", "The catalog in this program", Info::new(labels));
        metrics
    }

    /// How the watched live APIs were last.
    pub(super) fn live(&self, statuses: &[Status]) {
        for Status { environment, equal, differences, unix_secs } in statuses {
            let label = Environment { environment: environment.clone() };
            self.live_equal.get_or_create(&label).set(u64::from(*equal));
            self.live_differences.get_or_create(&label).set(u64::try_from(*differences).unwrap_or(u64::MAX));
            self.live_checked.get_or_create(&label).set(*unix_secs);
        }
    }

    /// Rows of a table were taken out.
    pub(super) fn pruned(&self, table: &'static str, rows: u64) {
        self.pruned.get_or_create(&Table { table }).inc_by(rows);
    }

    /// In Prometheus' text format.
    pub(super) fn text(&self) -> Result<String, fmt::Error> {
        let mut text = String::new();
        text::encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metrics").finish_non_exhaustive()
    }
}
