//! Features, meters and groups.

use super::{Lowered, reasons};
use crate::catalog::{Aggregation, Feature, Group, Meter};
use crate::decl::Declarations;

pub(super) fn lower<'d>(declarations: &'d Declarations, lowered: &mut Lowered<'d>) {
    for item in &declarations.features {
        let Some(decl) = &item.body else { continue };
        lowered.places.features.push(item);
        lowered.catalog.features.push(Feature {
            id: item.id.value.clone(),
            name: decl.name.value.clone(),
            description: decl.description.as_ref().map(|text| text.value.clone()).unwrap_or_default(),
            was: decl.was.as_ref().map(|was| was.value.clone()),
            kind: decl.kind.value,
            unit: decl.unit.as_ref().map(|unit| unit.value.clone()),
        });
    }
    for item in &declarations.meters {
        let Some(decl) = &item.body else { continue };
        lowered.places.meters.push(item);
        lowered.catalog.meters.push(Meter {
            id: item.id.value.clone(),
            name: decl.name.value.clone(),
            event_name: decl.event_name.value.clone(),
            aggregation: decl.aggregation.as_ref().map_or(Aggregation::Sum, |aggregation| aggregation.value),
        });
    }
    for item in &declarations.groups {
        let Some(decl) = &item.body else { continue };
        lowered.places.groups.push(item);
        lowered.catalog.groups.push(Group {
            id: item.id.value.clone(),
            name: decl.name.value.clone(),
            kind: decl.kind.value.clone(),
            products: decl.products.iter().map(|product| product.value.clone()).collect(),
            accepts: reasons(&decl.accepts),
        });
    }
}
