//! A catalog in the making: what a source holds, as YAML, compiled until only what compiles is left.

use std::collections::{BTreeMap, BTreeSet};

use pricebook_emit::build::Package;
use pricebook_model::{Catalog, Source, Sources};
use pricebook_types::Currency;

use super::note::{Failure, Note};
use super::part::Part;
use super::yaml::{self, Yaml};

/// The parts of a catalog.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    /// Where it comes from: `services.config.ts`.
    pub(super) origin: String,
    /// The catalog's name.
    pub(super) name: String,
    /// The default currency.
    pub(super) currency: Currency,
    /// In order.
    pub(super) kinds: Vec<DraftKind>,
    /// `meters:`.
    pub(super) meters: Vec<(String, Yaml)>,
    /// `features:`.
    pub(super) features: Vec<Entry>,
    /// `coupons:`.
    pub(super) coupons: Vec<Entry>,
}

/// A kind with its products.
#[derive(Clone, Debug)]
pub(super) struct DraftKind {
    /// The kind's id.
    pub(super) id: String,
    /// The section of its products.
    pub(super) plural: String,
    /// What `kinds:` says of it.
    pub(super) body: Yaml,
    /// In order.
    pub(super) products: Vec<Entry>,
}

/// A product, feature or coupon.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// Its id in the catalog.
    pub(super) id: String,
    /// Where it stands in the source, for notes.
    pub(super) place: String,
    /// Its fields.
    pub(super) body: Yaml,
    /// Where its prices stand in the source, by their keys, where a part of it can be left out without the rest; empty where
    /// that is its own place.
    pub(super) prices: Option<BTreeMap<String, String>>,
}

/// A catalog that compiles.
#[derive(Debug)]
pub struct Imported {
    /// Relative path and text of each file.
    pub files: Vec<(String, String)>,
    /// What they compile to.
    pub catalog: Catalog,
    /// What is not as it was in the source.
    pub notes: Vec<Note>,
}

/// Why a product is left out with its prices, of which it is said what is wrong with them.
pub(super) const PRICES_LOST: &str = "none of its prices could be taken over";

impl Draft {
    /// Compiles the draft; what a rule of the catalog refuses is left out with a note, no more of it than must be.
    pub(super) fn compile(mut self, mut notes: Vec<Note>) -> Result<Imported, Failure> {
        let mut lost_prices = BTreeSet::new();
        loop {
            let (files, sections) = self.files();
            let report = match pricebook_model::compile(sources(&files), &pricebook_emit::limits(), None) {
                Ok(catalog) if catalog.products.is_empty() => return Err(Failure::Source(notes)),
                Ok(catalog) => return Ok(Imported { files, catalog, notes }),
                Err(report) => report,
            };
            let mut refused = BTreeSet::new();
            let mut general = Vec::new();
            for diagnostic in &report.diagnostics {
                let position = diagnostic.position(&report.sources);
                let why = [std::slice::from_ref(&diagnostic.message), &diagnostic.help].concat().join("; ");
                let section = sections.iter().position(|section| section.path == position.file);
                let entry = section.and_then(|at| Some((at, sections[at].entry_at(position.line)?)));
                match entry {
                    Some((at, (index, line))) => {
                        let entry = &self.section(at)[index];
                        let part = Part::at(entry, line);
                        if part.as_ref().is_some_and(|part| part.what == "price") {
                            lost_prices.insert(entry.id.clone());
                        }
                        let is_consequence =
                            diagnostic.code == "product-without-price" && lost_prices.contains(&entry.id);
                        let why = if is_consequence { PRICES_LOST.to_owned() } else { why };
                        let note = match &part {
                            Some(Part { place, what, fault: Some(fault), .. }) => {
                                Note::left_out(place, what, format!("its {fault}: {why}"))
                            }
                            Some(part) => Note::left_out(&part.place, &*part.what, why),
                            None => Note::left_out(&entry.place, format!("{} {}", sections[at].of, entry.id), why),
                        };
                        // What is said of the tax in a currency that is gone goes without another word.
                        let is_said = |said: &Note| said.left_out && said.place == note.place && said.what == note.what;
                        if !note.what.starts_with("currency_options.") || !notes.iter().any(is_said) {
                            notes.push(note);
                        }
                        // Two faults of one part take it out once.
                        refused.insert((at, index, part.map(Part::whole)));
                    }
                    None => general.push(Note::new(&self.origin, diagnostic.code, why)),
                }
            }
            if refused.is_empty() {
                notes.extend(general);
                return Err(Failure::Source(notes));
            }
            // From behind, so that positions stay true; `None`, the whole entry, comes after its parts.
            for (at, index, part) in refused.into_iter().rev() {
                match part {
                    Some(part) => part.remove_from(&mut self.section(at)[index].body),
                    None => drop(self.section(at).remove(index)),
                }
            }
        }
    }

    /// The entries of a section of [`Self::files`].
    fn section(&mut self, at: usize) -> &mut Vec<Entry> {
        match at.checked_sub(1) {
            None => &mut self.features,
            Some(kind) if kind < self.kinds.len() => &mut self.kinds[kind].products,
            Some(_) => &mut self.coupons,
        }
    }

    /// Every file, and the sections with entries: features before the products that grant them.
    fn files(&self) -> (Vec<(String, String)>, Vec<Section>) {
        let mut files = vec![("catalog.yaml".to_owned(), self.catalog_file())];
        let products = self.kinds.iter().map(|kind| ("product", kind.plural.as_str(), &kind.products));
        let all = std::iter::once(("feature", "features", &self.features)).chain(products);
        let mut sections = Vec::new();
        for (of, key, entries) in all.chain([("coupon", "coupons", &self.coupons)]) {
            let (text, section) = Section::of(of, key, entries, &self.head());
            if !entries.is_empty() || of == "product" {
                files.push((section.path.clone(), text));
            }
            sections.push(section);
        }
        (files, sections)
    }

    fn catalog_file(&self) -> String {
        let kinds = self.kinds.iter().map(|kind| (kind.id.clone(), kind.body.clone()));
        let mut entries = vec![
            (
                "catalog".to_owned(),
                Yaml::map([
                    ("name", Some(Yaml::text(&*self.name))),
                    ("title", Some(Yaml::text(&*self.name))),
                    ("currency", Some(Yaml::plain(self.currency.code()))),
                ]),
            ),
            ("kinds".to_owned(), Yaml::Map(kinds.collect())),
        ];
        if !self.meters.is_empty() {
            entries.push(("meters".to_owned(), Yaml::Map(self.meters.clone())));
        }
        format!("{}{}\n", self.head(), yaml::document(&entries))
    }

    fn head(&self) -> String {
        format!("# Imported from {}.\n", self.origin.replace(char::is_control, " "))
    }
}

/// A file with one section, and where its entries begin.
struct Section {
    /// What its entries are: `product`.
    of: &'static str,
    path: String,
    first_lines: Vec<usize>,
}

impl Section {
    /// The file's text and shape.
    fn of(of: &'static str, key: &str, entries: &[Entry], head: &str) -> (String, Self) {
        let mut text = head.to_owned();
        if !entries.is_empty() {
            text.push_str(&format!("{key}:\n"));
        }
        let mut line = text.lines().count() + 1;
        let mut first_lines = Vec::with_capacity(entries.len());
        for entry in entries {
            let entry = yaml::entry(&entry.id, &entry.body, 2);
            first_lines.push(line);
            line += entry.lines().count();
            text.push_str(&entry);
        }
        (text, Self { of, path: format!("{key}.yaml"), first_lines })
    }

    /// The entry at a line of the file, and how many lines that is below the entry's first one.
    fn entry_at(&self, line: usize) -> Option<(usize, usize)> {
        let index = self.first_lines.partition_point(|first| *first <= line).checked_sub(1)?;
        Some((index, line - self.first_lines[index]))
    }
}

fn sources(files: &[(String, String)]) -> Sources {
    let own = files.iter().map(|(path, text)| Source { path: path.clone(), text: text.clone(), base: false });
    Package::with_base(own.collect())
}

/// The section of a kind's products: `plans` of `plan`, and of `products` itself.
pub(super) fn plural_of(kind: &str) -> String {
    if kind.ends_with('s') { kind.to_owned() } else { format!("{kind}s") }
}

/// `plural:` of a kind, where it is not what a kind has by itself.
pub(super) fn said_plural(kind: &str, plural: &str) -> Option<Yaml> {
    (format!("{kind}s") != plural).then(|| Yaml::plain(plural))
}

/// A text as an id: lower case, letters and digits, everything else one `_`, and of a long text the first words; `None` where
/// nothing is left.
pub(super) fn slug(text: &str) -> Option<String> {
    let words: Vec<String> = text
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    let mut slug = words.join("_");
    if slug.len() > MOST_OF_ID {
        // Letters, digits and `_` are one byte each.
        let end = slug[..=MOST_OF_ID].rfind('_').unwrap_or(MOST_OF_ID);
        slug.truncate(end);
    }
    match slug.chars().next()? {
        'a'..='z' => Some(slug),
        _ => Some(format!("n{slug}")),
    }
}

/// More than this nobody reads as an id, and in lookup keys and columns it must leave room for more.
const MOST_OF_ID: usize = 60;

/// Whether a text can be a product's id.
pub(super) fn is_product_id(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-'))
}

/// Whether a text can be a coupon's id.
pub(super) fn is_coupon_id(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
}

/// Whether a text can be the key of a price.
pub(super) fn is_key(text: &str) -> bool {
    is_product_id(text) && !text.contains('-')
}

/// `wanted`, or `wanted_2`, `wanted_3` … where it is taken.
pub(super) fn unique(wanted: String, taken: &mut BTreeSet<String>) -> String {
    let mut name = wanted.clone();
    let mut number = 2;
    while !taken.insert(name.clone()) {
        name = format!("{wanted}_{number}");
        number += 1;
    }
    name
}
