//! `cargo catalog import`.

mod any_price;
mod changed;
mod deep;
mod folder;
mod lost;
mod offers;
mod oracle;
mod refused;
mod shapes;
mod stripe;
mod typescript;
mod yaml;

use pricebook_cli::import::{Failure, Imported, Input, Note, Options, import};

/// Imports one file.
fn import_one(name: &str, text: &str) -> Result<Imported, Failure> {
    import(&[Input { name: name.to_owned(), text: text.to_owned() }], &Options::default())
}

fn imported(name: &str, text: &str) -> Imported {
    import_one(name, text).unwrap_or_else(|failure| panic!("{failure}"))
}

/// Notes as text, one a line.
fn lines(notes: &[Note]) -> String {
    notes.iter().map(|note| format!("{note}\n")).collect()
}

/// All files of an import as one text.
fn files(imported: &Imported) -> String {
    imported.files.iter().map(|(path, text)| format!("--- {path}\n{text}")).collect()
}
