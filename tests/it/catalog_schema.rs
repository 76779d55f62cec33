//! The JSON Schema of the catalog's YAML, judged by a validator that nobody here wrote.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use jsonschema::Validator;
use pricebook_emit::schema::TOLD_APART;
use pricebook_model::{Source, Sources, compile};
use serde_json::Value;

use crate::project::{read, root};

/// A catalog that uses every key of the format, and has tables of the runtime's names.
const EVERY_KEY: &str = "codegen/model/tests/catalogs";

/// The files of a catalog below `folder`, with the runtime's records in front.
fn catalog(folder: &str) -> Vec<Source> {
    let base = pricebook_records::FILES.iter().filter(|_| folder != EVERY_KEY);
    let base = base.map(|(path, text)| Source { path: (*path).to_owned(), text: (*text).to_owned(), base: true });
    base.chain(pricebook_model::load(&root().join(folder), folder, false).expect("the catalog can be read")).collect()
}

/// The schema that a catalog becomes.
fn schema(sources: Vec<Source>) -> Value {
    let compiled = compile(Sources::new(sources), &pricebook_emit::limits(), None);
    let catalog = compiled.unwrap_or_else(|report| panic!("{:#?}", report.diagnostics));
    let [artifact] = pricebook_emit::schema::emit(&catalog).try_into().expect("one file");
    serde_json::from_str(&artifact.text).expect("JSON")
}

fn validator(schema: &Value) -> Validator {
    jsonschema::meta::validate(schema).unwrap_or_else(|error| panic!("the schema is none: {error}"));
    jsonschema::draft202012::new(schema).unwrap_or_else(|error| panic!("the schema is none: {error}"))
}

/// What a validator says about a file; a text that is no YAML is refused too.
fn complaints(validator: &Validator, text: &str) -> Vec<String> {
    // As editors read it: YAML 1.2, in which `yes` and `n` are texts.
    match serde_saphyr::from_str_with_options::<Value>(text, serde_saphyr::options! { strict_booleans: true }) {
        Ok(value) => validator.iter_errors(&value).map(|error| format!("{}: {error}", error.instance_path())).collect(),
        Err(error) => vec![error.to_string()],
    }
}

#[test]
fn every_catalog_file_fits_its_schema() {
    let folders = ["catalog", "examples/adopter/catalog", EVERY_KEY];
    for folder in folders.into_iter().filter(|folder| root().join(folder).is_dir()) {
        let sources = catalog(folder);
        let validator = validator(&schema(sources.clone()));
        for source in sources {
            assert_eq!(complaints(&validator, &source.text), Vec::<String>::new(), "{}", source.path);
        }
    }
}

#[test]
fn editors_find_the_schema() {
    let settings: Value = serde_json::from_str(&read(".vscode/settings.json")).expect("JSON");
    let [(schema, files)] = settings["yaml.schemas"].as_object().expect("schemas").iter().collect::<Vec<_>>()[..]
    else {
        panic!("one schema: {settings}")
    };
    assert!(files.as_array().expect("patterns").contains(&Value::from("catalog/**/*.yaml")), "{files}");
    assert_eq!(title(Path::new(schema)), "Catalog of StratIQX");
    for source in pricebook_model::load(&root().join("examples/adopter/catalog"), "catalog", false).expect("a catalog")
    {
        // The language server reads comments above the first key only.
        let mut head = source.text.lines().take_while(|line| line.starts_with('#'));
        let named = head.find_map(|line| line.strip_prefix("# yaml-language-server: $schema="));
        let schema = named.unwrap_or_else(|| panic!("{} names no schema", source.path));
        assert_eq!(title(&Path::new("examples/adopter/catalog").join(schema)), "Catalog of Freewheel Bikes");
    }
}

fn title(schema: &Path) -> String {
    let schema: Value = serde_json::from_str(&read(schema)).expect("JSON");
    schema["title"].as_str().expect("a title").to_owned()
}

#[test]
fn a_pattern_for_characters_beyond_ascii_is_as_exact_as_the_limits() {
    for target in pricebook_emit::limits() {
        for limit in target.texts {
            let told_apart = |char: &char| TOLD_APART.iter().any(|block| block.contains(char));
            // Beyond the first plane the engines of editors read patterns differently, and a build alone tells.
            let mut others = ('\u{80}'..='\u{ffff}').filter(|char| !told_apart(char));
            let other = others.find(|char| (limit.allows)(*char) != (limit.allows)('é'));
            assert_eq!(other, None, "{}: {:?}", target.target, limit.of);
        }
    }
}

#[test]
fn every_property_and_definition_is_described() {
    let schema = schema(catalog("catalog"));
    let mut silent = Vec::new();
    collect_silent(&schema, "", &schema, &mut silent);
    assert!(silent.is_empty(), "{silent:#?}");
}

/// Properties that neither they nor what they refer to describe.
fn collect_silent(node: &Value, path: &str, schema: &Value, silent: &mut Vec<String>) {
    if let Some(properties) = node.get("properties").and_then(Value::as_object) {
        for (name, property) in properties {
            let reference = property.get("$ref").and_then(Value::as_str).and_then(|to| schema.pointer(&to[1..]));
            let described = |node: &Value| node.get("description").is_some();
            if property.is_object() && !described(property) && !reference.is_some_and(described) {
                silent.push(format!("{path}/{name}"));
            }
        }
    }
    let children = node.as_object().into_iter().flatten().map(|(key, child)| (key.clone(), child));
    let items = node.as_array().into_iter().flatten().enumerate().map(|(index, child)| (index.to_string(), child));
    for (key, child) in children.chain(items) {
        collect_silent(child, &format!("{path}/{key}"), schema, silent);
    }
}

#[test]
fn an_object_without_its_own_list_of_keys_is_no_object_of_the_format() {
    let schema = schema(catalog("catalog"));
    let mut open = Vec::new();
    collect_open(&schema, "", &mut open);
    assert!(open.is_empty(), "{open:#?}");
}

/// Objects that let any key pass unseen.
fn collect_open(node: &Value, path: &str, open: &mut Vec<String>) {
    if node.get("type") == Some(&Value::from("object")) && node.get("additionalProperties").is_none() {
        open.push(path.to_owned());
    }
    let children = node.as_object().into_iter().flatten().map(|(key, child)| (key.clone(), child));
    let items = node.as_array().into_iter().flatten().enumerate().map(|(index, child)| (index.to_string(), child));
    for (key, child) in children.chain(items) {
        collect_open(child, &format!("{path}/{key}"), open);
    }
}

/// An edit of the real catalog that is a mistake, and whether an editor already shows it.
struct Mistake {
    path: PathBuf,
    file: String,
    find: String,
    replace: String,
    rejects: bool,
}

impl Mistake {
    fn read(path: PathBuf) -> Self {
        let text = fs::read_to_string(&path).expect("a fixture");
        let part = |from: &str, to: &str| {
            let after = text.split_once(from).unwrap_or_else(|| panic!("{}: no {from:?}", path.display())).1;
            after.split_once(to).unwrap_or_else(|| panic!("{}: no {to:?}", path.display())).0.to_owned()
        };
        let block = |from: &str, to: &str| part(from, to).strip_suffix('\n').map(str::to_owned).unwrap_or_default();
        Self {
            file: part("file: ", "\n"),
            rejects: part("schema: ", "\n") == "rejects",
            find: block("--- find\n", "--- replace\n"),
            // The first of those that stand there as often as the fixture says.
            replace: block("--- replace\n", "--- report\n").replace("{n}", "1"),
            path,
        }
    }
}

#[test]
fn editors_see_the_mistakes_that_fixtures_say_they_see() {
    let validator = validator(&schema(catalog("catalog")));
    let folder = root().join("codegen/model/tests/diagnostics");
    let entries = fs::read_dir(&folder).expect("the folder of fixtures").map(|entry| entry.expect("a fixture").path());
    let mistakes: Vec<_> = entries.map(Mistake::read).collect();
    assert!(mistakes.len() >= 60, "{}", mistakes.len());
    let mut wrong = BTreeMap::new();
    for mistake in mistakes {
        let text = read(&mistake.file);
        let edited = text.replacen(&mistake.find, &mistake.replace, 1);
        assert_ne!(edited, text, "{}: nothing is edited", mistake.path.display());
        let found = complaints(&validator, &edited);
        if found.is_empty() == mistake.rejects {
            wrong.insert(mistake.path.file_name().expect("a name").to_owned(), (mistake.rejects, found));
        }
    }
    assert!(wrong.is_empty(), "(whether it should be rejected, what was found): {wrong:#?}");
}
