//! Sections that nobody declares: one report for each that is misspelt, and one for the others of a file.

use super::read::Diagnostics;
use super::sections::SECTIONS;
use super::{fields, products};
use crate::diagnostic::Diagnostic;
use crate::nearest;
use crate::parse::{Entry, Value};

/// What is known of sections.
pub(super) struct UnknownSections<'a> {
    /// The sections that there are.
    pub(super) known: Vec<&'a str>,
    /// Whether every kind could be read: otherwise an unknown section may be one of products.
    pub(super) kinds_are_known: bool,
    /// Whether there is no kind at all, which makes every section of products unknown.
    pub(super) no_kinds: bool,
}

impl UnknownSections<'_> {
    /// Reports the unknown ones of these sections, which stand in the order of their files.
    pub(super) fn report(mut self, sections: &[&Entry<'_>], diagnostics: &mut Diagnostics) {
        self.known.sort_unstable();
        let mut unknown: Vec<&Entry<'_>> =
            sections.iter().copied().filter(|section| !self.known.contains(&&*section.key)).collect();
        for lone in sections.iter().filter(|section| self.is_lone_product(section)) {
            let beside = |other: &&Entry<'_>| other.key_span.file == lone.key_span.file && products::has_name(other);
            let others: Vec<&Entry<'_>> = unknown.iter().copied().filter(beside).collect();
            let report = lone_product(lone, !others.is_empty());
            let report = others.into_iter().fold(report, |report, other| report.also(other.key_span, "and this"));
            unknown.retain(|other| !beside(other));
            diagnostics.push(report);
        }
        let in_one_file = |a: &&Entry<'_>, b: &&Entry<'_>| a.key_span.file == b.key_span.file;
        let is_misspelt = |group: &&[&Entry<'_>]| group.iter().all(|section| self.meant(section).is_some());
        let (misspelt, strange): (Vec<_>, Vec<_>) = unknown.chunk_by(in_one_file).partition(is_misspelt);
        diagnostics.extend(misspelt.iter().copied().flatten().map(|section| self.unknown(section, sections)));
        let kinds_are_meant = misspelt.iter().copied().flatten().any(|section| self.meant(section) == Some("kinds"));
        // A section beside `kinds` may be a kind, whose products stand in the others.
        let kinds = sections.iter().find(|section| section.key == "kinds").map(|kinds| kinds.key_span.file);
        let beside_kinds = strange.iter().any(|group| Some(group[0].key_span.file) == kinds);
        let mut is_reported = false;
        for group in strange {
            let report = match self.above(group[0], sections) {
                Some(above) if above.value.value == Value::Refused => continue,
                Some(above) if above.value.is_nothing() => {
                    diagnostics.retain(|diagnostic| diagnostic.primary.0 != above.value.span);
                    fields::misplaced(above, group[0])
                }
                _ if kinds_are_meant || !self.kinds_are_known => continue,
                _ if beside_kinds && Some(group[0].key_span.file) != kinds => continue,
                // Without any kind, all sections of products are unknown for one reason.
                _ if self.no_kinds && is_reported => continue,
                _ => self.unknown(group[0], sections),
            };
            is_reported = true;
            diagnostics.push(group[1..].iter().fold(report, |report, other| report.also(other.key_span, "nor this")));
        }
    }

    /// Whether a section of products holds one product, because the line of the section or the product is gone.
    fn is_lone_product(&self, section: &Entry<'_>) -> bool {
        !SECTIONS.contains(&&*section.key) && self.known.contains(&&*section.key) && products::is_product(section)
    }

    /// The section that is misspelt; those of products are no help where not all of them are known.
    fn meant(&self, section: &Entry<'_>) -> Option<&str> {
        let known = if self.kinds_are_known { &self.known } else { SECTIONS };
        nearest::nearest(&section.key, known.iter().copied())
    }

    /// The section above in the same file.
    fn above<'n, 's>(&self, section: &Entry<'_>, sections: &[&'n Entry<'s>]) -> Option<&'n Entry<'s>> {
        let above = sections.iter().take_while(|other| other.key_span != section.key_span);
        above.last().copied().filter(|above| above.key_span.file == section.key_span.file)
    }

    fn unknown(&self, section: &Entry<'_>, sections: &[&Entry<'_>]) -> Diagnostic {
        let key = &section.key;
        let message = format!("there is no section `{key}`, and no kind has its products there");
        let diagnostic = Diagnostic::error("unknown-section", section.key_span, message);
        let is_misspelt = self.meant(section).is_some_and(|meant| *meant != format!("{key}s") || !key.ends_with('s'));
        match self.only_empty(sections).filter(|_| !is_misspelt) {
            Some(plural) => diagnostic.help(format!(
                "one kind has its products in `{plural}`, which is nowhere: if these are they, write that, or `plural: {key}` at the kind"
            )),
            None => nearest::help(diagnostic, key, self.known.iter().copied()),
        }
    }

    /// The section of products that no file has, if there is one: a kind that gets another id has another section.
    fn only_empty(&self, sections: &[&Entry<'_>]) -> Option<&str> {
        let is_there = |known: &str| sections.iter().any(|section| section.key == known);
        let mut empty = self.known.iter().filter(|known| !SECTIONS.contains(known) && !is_there(known));
        empty.next().copied().filter(|_| self.kinds_are_known && empty.next().is_none())
    }
}

/// The report of a product that stands where its section should; with others beside it, it has its section's name.
fn lone_product(product: &Entry<'_>, has_others: bool) -> Diagnostic {
    let section = &product.key;
    let message = format!("`{section}` is a section of products, but holds what one product says");
    Diagnostic::error("misplaced-key", product.key_span, message).help(match has_others {
        true => format!("write the section above: `{section}:`, with the products indented below it"),
        false => format!("write the product's id below `{section}:`, and what it says below the id"),
    })
}
