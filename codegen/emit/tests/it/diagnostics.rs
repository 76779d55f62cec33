//! Every diagnostic of the catalog: one edit of the real catalog, and the whole report that it leads to.
//!
//! A fixture says which file is edited, what is found there and what takes its place, and whether a JSON Schema validator
//! already refuses the edited file. `UPDATE=1 cargo test -p pricebook-emit --test it diagnostics` rewrites the reports.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use pricebook_model::migrate::own_schema;
use pricebook_model::render::{self, Style};
use pricebook_model::{Lock, Report, Source, Sources, codes, compile};

/// One edit of the real catalog.
struct Fixture {
    path: PathBuf,
    code: String,
    /// Everything up to the report.
    head: String,
    file: String,
    find: String,
    /// The replacement, repeated where the fixture says `repeat:`, with the number of each in place of `{n}`.
    replace: String,
    report: String,
}

impl Fixture {
    fn read(path: PathBuf) -> Self {
        let text = fs::read_to_string(&path).expect("a fixture");
        let name = path.file_stem().expect("a name").to_str().expect("a name in UTF-8");
        // `unknown-feature.txt`, and `unknown-feature.twice.txt` for another way to the same code.
        let code = name.split('.').next().expect("a code").to_owned();
        let place = |text: &str, mark: &str| {
            text.find(mark).unwrap_or_else(|| panic!("{}: there is no {mark:?}", path.display()))
        };
        let part = |from: &str, to: &str| {
            let start = place(&text, from) + from.len();
            text[start..start + place(&text[start..], to)].to_owned()
        };
        let schema = part("schema: ", "\n");
        assert!(matches!(&*schema, "accepts" | "rejects"), "{}: schema: {schema}", path.display());
        let head = &text[..place(&text, "--- find\n")];
        let times = head.lines().find_map(|line| line.strip_prefix("repeat: "));
        let times = times.map_or(1, |times| times.parse().expect("a number of repetitions"));
        let end = place(&text, "--- report\n") + "--- report\n".len();
        let without_newline = |text: String| text.strip_suffix('\n').map_or(text.clone(), str::to_owned);
        Self {
            code,
            file: part("file: ", "\n"),
            find: without_newline(part("--- find\n", "--- replace\n")),
            replace: match times {
                1 => without_newline(part("--- replace\n", "--- report\n")),
                times => {
                    let part = part("--- replace\n", "--- report\n");
                    (1..=times).map(|number| part.replace("{n}", &number.to_string())).collect()
                }
            },
            report: text[end..].to_owned(),
            head: text[..end].to_owned(),
            path,
        }
    }

    /// The report of the edited catalog.
    fn run(&self, lock: &Lock) -> Option<Report> {
        let mut sources = catalog();
        let source = sources.iter_mut().find(|source| source.path == self.file);
        let source = source.unwrap_or_else(|| panic!("{}: no file {}", self.code, self.file));
        let found = source.text.matches(&self.find).count();
        assert_eq!(found, 1, "{}: the text to find stands {found} times in {}", self.code, self.file);
        source.text = source.text.replace(&self.find, &self.replace);
        compile(Sources::new(sources), &pricebook_emit::limits(), Some(lock)).err()
    }
}

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

fn fixtures() -> Vec<Fixture> {
    let folder = root().join("codegen/model/tests/diagnostics");
    let entries = fs::read_dir(&folder).expect("the folder of fixtures").map(|entry| entry.expect("a fixture").path());
    let mut paths: Vec<PathBuf> = entries.collect();
    paths.sort();
    paths.into_iter().map(Fixture::read).collect()
}

/// The real catalog on its base.
pub(crate) fn catalog() -> Vec<Source> {
    let base = pricebook_records::FILES.iter();
    let base = base.map(|(path, text)| Source { path: (*path).to_owned(), text: (*text).to_owned(), base: true });
    base.chain(pricebook_model::load(&root().join("catalog"), "catalog", false).expect("the real catalog")).collect()
}

/// The real catalog, migrated and recorded as it is.
pub(crate) fn lock() -> Lock {
    let catalog = match compile(Sources::new(catalog()), &pricebook_emit::limits(), None) {
        Ok(catalog) => catalog,
        Err(report) => panic!("{}", render::text(&report, Style::Plain)),
    };
    let migrated = Lock { version: 1, schema: own_schema(&catalog), ..Lock::default() };
    migrated.recorded(&catalog)
}

#[test]
fn the_real_catalog_has_no_diagnostics() {
    let recorded = fs::read_to_string(root().join("generated/catalog.lock")).expect("the lock");
    let recorded: Lock = serde_json::from_str(&recorded).expect("a lock");
    assert!(recorded.items.len() > 50, "the lock holds {} ids", recorded.items.len());
    if let Err(report) = compile(Sources::new(catalog()), &pricebook_emit::limits(), Some(&recorded)) {
        panic!("{}", render::text(&report, Style::Plain));
    }
}

#[test]
fn every_fixture_gives_its_report_and_no_other() {
    let (update, lock) = (std::env::var_os("UPDATE").is_some(), lock());
    let mut differing = Vec::new();
    for fixture in fixtures() {
        let Some(report) = fixture.run(&lock) else {
            differing.push(format!("{}\nthe edited catalog compiles", fixture.path.display()));
            continue;
        };
        let codes: Vec<&str> = report.diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
        let text = render::text(&report, Style::Plain);
        if codes != [fixture.code.as_str()] {
            differing.push(format!("{}\nanother report than its code:\n{text}", fixture.path.display()));
            continue;
        }
        if let Some(mute) = report.diagnostics.iter().find(|diagnostic| diagnostic.help.is_empty()) {
            differing.push(format!("{}\nno help says what to do: {}", fixture.path.display(), mute.message));
        }
        if text != fixture.report {
            match update {
                true => fs::write(&fixture.path, fixture.head + &text).expect("a fixture that can be written"),
                false => differing.push(format!(
                    "{}\nexpected:\n{}\nreported:\n{text}",
                    fixture.path.display(),
                    fixture.report
                )),
            }
        }
    }
    assert!(differing.is_empty(), "{}\n(UPDATE=1 takes the reports over)", differing.join("\n"));
}

#[test]
fn every_code_has_a_fixture_and_every_fixture_a_code() {
    let codes: BTreeSet<String> = codes::CODES.iter().map(|code| code.name.to_owned()).collect();
    let fixtures: BTreeSet<String> = fixtures().into_iter().map(|fixture| fixture.code).collect();
    assert_eq!(codes, fixtures);
}
