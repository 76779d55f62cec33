//! The way back: the desired state of an earlier catalog, made to know what came after it.

use std::borrow::Cow;
use std::collections::HashSet;

use pricebook_types::stripe::{Desired, Price, Retired, owned};

use super::desired::{reference, text};

/// What an account must be to be as `earlier` says again, where it may be as `present` says. What only the present catalog
/// has is retired, and what it has renamed is known by its name of today.
///
/// # Errors
/// [`OtherCatalog`].
pub fn back_to(mut earlier: Desired<'static>, present: &Desired<'_>) -> Result<Desired<'static>, OtherCatalog> {
    if earlier.meta.catalog != present.meta.catalog {
        return Err(OtherCatalog {
            earlier: earlier.meta.catalog.into_owned(),
            present: present.meta.catalog.to_string(),
        });
    }
    follow_renames(&mut earlier, present);
    let wanted = wanted(&earlier);
    let later = present.retired.iter().cloned().map(owned_retired).chain(everything(present));
    let known: HashSet<(String, String)> = earlier.retired.iter().map(|gone| name(gone)).chain(wanted).collect();
    let mut seen = HashSet::new();
    let gone: Vec<_> = later.filter(|gone| !known.contains(&name(gone)) && seen.insert(name(gone))).collect();
    earlier.retired.extend(gone);
    Ok(earlier)
}

/// The state is that of another catalog.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("that is the catalog {earlier}, and this program's is {present}")]
pub struct OtherCatalog {
    /// What was given.
    pub earlier: String,
    /// The program's.
    pub present: String,
}

fn name(retired: &Retired<'_>) -> (String, String) {
    (retired.what.to_string(), retired.id.to_string())
}

/// What the state wants, under its own names and those by which it knows it, too.
fn wanted(state: &Desired<'_>) -> Vec<(String, String)> {
    let former = state.products.iter().flat_map(|product| &product.was).filter_map(|was| was.split_once('/'));
    let former = former.map(|(kind, id)| (kind.to_owned(), id.to_owned()));
    let prices = state.prices.iter().flat_map(|price| &price.was);
    // A feature that has another name again is archived under the one that it had: no name of it is wanted but its own.
    everything(state)
        .map(|known| name(&known))
        .chain(former)
        .chain(prices.map(|key| ("price".to_owned(), key.to_string())))
        .collect()
}

/// Everything that a state has, as it would be retired.
fn everything(state: &Desired<'_>) -> impl Iterator<Item = Retired<'static>> {
    let gone = |what: &str, id: &str| retired(what, id, None);
    let products = state.products.iter().filter_map(|product| reference(product).split_once('/'));
    let meters = state.meters.iter().map(|meter| retired("meter", &meter.id, Some(&meter.params.event_name)));
    products
        .map(move |(kind, id)| gone(kind, id))
        .chain(state.prices.iter().map(move |price| gone("price", &price.params.lookup_key)))
        .chain(state.features.iter().map(move |feature| gone("feature", &feature.params.lookup_key)))
        .chain(state.coupons.iter().map(move |coupon| gone("coupon", &coupon.params.id)))
        .chain(meters)
        .collect::<Vec<_>>()
        .into_iter()
}

fn retired(what: &str, id: &str, event_name: Option<&str>) -> Retired<'static> {
    let owned = |text: &str| Cow::Owned(text.to_owned());
    Retired { what: owned(what), id: owned(id), event_name: event_name.map(owned) }
}

fn owned_retired(gone: Retired<'_>) -> Retired<'static> {
    retired(&gone.what, &gone.id, gone.event_name.as_deref())
}

/// Where the present catalog calls something otherwise, the account may know it by that name only.
fn follow_renames(earlier: &mut Desired<'static>, present: &Desired<'_>) {
    let owned = |text: &str| Cow::Owned(text.to_owned());
    for product in &mut earlier.products {
        let own = text(&product.params.metadata, owned::PRODUCT).to_owned();
        let renamed = present.products.iter().filter(|now| reference(now) != own);
        let names = renamed.filter(|now| now.was.iter().any(|was| *was == own)).map(|now| owned(reference(now)));
        prepend(&mut product.was, names.collect());
    }
    for price in &mut earlier.prices {
        let own = price.params.lookup_key.clone();
        // The object of a grandfathered price was this one when it was sold.
        let is_it = |now: &&Price<'_>| now.was.contains(&own) || now.replaced_by.as_ref() == Some(&own);
        let renamed = present.prices.iter().filter(|now| now.params.lookup_key != own).filter(is_it);
        prepend(&mut price.was, renamed.map(|now| owned(&now.params.lookup_key)).collect());
    }
    for feature in &mut earlier.features {
        let own = feature.params.lookup_key.clone();
        let renamed = present.features.iter().filter(|now| now.params.lookup_key != own && now.was.contains(&own));
        prepend(&mut feature.was, renamed.map(|now| owned(&now.params.lookup_key)).collect());
    }
}

fn prepend(was: &mut Vec<Cow<'static, str>>, names: Vec<Cow<'static, str>>) {
    for name in names {
        if !was.contains(&name) {
            was.insert(0, name);
        }
    }
}
