//! `cargo catalog import`: a catalog from what a company already has, its `services.config.ts` or its Stripe account.

mod draft;
mod names;
mod note;
mod part;
mod stripe;
mod typescript;
mod write;
pub mod yaml;

use std::io::Write;
use std::path::{Path, PathBuf};

use pricebook_types::Currency;
use serde_json::{Value, json};

use crate::outcome::{Ended, NOTHING_WRITTEN, Outcome, Stop, after_printing};
use crate::output::{count, document};
pub use draft::Imported;
pub use note::{Failure, Note};

/// Arguments of `cargo catalog import`.
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// One `services.config.ts`, or JSON files with the products and prices of a Stripe account.
    ///
    /// A module is read without being run, so its values are written in it: as themselves, or as constants of the same file. It
    /// has at most 512 KiB, and at most 256 brackets within brackets.
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Read the files as a Stripe account's objects, whatever their names.
    #[arg(long)]
    pub stripe: bool,
    /// Where to write the catalog; the folder must not exist or be empty.
    #[arg(long, value_name = "FOLDER", default_value = "catalog")]
    pub out: PathBuf,
    /// The catalog's name.
    #[arg(long, value_parser = names::catalog)]
    pub name: Option<String>,
    /// The id of the kind that the products become, in snake case.
    #[arg(long, value_parser = names::kind)]
    pub kind: Option<String>,
    /// The default currency.
    #[arg(long)]
    pub currency: Option<Currency>,
    /// Print the report as JSON.
    #[arg(long)]
    pub json: bool,
}

/// What an import may be told.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The files are a Stripe account's objects.
    pub stripe: bool,
    /// The catalog's name.
    pub name: Option<String>,
    /// The kind's id.
    pub kind: Option<String>,
    /// The default currency.
    pub currency: Option<Currency>,
}

/// A file to import.
#[derive(Clone, Debug)]
pub struct Input {
    /// As messages show it.
    pub name: String,
    /// Its content.
    pub text: String,
}

impl Input {
    fn is_json(&self) -> bool {
        self.name.to_ascii_lowercase().ends_with(".json")
    }

    /// The last part of the name.
    fn file_name(&self) -> &str {
        self.name.rsplit(['/', '\\']).next().unwrap_or(&self.name)
    }
}

/// Turns files into a catalog that compiles, with notes on all that is not as it was.
///
/// # Errors
/// Where nothing can be imported: every reason, with its place.
pub fn import(inputs: &[Input], options: &Options) -> Result<Imported, Failure> {
    match inputs {
        [module] if !options.stripe && !module.is_json() => typescript::import(&module.name, &module.text, options),
        _ => stripe::import(inputs, options),
    }
}

/// Runs the command: reads, imports, writes the folder, and prints what was not imported.
pub(crate) fn run(args: &Args) -> Ended {
    match import_to_folder(args) {
        Ok(imported) => {
            let printed = match args.json {
                true => document(Vec::new(), as_json(args, &imported)),
                false => std::io::stdout().lock().write_all(report(args, &imported).as_bytes()),
            };
            let whole = imported.notes.iter().all(|note| !note.left_out);
            after_printing(printed, if whole { Outcome::Clean } else { Outcome::Problems })
        }
        Err(Failure::Source(notes)) => Err(Stop::NotImported(notes)),
        Err(Failure::Disk(message)) => Err(Stop::refused(message, NOTHING_WRITTEN)),
    }
}

fn is_source(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    ["ts", "mts", "cts", "js", "mjs", "cjs", "json"].contains(&extension.to_ascii_lowercase().as_str())
}

fn import_to_folder(args: &Args) -> Result<Imported, Failure> {
    if let Some(path) = args.files.iter().find(|path| !args.stripe && !is_source(path)) {
        let path = path.display();
        return Err(Failure::Disk(format!(
            "{path} is neither TypeScript (*.ts) nor a Stripe account's JSON (*.json, or any name with --stripe)"
        )));
    }
    write::refuse_to_overwrite(&args.out)?;
    let inputs: Result<Vec<_>, _> = args
        .files
        .iter()
        .map(|path| {
            let text = std::fs::read_to_string(path)
                .map_err(|cause| Failure::Disk(format!("cannot read {}: {cause}", path.display())))?;
            Ok(Input { name: path.display().to_string(), text })
        })
        .collect();
    let options =
        Options { stripe: args.stripe, name: args.name.clone(), kind: args.kind.clone(), currency: args.currency };
    let imported = import(&inputs?, &options)?;
    write::folder(&args.out, &imported.files)?;
    Ok(imported)
}

fn written(args: &Args, imported: &Imported) -> Vec<String> {
    imported.files.iter().map(|(path, _)| args.out.join(path).display().to_string()).collect()
}

fn prices(imported: &Imported) -> usize {
    imported.catalog.products.iter().map(|product| product.prices.len()).sum()
}

fn as_json(args: &Args, imported: &Imported) -> Value {
    let (left_out, changed): (Vec<&Note>, Vec<&Note>) = imported.notes.iter().partition(|note| note.left_out);
    json!({
        "written": written(args, imported),
        "products": imported.catalog.products.len(),
        "prices": prices(imported),
        "not_imported": left_out,
        "notes": changed,
    })
}

fn report(args: &Args, imported: &Imported) -> String {
    let (left_out, changed): (Vec<&Note>, Vec<&Note>) = imported.notes.iter().partition(|note| note.left_out);
    let (products, prices) = (count(imported.catalog.products.len(), "product"), count(prices(imported), "price"));
    let mut text = format!("{products} with {prices} written to {}\n", written(args, imported).join(", "));
    let mut list = |title: &str, notes: &[&Note]| {
        if !notes.is_empty() {
            text.push_str(&format!("\n{title}\n"));
        }
        notes.iter().for_each(|note| text.push_str(&format!("  {note}\n")));
    };
    list("NOT imported; write into the catalog by hand what it can hold:", &left_out);
    list("Not as it was:", &changed);
    text
}
