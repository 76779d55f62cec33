//! Declarations to a [`Catalog`]: names resolved, patterns applied, amounts exact.
//!
//! What was reported while it was read is left out, so that nothing follows from it. What a rule reports later (unknown
//! references, collisions, limits …) is carried over as it stands.

mod amounts;
mod attributes;
mod columns;
mod coupons;
mod deposit;
mod display;
mod features;
mod interval;
mod kinds;
pub mod money;
pub mod names;
mod pattern;
mod places;
mod prices;
mod products;
mod tables;

pub(crate) use attributes::{DATE_WORDS, is_date};
pub use columns::{DEFAULT_COLUMNS, SOURCES};
pub use display::{Announced, SIGNS};
pub use interval::{KNOWN_KEYS, known_interval, known_label};
pub use places::{Places, PricePlace, TablePlace};

use std::collections::HashMap;

use crate::catalog::{Catalog, Environment, Retired, Value};
use crate::decl::catalog::CatalogBody;
use crate::decl::{Declarations, EnumDecl, MetadataDecl, Reasons};
use crate::diagnostic::Diagnostic;

/// A catalog with the way back to its declarations.
#[derive(Debug)]
pub struct Lowered<'d> {
    /// What is sound, with an empty hash.
    pub catalog: Catalog,
    /// Where it was declared.
    pub places: Places<'d>,
}

/// What lowering one part needs to know of the others.
struct Context<'d> {
    catalog: &'d CatalogBody,
    enums: HashMap<&'d str, Option<&'d EnumDecl>>,
    features: HashMap<&'d str, usize>,
}

/// Lowers what is sound; `None` where `catalog:` itself is not.
pub fn lower<'d>(declarations: &'d Declarations, diagnostics: &mut Vec<Diagnostic>) -> Option<Lowered<'d>> {
    let body = declarations.catalog.as_ref()?.body.as_ref()?;
    let context = Context {
        catalog: body,
        enums: declarations.enums.iter().map(|item| (&*item.id.value, item.body.as_ref())).collect(),
        features: declarations.features.iter().enumerate().map(|(index, item)| (&*item.id.value, index)).collect(),
    };
    let mut lowered = Lowered { catalog: empty(body), places: Places::default() };
    features::lower(declarations, &mut lowered);
    coupons::lower(declarations, body.currency.value, &mut lowered, diagnostics);
    lowered.catalog.retired = (declarations.retired.iter())
        .map(|retired| Retired {
            of: None,
            what: retired.value.what.clone(),
            id: retired.value.id.clone(),
            event_name: None,
            accepts: reasons(&retired.accepts),
        })
        .collect();
    tables::enums(declarations, &mut lowered);
    tables::records(declarations, true, &mut lowered);
    kinds::lower(declarations, &context, &mut lowered, diagnostics);
    tables::records(declarations, false, &mut lowered);
    Some(lowered)
}

/// The rules that are accepted, with their reasons.
fn reasons(accepts: &Reasons) -> Vec<(String, String)> {
    accepts.iter().map(|(rule, reason)| (rule.value.clone(), reason.value.clone())).collect()
}

/// Metadata without its places.
fn metadata(declared: &MetadataDecl) -> Vec<(String, Value)> {
    declared.iter().map(|(key, value)| (key.value.clone(), value.value.clone())).collect()
}

fn empty(body: &CatalogBody) -> Catalog {
    let environments = body.environments.iter().map(|environment| Environment {
        id: environment.id.value.clone(),
        database: environment.database.as_ref().map(|text| text.value.clone()),
        stripe_account: environment.stripe_account.as_ref().map(|text| text.value.clone()),
        stripe_live: environment.stripe_live.as_ref().is_some_and(|live| live.value),
        live_url: environment.live_url.as_ref().map(|text| text.value.clone()),
    });
    let name = body.name.value.clone();
    Catalog {
        npm_package: body.npm_package.as_ref().map_or_else(|| name.clone(), |package| package.value.clone()),
        name,
        title: body.title.value.clone(),
        currency: body.currency.value,
        tax_behavior: body.tax_behavior.as_ref().map(|behavior| behavior.value).unwrap_or_default(),
        environments: environments.collect(),
        kinds: Vec::new(),
        products: Vec::new(),
        features: Vec::new(),
        meters: Vec::new(),
        groups: Vec::new(),
        coupons: Vec::new(),
        retired: Vec::new(),
        formerly_sold: Vec::new(),
        former_keys: Vec::new(),
        renamed: Vec::new(),
        enums: Vec::new(),
        tables: Vec::new(),
        accepts: reasons(&body.accepts),
        hash: String::new(),
    }
}
