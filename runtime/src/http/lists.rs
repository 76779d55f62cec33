//! The lists of products, as they are answered: read once, kept until the rows change, the day ends or the time is over.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue};
use sha2::{Digest, Sha256};

use super::api::products::list_headers;
use super::body::Success;
use super::etag::etag;
use super::{ApiError, App};
use crate::services::{Listed, read_active};

/// One list for each kind.
#[derive(Debug)]
pub(super) struct Lists {
    slots: Vec<Slot>,
    keep: Duration,
    /// Grows whenever the rows change: what was read before is old.
    generation: AtomicU64,
}

#[derive(Debug, Default)]
struct Slot {
    list: RwLock<Option<Arc<List>>>,
    /// Held by the one who reads the list anew, so that many who find it old do not all read.
    reading: tokio::sync::Mutex<()>,
}

/// A list as it is answered.
#[derive(Debug)]
pub(super) struct List {
    pub(super) items: Vec<Listed>,
    /// `{"success":true,"services":[…]}`
    pub(super) body: Bytes,
    /// A strong validator, the same for the same bytes.
    pub(super) etag: HeaderValue,
    /// Everything that is answered with the body.
    pub(super) headers: HeaderMap,
    generation: u64,
    day: u64,
    read_at: Instant,
}

impl Lists {
    pub(super) fn new(kinds: usize, keep: Duration) -> Self {
        Self { slots: (0..kinds).map(|_| Slot::default()).collect(), keep, generation: AtomicU64::new(0) }
    }

    /// The rows have changed.
    pub(super) fn forget(&self) {
        self.generation.fetch_add(1, Ordering::AcqRel);
    }

    fn fresh(&self, slot: &Slot) -> Option<Arc<List>> {
        let list = slot.list.read().unwrap_or_else(PoisonError::into_inner).clone()?;
        let fresh = list.generation == self.generation.load(Ordering::Acquire)
            && list.day == day_number()
            && list.read_at.elapsed() < self.keep;
        fresh.then_some(list)
    }
}

/// Whether a kept list will do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Freshness {
    Kept,
    ReadAnew,
}

impl App {
    /// The list of the kind at `position`, where it is kept and still holds.
    pub(super) fn kept_list(&self, position: usize) -> Option<Arc<List>> {
        let list = self.lists.fresh(&self.lists.slots[position])?;
        self.metrics.list_hits.inc();
        Some(list)
    }

    /// The list of the kind at `position`.
    pub(super) async fn list(&self, position: usize, freshness: Freshness) -> Result<Arc<List>, ApiError> {
        let slot = &self.lists.slots[position];
        if freshness == Freshness::Kept {
            if let Some(list) = self.kept_list(position) {
                return Ok(list);
            }
            let reading = slot.reading.lock().await;
            if let Some(list) = self.kept_list(position) {
                return Ok(list);
            }
            let list = self.read_list(position).await;
            drop(reading);
            return list;
        }
        self.read_list(position).await
    }

    async fn read_list(&self, position: usize) -> Result<Arc<List>, ApiError> {
        self.metrics.list_reads.inc();
        let kind = &self.artifacts.kinds[position];
        // Before the rows: what changes while they are read makes the list old.
        let generation = self.lists.generation.load(Ordering::Acquire);
        let (day, read_at) = (day_number(), Instant::now());
        let live = self.validation.live.iter().find(|live| live.kind == kind.id).ok_or_else(ApiError::internal)?;
        let mut session = self.reads.session().await?;
        let items = read_active(&mut session, live, &(self.today)()).await?;
        drop(session);
        let body: Bytes = serde_json::to_vec(&Success(kind.plural, &items)).map_err(|_| ApiError::internal())?.into();
        let etag = etag(&Sha256::digest(&body));
        let headers = list_headers(&etag, &body);
        let list = Arc::new(List { items, body, etag, headers, generation, day, read_at });
        let mut kept = self.lists.slots[position].list.write().unwrap_or_else(PoisonError::into_inner);
        // A list that was read later may be there already.
        if kept.as_ref().is_none_or(|kept| kept.read_at <= list.read_at) {
            *kept = Some(Arc::clone(&list));
        }
        Ok(list)
    }
}

/// Days since 1970 in UTC.
fn day_number() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    since.as_secs() / 86_400
}
