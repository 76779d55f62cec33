//! `cargo catalog record`: what is sold now, into the lock.

use std::io::Write;

use pricebook_emit::build::{History, Package, Stream, compile, history};
use pricebook_model::lock::LockedItem;
use pricebook_model::{Catalog, KeySource, Lock};
use serde_json::json;

use crate::outcome::{Ended, Outcome, Stop, after_printing};
use crate::output::document;
use crate::problem::problems;

pub(super) fn run(package: &Package, check: bool, json: bool) -> Ended {
    if package.stream() == Stream::Records {
        return Err(Stop::usage("the runtime's records sell nothing", "leave out --records"));
    }
    let mut found = Unrecorded::find(package)?;
    let mut written = false;
    // What holds everything already is not written, and needs nobody's leave to write.
    if !check && found.count() > 0 {
        let writer = history::Writer::enter(package)?;
        // Somebody else may have recorded it between the first look and the lock.
        found = Unrecorded::find(package)?;
        written = found.count() > 0;
        if written {
            writer.write(&[], &found.lock.recorded(&found.catalog))?;
        }
    }
    let count = found.count();
    let Unrecorded { items: changed, keys, .. } = found;
    let refused = (check && count > 0).then(|| not_recorded(count));
    if json {
        let ended = if refused.is_none() { Outcome::Clean } else { Outcome::Problems };
        let key = if check { "unrecorded" } else { "recorded" };
        let printed = document(refused.as_ref().map_or_else(Vec::new, problems), json!({ key: changed, "keys": keys }));
        return after_printing(printed, ended);
    }
    let mut text: String = changed.iter().map(told).chain(keys.iter().map(told_of_key)).collect();
    if written {
        text.push_str(&format!("{count} recorded in generated/{}.\n", history::LOCK));
    } else if count == 0 {
        text.push_str(&format!("generated/{} already holds everything that is sold.\n", history::LOCK));
    }
    let printed = std::io::stdout().lock().write_all(text.as_bytes());
    match refused {
        Some(stop) => Err(stop),
        None => after_printing(printed, Outcome::Clean),
    }
}

/// What is sold and not in the lock.
struct Unrecorded {
    lock: Lock,
    catalog: Catalog,
    items: Vec<LockedItem>,
    keys: Vec<KeySource>,
}

impl Unrecorded {
    fn find(package: &Package) -> Result<Self, Stop> {
        let locked = History::read(&package.generated())?.lock;
        let catalog = compile(package, package.sources()?, locked.as_ref())?;
        let lock = locked.unwrap_or(Lock { version: 1, ..Lock::default() });
        let (items, keys) = (lock.unrecorded(&catalog), lock.unrecorded_keys(&catalog));
        Ok(Self { lock, catalog, items, keys })
    }

    fn count(&self) -> usize {
        self.items.len() + self.keys.len()
    }
}

/// What changed of an id or a price.
fn told(item: &LockedItem) -> String {
    let amounts = item.amounts.last().map_or(String::new(), |amounts| format!(": {amounts}"));
    let state = match (item.renamed_to.as_str(), item.retired) {
        ("", true) => " (retired)".to_owned(),
        ("", false) => String::new(),
        (now, _) => format!(" (now {now})"),
    };
    format!("{}/{}{amounts}{state}\n", item.what, item.id)
}

fn told_of_key(key: &KeySource) -> String {
    format!("key {}.{}: {}\n", key.table, key.column, key.from)
}

fn not_recorded(count: usize) -> Stop {
    let message = format!("{count} ids, prices or keys are not recorded, and could vanish or change unseen");
    Stop::refused(message, "run `cargo catalog record` and commit the lock")
}
