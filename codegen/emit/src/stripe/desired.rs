//! The catalog as the desired state of a Stripe account.

use std::borrow::Cow;

use pricebook_model::Catalog;
use pricebook_model::catalog::{self, Aggregation};
use pricebook_types::stripe::{
    self, AggregationFormula, CustomerMapping, Desired, FeatureParams, MeterParams, ValueSettings, owned,
};

use super::{discounts, metadata, prices, products};
use crate::json;

pub(super) fn lower(catalog: &Catalog) -> Desired<'_> {
    let shapes: Vec<_> = catalog.products.iter().map(|product| (product, products::per(catalog, product))).collect();
    Desired {
        meta: json::meta(catalog),
        environments: catalog.environments.iter().map(environment).collect(),
        meters: catalog.meters.iter().map(meter).collect(),
        features: catalog.features.iter().map(|feature| self::feature(catalog, feature)).collect(),
        products: shapes.iter().flat_map(|(product, per)| products::lower(catalog, product, *per)).collect(),
        prices: shapes.iter().flat_map(|(product, per)| prices::lower(catalog, product, *per)).collect(),
        coupons: catalog.coupons.iter().map(|coupon| discounts::coupon(catalog, coupon)).collect(),
        promotion_codes: catalog
            .coupons
            .iter()
            .flat_map(|coupon| coupon.promotion_codes.iter().map(move |code| (coupon, code)))
            .map(|(coupon, code)| discounts::promotion_code(catalog, coupon, code))
            .collect(),
        retired: catalog.sold_no_more().map(retired).collect(),
    }
}

fn environment(environment: &catalog::Environment) -> stripe::Environment<'_> {
    stripe::Environment {
        id: Cow::Borrowed(&environment.id),
        account: environment.stripe_account.as_deref().map(Cow::Borrowed),
        livemode: environment.stripe_live,
    }
}

fn meter(meter: &catalog::Meter) -> stripe::Meter<'_> {
    stripe::Meter {
        id: Cow::Borrowed(&meter.id),
        params: MeterParams {
            display_name: Cow::Borrowed(&meter.name),
            event_name: Cow::Borrowed(&meter.event_name),
            default_aggregation: stripe::Aggregation {
                formula: match meter.aggregation {
                    Aggregation::Sum => AggregationFormula::Sum,
                    Aggregation::Count => AggregationFormula::Count,
                    Aggregation::Last => AggregationFormula::Last,
                },
            },
            customer_mapping: CustomerMapping {
                event_payload_key: Cow::Borrowed("stripe_customer_id"),
                kind: Cow::Borrowed("by_id"),
            },
            value_settings: ValueSettings { event_payload_key: Cow::Borrowed("value") },
        },
    }
}

fn feature<'a>(catalog: &'a Catalog, feature: &'a catalog::Feature) -> stripe::Feature<'a> {
    let mut desired = stripe::Feature {
        was: catalog.former_ids("feature", &feature.id).map(Cow::Borrowed).collect(),
        params: FeatureParams {
            lookup_key: Cow::Borrowed(&feature.id),
            name: Cow::Borrowed(&feature.name),
            metadata: metadata::ownership(catalog, &feature.id),
        },
    };
    let hash = metadata::hash(&desired.params);
    desired.params.metadata.insert(Cow::Borrowed(owned::HASH), hash);
    desired
}

fn retired(retired: &catalog::Retired) -> stripe::Retired<'_> {
    stripe::Retired {
        what: Cow::Borrowed(&retired.what),
        id: Cow::Borrowed(&retired.id),
        event_name: retired.event_name.as_deref().map(Cow::Borrowed),
    }
}
