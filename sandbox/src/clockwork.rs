//! What time does to the account: one moment after the other, in order, up to now.

use crate::call::{Call, text};
use crate::params::Params;
use crate::resources::{self, Clock};
use crate::state::State;
use crate::store::Object;

/// Lets happen what is due, each at its own moment. Says whether anything was.
pub(crate) fn follow(state: &mut State, now: i64) -> bool {
    let mut has_happened = false;
    while let Some((at, clock, object)) = first_due(state).filter(|(at, ..)| *at <= now) {
        let id = text(&object, "id").to_owned();
        if let Err(cause) = step(state, clock, object, at) {
            tracing::error!(object = id, cause, "time stands still for an object of the sandbox");
            state.stuck.insert(id);
        }
        has_happened = true;
    }
    has_happened
}

/// When something happens by itself.
pub(crate) fn next_due(state: &State) -> Option<i64> {
    first_due(state).map(|(at, ..)| at)
}

/// Of what is due at one moment, the kind that is listed first.
fn first_due(state: &State) -> Option<(i64, Clock, Object)> {
    let due = resources::ALL.iter().filter_map(|resource| {
        let (clock, shelf) = (resource.clock?, state.store.shelf(resource)?);
        let (at, object) = shelf.due().find(|(_, object)| !state.stuck.contains(text(object, "id")))?;
        Some((at, clock, object))
    });
    due.min_by_key(|(at, ..)| *at).map(|(at, clock, object)| (at, clock, object.clone()))
}

fn step(state: &mut State, clock: Clock, object: Object, at: i64) -> Result<(), String> {
    state.store.begin();
    let deliveries = state.deliveries.len();
    let mut call = Call {
        state: &mut *state,
        now: at,
        ids: Vec::new(),
        params: Params::default(),
        path: String::new(),
        request: (None, None),
        is_preview: false,
    };
    let result = (clock.follow)(&mut call, object).map_err(|failure| failure.as_field().to_string());
    let result = match result {
        Ok(()) if state.store.mark() == 0 => Err("nothing has changed".to_owned()),
        result => result,
    };
    if result.is_err() {
        state.store.roll_back();
        state.deliveries.truncate(deliveries);
    }
    result
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{follow, next_due};
    use crate::call::as_object;
    use crate::resources::invoices::INVOICE;
    use crate::state::State;

    #[test]
    fn what_cannot_happen_stops_nothing_else() {
        let mut state = State::new(1, "acct_1", 0);
        let draft = json!({
            "id": "in_1", "object": "invoice",
            "auto_advance": true, "automatically_finalizes_at": 5, "customer": "cus_none", "status": "draft",
        });
        state.store.put(&INVOICE, as_object(draft.clone()));
        assert_eq!(next_due(&state), Some(5));
        assert!(follow(&mut state, 10));
        assert_eq!(next_due(&state), None);
        assert_eq!(state.store.get(&INVOICE, "in_1"), Some(&as_object(draft)));
    }
}
