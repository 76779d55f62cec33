//! The rows of the database that an API serves from: what customers pay and get is read there, and no list shows all of it.

use pricebook_types::Artifacts;
use pricebook_types::validation::Validation;

use super::{LiveDifference, shown};
use crate::db::Session;
use crate::services::{Difference, verify};

const FIELD: &str = "price_tables";
/// Which catalog the rows are of: servers tell that by themselves (`/ready`), and it is no drift.
const STATE: &str = "catalog_state";

/// Every difference between the rows and the catalog; that they cannot be read is one, too.
pub async fn price_tables(
    session: &mut Session,
    artifacts: &Artifacts,
    validation: &Validation<'_>,
) -> Vec<LiveDifference> {
    match verify(session, artifacts).await {
        Ok(differences) => {
            let differences = differences.iter().filter(|difference| difference.table != STATE);
            differences.map(|difference| told(difference, artifacts, validation)).collect()
        }
        Err(cause) => vec![unread(&cause.to_string())],
    }
}

/// That the rows cannot be read.
pub fn unread(why: &str) -> LiveDifference {
    let message = format!("the rows of the database cannot be compared: {}", shown::text(why));
    LiveDifference { kind: String::new(), id: String::new(), field: FIELD.to_owned(), message }
}

fn told(difference: &Difference, artifacts: &Artifacts, validation: &Validation<'_>) -> LiveDifference {
    let Difference { table, row, column, old, new } = difference;
    let (kind, id) = match difference.lookup_key() {
        Some(lookup_key) => {
            let mut rules = validation.payments.iter();
            let rule = rules.find(|rule| rule.prices.iter().any(|price| price.lookup_key == lookup_key));
            rule.map_or((String::new(), shown::text(lookup_key)), |rule| (rule.kind.to_string(), rule.id.to_string()))
        }
        None => {
            let kind = artifacts.kinds.iter().find(|kind| kind.table == *table);
            (kind.map_or_else(String::new, |kind| kind.id.to_owned()), shown::text(row))
        }
    };
    let what = match column {
        Some(column) => {
            let [expected, got] = [new, old].map(|value| shown::or_nothing(value.as_deref().map(shown::text)));
            format!("{column} mismatch. Expected: {expected}, Got: {got}")
        }
        None if difference.is_removal() => {
            format!("the catalog does not have this row: {}", shown::or_nothing(old.as_deref().map(shown::text)))
        }
        None => "the row is missing".to_owned(),
    };
    let message = format!("{table} {}: {what}", shown::text(row));
    LiveDifference { kind, id, field: FIELD.to_owned(), message }
}
