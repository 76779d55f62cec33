//! The npm package: judged by the TypeScript compiler, by node and by a bundler, and equal to the catalog.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use pricebook_model::catalog::Product;
use pricebook_model::{Catalog, Source, Sources, compile};
use serde_json::{Value, json};

use crate::hostile_names::ACCEPTED;
use crate::project::{read, root};
use crate::typescript_values::{expected_config, expected_price, expected_product};

/// A company with every form of price and with hostile texts.
const SMALL: &str = "tests/node/typescript/catalog.yaml";

const OPTIONS: &str = r#""strict": true, "noUncheckedIndexedAccess": true, "exactOptionalPropertyTypes": true,
    "isolatedModules": true, "verbatimModuleSyntax": true, "module": "nodenext", "target": "es2022", "types": []"#;

pub(crate) fn small() -> Catalog {
    let text = read(SMALL);
    compiled(vec![Source { path: "catalog/catalog.yaml".to_owned(), text, base: false }])
}

fn real() -> Catalog {
    compiled(pricebook_model::load(&root().join("catalog"), "catalog", false).expect("the catalog can be read"))
}

fn compiled(own: Vec<Source>) -> Catalog {
    let base = pricebook_records::FILES.iter();
    let base = base.map(|(path, text)| Source { path: (*path).to_owned(), text: (*text).to_owned(), base: true });
    compile(Sources::new(base.chain(own).collect()), &pricebook_emit::limits(), None).unwrap_or_else(|report| {
        let problems = report.diagnostics.iter();
        let lines = problems.map(|found| format!("{}: {}", found.position(&report.sources).line, found.message));
        panic!("the catalog does not compile: {:#?}", lines.collect::<Vec<_>>())
    })
}

/// The folder of the judges, with their packages installed once.
fn judges() -> &'static Path {
    static INSTALLED: OnceLock<PathBuf> = OnceLock::new();
    INSTALLED.get_or_init(|| {
        let folder = root().join("tests/node/typescript");
        run(Command::new("npm").args(["ci", "--silent", "--no-audit", "--no-fund"]).current_dir(&folder));
        folder
    })
}

fn output(command: &mut Command) -> Output {
    command.output().unwrap_or_else(|cause| panic!("{command:?}: {cause}"))
}

fn run(command: &mut Command) -> String {
    let output = output(command);
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?}\n{out}{err}");
    out.into_owned()
}

fn node(script: &str, arguments: &[&str]) -> String {
    run(Command::new("node").arg(judges().join(script)).args(arguments))
}

fn tsc(project: &Path) -> Output {
    output(Command::new("node").arg(judges().join("node_modules/typescript/bin/tsc")).arg("-p").arg(project))
}

/// A folder with the package installed below `node_modules`.
pub(crate) struct Installed {
    folder: tempfile::TempDir,
    package: PathBuf,
}

impl Installed {
    pub(crate) fn new(catalog: &Catalog) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let package = folder.path().join("node_modules").join(&catalog.npm_package);
        for artifact in pricebook_emit::typescript::emit(catalog) {
            let path = package.join(artifact.path.strip_prefix("typescript/").expect("a file of the package"));
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, artifact.text).expect("a file");
        }
        Self { folder, package }
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, text).expect("a file");
        path
    }

    /// What every module exports on a day before any announced change.
    fn exports(&self) -> Value {
        let package = self.package.to_str().expect("a path in UTF-8");
        serde_json::from_str(&node("import-all.mjs", &[package, "2000-01-01"])).expect("JSON")
    }

    pub(crate) fn bundle(&self, code: &str) -> String {
        node("bundle.mjs", &[self.folder.path().to_str().expect("a path in UTF-8"), code])
    }
}

/// `file(line,column): error CODE: …` as line and code.
fn errors(output: &Output) -> BTreeSet<(usize, String)> {
    let text = String::from_utf8_lossy(&output.stdout);
    let found = text.lines().filter_map(|line| {
        let (place, message) = line.split_once(": error ")?;
        let line_number = place.rsplit_once('(')?.1.split_once(',')?.0.parse().ok()?;
        Some((line_number, message.split_once(':')?.0.to_owned()))
    });
    found.collect()
}

fn consumer(file: &str) -> Output {
    let installed = Installed::new(&small());
    installed.write("package.json", r#"{ "type": "module" }"#);
    installed.write(file, &read(Path::new("tests/node/typescript/consumer").join(file)));
    let options = format!(r#"{{ "compilerOptions": {{ {OPTIONS}, "noEmit": true }}, "files": ["{file}"] }}"#);
    tsc(&installed.write("tsconfig.json", &options))
}

#[test]
fn right_uses_compile() {
    let output = consumer("right.ts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

/// One project of all of them, for starting the compiler takes longer than reading them.
#[test]
fn a_package_of_names_made_to_break_it_compiles() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (number, accepted) in ACCEPTED.iter().enumerate() {
        for artifact in pricebook_emit::typescript::emit(&accepted.catalog) {
            let path = folder.path().join(number.to_string()).join(artifact.path);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, artifact.text).expect("a file");
        }
    }
    let project = folder.path().join("tsconfig.json");
    let options = format!(r#"{{ "compilerOptions": {{ {OPTIONS}, "noEmit": true }}, "include": ["*/typescript"] }}"#);
    fs::write(&project, options).expect("a file");
    let output = tsc(&project);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

/// The language and library that `README.md` of `generated/` promises.
#[test]
fn the_sources_need_no_later_javascript_than_es2020() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for artifact in pricebook_emit::typescript::emit(&small()) {
        let path = folder.path().join(artifact.path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, artifact.text).expect("a file");
    }
    let project = folder.path().join("tsconfig.json");
    let options = OPTIONS.replace("es2022", "es2020");
    let options = format!(r#"{{ "compilerOptions": {{ {options}, "noEmit": true }}, "include": ["typescript/src"] }}"#);
    fs::write(&project, options).expect("a file");
    let output = tsc(&project);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn a_module_is_found_with_and_without_the_end_of_its_files_name() {
    let installed = Installed::new(&small());
    installed.write("package.json", r#"{ "type": "module" }"#);
    let names = [
        "api",
        "api.js",
        "config/plans.config",
        "config/plans.config.js",
        "src/config/plans.config",
        "src/config/plans.config.js",
    ];
    let imports: String = names.iter().map(|name| format!("import '@acme/catalog/{name}';\n")).collect();
    run(Command::new("node").arg(installed.write("subpaths.js", &imports)));
    installed.write("subpaths.ts", &imports);
    let options = format!(
        r#"{{ "compilerOptions": {{ {OPTIONS}, "noEmit": true, "noUncheckedSideEffectImports": true }}, "files": ["subpaths.ts"] }}"#
    );
    let output = tsc(&installed.write("tsconfig.json", &options));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn editors_show_what_the_catalog_says_of_an_item() {
    let installed = Installed::new(&small());
    installed.write("package.json", r#"{ "type": "module" }"#);
    installed.write("tsconfig.json", &format!(r#"{{ "compilerOptions": {{ {OPTIONS} }} }}"#));
    let file = installed.write("shown.ts", &read("tests/node/typescript/consumer/shown.ts"));
    let shown = node("hover.mjs", &[file.to_str().expect("a path in UTF-8")]);
    let shown: Vec<Option<String>> = serde_json::from_str(&shown).expect("a list of texts");
    let shown: Vec<String> = shown.into_iter().map(Option::unwrap_or_default).collect();
    insta::assert_snapshot!(shown.join("\n---\n"));
}

#[test]
fn every_wrong_use_is_an_error_at_its_line() {
    let text = read("tests/node/typescript/consumer/wrong.ts");
    let expected: BTreeSet<(usize, String)> = text
        .lines()
        .enumerate()
        .filter_map(|(index, line)| Some((index + 1, line.split_once("; // TS")?.1)))
        .map(|(line_number, code)| (line_number, format!("TS{code}")))
        .collect();
    assert!(expected.len() > 15, "{expected:?}");
    let output = consumer("wrong.ts");
    assert_eq!(errors(&output), expected, "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn built_files_are_what_the_compiler_makes_of_the_sources() {
    for catalog in [small(), real()] {
        let installed = Installed::new(&catalog);
        let project = installed.package.join("tsconfig.json");
        let options = format!(
            r#"{{ "compilerOptions": {{ {OPTIONS}, "declaration": true, "rootDir": "src", "outDir": "out" }}, "include": ["src"] }}"#
        );
        fs::write(&project, options).expect("a file");
        let output = tsc(&project);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        let emitted = pricebook_emit::typescript::emit(&catalog);
        let built: Vec<_> =
            emitted.iter().filter_map(|file| Some((file.path.split_once("/dist/")?.1, &file.text))).collect();
        assert_eq!(built.len() * 3, (emitted.len() - 1) * 2, "a source has its code and its declarations");
        for (name, text) in built {
            let theirs = fs::read_to_string(installed.package.join("out").join(name)).expect("the compiler's file");
            assert_eq!(tokens(text), tokens(&theirs), "{name}");
        }
    }
}

/// A file without its header, its white space, and what the compiler's printer adds or leaves out at line ends.
fn tokens(text: &str) -> String {
    let body = text.lines().skip_while(|line| line.starts_with("//") || line.is_empty());
    let words: Vec<&str> = body.flat_map(str::split_whitespace).collect();
    words.join(" ").replace("; }", " }").replace("{ }", "{}").replace("= | ", "= ").replace("(| ", "(")
}

#[test]
fn what_node_imports_is_the_catalog() {
    for catalog in [small(), real()] {
        let exports = Installed::new(&catalog).exports();
        assert_eq!(exports["catalog"]["CATALOG_HASH"], json!(catalog.hash));
        assert_eq!(exports["catalog"]["CATALOG_TITLE"], json!(catalog.title));
        for feature in &catalog.features {
            assert_eq!(exports["features"]["FEATURES"][&feature.id]["name"], json!(feature.name));
        }
        for kind in &catalog.kinds {
            let products: Vec<_> = catalog.products_of(&kind.id).collect();
            let module = &exports[format!("products/{}", kind.plural)];
            let config = &exports[format!("config/{}.config", kind.plural)];
            let ids = array_named(module, "_IDS");
            assert_eq!(ids, &json!(products.iter().map(|product| &product.id).collect::<Vec<_>>()));
            for product in products {
                assert_eq!(product_of(module, product), expected_product(product), "{}", product.id);
                assert_eq!(product_of(config, product), expected_config(product), "{}", product.id);
                for price in &product.prices {
                    assert_eq!(array_named(module, "_PRICES")[&price.lookup_key], expected_price(product, price));
                }
            }
        }
    }
}

#[test]
fn announced_amounts_are_those_of_their_day() {
    let installed = Installed::new(&small());
    let package = installed.package.to_str().expect("a path in UTF-8");
    let found: Value = serde_json::from_str(&node("on-days.mjs", &[package])).expect("JSON");
    assert_eq!(found["monthly"], json!([2900, 3500, 3500]));
    assert_eq!(found["card"], json!([149500, 149500, 149500]));
    assert_eq!(found["voucher"], json!([2000, 2401, 2401]), "a deposit follows its price");
    assert_eq!(found["voucherInEuro"], json!([1800, 2201, 2201]));
    assert_eq!(found["usage"], json!(["0.15", "0.15", "0.2"]));
    assert_eq!(found["day"], "2027-01-31", "in UTC");
}

#[test]
fn what_is_read_without_a_day_is_what_stands_today() {
    let installed = Installed::new(&small());
    let package = installed.package.to_str().expect("a path in UTF-8");
    let found: Value = serde_json::from_str(&node("on-days.mjs", &[package])).expect("JSON");
    assert_eq!(found["readNow"], json!([[2900, 2900], [3500, 3500], [3500, 3500]]));
    assert_eq!(found["readVoucher"], json!([[2000, 1800], [2401, 2201], [2401, 2201]]));
    assert_eq!(found["readTiers"], json!(["0.15", "0.15", "0.2"]));
    assert_eq!(found["before"], json!([2900, 2000, "0.15", null]), "what stands before has a name of its own");
}

#[test]
fn what_pages_show_is_what_is_charged_on_the_day() {
    let installed = Installed::new(&small());
    let package = installed.package.to_str().expect("a path in UTF-8");
    let found: Value = serde_json::from_str(&node("on-days.mjs", &[package])).expect("JSON");
    assert_eq!(found["shownPlan"], json!(["$29/mo", "$35/mo", "$35/mo"]));
    let price = |value: i64| json!({ "value": value, "display": format!("${value}/mo") });
    assert_eq!(found["configPlan"], json!([price(29), price(35), price(35)]));
    assert_eq!(found["configGift"], json!([[100, 20], [120.01, 24.01], [120.01, 24.01]]));
    assert_eq!(found["configUnchanged"], json!({ "value": 1495, "display": "$1,495" }), "a plain value");
}

fn array_named<'a>(module: &'a Value, suffix: &str) -> &'a Value {
    let exports = module.as_object().expect("a module");
    exports.iter().find(|(name, _)| name.ends_with(suffix)).map(|(_, value)| value).expect("the export")
}

/// The entry of the one table of products that a module has.
fn product_of(module: &Value, product: &Product) -> Value {
    let tables = module.as_object().expect("a module").iter().filter(|(name, _)| name.starts_with(char::is_lowercase));
    tables.filter_map(|(_, table)| table.get(&product.id)).next().expect("the product").clone()
}

#[test]
fn the_configuration_has_the_shape_that_payment_pages_read() {
    let emitted = pricebook_emit::typescript::emit(&real());
    let file = emitted.iter().find(|file| file.path == "typescript/src/config/services.config.ts").expect("the file");
    let start = file.text.find("export interface ServiceConfig").expect("the interface");
    let interface = &file.text[start..start + file.text[start..].find("\n}\n").expect("its end") + 2];
    let without_comments: Vec<_> = interface.lines().filter(|line| !line.trim_start().starts_with("/**")).collect();
    insta::assert_snapshot!(without_comments.join("\n"), @"
    export interface ServiceConfig {
        id: string;
        name: string;
        description: string;
        price: {
            value: number;
            display: string;
        };
        deposit: {
            type: string;
            value: number;
            amount: number;
            display: string;
        };
        billingType: string;
        features: string[];
        metadata: object;
        active: boolean;
    }
    ");
}

#[test]
fn the_api_shapes_are_those_of_the_frontend() {
    let emitted = pricebook_emit::typescript::emit(&real());
    let file = emitted.iter().find(|file| file.path == "typescript/src/api.ts").expect("the file");
    let shapes: Vec<_> = file.text.lines().filter(|line| !line.trim_start().starts_with("/")).collect();
    insta::assert_snapshot!(shapes.join("\n").trim(), @"
    export interface APIError {
        success: false;
        error: {
            code: string;
            message: string;
            details?: any;
        };
    }
    export interface Service {
        id: string;
        name: string;
        serviceId: string;
        billingId: string | null;
        clusterId?: string;
        startDate: string;
        nextBilling: string | null;
        status: 'active' | 'suspended' | 'cancelled';
        type: 'hosting' | 'kubernetes' | 'database' | 'domain' | 'vps' | 'cloud';
    }
    ");
}

#[test]
fn the_package_names_its_catalog_in_its_version_and_grants_no_licence() {
    let catalog = real();
    let installed = Installed::new(&catalog);
    let package: Value =
        serde_json::from_str(&fs::read_to_string(installed.package.join("package.json")).expect("a file"))
            .expect("JSON");
    assert_eq!(package["version"], json!(format!("0.0.0-h{}", catalog.hash)));
    assert_eq!((&package["license"], &package["name"]), (&json!("UNLICENSED"), &json!("@stratiqx/catalog")));
}
