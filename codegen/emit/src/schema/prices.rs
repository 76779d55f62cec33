//! A price with everything it may say, as definitions that the kinds' sections refer to.

use pricebook_model::Catalog;
use pricebook_model::limits::{NumberOf, TextOf};
use pricebook_types::Currency;
use serde_json::{Value, json};

use super::limits;
use super::words::{
    SNAKE_ID, boolean, choice, currency, day_of_sale, decimal, definition, described, either, integer, list, object,
    pattern, positive, reasons, text,
};

pub(super) fn tax_behavior() -> Value {
    choice("Whether amounts contain tax.", ["exclusive", "inclusive", "unspecified"])
}

pub(super) fn definitions(catalog: &Catalog) -> Value {
    json!({
        "price": described(
            "A price: its amount, or all that it may say.",
            either(decimal("The amount in major units: 29.00."), price(catalog)),
        ),
        "price_with_interval": {
            "description": "A price whose key does not say how often it is charged.",
            "allOf": [definition("price"), { "type": "object", "required": ["interval"], "additionalProperties": true }],
        },
        "currency": currencies(),
        "currencies": by_currency("Major units in other currencies.", decimal("Major units.")),
        "tiers": tiers(),
        "custom_amount": custom_amount(),
        "steps": steps(),
    })
}

fn price(catalog: &Catalog) -> Value {
    let amounts = || {
        [
            ("amount", decimal("Major units: 29.00.")),
            ("currencies", definition("currencies")),
            ("tiers", definition("tiers")),
            ("custom_amount", definition("custom_amount")),
        ]
    };
    let change = object(
        "An announced change.",
        &["on"],
        amounts().into_iter().chain([("on", day_of_sale("The first day of the new amounts, in UTC."))]),
    );
    let former = object(
        "An amount that is sold no more and that old subscriptions keep.",
        &["key"],
        amounts().into_iter().chain([("key", pattern("Its price key.", SNAKE_ID)), ("lookup_key", lookup_key())]),
    );
    let transform = object(
        "Divide the quantity before pricing.",
        &["divide_by", "round"],
        [
            ("divide_by", limits::number("The size of a pack.", NumberOf::DivideBy)),
            ("round", choice("To whole packs.", ["up", "down"])),
        ],
    );
    let meters: Vec<&str> = catalog.meters.iter().map(|meter| meter.id.as_str()).collect();
    let own = [
        ("currency", currency("The default currency of this price.")),
        ("interval", choice("For keys that say no interval.", ["day", "week", "month", "year", "once"])),
        ("interval_count", integer("So many intervals between two charges.", 1)),
        ("usage", choice("Whether the quantity is set or counted.", ["licensed", "metered"])),
        ("meter", json!({ "type": "string", "description": "What counts the quantity.", "examples": meters })),
        ("unit", limits::text("What one unit is: `call`.", TextOf::Unit)),
        ("label", limits::text("For people: `Monthly`.", TextOf::Label)),
        ("lookup_key", lookup_key()),
        ("trial_days", limits::number("Days before the first charge.", NumberOf::TrialDays)),
        ("tax_behavior", tax_behavior()),
        ("currency_tax_behavior", by_currency("For currencies where it is otherwise.", tax_behavior())),
        (
            "metadata",
            limits::metadata("Free key-value data for Stripe.", "^pricebook_", |target| target.price_metadata_keys),
        ),
        ("active", boolean("Whether it is sold; default true.")),
        ("transform_quantity", transform),
        ("changes", list("Announced changes, active on their day without a new build.", change)),
        ("grandfathered", list("Former amounts.", former)),
        ("accept", reasons()),
    ];
    let mut price = object("A price.", &[], amounts().into_iter().chain(own));
    price["oneOf"] = json!([{ "required": ["amount"] }, { "required": ["tiers"] }, { "required": ["custom_amount"] }]);
    price
}

fn lookup_key() -> Value {
    let about = "The lookup key of an existing Stripe price, instead of the one that the kind's pattern makes.";
    limits::limited(text(about), TextOf::LookupKey)
}

fn custom_amount() -> Value {
    let bounds = || {
        [
            ("minimum", positive("The least, in major units.")),
            ("maximum", positive("The most, in major units.")),
            ("preset", positive("What stands there at first, in major units.")),
        ]
    };
    let others = by_currency("Bounds in other currencies.", object("Bounds in a currency.", &[], bounds()));
    object(
        "Customers choose the amount of what they pay once.",
        &[],
        bounds().into_iter().chain([("currencies", others)]),
    )
}

fn tiers() -> Value {
    object(
        "Amounts that depend on the quantity.",
        &["mode", "steps"],
        [
            (
                "mode",
                choice(
                    "Whether each unit costs what its own tier says, or all what the last says.",
                    ["graduated", "volume"],
                ),
            ),
            ("steps", definition("steps")),
            ("currencies", by_currency("The same steps in other currencies.", definition("steps"))),
        ],
    )
}

fn steps() -> Value {
    let last = json!({
        "description": "The last unit of the tier.",
        "anyOf": [{ "type": "integer", "minimum": 1 }, { "const": "unlimited" }],
    });
    let mut step = object(
        "One tier.",
        &["up_to"],
        [
            ("up_to", last),
            ("unit_amount", decimal("Major units for one unit.")),
            ("flat_amount", decimal("Major units for the tier.")),
        ],
    );
    step["anyOf"] = json!([{ "required": ["unit_amount"] }, { "required": ["flat_amount"] }]);
    json!({ "type": "array", "minItems": 1, "description": "Tiers in order, the last unlimited.", "items": step })
}

fn by_currency(description: &str, value: Value) -> Value {
    json!({
        "type": "object",
        "description": description,
        "propertyNames": definition("currency"),
        "additionalProperties": value,
    })
}

fn currencies() -> Value {
    choice("An ISO 4217 code in lower case.", Currency::ALL.iter().map(|currency| currency.code()))
}
