//! Where settings come from: the environment, and a TOML file for what the environment does not say.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use super::SettingError;
use super::list::{READ_ELSEWHERE, SETTINGS};

/// The file that is read where `PRICEBOOK_SETTINGS` names none; it need not be there.
const FILE: &str = "pricebook.toml";
const FILE_VARIABLE: &str = "PRICEBOOK_SETTINGS";
/// Blank, these would open what they are to close; who wants that leaves them out.
const CLOSING: [&str; 2] = ["metrics_token", "alert_webhook_secret"];
const BLANK: &str = "it is blank, and would keep nobody out; leave it out where that is meant";
/// Of so many letters of a name one more may be wrong, besides the first, and it is still mistaken for another.
const LETTERS: usize = 4;

/// Where a value was set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The environment.
    Environment,
    /// The file of settings.
    File(PathBuf),
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Environment => f.write_str("in the environment"),
            Self::File(path) => write!(f, "in {}", path.display()),
        }
    }
}

/// What was set, by the name of the setting.
pub(super) type Given = BTreeMap<&'static str, (String, Source)>;

/// What the environment and the file of settings say, and what is wrong with it: names that are no setting, a file that
/// cannot be read.
pub(super) fn given(environment: impl Iterator<Item = (String, String)>) -> (Given, Vec<SettingError>) {
    let (mut given, mut errors) = (Given::new(), Vec::new());
    let mut named_file = None;
    for (variable, value) in environment {
        if variable == FILE_VARIABLE && !value.is_empty() {
            named_file = Some(PathBuf::from(&value));
        }
        let Some(name) = variable.strip_prefix("PRICEBOOK_") else { continue };
        match known(&name.to_ascii_lowercase()).filter(|_| name.chars().all(|letter| !letter.is_lowercase())) {
            Some(name) if CLOSING.contains(&name) && value.trim().is_empty() => {
                errors.push(SettingError { name: variable, place: Source::Environment, problem: BLANK.to_owned() });
            }
            Some(name) if !value.is_empty() => {
                given.insert(name, (value, Source::Environment));
            }
            Some(_) => {}
            None if READ_ELSEWHERE.contains(&variable.as_str()) => {}
            None => {
                let problem = unknown(name);
                errors.push(SettingError { name: variable, place: Source::Environment, problem });
            }
        }
    }
    for (name, value, source) in of_file(named_file.as_deref(), &mut errors) {
        given.entry(name).or_insert((value, source));
    }
    (given, errors)
}

fn of_file(named: Option<&Path>, errors: &mut Vec<SettingError>) -> Vec<(&'static str, String, Source)> {
    let path = named.unwrap_or(Path::new(FILE));
    let source = Source::File(path.to_path_buf());
    let mut fail = |name: &str, problem: String| {
        errors.push(SettingError { name: name.to_owned(), place: source.clone(), problem });
    };
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(cause) if named.is_none() && cause.kind() == std::io::ErrorKind::NotFound => return Vec::new(),
        Err(cause) => {
            fail(FILE_VARIABLE, format!("the file cannot be read: {cause}"));
            return Vec::new();
        }
    };
    let table: toml::Table = match toml::from_str(&text) {
        Ok(table) => table,
        Err(cause) => {
            fail(FILE_VARIABLE, format!("the file is no TOML: {}", cause.message()));
            return Vec::new();
        }
    };
    let mut given = Vec::new();
    for (key, value) in table {
        match (known(&key), text_of(&value)) {
            (Some(name), Some(text)) if CLOSING.contains(&name) && text.trim().is_empty() => {
                fail(name, BLANK.to_owned())
            }
            (Some(name), Some(text)) => given.push((name, text, source.clone())),
            (Some(name), None) => fail(name, "it is a text, a number, true or false, or a list of texts".to_owned()),
            (None, _) => fail(&key, unknown(&key)),
        }
    }
    given
}

fn known(name: &str) -> Option<&'static str> {
    SETTINGS.iter().map(|setting| setting.name).find(|known| *known == name)
}

/// As the environment would have it.
fn text_of(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Boolean(truth) => Some(truth.to_string()),
        toml::Value::Array(values) => Some(values.iter().map(text_of).collect::<Option<Vec<_>>>()?.join(",")),
        _ => None,
    }
}

/// What to say of a name that is no setting: the one that was probably meant, or all.
fn unknown(name: &str) -> String {
    let name = name.to_ascii_lowercase();
    let names = || SETTINGS.iter().map(|setting| setting.name);
    let distance = |known: &str| strsim::damerau_levenshtein(known, &name);
    let near = 1 + name.len() / LETTERS;
    match names().min_by_key(|known| distance(known)).filter(|known| distance(known) <= near) {
        Some(near) => format!("there is no such setting; is {near} meant?"),
        None => format!("there is no such setting; there are {}", names().collect::<Vec<_>>().join(", ")),
    }
}
