//! Events on their way to webhook endpoints. <https://docs.stripe.com/webhooks#retries>

use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::call::text;
use crate::delivery_faults::Fate;
use crate::resources::core_events::{thin, thin_type};
use crate::resources::event_destinations::EVENT_DESTINATION;
use crate::resources::events::EVENT;
use crate::resources::webhook_endpoints::WEBHOOK_ENDPOINT;
use crate::state::State;
use crate::store::Object;

/// Until the next try; three days in all.
const DELAYS_SECS: [i64; 12] = [10, 60, 300, 1800, 7200, 18_000, 36_000, 36_000, 36_000, 36_000, 36_000, 36_000];

/// An event that an endpoint does not have yet.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Delivery {
    pub(crate) event: String,
    pub(crate) endpoint: String,
    tries: usize,
    /// Tells two deliveries of one event apart.
    #[serde(default)]
    copy: usize,
    /// By the sandbox's clock.
    due: i64,
    /// Whether a try waits for its answer; one that a restart has cut off is made again.
    #[serde(skip)]
    is_under_way: bool,
}

/// A delivery as it is to be sent.
#[derive(Clone, Debug)]
pub(crate) struct Letter {
    pub(crate) delivery: Delivery,
    pub(crate) url: String,
    pub(crate) body: String,
    pub(crate) secret: String,
}

impl State {
    /// Queues an event for every endpoint that wants it, and says how many do.
    pub(crate) fn queue(&mut self, event: &str, kind: &str, now: i64) -> usize {
        let wants = |endpoint: &&Object| {
            let events =
                endpoint.get("enabled_events").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
            text(endpoint, "status") == "enabled" && events.iter().any(|wanted| wanted == "*" || wanted == kind)
        };
        let endpoints = self.store.shelf(&WEBHOOK_ENDPOINT).into_iter().flat_map(|shelf| shelf.newest_first());
        let endpoints = endpoints.map(|(_, endpoint)| endpoint).filter(wants);
        let mut wanted: Vec<String> = endpoints.map(|endpoint| text(endpoint, "id").to_owned()).collect();
        let wants = |destination: &Object| {
            let is_thin = text(destination, "event_payload") == "thin";
            let kind = if is_thin { thin_type(kind) } else { kind.to_owned() };
            let events = destination["enabled_events"].as_array().map(Vec::as_slice).unwrap_or_default();
            text(destination, "status") == "enabled" && events.iter().any(|wanted| *wanted == "*" || *wanted == *kind)
        };
        let destinations = self.store.shelf(&EVENT_DESTINATION).into_iter().flat_map(|shelf| shelf.newest_first());
        let destinations = destinations.filter(|(_, destination)| wants(destination));
        wanted.extend(destinations.map(|(_, destination)| text(destination, "id").to_owned()));
        wanted.iter().for_each(|endpoint| self.queue_for(event, endpoint, now));
        wanted.len()
    }

    /// Queues an event for one endpoint or destination, as reliably as deliveries are to be.
    pub(crate) fn queue_for(&mut self, event: &str, endpoint: &str, now: i64) {
        let Fate::Sent(delays) = self.unreliable.fate() else { return };
        for (copy, delay) in delays.into_iter().enumerate() {
            self.deliveries.push(Delivery {
                event: event.to_owned(),
                endpoint: endpoint.to_owned(),
                tries: 0,
                copy,
                due: now.saturating_add(delay),
                is_under_way: false,
            });
        }
    }

    /// At most so many of what is due and not on its way already, in the order in which it is due.
    pub(crate) fn due_letters(&mut self, now: i64, most: usize) -> Vec<Letter> {
        let is_due = |delivery: &Delivery| delivery.due <= now && !delivery.is_under_way;
        let places = self.deliveries.iter().enumerate().filter(|(_, delivery)| is_due(delivery));
        let mut due: Vec<(i64, usize)> = places.map(|(place, delivery)| (delivery.due, place)).collect();
        due.sort_unstable();
        self.unreliable.shuffle(&mut due);
        due.truncate(most);
        let sent = due.into_iter().map(|(_, place)| {
            self.deliveries[place].is_under_way = true;
            self.deliveries[place].clone()
        });
        let sent: Vec<Delivery> = sent.collect();
        sent.into_iter().filter_map(|delivery| self.letter(delivery)).collect()
    }

    fn letter(&self, delivery: Delivery) -> Option<Letter> {
        let event = self.store.get(&EVENT, &delivery.event)?;
        let (url, body) = match self.store.get(&WEBHOOK_ENDPOINT, &delivery.endpoint) {
            Some(endpoint) => (text(endpoint, "url"), Value::Object(event.clone())),
            None => {
                let destination = self.store.get(&EVENT_DESTINATION, &delivery.endpoint)?;
                let is_thin = text(destination, "event_payload") == "thin";
                let body = if is_thin { thin(event) } else { Value::Object(event.clone()) };
                (destination["webhook_endpoint"]["url"].as_str()?, body)
            }
        };
        Some(Letter {
            url: url.to_owned(),
            body: serde_json::to_string_pretty(&body).unwrap_or_default(),
            secret: self.webhook_secrets.get(&delivery.endpoint)?.clone(),
            delivery,
        })
    }

    /// Notes how a try went.
    pub(crate) fn tried(&mut self, delivery: &Delivery, has_arrived: bool, now: i64) {
        let of = |delivery: &Delivery| (delivery.event.clone(), delivery.endpoint.clone(), delivery.copy);
        let wanted = of(delivery);
        let is_it = |other: &Delivery| of(other) == wanted;
        let delay = DELAYS_SECS.get(delivery.tries).filter(|_| !has_arrived);
        if let Some(delay) = delay {
            for queued in self.deliveries.iter_mut().filter(|queued| is_it(queued)) {
                queued.tries += 1;
                queued.due = now + delay;
                queued.is_under_way = false;
            }
            return;
        }
        self.deliveries.retain(|queued| !is_it(queued));
        if let Some(mut event) = self.store.get(&EVENT, &delivery.event).cloned() {
            let pending = event.get("pending_webhooks").and_then(Value::as_i64).unwrap_or_default();
            event.insert("pending_webhooks".to_owned(), json!((pending - 1).max(0)));
            self.store.put(&EVENT, event);
        }
    }

    /// How many deliveries are due, or on their way.
    pub(crate) fn due_count(&self, now: i64) -> usize {
        self.deliveries.iter().filter(|delivery| delivery.due <= now).count()
    }

    /// When the next delivery is due.
    pub(crate) fn next_due(&self) -> Option<i64> {
        self.deliveries.iter().filter(|delivery| !delivery.is_under_way).map(|delivery| delivery.due).min()
    }
}

/// `t=…,v1=…`: <https://docs.stripe.com/webhooks#verify-manually>
pub(crate) fn signature(secret: &str, at: i64, body: &str) -> String {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap_or_else(|_| unreachable!("any length will do"));
    mac.update(format!("{at}.{body}").as_bytes());
    let digest: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("t={at},v1={digest}")
}
