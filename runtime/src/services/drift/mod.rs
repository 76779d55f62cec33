//! The drift report: whether every place that has the catalog has the same one, part by part.

mod looks;

use serde::{Deserialize, Serialize};

pub use looks::{of_database, of_files, of_live_api, of_page, of_plan};

/// A place that has the catalog.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
#[value(rename_all = "snake_case")]
pub enum Place {
    /// The files that were generated of it, where this is its checkout
    Catalog,
    /// The rows of the database
    Database,
    /// What is sold in Stripe
    Stripe,
    /// The live API
    LiveApi,
    /// The prices that the storefront was built with
    Frontend,
}

impl Place {
    /// Every place, in the order of the report.
    pub const ALL: [Self; 5] = [Self::Catalog, Self::Database, Self::Stripe, Self::LiveApi, Self::Frontend];

    /// `live_api`
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Catalog => "catalog",
            Self::Database => "database",
            Self::Stripe => "stripe",
            Self::LiveApi => "live_api",
            Self::Frontend => "frontend",
        }
    }
}

/// What was found of a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It has this program's catalog.
    Equal,
    /// It has something else.
    Different,
    /// Nobody can tell; it is never taken for equal.
    Unknown,
    /// Somebody said that it is not to be looked at.
    LeftOut,
}

impl State {
    /// `left_out`
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Equal => "equal",
            Self::Different => "different",
            Self::Unknown => "unknown",
            Self::LeftOut => "left_out",
        }
    }
}

/// One place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Which one.
    pub place: Place,
    /// What was found.
    pub state: State,
    /// Where it is: an address without secrets, an account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// The hash of the catalog that it says it has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub catalog_hash: Option<String>,
    /// What differs, a line each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub differences: Vec<String>,
    /// Why nobody can tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// What to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
}

impl Part {
    /// A place with what differs there; nothing where it is equal.
    pub fn found(place: Place, at: impl Into<String>, differences: Vec<String>) -> Self {
        let state = if differences.is_empty() { State::Equal } else { State::Different };
        Self { differences, at: Some(at.into()), ..Self::with(place, state) }
    }

    /// A place of which nobody can tell.
    pub fn unknown(place: Place, error: impl Into<String>, help: impl Into<String>) -> Self {
        let help = Some(help.into()).filter(|help| !help.is_empty());
        Self { error: Some(error.into()), help, ..Self::with(place, State::Unknown) }
    }

    /// A place that is not looked at.
    pub fn left_out(place: Place) -> Self {
        Self::with(place, State::LeftOut)
    }

    fn with(place: Place, state: State) -> Self {
        Self { place, state, at: None, catalog_hash: None, differences: Vec::new(), error: None, help: None }
    }

    /// The same with where it is.
    pub fn at(self, at: impl Into<String>) -> Self {
        Self { at: Some(at.into()), ..self }
    }

    /// The same with the hash that it says it has; another one than `wanted` is a difference.
    pub fn of_catalog(mut self, hash: Option<String>, wanted: &str) -> Self {
        if self.state != State::Unknown && hash.as_deref() != Some(wanted) {
            let found = hash.as_deref().map_or("no catalog", short);
            self.differences.insert(0, format!("it is of {found}, and this program of {}", short(wanted)));
            self.state = State::Different;
        }
        Self { catalog_hash: hash, ..self }
    }
}

/// As much of a hash as people compare.
fn short(hash: &str) -> &str {
    hash.get(..12).unwrap_or(hash)
}

/// All places of an environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drift {
    /// The environment.
    pub environment: String,
    /// The hash of this program's catalog, which all are held against.
    pub catalog_hash: String,
    /// When they were looked at, in UTC.
    pub checked_at: String,
    /// Whether every place that is not left out is equal.
    pub equal: bool,
    /// Place by place.
    pub parts: Vec<Part>,
}

impl Drift {
    /// A report of these places.
    pub fn of(environment: &str, catalog_hash: &str, checked_at: String, parts: Vec<Part>) -> Self {
        let is_fine = |part: &Part| matches!(part.state, State::Equal | State::LeftOut);
        let equal = parts.iter().all(is_fine) && parts.iter().any(|part| part.state == State::Equal);
        let (environment, catalog_hash) = (environment.to_owned(), catalog_hash.to_owned());
        Self { environment, catalog_hash, checked_at, equal, parts }
    }

    /// Whether some place is known to have something else.
    pub fn has_differences(&self) -> bool {
        self.parts.iter().any(|part| part.state == State::Different)
    }

    /// For people.
    pub fn lines(&self) -> Vec<String> {
        let mut lines =
            vec![format!("{}: catalog {}, {}", self.environment, short(&self.catalog_hash), self.checked_at)];
        for Part { place, state, at, differences, error, help, .. } in &self.parts {
            let state = state.as_str().replace('_', " ");
            let at = at.as_deref().map(|at| format!("  {at}")).unwrap_or_default();
            lines.push(format!("  {state:<9}  {:<8}{at}", place.as_str()).trim_end().to_owned());
            lines.extend(differences.iter().map(|difference| format!("               {difference}")));
            lines.extend(error.iter().map(|error| format!("               {error}")));
            lines.extend(help.iter().map(|help| format!("               help: {help}")));
        }
        let told = match (self.equal, self.has_differences()) {
            (true, _) => "every place has this program's catalog",
            (false, true) => "not every place has this program's catalog",
            (false, false) => "no difference was found, but not every place could be looked at",
        };
        lines.push(told.to_owned());
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::{Drift, Part, Place, State};

    fn report(parts: Vec<Part>) -> Drift {
        Drift::of("staging", "abc", "2026-11-22T00:00:00Z".to_owned(), parts)
    }

    #[test]
    fn what_nobody_can_tell_is_never_equal() {
        let equal = || Part::found(Place::Database, "sqlite:x", Vec::new());
        assert!(report(vec![equal(), Part::left_out(Place::Stripe)]).equal);
        let unknown = report(vec![equal(), Part::unknown(Place::Stripe, "no key", "")]);
        assert!(!unknown.equal && !unknown.has_differences());
        assert!(!report(vec![Part::left_out(Place::Stripe)]).equal, "nothing was looked at");
    }

    #[test]
    fn another_catalog_is_a_difference_and_none_too() {
        for hash in [Some("def".to_owned()), None] {
            let part = Part::found(Place::LiveApi, "https://x", Vec::new()).of_catalog(hash, "abc");
            assert_eq!((part.state, part.differences.len()), (State::Different, 1));
        }
        let same = Part::found(Place::LiveApi, "https://x", Vec::new()).of_catalog(Some("abc".to_owned()), "abc");
        assert_eq!(same.state, State::Equal);
    }

    #[test]
    fn a_program_reads_what_is_written_for_it() {
        let written = report(vec![Part::unknown(Place::Frontend, "gone", "look").at("https://x")]);
        let text = serde_json::to_string(&written).expect("JSON");
        assert_eq!(serde_json::from_str::<Drift>(&text).expect("a report"), written);
    }
}
