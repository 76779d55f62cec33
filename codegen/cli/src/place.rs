//! Where the things of a catalog are declared.

use std::collections::HashMap;

use pricebook_model::Sources;
use pricebook_model::decl::{Declarations, declare};
use pricebook_model::parse::parse;
use pricebook_model::source::{FileId, Position, Span};

use crate::changes::Subject;

/// The places of what a catalog's files declare, by what it is.
pub(crate) struct Places {
    by_subject: HashMap<String, Position>,
}

impl Places {
    /// Reads the declarations of a catalog that is known to be sound.
    pub(crate) fn of(sources: &Sources) -> Self {
        let mut diagnostics = Vec::new();
        let files: Vec<_> = (0..)
            .zip(sources.files())
            .map(|(number, file)| parse(FileId(number), &file.text, &mut diagnostics))
            .collect();
        let declarations = declare(sources, &files, &mut diagnostics);
        let mut places = Vec::new();
        products(&declarations, &mut places);
        places.extend(declarations.features.iter().map(|item| (format!("feature/{}", item.id.value), item.span())));
        places.extend(declarations.coupons.iter().map(|item| (format!("coupon/{}", item.id.value), item.span())));
        places.extend(declarations.groups.iter().map(|item| (format!("group/{}", item.id.value), item.span())));
        places.extend(declarations.meters.iter().map(|item| (format!("meter/{}", item.id.value), item.span())));
        places.extend(declarations.kinds.iter().map(|item| (format!("kind/{}", item.id.value), item.span())));
        places.extend(declarations.catalog.iter().map(|section| ("catalog".to_owned(), section.span)));
        let environments = declarations.catalog.iter().filter_map(|section| section.body.as_ref());
        let environments = environments.flat_map(|catalog| &catalog.environments);
        places.extend(environments.map(|one| (format!("environment/{}", one.id.value), one.id.span)));
        let retired = declarations.retired.iter();
        places.extend(retired.map(|line| (format!("{}/{}", line.value.what, line.value.id), line.span)));
        let by_subject = places.into_iter().map(|(subject, span)| (subject, sources.position(span))).collect();
        Self { by_subject }
    }

    /// Where a subject is declared, or else what it belongs to.
    pub(crate) fn find(&self, subject: &Subject) -> Option<&Position> {
        let path = subject.path();
        self.by_subject.get(&path).or_else(|| self.by_subject.get(path.rsplit_once('/')?.0))
    }
}

fn products(declarations: &Declarations, places: &mut Vec<(String, Span)>) {
    for (kind, products) in declarations.kinds.iter().zip(&declarations.products) {
        for product in products {
            let path = format!("{}/{}", kind.id.value, product.id.value);
            for price in product.body.iter().flat_map(|body| &body.prices) {
                places.push((format!("{path}/{}", price.key.value), price.key.span));
                for former in &price.grandfathered {
                    places.push((format!("{path}/{}", former.key.value), former.key.span));
                }
            }
            places.push((path, product.span()));
        }
    }
}
