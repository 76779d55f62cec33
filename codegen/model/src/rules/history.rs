//! History: ids keep their meaning.

use std::collections::{HashMap, HashSet};

use super::context::Context;
use crate::diagnostic::Diagnostic;
use crate::lock::{Lock, LockedItem};
use crate::nearest;
use crate::schema;
use crate::source::{Span, Spanned};

/// What is recorded and retired beside the products of kinds.
pub(super) const SORTS: &[&str] = &["feature", "price", "coupon", "meter"];

/// No kind has the name of one of these, or `retired:` and the lock could mean either. Those that are names of macros, too,
/// are reserved already.
pub(super) fn kinds_are_no_other_sort(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for item in context.declared.kinds.iter().filter(|item| ["coupon", "meter"].contains(&&*item.id.value)) {
        let id = &item.id.value;
        let plural = item.body.as_ref().and_then(|kind| kind.plural.as_ref());
        // A kind whose section is taken by what it is called like is reported for that.
        if plural.is_some_and(|plural| plural.value != format!("{id}s")) {
            let message = format!("`{id}` is no name for a kind: `retired: [{id}/…]` means the catalog's {id}s");
            found.push(
                Diagnostic::error("reserved-name", item.id.span, message)
                    .help(format!("choose another id, such as `{id}_plan`; its `title` and `plural` may stay")),
            );
        }
    }
}

/// Whether something of this sort can have been sold: a kind that is gone is known to the lock only, and without a lock
/// (migrations are written without it) nothing is known of those.
pub(super) fn is_sort(context: &Context<'_>, what: &str) -> bool {
    let was_sold = |lock: &Lock| lock.items.iter().any(|item| item.what == what);
    SORTS.contains(&what) || context.place_of("kind", what).is_some() || context.lock.is_none_or(was_sold)
}

/// A retired id is not declared again, in this build or any later one.
pub(super) fn retired_ids_are_not_used(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let listed: HashSet<(&str, &str)> =
        context.declared.retired.iter().map(|line| (line.value.what.as_str(), line.value.id.as_str())).collect();
    for line in &context.declared.retired {
        // What cannot be retired at all is reported as such.
        let place = context.place_of(&line.value.what, &line.value.id).filter(|_| is_sort(context, &line.value.what));
        if let Some(span) = place {
            found.push(
                Diagnostic::error("retired-in-use", span, format!("`{}` is retired", line.value.id))
                    .also(line.span, "here")
                    .help(
                        "old subscriptions and invoices keep the id's meaning: choose another id, or do not retire it",
                    ),
            );
        }
    }
    let recorded = || context.lock.iter().flat_map(|lock| &lock.items);
    let retired: HashSet<(&str, &str)> =
        recorded().filter(|item| item.retired).map(|item| (item.what.as_str(), item.id.as_str())).collect();
    // An id that is declared beside the `was:` that names it is reported there.
    let former: HashSet<(&str, &str)> =
        renames(context).into_iter().map(|(what, _, was)| (what, was.value.as_str())).collect();
    let is_former = |item: &LockedItem| former.contains(&(item.what.as_str(), item.id.as_str()));
    for item in recorded().filter(|item| item.retired && !is_former(item)) {
        // A product that has a retired id brings its prices' ids with it.
        let comes_with =
            item.of.split_once('/').filter(|of| item.what == "price" && context.place_of(of.0, of.1).is_some());
        if comes_with.is_some_and(|of| retired.contains(&of) || listed.contains(&of)) {
            continue;
        }
        if !listed.contains(&(item.what.as_str(), item.id.as_str()))
            && let Some(span) = context.place_of(&item.what, &item.id)
        {
            let message = match item.renamed_to.as_str() {
                "" => format!("`{}` was retired", item.id),
                now => format!("`{}` is the former id of `{now}`", item.id),
            };
            found.push(
                Diagnostic::error("retired-in-use", span, message)
                    .help("old subscriptions and invoices keep the id's meaning: choose another id"),
            );
        }
    }
}

/// A line of `retired:` stands once.
pub(super) fn retired_lines_are_different(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let recorded = context.lock.map(Recorded::of);
    // What cannot be retired at all is reported as such, once.
    let is_sold_no_more = |what: &str, id: &str| {
        let was_sold = recorded.as_ref().is_none_or(|recorded| recorded.contains(what, id));
        was_sold && is_sort(context, what) && context.place_of(what, id).is_none()
    };
    let mut first: HashMap<(&str, &str), Span> = HashMap::new();
    for line in &context.declared.retired {
        let key = (line.value.what.as_str(), line.value.id.as_str());
        if !is_sold_no_more(key.0, key.1) {
            continue;
        }
        if let Some(earlier) = first.get(&key) {
            let message = format!("`{}/{}` is retired twice", key.0, key.1);
            found.push(
                Diagnostic::error("repeated-entry", line.span, message)
                    .also(*earlier, "first here")
                    .help("remove one of them"),
            );
        } else {
            first.insert(key, line.span);
        }
    }
}

/// What is retired was sold.
pub(super) fn retired_ids_were_sold(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let Some(recorded) = context.lock.map(Recorded::of) else { return };
    let mut reported = HashSet::new();
    for line in &context.declared.retired {
        let (what, id) = (&line.value.what, &line.value.id);
        let is_unknown = context.place_of(what, id).is_none() && !recorded.contains(what, id);
        if is_unknown && is_sort(context, what) && reported.insert((what, id)) {
            let diagnostic =
                Diagnostic::error("retired-without-history", line.span, format!("no {what} `{id}` was ever sold"));
            found.push(match nearest::nearest(id, recorded.ids_of(what)) {
                Some(meant) => diagnostic.help(format!("did you mean `{what}/{meant}`?")),
                None => diagnostic.help("remove the line: only what was sold needs to be retired"),
            });
        }
    }
}

/// `was:` names an id that is free.
pub(super) fn former_ids_are_declared_no_more(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for (what, id, was) in renames(context) {
        if let Some(span) = context.place_of(what, &was.value) {
            found.push(still_declared(was, id, span));
        }
    }
}

/// `was:` names an id that was recorded.
pub(super) fn former_ids_were_recorded(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let Some(recorded) = context.lock.map(Recorded::of) else { return };
    for (what, _, was) in renames(context) {
        if context.place_of(what, &was.value).is_none() && !recorded.contains(what, &was.value) {
            let diagnostic = never_recorded(what, was);
            found.push(match nearest::nearest(&was.value, recorded.ids_of(what)) {
                Some(meant) => diagnostic.help(format!("did you mean `{meant}`?")),
                None => diagnostic.help("remove `was:`: only an id that was recorded can have been renamed"),
            });
        }
    }
}

/// `was:` of a table or column names one that was migrated, and is there no more.
pub(super) fn former_tables_and_columns_were_migrated(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for table in context.tables.iter().filter(|table| !table.base) {
        let locked =
            |name: &str| context.lock.and_then(|lock| lock.schema.tables.iter().find(|locked| locked.name == name));
        if let Some(was) = table.was {
            let there = context.table(&was.value).map(|other| other.span);
            let before = locked(table.name).filter(|before| before.was.as_ref() == Some(&was.value));
            let known = context.lock.is_none() || before.or_else(|| locked(&was.value)).is_some();
            let migrated = context.lock.iter().flat_map(|lock| &lock.schema.tables);
            let gone = migrated.map(|table| table.name.as_str()).filter(|name| context.table(name).is_none());
            found.extend(former("table", table.name, was, there, known, gone));
        }
        let before = locked(table.name).or_else(|| locked(&table.was?.value));
        for (column, was) in table.columns.iter().filter_map(|column| Some((column, column.decl?.was.as_ref()?))) {
            let there = table.column(&was.value).map(|other| other.span);
            let known = before.is_none_or(|before| had_name(before, column.name, &was.value));
            let migrated = before.iter().flat_map(|before| &before.columns);
            let gone = migrated.map(|column| column.name.as_str()).filter(|name| table.column(name).is_none());
            found.extend(former("column", column.name, was, there, known, gone));
        }
    }
}

/// Whether a column has, or had when it was migrated, its former name: what was renamed may stay said.
pub(super) fn had_name(before: &schema::Table, name: &str, was: &str) -> bool {
    let renamed = before.column(name).is_some_and(|column| column.was.as_deref() == Some(was));
    renamed || before.column(was).is_some()
}

/// What is wrong with a `was:`, if anything; it may have meant one of those that are `gone`.
pub(super) fn former<'a>(
    what: &str,
    name: &str,
    was: &Spanned<String>,
    there: Option<Span>,
    known: bool,
    gone: impl Iterator<Item = &'a str>,
) -> Option<Diagnostic> {
    match there {
        Some(span) => Some(still_declared(was, name, span)),
        None if known => None,
        None => Some(never_recorded(what, was).help(match nearest::nearest(&was.value, gone) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => "remove `was:`: only what was migrated can have been renamed".to_owned(),
        })),
    }
}

fn still_declared(was: &Spanned<String>, id: &str, there: Span) -> Diagnostic {
    let message = format!("`{}` was not renamed to `{id}`: it is still there", was.value);
    Diagnostic::error("was-still-declared", was.span, message)
        .also(there, "here")
        .help("remove `was:`, or the other declaration")
}

fn never_recorded(what: &str, was: &Spanned<String>) -> Diagnostic {
    let article = if what.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    Diagnostic::error("was-never-recorded", was.span, format!("there never was {article} {what} `{}`", was.value))
}

/// Every `was:` of products and features: what, the new id, the old one.
pub(super) fn renames<'a>(context: &Context<'a>) -> Vec<(&'a str, &'a str, &'a Spanned<String>)> {
    let products = context.products.iter().filter_map(|product| {
        Some((product.kind_item.id.value.as_str(), product.item.id.value.as_str(), product.body.was.as_ref()?))
    });
    let features = context
        .declared
        .features
        .iter()
        .filter_map(|feature| Some(("feature", feature.id.value.as_str(), feature.body.as_ref()?.was.as_ref()?)));
    products.chain(features).collect()
}

/// What the lock recorded, by what it is.
pub(super) struct Recorded<'a> {
    ids: HashMap<&'a str, HashSet<&'a str>>,
    items: &'a [LockedItem],
}

impl<'a> Recorded<'a> {
    pub(super) fn of(lock: &'a Lock) -> Self {
        let mut ids: HashMap<&str, HashSet<&str>> = HashMap::new();
        for item in &lock.items {
            ids.entry(&item.what).or_default().insert(&item.id);
        }
        Self { ids, items: &lock.items }
    }

    pub(super) fn contains(&self, what: &str, id: &str) -> bool {
        self.ids.get(what).is_some_and(|ids| ids.contains(id))
    }

    fn ids_of<'b>(&'b self, what: &'b str) -> impl Iterator<Item = &'a str> + 'b {
        self.items.iter().filter(move |item| item.what == what).map(|item| item.id.as_str())
    }
}
