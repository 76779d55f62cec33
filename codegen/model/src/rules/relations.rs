//! Names in a database: of tables, indexes, keys, checks and triggers, written in the catalog or given by themselves.

use std::collections::{HashMap, HashSet};

use super::context::Context;
use super::tables::Table;
use crate::diagnostic::Diagnostic;
use crate::limits::NameSpace;
use crate::lower::names;
use crate::source::{Span, Spanned};

/// A name that a database keeps.
struct Named<'a> {
    name: String,
    span: Span,
    of: Of<'a>,
}

/// What has the name.
enum Of<'a> {
    Table(&'a str),
    /// An index or a reference, in words, whose name stands in the catalog, with its table.
    Written(&'static str, &'a str),
    /// What has its name from its table and its column.
    Given {
        what: &'static str,
        table: &'a str,
        column: Option<String>,
        base: bool,
    },
}

/// What shares a name space in some database has different names there.
pub(super) fn names_in_a_database_are_unique(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let mut first: HashMap<(NameSpace, &str, String), Named<'_>> = HashMap::new();
    let mut tables = HashSet::new();
    // Two tables of one name are reported of their own.
    let tables: Vec<_> = context.tables.iter().filter(|table| tables.insert(table.name)).collect();
    let names = tables.iter().map(|table| (NameSpace::Relations, "", Named::table(table)));
    for (space, within, named) in names.chain(tables.iter().flat_map(|table| all(context, table))) {
        match first.get(&(space, within, named.name.clone())) {
            None => drop(first.insert((space, within, named.name.clone()), named)),
            Some(earlier) => found.push(report(earlier, &named)),
        }
    }
}

/// The names that a table brings besides its own, each with its name space.
fn all<'a>(context: &Context<'_>, table: &Table<'a>) -> Vec<(NameSpace, &'a str, Named<'a>)> {
    let mut all = Vec::new();
    for index in table.indexes() {
        all.push((NameSpace::Relations, "", Named::written(table, &index.name, "index")));
    }
    for name in table.foreign_key_names() {
        all.push((NameSpace::Relations, "", Named::written(table, name, "foreign key")));
        all.push((NameSpace::Constraints, table.name, Named::written(table, name, "foreign key")));
    }
    for column in &table.columns {
        let of_column = |name, what| Named::given(table, name, what, Some(column.name.to_owned()));
        if column.unique {
            let named = of_column(names::of_unique(table.name, column.name), "unique constraint");
            all.push((NameSpace::Relations, "", named));
        }
        if column.decl.is_some_and(|decl| decl.references.is_some()) {
            let named = of_column(names::of_reference(table.name, column.name), "foreign key");
            all.push((NameSpace::Relations, "", named));
        }
    }
    let mut seen = HashSet::new();
    for given in context.limits.iter().filter_map(|target| target.given).flat_map(|given| given(table.meant())) {
        if seen.insert(given.name.clone()) {
            let within = if given.space == NameSpace::Constraints { table.name } else { "" };
            all.push((given.space, within, Named::given(table, given.name, given.what, given.column)));
        }
    }
    all
}

impl<'a> Named<'a> {
    fn table(table: &Table<'a>) -> Self {
        Self { name: table.name.to_owned(), span: table.span, of: Of::Table(table.name) }
    }

    fn written(table: &Table<'a>, name: &Spanned<String>, what: &'static str) -> Self {
        Self { name: name.value.clone(), span: name.span, of: Of::Written(what, table.name) }
    }

    fn given(table: &Table<'a>, name: String, what: &'static str, column: Option<String>) -> Self {
        let span = column.as_ref().and_then(|column| table.column(column)).map_or(table.span, |column| column.span);
        Self { name, span, of: Of::Given { what, table: table.name, column, base: table.base } }
    }

    fn in_words(&self) -> String {
        match &self.of {
            Of::Table(name) => format!("the table `{name}`"),
            Of::Written(what, _) => format!("the {what} `{}`", self.name),
            Of::Given { what, table, column: Some(column), .. } => format!("the {what} of `{table}.{column}`"),
            Of::Given { what, table, column: None, .. } => format!("the {what} of `{table}`"),
        }
    }
}

fn report(earlier: &Named<'_>, named: &Named<'_>) -> Diagnostic {
    if let (Of::Written(other, _), Of::Written(what, table)) = (&earlier.of, &named.of) {
        let name = named.name.as_str();
        let prefix = if *what == "index" { "idx_" } else { "fk_" };
        return Diagnostic::error("duplicate-index", named.span, format!("`{name}` is the name of another {other}"))
            .also(earlier.span, "of this one")
            .help(format!("name it after its table: `{prefix}{table}_{}`", name.trim_start_matches(prefix)));
    }
    // What has its name from others follows when they are renamed.
    let (named, earlier) = match (&earlier.of, &named.of) {
        (Of::Written(..), Of::Given { .. }) => (earlier, named),
        _ => (named, earlier),
    };
    let message = format!("{} and {} are both called `{}`", earlier.in_words(), named.in_words(), named.name);
    let diagnostic = Diagnostic::error("duplicate-index", named.span, message).also(earlier.span, "the other");
    if let Of::Written(what, _) = named.of {
        return diagnostic.help(format!("choose another name for the {what}"));
    }
    let own = |named: &&Named<'_>| matches!(named.of, Of::Given { base: false, .. });
    match [named, earlier].into_iter().find(own).map(|named| &named.of) {
        Some(Of::Given { what: "unique constraint", table, column: Some(column), .. }) => diagnostic.help(format!(
            "give one a name of its own: in place of `unique: true`, under `unique:` of `{table}`, `NAME: [{column}]`"
        )),
        Some(Of::Given { what: "foreign key", table, .. }) => diagnostic
            .help(format!("give one a name of its own: in place of `references:`, under `foreign_keys:` of `{table}`")),
        _ => diagnostic.help("rename one of them"),
    }
}
