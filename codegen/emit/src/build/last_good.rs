//! The last good items of a catalog, for a build of a broken one: our diagnostics as compile errors above them.
//!
//! Without the items, rustc would drown the report in unresolved names. Items of a name that is new in the broken
//! catalog cannot be had, so then there is nothing but the report.

use std::collections::BTreeSet;
use std::path::PathBuf;

use pricebook_model::Sources;

use super::{Failure, folder, history::read_if_there};
use crate::Artifact;

const WORDS: &str = "catalog.words";
const END_OF_ERRORS: &str = "// Below are the items of the last catalog that had no problems.\n";
/// More than anybody reads at once; the rest is shown by `cargo catalog check`.
const MOST_ERRORS: usize = 50;

/// A folder of the build that holds what a catalog became when it was last without problems.
#[derive(Clone, Debug)]
pub struct LastGood {
    folder: PathBuf,
}

impl LastGood {
    /// The file of the items.
    pub const ITEMS: &str = "catalog.rs";

    /// In this folder, which nothing else writes to.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// Keeps what a sound catalog became: [`Self::ITEMS`] and what else a build reads.
    ///
    /// # Errors
    /// Where the system refuses.
    pub fn keep(&self, mut items: Vec<Artifact>, sources: &Sources) -> Result<(), Failure> {
        items.push(words(sources));
        folder::write(&self.folder, &items).map(drop)
    }

    /// Puts the problems of a broken catalog as `compile_error!`s above the kept items, and returns both.
    ///
    /// `None` where no items are kept, or where the catalog has words that they cannot know.
    ///
    /// # Errors
    /// Where the system refuses.
    pub fn above(&self, failure: &Failure, sources: &Sources) -> Result<Option<String>, Failure> {
        let read = |name: &str| read_if_there(&self.folder.join(name));
        let (Some(items), Some(known)) = (read(Self::ITEMS)?, read(WORDS)?) else { return Ok(None) };
        let known: BTreeSet<&str> = known.lines().collect();
        if sources.files().iter().flat_map(|file| words_of(&file.text)).any(|word| !known.contains(word)) {
            return Ok(None);
        }
        let items = items.split_once(END_OF_ERRORS).map_or(items.as_str(), |(_, items)| items);
        let text = format!("{}{END_OF_ERRORS}{items}", compile_errors(&failure.compile_errors()));
        folder::write(&self.folder, &[Artifact::new(Self::ITEMS, text.clone())])?;
        Ok(Some(text))
    }
}

/// Every word of the catalog: a name that Rust code may use is one of them.
fn words(sources: &Sources) -> Artifact {
    let words: BTreeSet<&str> = sources.files().iter().flat_map(|file| words_of(&file.text)).collect();
    Artifact::new(WORDS, words.into_iter().map(|word| format!("{word}\n")).collect::<String>())
}

fn words_of(text: &str) -> impl Iterator<Item = &str> {
    text.split(|character: char| !(character.is_ascii_alphanumeric() || character == '_' || character == '-'))
        .filter(|word| word.starts_with(|first: char| first.is_ascii_lowercase()))
}

fn compile_errors(texts: &[String]) -> String {
    let rest = texts.len().saturating_sub(MOST_ERRORS);
    let more = (rest > 0).then(|| format!("{rest} more problems; `cargo catalog check` shows them all"));
    texts.iter().take(MOST_ERRORS).chain(&more).map(|text| format!("::core::compile_error!({text:?});\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_word_and_a_number_is_not() {
        let words: Vec<_> = words_of("plans:\n  market-pulse: { api_access: true, price: 79.00 } # Gold\n").collect();
        assert_eq!(words, ["plans", "market-pulse", "api_access", "true", "price"]);
    }

    #[test]
    fn at_most_fifty_problems_become_compile_errors_and_the_rest_is_counted() {
        let texts: Vec<_> = (0..60).map(|number| format!("error[x]: {number}")).collect();
        let errors = compile_errors(&texts);
        assert_eq!(errors.lines().count(), 51);
        assert!(
            errors.ends_with("compile_error!(\"10 more problems; `cargo catalog check` shows them all\");\n"),
            "{errors}"
        );
    }
}
