//! Rules on what is said under `accept:`.

use super::super::names::{UNKNOWN_RULE, UNUSED_REASON};
use super::super::{Level, Rule};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: UNKNOWN_RULE,
        level: Level::Error,
        about: "An `accept:` names a rule that there is not, so that it accepts nothing. `cargo catalog explain --list` \
                lists them.",
        breaks: None,
    },
    Rule {
        id: UNUSED_REASON,
        level: Level::Note,
        about: "An `accept:` is new, and nothing that changed breaks its rule there. Remove it, or put it where the change \
                is.",
        breaks: None,
    },
];
