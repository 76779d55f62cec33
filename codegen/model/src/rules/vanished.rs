//! Nothing that was sold vanishes without a word.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::as_written::as_written;
use super::context::{Context, Product};
use super::history::{Recorded, SORTS, renames};
use super::successors;
use crate::diagnostic::Diagnostic;
use crate::lock::LockedItem;
use crate::source::Span;

/// What was sold is declared, renamed or retired.
pub(super) fn what_was_sold_does_not_vanish(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let Some(lock) = context.lock else { return };
    let retired = context.declared.retired.iter().map(|line| (line.value.what.as_str(), line.value.id.as_str()));
    let renamed = renames(context).into_iter().map(|(what, _, was)| (what, was.value.as_str()));
    let meters = context.catalog().renamed.iter().filter(|renamed| renamed.what == "meter");
    let meters = meters.map(|renamed| (renamed.what.as_str(), renamed.from.as_str()));
    let explained: HashSet<(&str, &str)> = retired.chain(renamed).chain(meters).collect();
    let gone = |item: &&LockedItem| {
        let (what, id) = (item.what.as_str(), item.id.as_str());
        let of_product = item.of.split_once('/').filter(|_| what == "price");
        let is_known = item.retired || context.place_of(what, id).is_some() || explained.contains(&(what, id));
        // What is said about a product is said about its prices too.
        !is_known && of_product.is_none_or(|(kind, id)| context.product(kind, id).is_some())
    };
    let recorded = Recorded::of(lock);
    let mut gone: Vec<&LockedItem> = lock.items.iter().filter(gone).collect();
    kinds_are_gone(context, &mut gone, found);
    lookup_keys_are_moved(context, &recorded, &mut gone, found);
    let mut new_ids: HashMap<&str, Vec<&str>> = HashMap::new();
    for item in gone {
        let new_ids = new_ids.entry(&item.what).or_insert_with(|| successors::new_ids(context, lock, &item.what));
        let (what, id) = (&item.what, as_written(&item.id));
        let (was, no_more) = if what == "meter" { ("recorded", "charges nobody any") } else { ("sold", "is sold no") };
        let message = format!("{what} `{id}` was {was}, and is gone");
        let error = |(span, label)| Diagnostic::error("id-vanished", span, message.clone()).label(label);
        let diagnostic = match successors::among(context, lock, new_ids, item) {
            Some((new, span)) => {
                error((span, "its new id?")).help(format!("if `{new}` is its new id, say so: `was: {id}`"))
            }
            None if what == "price" => match successors::unrecorded_prices(context, &recorded, item).as_slice() {
                [] => error(place(context, item)),
                [(key, span), others @ ..] => {
                    let keys = others.iter().fold(format!("`{}`", as_written(key)), |keys, (key, _)| {
                        format!("{keys} or `{}`", as_written(key))
                    });
                    let first = error((*span, "has another lookup key?"));
                    let error = others.iter().fold(first, |error, (_, span)| error.also(*span, "or has this one?"));
                    error.help(format!(
                        "if {keys} is the same price, keep the key that it was sold under: `lookup_key: {id}`"
                    ))
                }
            },
            None if what == "coupon" => error(place(context, item)),
            None if what == "meter" => error(place(context, item))
                .help(format!("if it only has a new id, it still listens to `event_name: {}`", item.of)),
            None => error(place(context, item)).help(format!("if it has a new id, say so there: `was: {id}`")),
        };
        found.push(diagnostic.help(format!("if it {no_more} more, add it to `retired:`: `{}`", line(item))));
    }
}

/// Products of a kind that is no longer declared, or all of one sort, vanish by one edit, and are one problem.
fn kinds_are_gone(context: &Context<'_>, gone: &mut Vec<&LockedItem>, found: &mut Vec<Diagnostic>) {
    let is_kind = |what: &str| SORTS.contains(&what) || context.place_of("kind", what).is_some();
    let has_none = |what: &str| is_kind(what) && what != "price" && context.ids_of(what).is_empty();
    for (what, items) in several(gone, |item| has_none(&item.what).then_some(&*item.what)) {
        let (first, more) = (as_written(&items[0].id), items.len() - 1);
        let message = format!("all that was sold as {what} is gone: `{first}` and {more} more");
        let (span, label) = place(context, items[0]);
        found.push(
            Diagnostic::error("id-vanished", span, message)
                .label(label)
                .help(format!("if they are sold no more, add each to `retired:`: `{}` …", line(items[0]))),
        );
        gone.retain(|item| item.what != what);
    }
    for (kind, items) in grouped(gone, |item| (!is_kind(&item.what)).then_some(&*item.what)) {
        let sold = match items.len() {
            1 => "one product was".to_owned(),
            count => format!("{count} products were"),
        };
        let message = format!("the kind `{kind}` is gone, of which {sold} sold");
        let is_one = |id: &str| items.iter().any(|item| item.id == id);
        let renamed = context.products.iter().find(|product| is_one(&product.item.id.value));
        let new_kind = |product: &Product<'_>| (product.kind_item.id.span, "holds what was sold as one");
        let (span, label) = renamed.map_or_else(|| place(context, items[0]), new_kind);
        found.push(
            Diagnostic::error("id-vanished", span, message)
                .label(label)
                .help(format!("keep its id `{kind}`: its `title`, `plural` and `table` may have other names"))
                .help(format!(
                    "if it shall go, or have another id, say what is sold no more: {}",
                    retired_lines(&items)
                )),
        );
        gone.retain(|item| item.what != kind);
    }
}

/// Lookup keys that a pattern gives move together by one edit, and are one problem: where it is.
fn lookup_keys_are_moved<'a>(
    context: &Context<'a>,
    recorded: &Recorded<'_>,
    gone: &mut Vec<&LockedItem>,
    found: &mut Vec<Diagnostic>,
) {
    let of_kind = |item: &LockedItem| item.of.split_once('/').map(|(kind, _)| kind.to_owned());
    for (kind, items) in several(gone, |item| item.of.split_once('/').filter(|_| item.what == "price").map(|of| of.0)) {
        let products = context.products.iter().filter(|product| product.kind_item.id.value == kind);
        let keys: Vec<&str> = products.clone().flat_map(keys_from_pattern).collect();
        let kept = keys.iter().any(|key| recorded.contains("price", key));
        let Some(product) = products.clone().next().filter(|_| !kept && keys.len() >= items.len()) else { continue };
        let (count, first) = (items.len(), as_written(&items[0].id));
        let pattern = product.kind.lookup_key.as_ref().map_or(product.kind_item.id.span, |pattern| pattern.span);
        let message =
            format!("{count} prices were sold under lookup keys that the pattern no longer gives: `{first}` …");
        found.push(
            Diagnostic::error("id-vanished", pattern, message)
                .help(format!("keep the pattern, or give each price its own key: `lookup_key: {first}`"))
                .help(format!("if those keys are used no more, add each to `retired:`: `{}` …", line(items[0]))),
        );
        gone.retain(|item| item.what != "price" || of_kind(item).as_deref() != Some(&kind));
    }
}

/// The lookup keys of a product's prices that say none of their own.
fn keys_from_pattern<'a>(product: &Product<'a>) -> Vec<&'a str> {
    let keys = product.meant.prices.iter().map(|price| price.lookup_key.as_str());
    let from_pattern = product.price_places().map(|place| place.written_lookup_key().is_none());
    keys.zip(from_pattern).filter(|(_, from_pattern)| *from_pattern).map(|(key, _)| key).collect()
}

/// `retired: [hosting/hosting, hosting/mail]`, as it can be copied, however many they are.
fn retired_lines(items: &[&LockedItem]) -> String {
    let lines: Vec<String> = items.iter().map(|item| line(item)).collect();
    format!("`retired: [{}]`", lines.join(", "))
}

/// `price/plan_pro_monthly`, as `retired:` takes it.
fn line(item: &LockedItem) -> String {
    as_written(&format!("{}/{}", item.what, item.id)).into_owned()
}

/// What vanished, by what it has in common; what stands alone in that is left out.
fn several<'a>(
    gone: &[&'a LockedItem],
    common: impl Fn(&'a LockedItem) -> Option<&'a str>,
) -> Vec<(String, Vec<&'a LockedItem>)> {
    grouped(gone, common).into_iter().filter(|(_, items)| items.len() > 1).collect()
}

/// What vanished, by what it has in common.
fn grouped<'a>(
    gone: &[&'a LockedItem],
    common: impl Fn(&'a LockedItem) -> Option<&'a str>,
) -> Vec<(String, Vec<&'a LockedItem>)> {
    let mut groups: BTreeMap<&str, Vec<&LockedItem>> = BTreeMap::new();
    for item in gone {
        if let Some(common) = common(item) {
            groups.entry(common).or_default().push(item);
        }
    }
    groups.into_iter().map(|(common, items)| (common.to_owned(), items)).collect()
}

/// Where it stood, with what it was there: the product of a price, the section of the rest. Where that is gone too, its kind,
/// or else where more can be retired: the last line of `retired:`, or `catalog:`.
fn place(context: &Context<'_>, gone: &LockedItem) -> (Span, &'static str) {
    let what = gone.what.as_str();
    let product =
        || gone.of.split_once('/').filter(|_| what == "price").and_then(|(kind, id)| context.place_of(kind, id));
    let section = match what {
        "feature" => Some("features"),
        "coupon" => Some("coupons"),
        "meter" => Some("meters"),
        kind => context.catalog().kind(kind).map(|kind| kind.plural.as_str()),
    };
    let head = || section.and_then(|section| context.declared.heads.get(section)).copied();
    let catalog = || context.declared.catalog.as_ref().map_or_else(Span::default, |catalog| catalog.span);
    let rest = || context.declared.retired.last().map_or_else(catalog, |line| line.span);
    let at = |span: Option<Span>, label| span.map(|span| (span, label));
    at(product(), "was one of its prices")
        .or_else(|| at(head(), "stood in a section of this name"))
        .or_else(|| at(context.place_of("kind", what), "was of this kind"))
        .unwrap_or_else(|| (rest(), "nothing of its sort is left"))
}
