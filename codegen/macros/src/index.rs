//! The ids of a catalog and their Rust paths.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex};

use pricebook_model::nearest::nearest;

/// As many ids as a message lists.
const MOST_LISTED: usize = 20;

/// `catalog.index`, read.
#[derive(Debug, Default)]
pub(crate) struct Index {
    /// By kind, ids with their paths in the order of the catalog.
    kinds: HashMap<String, Vec<(String, String)>>,
}

impl Index {
    /// Reads lines of `kind<TAB>id<TAB>path`.
    pub(crate) fn parse(text: &str) -> Self {
        let mut index = Self::default();
        for line in text.lines() {
            let mut fields = line.split('\t').map(str::to_owned);
            if let (Some(kind), Some(id), Some(path)) = (fields.next(), fields.next(), fields.next()) {
                index.kinds.entry(kind).or_default().push((id, path));
            }
        }
        index
    }

    /// The path of an item below the catalog's module: `Plan::Professional`.
    ///
    /// # Errors
    /// What to say about an id that there is not.
    pub(crate) fn find(&self, kind: &str, id: &str) -> Result<&str, String> {
        let items = self.kinds.get(kind).map_or(&[][..], Vec::as_slice);
        if let Some((_, path)) = items.iter().find(|(known, _)| known == id) {
            return Ok(path);
        }
        let help = match nearest(id, items.iter().map(|(id, _)| id.as_str())) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None if items.is_empty() => format!("the catalog has no {kind}"),
            None => format!("valid: {}", listed(items)),
        };
        Err(format!("no {kind} has the id `{id}`\n  = help: {help}"))
    }
}

fn listed(items: &[(String, String)]) -> String {
    let listed: Vec<_> = items.iter().take(MOST_LISTED).map(|(id, _)| format!("`{id}`")).collect();
    match items.len().saturating_sub(MOST_LISTED) {
        0 => listed.join(", "),
        more => format!("{} and {more} more", listed.join(", ")),
    }
}

/// The index of a file or folder, read once in a run of rustc.
///
/// # Errors
/// Those of `read`, which is then tried again.
pub(crate) fn cached(path: &Path, read: impl FnOnce() -> Result<Index, String>) -> Result<Arc<Index>, String> {
    static INDEXES: LazyLock<Mutex<HashMap<PathBuf, Arc<Index>>>> = LazyLock::new(Mutex::default);
    // A panic while it was held left whole entries behind.
    let mut indexes = INDEXES.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some(index) = indexes.get(path) {
        return Ok(Arc::clone(index));
    }
    let index = Arc::new(read()?);
    indexes.insert(path.to_path_buf(), Arc::clone(&index));
    Ok(index)
}

#[cfg(test)]
mod tests {
    use super::*;

    const INDEX: &str =
        "plan\tstarter\tPlan::Starter\nplan\tmarket-pulse\tPlan::MarketPulse\nfeature\tapi\tFeature::Api\n";

    #[test]
    fn an_id_is_found_in_its_kind_only() {
        let index = Index::parse(INDEX);
        assert_eq!(index.find("plan", "market-pulse"), Ok("Plan::MarketPulse"));
        assert!(index.find("plan", "api").is_err());
    }

    #[test]
    fn an_unknown_id_names_the_nearest_or_the_valid_ones() {
        let index = Index::parse(INDEX);
        let near = index.find("plan", "startre").expect_err("a misspelling");
        assert_eq!(near, "no plan has the id `startre`\n  = help: did you mean `starter`?");
        let far = index.find("plan", "platinum").expect_err("an unknown id");
        assert_eq!(far, "no plan has the id `platinum`\n  = help: valid: `starter`, `market-pulse`");
        let none = index.find("addon", "x").expect_err("a kind without products");
        assert_eq!(none, "no addon has the id `x`\n  = help: the catalog has no addon");
    }

    #[test]
    fn a_file_is_read_once_and_a_failure_is_not_kept() {
        let path = Path::new("an index of this test");
        assert!(cached(path, || Err("gone".to_owned())).is_err());
        assert!(cached(path, || Ok(Index::parse(INDEX))).is_ok());
        assert!(cached(path, || panic!("read twice")).is_ok());
    }
}
