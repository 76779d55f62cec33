//! `features:`, `meters:` and `groups:`.

use pricebook_types::FeatureKind;

use super::fields::Fields;
use super::read::{self, Diagnostics};
use super::reasons::{Reasons, reasons};
use crate::catalog::Aggregation;
use crate::parse::Entry;
use crate::source::Spanned;

/// A feature as written.
#[derive(Debug)]
pub struct FeatureDecl {
    /// For people.
    pub name: Spanned<String>,
    /// What it is.
    pub description: Option<Spanned<String>>,
    /// Switch or quantity.
    pub kind: Spanned<FeatureKind>,
    /// What a quantity counts.
    pub unit: Option<Spanned<String>>,
    /// The id before a rename.
    pub was: Option<Spanned<String>>,
}

/// A meter as written.
#[derive(Debug)]
pub struct MeterDecl {
    /// For people.
    pub name: Spanned<String>,
    /// The name of its events.
    pub event_name: Spanned<String>,
    /// How events add up.
    pub aggregation: Option<Spanned<Aggregation>>,
}

/// A group as written.
#[derive(Debug)]
pub struct GroupDecl {
    /// For people.
    pub name: Spanned<String>,
    /// A kind's id.
    pub kind: Spanned<String>,
    /// Product ids, from the lowest to the highest.
    pub products: Vec<Spanned<String>>,
    /// Lint rules that are accepted, with their reasons.
    pub accepts: Reasons,
}

pub(super) fn feature(entry: &Entry<'_>, diagnostics: &mut Diagnostics) -> Option<FeatureDecl> {
    let mut fields = Fields::of(&entry.value, entry.key_span, "a feature", diagnostics)?;
    let name = fields.required("name", diagnostics, read::label);
    let kind = fields.required("type", diagnostics, |node, diagnostics| {
        read::choice(node, &[("switch", FeatureKind::Switch), ("quantity", FeatureKind::Quantity)], diagnostics)
    });
    let description = fields.optional("description", diagnostics, read::text);
    let unit = fields.optional("unit", diagnostics, read::label);
    let was = fields.optional("was", diagnostics, read::id);
    let sound = fields.finish(diagnostics);
    sound.then_some(FeatureDecl { name: name?, description, kind: kind?, unit, was })
}

pub(super) fn meter(entry: &Entry<'_>, diagnostics: &mut Diagnostics) -> Option<MeterDecl> {
    let mut fields = Fields::of(&entry.value, entry.key_span, "a meter", diagnostics)?;
    let name = fields.required("name", diagnostics, read::label);
    let event_name = fields.required("event_name", diagnostics, read::label);
    let aggregation = fields.optional("aggregation", diagnostics, |node, diagnostics| {
        let words = [("sum", Aggregation::Sum), ("count", Aggregation::Count), ("last", Aggregation::Last)];
        read::choice(node, &words, diagnostics)
    });
    let sound = fields.finish(diagnostics);
    sound.then_some(MeterDecl { name: name?, event_name: event_name?, aggregation })
}

pub(super) fn group(entry: &Entry<'_>, diagnostics: &mut Diagnostics) -> Option<GroupDecl> {
    let mut fields = Fields::of(&entry.value, entry.key_span, "a group", diagnostics)?;
    let name = fields.required("name", diagnostics, read::label);
    let kind = fields.required("kind", diagnostics, read::label);
    let products =
        fields.required("products", diagnostics, |node, diagnostics| read::list(node, diagnostics, read::label));
    let accepts = fields.optional("accept", diagnostics, reasons).unwrap_or_default();
    let sound = fields.finish(diagnostics);
    sound.then_some(GroupDecl { name: name?, kind: kind?, products: products?, accepts })
}
