//! The names that the package exports for a kind, an enum or a table.

use heck::{ToLowerCamelCase, ToShoutySnakeCase, ToUpperCamelCase};
use pricebook_model::catalog::Kind;

/// Words that cannot name a constant of a module, and names that the platform gives a meaning.
const RESERVED: &[&str] = &[
    "arguments",
    "as",
    "async",
    "await",
    "break",
    "case",
    "catch",
    "class",
    "const",
    "continue",
    "debugger",
    "default",
    "delete",
    "do",
    "else",
    "enum",
    "eval",
    "export",
    "extends",
    "false",
    "finally",
    "for",
    "from",
    "function",
    "get",
    "if",
    "implements",
    "import",
    "in",
    "instanceof",
    "interface",
    "let",
    "new",
    "null",
    "of",
    "package",
    "private",
    "protected",
    "public",
    "return",
    "set",
    "static",
    "super",
    "switch",
    "this",
    "throw",
    "true",
    "try",
    "type",
    "typeof",
    "undefined",
    "var",
    "void",
    "while",
    "with",
    "yield",
];

/// Names that `index.ts` gives to whole modules.
const MODULES: &[&str] = &["api", "enums", "records"];

/// Functions that `index.ts` exports.
const FUNCTIONS: &[&str] = &["amountsOn", "dayOf", "tiersOn", "valueToday"];

/// Keys that every object has from its prototype: where one of ours may be absent, this one would be read in its place.
pub(super) const KEYS_OF_EVERY_OBJECT: &[&str] = &[
    "__defineGetter__",
    "__defineSetter__",
    "__lookupGetter__",
    "__lookupSetter__",
    "__proto__",
    "constructor",
    "hasOwnProperty",
    "isPrototypeOf",
    "propertyIsEnumerable",
    "toLocaleString",
    "toString",
    "valueOf",
];

/// What a kind's modules export. The suffixes keep the names of different kinds apart.
pub(super) struct KindNames {
    /// `Plan`
    pub(super) camel: String,
    /// `plans`
    pub(super) products: String,
    /// `PlanId`
    pub(super) id: String,
    /// `PLAN_IDS`
    pub(super) ids: String,
    /// `isPlanId`
    pub(super) is_id: String,
    /// `PlanLookupKey`
    pub(super) lookup_key: String,
    /// `isPlanLookupKey`
    pub(super) is_lookup_key: String,
    /// `PLAN_PRICES`
    pub(super) prices: String,
    /// The path without folder: `plans`.
    pub(super) file: String,
}

impl KindNames {
    /// The names of a kind.
    pub(super) fn of(kind: &Kind) -> Self {
        let camel = kind.id.to_upper_camel_case();
        let shouty = kind.id.to_shouty_snake_case();
        Self {
            products: constant(&kind.plural),
            id: format!("{camel}Id"),
            ids: format!("{shouty}_IDS"),
            is_id: format!("is{camel}Id"),
            lookup_key: format!("{camel}LookupKey"),
            is_lookup_key: format!("is{camel}LookupKey"),
            prices: format!("{shouty}_PRICES"),
            file: kind.plural.clone(),
            camel,
        }
    }
}

/// The constant that holds a kind's products; a trailing `_` sets it apart from words and from the names of guards.
fn constant(plural: &str) -> String {
    let name = plural.to_lower_camel_case();
    let taken = [RESERVED, MODULES, FUNCTIONS].iter().any(|names| names.contains(&name.as_str()));
    let taken = taken || plural.starts_with("is_");
    if taken { format!("{name}_") } else { name }
}
