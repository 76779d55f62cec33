//! Sends events to webhook endpoints, and again where they do not arrive.

use std::sync::Arc;
use std::time::Duration;

use reqwest::Client;
use reqwest::header::{CONTENT_TYPE, USER_AGENT};
use reqwest::redirect::Policy;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::Sandbox;
use super::sandbox::wall_clock;
use crate::deliveries::{Letter, signature};

/// How long an endpoint may take.
const TIMEOUT: Duration = Duration::from_secs(20);

/// A year that passes at once must not open thousands of connections.
const MOST_AT_ONCE: usize = 32;

/// What events are sent with.
///
/// # Errors
/// Where the system's certificates cannot be read.
pub(crate) fn client() -> reqwest::Result<Client> {
    // Somebody else in the process may have chosen one, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().timeout(TIMEOUT).redirect(Policy::none()).build()
}

/// Sends what is due until it is stopped; what is left then goes to the file, if there is one.
pub(crate) async fn send(sandbox: Arc<Sandbox>, client: Client, mut stopped: watch::Receiver<bool>) {
    let mut under_way = JoinSet::new();
    loop {
        for letter in sandbox.due_letters(MOST_AT_ONCE - under_way.len()) {
            let (client, shared) = (client.clone(), Arc::clone(&sandbox));
            let sent = async move {
                let has_arrived = has_arrived(&client, &letter).await;
                shared.tried(&letter.delivery, has_arrived);
            };
            if sandbox.sends_one_by_one() {
                sent.await;
            } else {
                under_way.spawn(sent);
            }
        }
        let has_room = under_way.len() < MOST_AT_ONCE;
        tokio::select! {
            () = sandbox.changed(sandbox.until_next_due()), if has_room => {}
            Some(_) = under_way.join_next() => {}
            _ = stopped.wait_for(|stopped| *stopped) => break,
        }
    }
}

/// Only an answer of 2xx says that an event has arrived.
async fn has_arrived(client: &Client, letter: &Letter) -> bool {
    // By the real clock, as the receiver will look at it.
    let signature = signature(&letter.secret, wall_clock(), &letter.body);
    let request = client
        .post(&letter.url)
        .header("Stripe-Signature", signature)
        .header(CONTENT_TYPE, "application/json; charset=utf-8")
        .header(USER_AGENT, "Stripe/1.0 (+https://stripe.com/docs/webhooks)")
        .body(letter.body.clone());
    request.send().await.is_ok_and(|response| response.status().is_success())
}
