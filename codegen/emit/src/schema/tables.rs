//! `enums:`, `records:` and the tables of kinds.

use pricebook_model::lower::SOURCES;
use serde_json::{Value, json};

use super::words::{SNAKE_ID, boolean, choice, described, either, map, object, pattern, some, text};

/// `text(255)?`, or an enum's name.
const COLUMN_TYPE: &str = r"^(text(\([0-9]+\))?|decimal\( ?[0-9]+, ?[0-9]+ ?\)|[a-z][a-z0-9_]*)\??$";

/// `ServiceInstance`.
const TYPE_NAME: &str = "^[A-Z][A-Za-z0-9]*$";

pub(super) fn enums() -> Value {
    let with_descriptions =
        json!({ "type": "object", "minProperties": 1, "additionalProperties": { "type": "string" } });
    let values = described(
        "The values in order, or the values with their descriptions.",
        either(
            some("The values in order.", text("A value.")),
            described("Values with descriptions.", with_descriptions),
        ),
    );
    let item = object("A fixed set of texts.", &["values"], [("description", text("What it is.")), ("values", values)]);
    map("Enums of the database, Rust and TypeScript.", SNAKE_ID, item)
}

pub(super) fn records() -> Value {
    let names = |description: &str| {
        let name = json!({ "type": "string", "pattern": SNAKE_ID });
        json!({ "type": "array", "description": description, "minItems": 1, "items": name })
    };
    let foreign_key = object(
        "A reference over several columns.",
        &["columns", "references", "to"],
        [
            ("columns", names("Columns here.")),
            ("references", pattern("The table there.", SNAKE_ID)),
            ("to", names("Columns there.")),
            ("on_delete", on_delete()),
        ],
    );
    let interface = object(
        "An API shape of the row, for TypeScript.",
        &["name", "fields"],
        [
            ("name", pattern("The interface's name.", TYPE_NAME)),
            (
                "fields",
                json!({
                    "type": "object",
                    "description": "JSON names and columns; `name?` is absent instead of null.",
                    "additionalProperties": { "type": "string", "pattern": SNAKE_ID },
                }),
            ),
        ],
    );
    let record = object(
        "A table of the company's own.",
        &["columns"],
        [
            ("description", text("What a row is.")),
            ("row", pattern("The row struct's name.", TYPE_NAME)),
            ("was", pattern("The name before a rename.", SNAKE_ID)),
            ("columns", map("Columns in order.", SNAKE_ID, column(&[]))),
            ("primary_key", names("The primary key, where it has several columns.")),
            ("unique", map("Unique constraints.", SNAKE_ID, names("Columns in order."))),
            ("indexes", map("Other indexes.", SNAKE_ID, names("Columns in order."))),
            ("foreign_keys", map("References over several columns.", SNAKE_ID, foreign_key)),
            ("interface", interface),
        ],
    );
    map("Tables of the company's own.", SNAKE_ID, record)
}

pub(super) fn kind_table() -> Value {
    let sources: Vec<&str> = SOURCES.iter().map(|(word, _)| *word).collect();
    let from = json!({
        "description": "Where the value comes from.",
        "anyOf": [{ "enum": sources }, { "type": "string", "pattern": r"^attribute\.[a-z][a-z0-9_]*$" }],
    });
    object(
        "The kind's table, instead of the default one.",
        &[],
        [
            ("name", pattern("Default the plural.", SNAKE_ID)),
            ("was", pattern("The name before a rename.", SNAKE_ID)),
            ("amounts", choice("Units of amount columns: whole dollars, or cents.", ["major", "minor"])),
            ("description", text("What a row is.")),
            ("columns", map("Columns in order.", SNAKE_ID, column(&[("from", from)]))),
        ],
    )
}

fn column(more: &[(&str, Value)]) -> Value {
    let ty = || {
        json!({
            "type": "string",
            "pattern": COLUMN_TYPE,
            "description": "The type; `?` allows NULL.",
            "examples": ["text", "text(255)", "integer", "boolean", "decimal(12,2)", "timestamp", "date", "json", "bytes"],
        })
    };
    let long = object(
        "A column.",
        &["type"],
        [
            ("type", ty()),
            ("description", text("What it holds, with its unit.")),
            ("was", pattern("The name before a rename.", SNAKE_ID)),
            ("key", boolean("The primary key.")),
            ("unique", boolean("No two rows have the same value.")),
            ("references", pattern("Another table's column: `users.id`.", r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")),
            ("on_delete", on_delete()),
            (
                "default",
                json!({ "type": ["string", "number", "boolean"], "description": "What an insert without it gets." }),
            ),
            ("on_update", json!({ "const": "now", "description": "Set by every update." })),
        ]
        .into_iter()
        .chain(more.iter().cloned()),
    );
    either(ty(), long)
}

fn on_delete() -> Value {
    choice("What happens to rows here.", ["restrict", "cascade", "set_null"])
}
