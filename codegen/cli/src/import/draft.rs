//! A catalog in the making: what a source holds, as YAML, compiled until only what compiles is left.

use std::collections::BTreeSet;

use pricebook_emit::build::Package;
use pricebook_model::{Catalog, Source, Sources};
use pricebook_types::Currency;

use super::note::{Failure, Note};
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
    /// The kind's id.
    pub(super) kind: String,
    /// The section of its products.
    pub(super) plural: String,
    /// What `kinds:` says of it.
    pub(super) kind_body: Yaml,
    /// `meters:`.
    pub(super) meters: Vec<(String, Yaml)>,
    /// In order.
    pub(super) products: Vec<DraftProduct>,
}

/// A product.
#[derive(Clone, Debug)]
pub(super) struct DraftProduct {
    /// Its id in the catalog.
    pub(super) id: String,
    /// Where it stands in the source, for notes.
    pub(super) place: String,
    /// Its fields.
    pub(super) body: Yaml,
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

impl Draft {
    /// Compiles the draft; a product that a rule of the catalog refuses is left out with a note.
    pub(super) fn compile(mut self, mut notes: Vec<Note>) -> Result<Imported, Failure> {
        loop {
            let (products_text, first_lines) = self.products_file();
            let products_path = format!("{}.yaml", self.plural);
            let files = vec![("catalog.yaml".to_owned(), self.catalog_file()), (products_path.clone(), products_text)];
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
                let product = first_lines.partition_point(|first| *first <= position.line).checked_sub(1);
                match product.filter(|_| position.file == products_path) {
                    Some(index) => {
                        let product = &self.products[index];
                        notes.push(Note::new(&product.place, format!("product {}", product.id), why));
                        refused.insert(index);
                    }
                    None => general.push(Note::new(&self.origin, diagnostic.code, why)),
                }
            }
            if refused.is_empty() {
                notes.extend(general);
                return Err(Failure::Source(notes));
            }
            let mut index = 0;
            self.products.retain(|_| {
                index += 1;
                !refused.contains(&(index - 1))
            });
        }
    }

    fn catalog_file(&self) -> String {
        let mut entries = vec![
            (
                "catalog".to_owned(),
                Yaml::map([
                    ("name", Some(Yaml::text(&*self.name))),
                    ("title", Some(Yaml::text(&*self.name))),
                    ("currency", Some(Yaml::plain(self.currency.code()))),
                ]),
            ),
            ("kinds".to_owned(), Yaml::Map(vec![(self.kind.clone(), self.kind_body.clone())])),
        ];
        if !self.meters.is_empty() {
            entries.push(("meters".to_owned(), Yaml::Map(self.meters.clone())));
        }
        format!("{}{}\n", self.head(), yaml::document(&entries))
    }

    /// The products' file, and the line on which each product begins.
    fn products_file(&self) -> (String, Vec<usize>) {
        let mut text = self.head();
        if self.products.is_empty() {
            return (text, Vec::new());
        }
        text.push_str(&format!("{}:\n", self.plural));
        let mut line = text.lines().count() + 1;
        let mut first_lines = Vec::with_capacity(self.products.len());
        for product in &self.products {
            let entry = yaml::entry(&product.id, &product.body, 2);
            first_lines.push(line);
            line += entry.lines().count();
            text.push_str(&entry);
        }
        (text, first_lines)
    }

    fn head(&self) -> String {
        format!("# Imported from {}.\n", self.origin.replace(char::is_control, " "))
    }
}

fn sources(files: &[(String, String)]) -> Sources {
    let own = files.iter().map(|(path, text)| Source { path: path.clone(), text: text.clone(), base: false });
    Package::with_base(own.collect())
}

/// A text as an id: lower case, letters and digits, everything else one `_`; `None` where nothing is left.
pub(super) fn slug(text: &str) -> Option<String> {
    let words: Vec<String> = text
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    let slug = words.join("_");
    match slug.chars().next()? {
        'a'..='z' => Some(slug),
        _ => Some(format!("n{slug}")),
    }
}

/// Whether a text can be a product's id.
pub(super) fn is_product_id(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-'))
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
