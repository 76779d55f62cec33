//! The npm package: tree-shakeable modules with their declarations, and nothing that runs on import.

mod amounts;
mod catalog;
mod config;
mod literal;
mod module;
mod names;
mod package;
mod products;
mod records;
mod today;

use pricebook_model::Catalog;
use pricebook_model::limits::{Case, NameLimit, NameOf, TargetLimits};

use crate::Artifact;

/// What this target limits: type names that must differ, and numbers, which are floats. Constants that would be reserved words get a trailing `_`,
/// and everything else is a literal.
pub const LIMITS: &[TargetLimits] = &[TargetLimits {
    // `Number.MAX_SAFE_INTEGER`: 2^53 - 1.
    max_exact_integer: Some(9_007_199_254_740_991),
    names: &[
        NameLimit {
            of: &[NameOf::Kind],
            case: Case::UpperCamel,
            max_bytes: 255,
            // `FeatureId`, `GroupId` and `KindId` are types of the package itself.
            reserved: &["Feature", "Group", "Kind", "Price"],
            reserved_any_case: false,
            reserved_prefixes: &[],
        },
        NameLimit {
            of: &[NameOf::Enum],
            case: Case::UpperCamel,
            max_bytes: 255,
            reserved: &[],
            reserved_any_case: false,
            reserved_prefixes: &[],
        },
        NameLimit {
            of: &[NameOf::Plural],
            case: Case::LowerCamel,
            max_bytes: 255,
            reserved: &[],
            reserved_any_case: false,
            reserved_prefixes: &[],
        },
        NameLimit {
            of: &[NameOf::Interface],
            case: Case::AsIs,
            max_bytes: 255,
            reserved: &[records::API_ERROR_NAME],
            reserved_any_case: false,
            reserved_prefixes: &[],
        },
        NameLimit {
            of: &[NameOf::Feature, NameOf::PriceKey, NameOf::Attribute, NameOf::Field],
            case: Case::AsIs,
            max_bytes: 255,
            reserved: names::KEYS_OF_EVERY_OBJECT,
            reserved_any_case: false,
            reserved_prefixes: &[],
        },
    ],
    ..TargetLimits::none("typescript")
}];

/// The artifacts of this target.
pub fn emit(catalog: &Catalog) -> Vec<Artifact> {
    let mut modules = vec![
        catalog::catalog_module(catalog),
        catalog::features_module(catalog),
        package::types_module(catalog),
        package::days_module(catalog),
        package::prices_module(catalog),
        package::index_module(catalog),
        records::enums_module(catalog),
        records::records_module(catalog),
        records::api_module(catalog),
    ];
    for kind in &catalog.kinds {
        modules.push(products::module(catalog, kind));
        modules.push(config::module(catalog, kind));
    }
    let mut artifacts = vec![package::package_json(catalog)];
    artifacts.extend(modules.into_iter().flat_map(module::Module::into_artifacts));
    artifacts
}
