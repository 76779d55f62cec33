//! Every kind of the catalog, asked for and compared.

use pricebook_types::Artifacts;
use pricebook_types::validation::{LiveKind, Validation};
use reqwest::StatusCode;
use serde::Serialize;

use super::compare::compare;
use super::fetch::LiveApi;
use super::{LiveDifference, LiveError, Sound, answer};

/// What a check found where the API answered.
#[derive(Debug, Serialize)]
pub struct Checked {
    /// Each kind, in the order of the catalog.
    pub kinds: Vec<KindChecked>,
    /// Everything that differs, in the same order.
    pub differences: Vec<LiveDifference>,
}

/// What was found of one kind.
#[derive(Debug, Serialize)]
pub struct KindChecked {
    /// The kind's id.
    pub kind: String,
    /// Its section in the catalog, which is also its name in the answer.
    pub plural: String,
    /// How many products were answered; `None` for a kind that the API does not have.
    pub answered: Option<usize>,
    /// Those that are as they should be.
    pub sound: Vec<Sound>,
    /// How much differs.
    pub differences: usize,
}

/// Asks for every kind and compares it, as prices hold on the `day` (`YYYY-MM-DD` in UTC) on which it was answered.
///
/// An API need not have more than the catalog's first kind: where it says 404 to another one, that kind is not compared.
///
/// # Errors
/// [`LiveError`] where a kind has no usable answer.
pub async fn check(
    api: &LiveApi,
    artifacts: &Artifacts,
    validation: &Validation<'_>,
    unix_secs: i64,
    day: impl Fn() -> String,
) -> Result<Checked, LiveError> {
    let mut checked = Checked { kinds: Vec::new(), differences: Vec::new() };
    for (at, live) in validation.live.iter().enumerate() {
        let plural = live.path.trim_start_matches('/');
        let mut kind = KindChecked::new(live, plural);
        match api.get(&live.path, unix_secs).await {
            Ok(body) => {
                let answered = answer::read(&body, plural)?;
                let title =
                    artifacts.kinds.iter().find(|kind| kind.id == live.kind).map_or(&*live.kind, |kind| kind.title);
                let compared = compare(title, at == 0, live, &answered, &day());
                kind.answered = Some(answered.len());
                kind.sound = compared.sound;
                kind.differences = compared.differences.len();
                checked.differences.extend(compared.differences);
            }
            Err(LiveError::Status { status: StatusCode::NOT_FOUND, .. }) if at > 0 => {}
            Err(error) => return Err(error),
        }
        checked.kinds.push(kind);
    }
    Ok(checked)
}

impl KindChecked {
    fn new(live: &LiveKind<'_>, plural: &str) -> Self {
        let (kind, plural) = (live.kind.to_string(), plural.to_owned());
        Self { kind, plural, answered: None, sound: Vec::new(), differences: 0 }
    }
}
