//! The top-level keys of all files: which section each is, and its entries in order.

use std::collections::{BTreeSet, HashMap};

use super::misplaced::{Misplaced, Place};
use super::read::{self, Diagnostics, IdForm};
use super::unknown_sections::UnknownSections;
use super::{Declarations, Item, catalog, coupons, features, kinds, products, records};
use crate::diagnostic::Diagnostic;
use crate::parse::{Entry, Parsed, Value};
use crate::side_by_side;
use crate::source::{FileId, Sources, Span, Spanned};

/// The sections that are not products of a kind.
pub(super) const SECTIONS: &[&str] =
    &["catalog", "kinds", "features", "meters", "groups", "coupons", "retired", "enums", "records"];

/// How many items of a section a thread reads before it takes others.
const AT_ONCE: usize = 250;

/// Reads what all files declare, in the order of the files.
pub fn declare(sources: &Sources, files: &[Parsed<'_>], diagnostics: &mut Diagnostics) -> Declarations {
    let is_whole = |file: &Parsed<'_>| matches!(file, Parsed::Empty | Parsed::Sections { whole: true, .. });
    let torn = files.iter().zip(0..).filter(|(file, _)| !is_whole(file));
    let incomplete: BTreeSet<FileId> = torn.map(|(_, index)| FileId(index)).collect();
    let mut sections = Sections {
        kinds_are_known: incomplete.is_empty(),
        declarations: Declarations { incomplete, ..Declarations::default() },
        ..Sections::default()
    };
    let entries = || {
        files.iter().zip(sources.files()).flat_map(|(file, source)| match file {
            Parsed::Sections { entries, .. } => entries.iter().map(|entry| (entry, source.base)).collect(),
            Parsed::Empty | Parsed::Unreadable => Vec::new(),
        })
    };
    for (section, base) in entries().filter(|(section, _)| section.key == "kinds") {
        sections.kinds(section, base, diagnostics);
    }
    sections.declarations.products.resize_with(sections.declarations.kinds.len(), Vec::new);
    for (section, base) in entries().filter(|(section, _)| section.key != "kinds") {
        sections.section(section, base, diagnostics);
    }
    let known = SECTIONS.iter().copied().chain(sections.plurals.keys().map(String::as_str)).collect();
    let no_kinds = sections.declarations.kinds.is_empty();
    UnknownSections { known, kinds_are_known: sections.kinds_are_known, no_kinds }
        .report(&entries().map(|(section, _)| section).collect::<Vec<_>>(), diagnostics);
    sections.require_catalog(sources, diagnostics);
    sections.declarations
}

#[derive(Default)]
struct Sections {
    declarations: Declarations,
    /// Kinds by the key of their products' section.
    plurals: HashMap<String, usize>,
    /// Whether every kind could be read, so that it is known where products stand.
    kinds_are_known: bool,
    /// Where each id was declared first, by section, and whether the runtime did it.
    seen: HashMap<String, HashMap<String, (Span, bool)>>,
}

impl Sections {
    fn kinds(&mut self, section: &Entry<'_>, base: bool, diagnostics: &mut Diagnostics) {
        let items = self.items(section, base, "kind", IdForm::Snake, diagnostics, kinds::kind);
        self.kinds_are_known &= self.declarations.is_complete() && items.is_some();
        for item in items.unwrap_or_default() {
            self.kinds_are_known &= item.body.is_some();
            let declared = item.body.as_ref().and_then(|kind| kind.plural.clone());
            let span = declared.as_ref().map_or(item.id.span, |plural| plural.span);
            let plural = declared.map_or_else(|| format!("{}s", item.id.value), |plural| plural.value);
            // Where a kind has no section of its own, nobody knows which of the others holds its products.
            let is_taken = SECTIONS.contains(&&*plural) || self.plurals.contains_key(&plural);
            self.kinds_are_known &= !is_taken;
            if is_taken {
                self.declarations.incomplete.insert(span.file);
            }
            if SECTIONS.contains(&&*plural) {
                let message =
                    format!("`{plural}` is a section of its own and cannot hold the products of `{}`", item.id.value);
                diagnostics
                    .push(Diagnostic::error("section-taken", span, message).help("give the kind another `plural:`"));
            } else if let Some(other) = self.plurals.get(&plural) {
                let other = &self.declarations.kinds[*other];
                let message = format!("`{plural}` already holds the products of `{}`", other.id.value);
                diagnostics.push(
                    Diagnostic::error("section-taken", span, message)
                        .also(other.id.span, "declared here")
                        .help("give one of the kinds another `plural:`"),
                );
            } else {
                self.plurals.insert(plural, self.declarations.kinds.len());
            }
            self.declarations.kinds.push(item);
        }
    }

    fn section(&mut self, section: &Entry<'_>, base: bool, diagnostics: &mut Diagnostics) {
        if !base {
            self.declarations.heads.entry(section.key.clone().into_owned()).or_insert(section.key_span);
        }
        let snake = IdForm::Snake;
        match &*section.key {
            "catalog" => self.catalog(section, diagnostics),
            "features" => {
                let items = self.items(section, base, "feature", snake, diagnostics, features::feature);
                self.declarations.features.extend(items.unwrap_or_default());
            }
            "meters" => {
                let items = self.items(section, base, "meter", snake, diagnostics, features::meter);
                self.declarations.meters.extend(items.unwrap_or_default());
            }
            "groups" => {
                let items = self.items(section, base, "group", snake, diagnostics, features::group);
                self.declarations.groups.extend(items.unwrap_or_default());
            }
            "coupons" => {
                let items = self.items(section, base, "coupon", IdForm::Coupon, diagnostics, coupons::coupon);
                self.declarations.coupons.extend(items.unwrap_or_default());
            }
            "enums" => {
                let items = self.items(section, base, "enum", snake, diagnostics, records::enumeration);
                self.declarations.enums.extend(items.unwrap_or_default());
            }
            "records" => {
                let items = self.items(section, base, "record", snake, diagnostics, records::record);
                self.declarations.records.extend(items.unwrap_or_default());
            }
            "retired" => match read::list(&section.value, diagnostics, coupons::retired) {
                Some(retired) => self.declarations.retired.extend(retired),
                None => self.is_incomplete(section),
            },
            _ => self.products(section, base, diagnostics),
        }
    }

    fn products(&mut self, section: &Entry<'_>, base: bool, diagnostics: &mut Diagnostics) {
        // The report is made with those of the sections that nobody declares.
        let Some(&kind) = self.plurals.get(&*section.key).filter(|_| !products::is_product(section)) else {
            self.is_incomplete(section);
            return;
        };
        let what = self.declarations.kinds[kind].id.value.clone();
        let items = self.items(section, base, &what, IdForm::Product, diagnostics, products::product);
        self.declarations.products[kind].extend(items.unwrap_or_default());
    }

    fn catalog(&mut self, section: &Entry<'_>, diagnostics: &mut Diagnostics) {
        match &self.declarations.catalog {
            None => self.declarations.catalog = Some(catalog::catalog(section, diagnostics)),
            Some(first) => diagnostics.push(
                Diagnostic::error("duplicate-id", section.key_span, "`catalog:` stands in the catalog twice")
                    .label("again")
                    .also(first.span, "first here")
                    .help("move what it says to the first one, and remove this one"),
            ),
        }
    }

    /// The entries of a section whose keys are ids; a second declaration of an id is reported and left out.
    fn items<T>(
        &mut self,
        section: &Entry<'_>,
        base: bool,
        what: &str,
        form: IdForm,
        diagnostics: &mut Diagnostics,
        body: impl Fn(&Entry<'_>, &mut Diagnostics) -> Option<T> + Sync,
    ) -> Option<Vec<Item<T>>>
    where
        T: Send,
    {
        let Some(entries) = read::entries(&section.value, diagnostics) else {
            self.is_incomplete(section);
            return None;
        };
        if !self.seen.contains_key(&*section.key) {
            self.seen.insert(section.key.clone().into_owned(), HashMap::new());
        }
        let seen = self.seen.get_mut(&*section.key)?;
        seen.reserve(entries.len());
        let mut items = Vec::with_capacity(entries.len());
        let mut misplaced = Misplaced::default();
        for (entry, (read, mut found)) in entries.iter().zip(bodies(entries, &body)) {
            let before = diagnostics.len();
            diagnostics.append(&mut found);
            match misplaced.look(entry, read.is_some(), before, &body, diagnostics) {
                Place::Own => {}
                Place::Doubtful => {
                    self.declarations.incomplete.insert(section.key_span.file);
                }
                Place::Above => {
                    items.last_mut().into_iter().for_each(|above: &mut Item<T>| above.body = None);
                    continue;
                }
                Place::Unknown => {
                    self.declarations.incomplete.insert(section.key_span.file);
                    continue;
                }
            }
            let Some(id) = read::checked_id(&entry.key, entry.key_span, form, diagnostics) else {
                self.declarations.incomplete.insert(section.key_span.file);
                continue;
            };
            if entry.value.value == Value::Refused {
                self.declarations.doubled.insert(what.to_owned());
            }
            if let Some(first) = seen.get(&id.value) {
                diagnostics.push(declared_twice(what, &id, *first));
                self.declarations.doubled.insert(what.to_owned());
                continue;
            }
            seen.insert(id.value.clone(), (id.span, base));
            items.push(Item { id, base, body: read });
        }
        Some(items)
    }

    fn is_incomplete(&mut self, section: &Entry<'_>) {
        self.declarations.incomplete.insert(section.key_span.file);
    }

    fn require_catalog(&self, sources: &Sources, diagnostics: &mut Diagnostics) {
        if self.declarations.catalog.is_some() || !self.declarations.is_complete() {
            return;
        }
        let own = sources.files().iter().position(|source| !source.base);
        let file = FileId(own.unwrap_or_default() as u32);
        let span = Span { file, start: 0, end: 0 };
        diagnostics.push(
            Diagnostic::error("missing-catalog", span, "no file says `catalog:`")
                .help("add `catalog: { name: acme, title: Acme, currency: usd }` to one of the files"),
        );
    }
}

/// What `body` makes of each entry, and what it finds there.
fn bodies<T: Send>(
    entries: &[Entry<'_>],
    body: &(impl Fn(&Entry<'_>, &mut Diagnostics) -> Option<T> + Sync),
) -> impl Iterator<Item = (Option<T>, Diagnostics)> {
    let parts: Vec<_> = entries.chunks(AT_ONCE).collect();
    let read = |entry| {
        let mut found = Vec::new();
        (body(entry, &mut found), found)
    };
    side_by_side::each(parts.len(), |part| parts[part].iter().map(read).collect::<Vec<_>>()).into_iter().flatten()
}

/// The files of the runtime are none that an author of a catalog knows.
fn declared_twice(what: &str, id: &Spanned<String>, (first, base): (Span, bool)) -> Diagnostic {
    if base {
        let message = format!("the {what} `{}` is one that pricebook brings", id.value);
        let help =
            format!("choose another id; what pricebook brings is there already, and may be used as `{}`", id.value);
        return Diagnostic::error("duplicate-id", id.span, message).label("taken").help(help);
    }
    Diagnostic::error("duplicate-id", id.span, format!("the {what} `{}` is declared twice", id.value))
        .label("again")
        .also(first, "first here")
        .help("remove one of them, or give one another id")
}
