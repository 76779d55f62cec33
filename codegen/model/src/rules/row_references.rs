//! References of kinds' tables: the rows that they lead to are rows of the catalog, and are written before.

use std::collections::{BTreeSet, HashSet};

use super::context::{Context, Product};
use super::key_values::values;
use super::tables::Table;
use crate::catalog::{ColumnSource, Kind};
use crate::decl::ColumnDecl;
use crate::diagnostic::Diagnostic;
use crate::nearest;
use crate::source::Span;

/// A column that a sync fills, and the kind that it refers to.
struct Reference<'a> {
    kind: &'a Kind,
    column: &'a ColumnDecl,
    source: &'a ColumnSource,
    to_table: &'a str,
    to_column: &'a str,
}

fn all<'a>(context: &'a Context<'_>) -> Vec<Reference<'a>> {
    let mut all = Vec::new();
    for kind in &context.catalog().kinds {
        let Some(table) = context.table(&kind.table) else { continue };
        for (column, source) in table.meant().columns.iter().zip(&kind.sources) {
            let Some(decl) = table.column(&column.name).and_then(|column| column.decl) else { continue };
            let Some(to) = decl.references.as_ref().filter(|_| *source != ColumnSource::Default) else { continue };
            let (to_table, to_column) = (to.value.table.as_str(), to.value.column.as_str());
            all.push(Reference { kind, column: decl, source, to_table, to_column });
        }
    }
    all
}

impl<'a> Reference<'a> {
    /// The kind whose rows are referred to, with its table, where the column there is known.
    fn target<'c>(&self, context: &'c Context<'_>) -> Option<(&'c Kind, &'c Table<'c>)> {
        let kind = context.catalog().kinds.iter().find(|kind| kind.table == self.to_table)?;
        let table = context.table(self.to_table)?;
        table.column(self.to_column).map(|_| (kind, table))
    }

    fn span(&self) -> Span {
        self.column.references.as_ref().map_or(self.column.name.span, |reference| reference.span)
    }
}

/// What a sync writes refers to keys of kinds' tables only: of other rows it knows nothing, and other columns change.
pub(super) fn references_of_products_lead_to_products(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for reference in all(context) {
        let name = &reference.column.name.value;
        match reference.target(context) {
            Some((_, table)) if table.primary_key() == [reference.to_column] => {}
            Some((_, table)) if table.is_unique(&[reference.to_column]) => {
                let message = format!("`{name}` refers to a value of `{}` that may change", table.name);
                found.push(Diagnostic::error("reference-to-no-product", reference.span(), message).help(format!(
                    "refer to the key: `references: {}.{}`",
                    table.name,
                    table.primary_key()[0]
                )));
            }
            None if context.table(reference.to_table).is_some_and(|table| table.is_unique(&[reference.to_column])) => {
                let message = format!("`{name}` refers to rows of `{}`, which are no products", reference.to_table);
                found.push(
                    Diagnostic::error("reference-to-no-product", reference.span(), message)
                        .help("remove `references:`: whether such a row is there, a sync cannot know"),
                );
            }
            // What is wrong with it is reported of any reference.
            _ => {}
        }
    }
}

/// References between kinds' tables go in no circle, so that rows can be written after those that they refer to.
pub(super) fn references_of_products_go_in_no_circle(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let all = all(context);
    let mut in_a_circle: HashSet<&str> = HashSet::new();
    for reference in &all {
        let mut path = vec![reference];
        if in_a_circle.contains(reference.kind.table.as_str()) || !leads_to(&all, &reference.kind.table, &mut path) {
            continue;
        }
        in_a_circle.extend(path.iter().map(|step| step.kind.table.as_str()));
        let message = match path.as_slice() {
            [_] => format!("rows of `{}` refer to rows of the same table", reference.to_table),
            _ => format!("the tables of {} kinds refer to each other in a circle", path.len()),
        };
        let steps = path.iter().skip(1);
        found.push(
            steps
                .fold(Diagnostic::error("circular-reference", reference.span(), message), |diagnostic, step| {
                    diagnostic.also(step.span(), "which refers on")
                })
                .help("remove one `references:`: of two rows that refer to each other none can be written first"),
        );
    }
}

/// Follows the references from the end of the path, which becomes one to the table.
fn leads_to<'a>(all: &'a [Reference<'a>], table: &str, path: &mut Vec<&'a Reference<'a>>) -> bool {
    let Some(at) = path.last().map(|last| last.to_table) else { return false };
    if at == table {
        return true;
    }
    for next in all.iter().filter(|reference| reference.kind.table == at) {
        if path.iter().any(|step| step.kind.table == next.kind.table) {
            continue;
        }
        path.push(next);
        if leads_to(all, table, path) {
            return true;
        }
        path.pop();
    }
    false
}

/// What a product refers to is a product. Rows that refer to their own table are reported as such.
pub(super) fn referenced_products_are_there(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for reference in all(context).iter().filter(|reference| reference.to_table != reference.kind.table) {
        let Some((target, table)) = reference.target(context) else { continue };
        let at = table.meant().columns.iter().position(|column| column.name == reference.to_column);
        let Some(source) = at.map(|at| &target.sources[at]) else { continue };
        // Of a kind of which a product is not sound nobody knows all values.
        let declared = context.declared.kinds.iter().position(|kind| kind.id.value == target.id);
        if declared.is_some_and(|at| context.declared.products[at].len() != products_of(context, target).count()) {
            continue;
        }
        let known = products_of(context, target).flat_map(|product| key_of(product, target, source));
        let known: BTreeSet<String> = known.collect();
        let missed = products_of(context, reference.kind).flat_map(|product| {
            let values = key_of(product, reference.kind, reference.source);
            values.into_iter().filter(|value| !known.contains(value)).map(move |value| (product, value))
        });
        // What nobody wrote to refer to anything is one mistake: that of the column.
        let written = matches!(reference.source, ColumnSource::Attribute(_));
        for (product, value) in missed.take(if written { usize::MAX } else { 1 }) {
            let (id, column) = (&product.item.id.value, &reference.column.name.value);
            let message = format!("`{id}` has `{value}` in `{column}`, and no row of `{}` has it", table.name);
            let place = place(product, reference.source);
            let diagnostic = Diagnostic::error("unknown-referenced-product", place, message)
                .also(reference.span(), "what it refers to");
            found.push(nearest::help(diagnostic, &value, known.iter().map(String::as_str)));
        }
    }
}

fn products_of<'c, 'a>(context: &'c Context<'a>, kind: &'c Kind) -> impl Iterator<Item = &'c Product<'a>> {
    context.products.iter().filter(move |product| product.meant.kind == kind.id)
}

/// The value as it stands in a key.
fn key_of(product: &Product<'_>, kind: &Kind, source: &ColumnSource) -> Vec<String> {
    match source {
        ColumnSource::Id => vec![product.meant.id.clone()],
        source => values(product, kind.amounts, source),
    }
}

fn place(product: &Product<'_>, source: &ColumnSource) -> Span {
    let attribute = match source {
        ColumnSource::Attribute(id) => product.body.attributes.iter().find(|(name, _)| name.value == *id),
        _ => None,
    };
    attribute.map_or(product.item.span(), |(_, value)| value.span)
}
