//! What Rust limits: reserved names, and which names share a namespace after conversion.

use pricebook_model::limits::{Case, NameLimit, NameOf, TargetLimits};

/// What this target limits.
pub const LIMITS: &[TargetLimits] = &[TargetLimits { names: NAMES, ..TargetLimits::none("rust") }];

const NAMES: &[NameLimit] = &[
    limit(&[NameOf::Kind, NameOf::Enum], Case::UpperCamel, TYPES),
    limit(&[NameOf::Kind], Case::Snake, MACROS),
    limit(&[NameOf::Item, NameOf::Feature], Case::UpperCamel, &["Self"]),
    limit(&[NameOf::EnumValue], Case::UpperCamel, &["Self"]),
    limit(&[NameOf::Table], Case::Snake, &[]),
    limit(&[NameOf::Column], Case::Snake, WORDS_THAT_CANNOT_BE_RAW),
    limit(&[NameOf::Attribute], Case::Snake, &[]),
    limit(&[NameOf::PriceKey], Case::Snake, METHODS),
];

/// rustc has no limit of its own; beyond this nobody reads a name.
const MAX_BYTES: usize = 255;

const fn limit(of: &'static [NameOf], case: Case, reserved: &'static [&'static str]) -> NameLimit {
    NameLimit { of, case, max_bytes: MAX_BYTES, reserved, reserved_any_case: false, reserved_prefixes: &[] }
}

/// The generated types of every catalog, and Rust's own word.
const TYPES: &[&str] = &["Feature", "PriceId", "Self"];

/// The generated macros of every catalog, and those of Rust's prelude, which `plan!` and its kin must not hide.
const MACROS: &[&str] = &[
    "assert",
    "assert_eq",
    "assert_ne",
    "cfg",
    "column",
    "compile_error",
    "concat",
    "crate",
    "dbg",
    "debug_assert",
    "debug_assert_eq",
    "debug_assert_ne",
    "env",
    "eprint",
    "eprintln",
    "feature",
    "file",
    "format",
    "format_args",
    "include",
    "include_bytes",
    "include_str",
    "is_x86_feature_detected",
    "line",
    "macro_rules",
    "matches",
    "module_path",
    "option_env",
    "panic",
    "price",
    "print",
    "println",
    "self",
    "stringify",
    "super",
    "thread_local",
    "todo",
    "try",
    "unimplemented",
    "unreachable",
    "vec",
    "write",
    "writeln",
];

/// Every other keyword can be a field or a method as `r#type`.
const WORDS_THAT_CANNOT_BE_RAW: &[&str] = &["self", "super", "crate"];

/// What every kind's enum has.
pub(super) const METHODS: &[&str] = &[
    "all",
    "clone",
    "cmp",
    "crate",
    "downgrades",
    "eq",
    "find",
    "fmt",
    "from_str",
    "group",
    "hash",
    "id",
    "limit",
    "name",
    "partial_cmp",
    "product",
    "self",
    "super",
    "upgrades",
];
