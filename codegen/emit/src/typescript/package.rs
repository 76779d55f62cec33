//! `package.json`, and the modules that only join others.

use pricebook_model::Catalog;
use serde::Serialize;

use super::module::Module;
use super::names::KindNames;
use crate::{Artifact, header, json};

/// The npm package's description: no dependencies, built code in `dist` beside the sources in `src`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Package<'a> {
    #[serde(rename = "//")]
    header: [String; 2],
    name: &'a str,
    version: String,
    license: &'a str,
    description: String,
    r#type: &'a str,
    side_effects: bool,
    types: &'a str,
    exports: Exports,
    files: [&'a str; 2],
    engines: Engines,
    catalog_hash: &'a str,
}

/// Node takes the first entry that fits, so that their order is meaning.
#[derive(Serialize)]
struct Exports {
    #[serde(rename = ".")]
    index: Built,
    #[serde(rename = "./package.json")]
    package: &'static str,
    #[serde(rename = "./src/*.ts")]
    sources: &'static str,
    #[serde(rename = "./src/*.js")]
    built_by_file_of_source: Built,
    #[serde(rename = "./src/*")]
    built_by_source: Built,
    #[serde(rename = "./*.js")]
    built_by_file: Built,
    #[serde(rename = "./*")]
    built: Built,
}

#[derive(Clone, Copy, Serialize)]
struct Built {
    types: &'static str,
    default: &'static str,
}

#[derive(Serialize)]
struct Engines {
    node: &'static str,
}

/// `package.json`.
pub(super) fn package_json(catalog: &Catalog) -> Artifact {
    let built = Built { types: "./dist/*.d.ts", default: "./dist/*.js" };
    let package = Package {
        header: header::lines(catalog),
        name: &catalog.npm_package,
        version: version(catalog),
        // npm's own word for a package that nobody is given a licence to.
        license: "UNLICENSED",
        description: format!("What {} sells: products, prices, entitlements and API types.", catalog.title),
        r#type: "module",
        side_effects: false,
        types: "./dist/index.d.ts",
        exports: Exports {
            index: Built { types: "./dist/index.d.ts", default: "./dist/index.js" },
            package: "./package.json",
            sources: "./src/*.ts",
            built_by_file_of_source: built,
            built_by_source: built,
            built_by_file: built,
            built,
        },
        files: ["dist", "src"],
        engines: Engines { node: ">=18" },
        catalog_hash: &catalog.hash,
    };
    Artifact::new("typescript/package.json", json::pretty(&package))
}

/// A version that names the catalog: a registry tells two of them apart, and an application that pins one knows what it
/// shows. Versions in an order are for whoever releases the package; artifacts know of no release before them.
fn version(catalog: &Catalog) -> String {
    // An identifier of digits alone must not begin with 0, so it is never of digits alone.
    format!("0.0.0-h{}", catalog.hash)
}

/// Types that need no generation beyond the catalog's currencies, kinds and features.
pub(super) fn types_module(catalog: &Catalog) -> Module {
    let mut module = Module::new(catalog, "types");
    module
        .import_types(&["Currency", "KindId"], "./catalog.js")
        .import_types(&["Grants"], "./features.js")
        .types(include_str!("types.ts"));
    module
}

/// What holds on a day: functions that are the same for every catalog.
pub(super) fn days_module(catalog: &Catalog) -> Module {
    let mut module = Module::new(catalog, "days");
    module
        .import_types(&["Currency"], "./catalog.js")
        .import_types(
            &["Amounts", "Bounds", "CustomPrice", "Deposit", "Money", "TieredPrice", "Tiers", "UnitPrice"],
            "./types.js",
        )
        .behaviour(include_str!("days.ts"), include_str!("days.js"), include_str!("days.d.ts"));
    module
}

/// The lookup keys of all kinds.
pub(super) fn prices_module(catalog: &Catalog) -> Module {
    let mut module = Module::new(catalog, "prices");
    let names: Vec<_> = catalog.kinds.iter().map(KindNames::of).collect();
    for kind in &names {
        let from = format!("./products/{}.js", kind.file);
        module.import_types(&[&kind.lookup_key], &from).import_values(&[&kind.is_lookup_key], &from);
    }
    let join = |parts: Vec<String>, by: &str, none: &str| match parts.as_slice() {
        [] => none.to_owned(),
        parts => parts.join(by),
    };
    let keys = join(names.iter().map(|kind| kind.lookup_key.clone()).collect(), " | ", "never");
    let guards = names.iter().map(|kind| format!("{}(value)", kind.is_lookup_key)).collect();
    module.types(&format!("/** The lookup key of any price. */\nexport type PriceLookupKey = {keys};\n")).guard(
        "Whether a value is the lookup key of a price.",
        "isPriceLookupKey",
        "PriceLookupKey",
        &join(guards, " || ", "false"),
    );
    module
}

/// Everything but the configurations, whose constants have the names of the product tables.
pub(super) fn index_module(catalog: &Catalog) -> Module {
    let mut module = Module::new(catalog, "index");
    for name in ["catalog", "days", "features", "prices", "types"] {
        module.export_all(&format!("./{name}.js"), None);
    }
    for kind in &catalog.kinds {
        module.export_all(&format!("./products/{}.js", KindNames::of(kind).file), None);
    }
    for name in ["api", "enums", "records"] {
        module.export_all(&format!("./{name}.js"), Some(name));
    }
    module
}
