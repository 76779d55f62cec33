//! The section of one kind: its products, with the kind's own attributes and price keys.

use pricebook_model::Catalog;
use pricebook_model::catalog::{Attribute, AttributeType, Kind};
use pricebook_model::limits::TextOf;
use pricebook_types::FeatureKind;
use serde_json::{Map, Value, json};

use super::limits::{self, metadata};
use super::words::{
    PRODUCT_ID, SNAKE_ID, boolean, choice, date, decimal, definition, list, map, object, pattern, percent, positive,
    reasons, text,
};

/// Price keys that say how often they are charged; any other needs `interval:`.
const KEYS_WITH_INTERVAL: [&str; 7] = ["one_time", "daily", "weekly", "monthly", "quarterly", "semiannual", "yearly"];

pub(super) fn section(catalog: &Catalog, kind: &Kind) -> Value {
    let mut required = vec!["name"];
    if kind.attributes.iter().any(|attribute| attribute.required) {
        required.push("attributes");
    }
    if !kind.prices.required.is_empty() || kind.prices.min > 0 {
        required.push("prices");
    }
    let product = object(
        &kind.description,
        &required,
        [
            ("name", limits::text("The name for people.", TextOf::Name)),
            ("description", limits::text("What it is.", TextOf::ProductDescription)),
            ("active", boolean("Whether it can be bought; default true.")),
            ("coming_soon", boolean("Announced, not yet sold; needs `active: false`.")),
            ("free", boolean("Costs nothing: every amount is 0.")),
            ("was", pattern("The id before a rename.", PRODUCT_ID)),
            ("tax_code", text("Stripe's tax code: `txcd_…`.")),
            ("statement_descriptor", limits::text("What stands on bank statements.", TextOf::StatementDescriptor)),
            ("unit_label", limits::text("What one unit is: `seat`.", TextOf::UnitLabel)),
            ("images", images()),
            ("url", limits::text("A page about it.", TextOf::Url)),
            ("shippable", boolean("Whether it is shipped.")),
            ("package_dimensions", package_dimensions()),
            ("attributes", attributes(catalog, kind)),
            ("metadata", metadata_of_product()),
            ("marketing_features", marketing_features()),
            ("features", grants(catalog)),
            ("deposit", deposit()),
            ("prices", prices(kind)),
            ("accept", reasons()),
        ],
    );
    map(&format!("{}: its products.", kind.title), PRODUCT_ID, product)
}

fn attributes(catalog: &Catalog, kind: &Kind) -> Value {
    let required: Vec<&str> =
        kind.attributes.iter().filter(|attribute| attribute.required).map(|attribute| attribute.id.as_str()).collect();
    let properties = kind.attributes.iter().map(|attribute| (attribute.id.as_str(), value(catalog, attribute)));
    object("The attributes of the kind.", &required, properties)
}

fn value(catalog: &Catalog, attribute: &Attribute) -> Value {
    let description = attribute.description.as_str();
    match &attribute.ty {
        AttributeType::Text { max: None } => json!({ "type": "string", "description": description }),
        AttributeType::Text { max: Some(max) } => {
            json!({ "type": "string", "maxLength": max, "description": description })
        }
        AttributeType::Integer { min, max } => {
            let mut schema = json!({ "type": "integer", "description": description });
            for (key, bound) in [("minimum", min), ("maximum", max)] {
                if let Some(bound) = bound {
                    schema[key] = json!(bound);
                }
            }
            schema
        }
        AttributeType::Decimal => {
            json!({ "type": ["number", "string"], "pattern": r"^-?[0-9]+(\.[0-9]+)?$", "description": description })
        }
        AttributeType::Boolean => boolean(description),
        AttributeType::Date => date(description),
        AttributeType::OneOf(values) => choice(description, values),
        AttributeType::Enum(name) => {
            let values =
                catalog.enums.iter().find(|e| e.name == *name).map(|e| e.values.as_slice()).unwrap_or_default();
            choice(description, values.iter().map(|(value, _)| value))
        }
        AttributeType::List => list(description, json!({ "type": "string" })),
    }
}

fn metadata_of_product() -> Value {
    metadata("Free key-value data.", "^(pricebook_|features$)", |target| target.metadata_keys)
}

fn marketing_features() -> Value {
    let lines = list("Lines for the price list.", limits::text("One line.", TextOf::MarketingFeature));
    limits::at_most(lines, "maxItems", |target| target.marketing_features)
}

fn images() -> Value {
    let images = list("Addresses of pictures.", limits::text("A picture.", TextOf::Image));
    limits::at_most(images, "maxItems", |target| target.images)
}

fn package_dimensions() -> Value {
    let sides = [
        ("height", "The height in inches."),
        ("length", "The length in inches."),
        ("weight", "The weight in ounces."),
        ("width", "The width in inches."),
    ];
    let required = sides.map(|(side, _)| side);
    object("The package that it is shipped in.", &required, sides.map(|(side, about)| (side, dimension(about))))
}

/// Two decimal places; of a bare number only the build can tell, for no floating-point number is a multiple of 0.01.
fn dimension(description: &str) -> Value {
    let mut schema = positive(description);
    schema["pattern"] = json!(r"^[0-9]+(\.[0-9]{1,2})?$");
    schema
}

fn grants(catalog: &Catalog) -> Value {
    let properties = catalog.features.iter().map(|feature| {
        let grant = match feature.kind {
            FeatureKind::Switch => boolean(&feature.name),
            FeatureKind::Quantity => json!({
                "description": feature.name,
                "anyOf": [{ "type": "integer", "minimum": 0, "maximum": u64::MAX }, { "const": "unlimited" }],
            }),
        };
        (feature.id.as_str(), grant)
    });
    object("What the product grants.", &[], properties)
}

fn deposit() -> Value {
    let share = object(
        "A share of the price.",
        &["percent"],
        [
            ("percent", percent("Of 100.")),
            ("rounding", choice("Where the share is no whole minor unit.", ["up", "down", "half_even"])),
        ],
    );
    let amount = object(
        "A fixed amount.",
        &["amount"],
        [("amount", decimal("Major units of the first price's currency.")), ("currencies", definition("currencies"))],
    );
    json!({ "description": "What must be paid first.", "anyOf": [{ "const": "full" }, share, amount] })
}

fn prices(kind: &Kind) -> Value {
    let policy = &kind.prices;
    let price = |key: &str| match KEYS_WITH_INTERVAL.contains(&key) {
        true => definition("price"),
        false => definition("price_with_interval"),
    };
    let about = "Prices by their keys; the first is the primary one.";
    let mut schema = if policy.allowed.is_empty() {
        let known: Map<String, Value> = KEYS_WITH_INTERVAL.iter().map(|key| ((*key).to_owned(), price(key))).collect();
        let mut schema = map(about, SNAKE_ID, definition("price_with_interval"));
        schema["properties"] = known.into();
        schema
    } else {
        object(about, &[], policy.allowed.iter().map(|key| (key.as_str(), price(key))))
    };
    schema["required"] = json!(policy.required);
    schema["minProperties"] = json!(policy.min);
    if let Some(max) = policy.max {
        schema["maxProperties"] = json!(max);
    }
    schema
}
