//! `catalog.rs` of a broken catalog: our diagnostics as compile errors above the last good items.
//!
//! Without the items, rustc would drown the report in unresolved names. Items of a name that is new in the broken
//! catalog cannot be had, so then the build script itself fails, and the report is all that cargo shows.

use std::collections::BTreeSet;
use std::path::Path;

use pricebook_model::Sources;

use super::{Failure, folder, history::read_if_there};
use crate::Artifact;

const ITEMS: &str = "catalog.rs";
const WORDS: &str = "catalog.words";
const END_OF_ERRORS: &str = "// Below are the items of the last catalog that had no problems.\n";
/// More than anybody reads at once; the rest is shown by `cargo catalog check`.
const MOST_ERRORS: usize = 50;

/// Every word of the catalog: a name that Rust code may use is one of them.
pub(super) fn words(sources: &Sources) -> Artifact {
    let words: BTreeSet<&str> = sources.files().iter().flat_map(|file| words_of(&file.text)).collect();
    Artifact::new(WORDS, words.into_iter().map(|word| format!("{word}\n")).collect::<String>())
}

fn words_of(text: &str) -> impl Iterator<Item = &str> {
    text.split(|character: char| !(character.is_ascii_alphanumeric() || character == '_' || character == '-'))
        .filter(|word| word.starts_with(|first: char| first.is_ascii_lowercase()))
}

/// Puts the report's problems as `compile_error!`s above the last good items in `out_dir`.
///
/// Returns whether it did: not where there are no such items, or where the catalog has words that they cannot know.
pub(super) fn write(out_dir: &Path, failure: &Failure, sources: &Sources) -> Result<bool, Failure> {
    let (Some(items), Some(known)) = (read_if_there(&out_dir.join(ITEMS))?, read_if_there(&out_dir.join(WORDS))?)
    else {
        return Ok(false);
    };
    let known: BTreeSet<&str> = known.lines().collect();
    if sources.files().iter().flat_map(|file| words_of(&file.text)).any(|word| !known.contains(word)) {
        return Ok(false);
    }
    let items = items.split_once(END_OF_ERRORS).map_or(items.as_str(), |(_, items)| items);
    let text = format!("{}{END_OF_ERRORS}{items}", compile_errors(&failure.texts()));
    folder::write(out_dir, &[Artifact::new(ITEMS, text)])?;
    Ok(true)
}

fn compile_errors(texts: &[String]) -> String {
    let rest = texts.len().saturating_sub(MOST_ERRORS);
    let more = (rest > 0).then(|| format!("{rest} more problems; `cargo catalog check` shows them all"));
    texts
        .iter()
        .take(MOST_ERRORS)
        .chain(&more)
        .map(|text| format!("::core::compile_error!({:?});\n", one(text)))
        .collect()
}

/// rustc prints `error: ` in front of every compile error.
fn one(text: &str) -> &str {
    text.strip_prefix("error").map_or(text, |rest| rest.strip_prefix(": ").unwrap_or(text))
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
