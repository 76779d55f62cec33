//! `catalog:` and `kinds:`.

use pricebook_model::Catalog;
use pricebook_model::limits::TextOf;
use serde_json::{Value, json};

use super::words::{SNAKE_ID, boolean, choice, currency, either, integer, list, map, object, pattern, reasons, text};
use super::{limits, prices, tables};

/// `name` or `@scope/name`.
const NPM_PACKAGE: &str = "^(@[a-z0-9][a-z0-9._-]*/)?[a-z0-9][a-z0-9._-]*$";

/// A host and a path.
const LIVE_URL: &str =
    r"^(https://[^\s?#@/:]([^\s?#@]*[^/\s?#@])?|http://(localhost|127\.0\.0\.1)([/:][^\s?#@]*[^/\s?#@])?)$";

pub(super) fn catalog() -> Value {
    let environment = object(
        "A place where the catalog is put to use.",
        &[],
        [
            ("database", text("A Cloudflare D1 name, or the environment variable that holds a database URL.")),
            ("stripe_account", pattern("The Stripe account that keys must belong to.", "^acct_[A-Za-z0-9]+$")),
            ("stripe_mode", choice("Whether live or test keys are expected.", ["live", "test"])),
            (
                "live_url",
                pattern(
                    "Where the live API answers, without a trailing slash; `http://` for localhost only.",
                    LIVE_URL,
                ),
            ),
        ],
    );
    object(
        "Facts about the whole catalog; stands in exactly one file.",
        &["name", "title", "currency"],
        [
            ("name", pattern("A slug: the migration stream and the default npm package.", "^[a-z][a-z0-9_-]{0,63}$")),
            ("title", limits::text("The company's name for people.", TextOf::Title)),
            (
                "npm_package",
                pattern("The npm package that the TypeScript artifact is; default: the name.", NPM_PACKAGE),
            ),
            ("currency", currency("The currency of amounts that name none.")),
            ("tax_behavior", prices::tax_behavior()),
            ("environments", map("Where the catalog is put to use.", SNAKE_ID, environment)),
            ("accept", reasons()),
        ],
    )
}

pub(super) fn kinds(catalog: &Catalog) -> Value {
    let keys = |description| list(description, pattern("A price key.", SNAKE_ID));
    let policy = object(
        "Which prices the products may and must have.",
        &[],
        [
            ("allowed", keys("Price keys that may be used; default any.")),
            ("required", keys("Price keys that every product must have.")),
            ("min", integer("At least so many prices.", 0)),
            ("max", integer("At most so many prices; grandfathered ones do not count.", 0)),
        ],
    );
    let stripe = object(
        "What stands for what in Stripe.",
        &[],
        [
            ("product_per", choice("What a Stripe product stands for.", ["product", "price"])),
            ("name", text("The Stripe product's name, a pattern: `{name} ({price.label})`.")),
        ],
    );
    let kind = object(
        "A family of products.",
        &[],
        [
            ("title", limits::text("For people; default the id in words.", TextOf::Title)),
            ("plural", pattern("The top-level key of its products; default the id and an s.", SNAKE_ID)),
            ("description", text("What it is.")),
            ("prices", policy),
            ("attributes", map("Typed attributes of its products.", SNAKE_ID, attribute(catalog))),
            ("local_id", text("A pattern: `plan_{id}_{price}`.")),
            ("lookup_key", text("A pattern, different for every price: `plan_{id}_{price}`.")),
            ("stripe", stripe),
            ("table", tables::kind_table()),
            ("accept", reasons()),
        ],
    );
    map("Families of products.", SNAKE_ID, kind)
}

fn attribute(catalog: &Catalog) -> Value {
    const PLAIN: [&str; 6] = ["text", "integer", "decimal", "boolean", "date", "list"];
    let long = object(
        "A typed attribute.",
        &["type"],
        [
            ("type", choice("Its type.", PLAIN.into_iter().chain(["one_of", "enum"]))),
            ("description", text("What it is.")),
            ("was", pattern("The id before a rename.", SNAKE_ID)),
            ("required", boolean("Whether every product must give it.")),
            ("default", json!({ "description": "What products have that do not give it." })),
            ("min", json!({ "type": "integer", "description": "The least, for integers." })),
            ("max", json!({ "type": "integer", "description": "The most, for integers; characters, for texts." })),
            (
                "values",
                json!({ "type": "array", "minItems": 1, "items": { "type": "string" }, "description": "For one_of." }),
            ),
            (
                "enum",
                json!({
                    "type": "string",
                    "description": "For enum: the name of an enum.",
                    "examples": catalog.enums.iter().map(|e| e.name.as_str()).collect::<Vec<_>>(),
                }),
            ),
        ],
    );
    either(choice("A type that needs no more words.", PLAIN), long)
}
