//! What JavaScript brings itself, and what it does to what it is given.

use oxc_ast::ast::Expression;

use super::roots::is_named;

/// Objects whose functions change nothing but what is said of them elsewhere.
const OBJECTS: [&str; 13] = [
    "Object", "JSON", "Math", "Array", "Number", "String", "Boolean", "BigInt", "Symbol", "Date", "Intl", "Promise",
    "console",
];

/// The functions of `Reflect` that call none of the module.
const OF_REFLECT: [&str; 9] = [
    "get",
    "has",
    "ownKeys",
    "getPrototypeOf",
    "getOwnPropertyDescriptor",
    "set",
    "defineProperty",
    "deleteProperty",
    "setPrototypeOf",
];

/// What `new` makes of a value without a change of it.
const MADE: [&str; 14] = [
    "Map",
    "Set",
    "WeakMap",
    "WeakSet",
    "WeakRef",
    "Array",
    "Object",
    "Date",
    "Error",
    "TypeError",
    "RangeError",
    "URL",
    "URLSearchParams",
    "RegExp",
];

/// The methods of lists, maps, texts, numbers and promises that call nothing but the functions that they are given.
const METHODS: [&str; 66] = [
    "add",
    "at",
    "catch",
    "charAt",
    "clear",
    "concat",
    "copyWithin",
    "delete",
    "endsWith",
    "entries",
    "every",
    "fill",
    "filter",
    "finally",
    "find",
    "findIndex",
    "findLast",
    "findLastIndex",
    "flat",
    "flatMap",
    "forEach",
    "get",
    "has",
    "hasOwnProperty",
    "includes",
    "indexOf",
    "join",
    "keys",
    "lastIndexOf",
    "localeCompare",
    "map",
    "match",
    "matchAll",
    "padEnd",
    "padStart",
    "pop",
    "push",
    "reduce",
    "reduceRight",
    "repeat",
    "replace",
    "replaceAll",
    "reverse",
    "set",
    "shift",
    "slice",
    "some",
    "sort",
    "splice",
    "split",
    "startsWith",
    "substring",
    "then",
    "toFixed",
    "toLocaleString",
    "toLowerCase",
    "toReversed",
    "toSorted",
    "toSpliced",
    "toString",
    "toUpperCase",
    "trim",
    "unshift",
    "valueOf",
    "values",
    "with",
];

/// Whether a method of this object is known.
pub(super) fn is_known_object(object: &Expression<'_>, method: &str) -> bool {
    OBJECTS.iter().any(|known| is_named(object, known)) || is_named(object, "Reflect") && OF_REFLECT.contains(&method)
}

pub(super) fn is_known_method(method: &str) -> bool {
    METHODS.contains(&method)
}

pub(super) fn is_made_by_javascript(class: &Expression<'_>) -> bool {
    MADE.iter().any(|known| is_named(class, known))
}
