//! The prices in the database that an API serves from: what customers pay is read there, and no list shows all of it.

use pricebook_types::Artifacts;
use pricebook_types::validation::Validation;

use super::{LiveDifference, shown};
use crate::db::Session;
use crate::services::{Difference, verify};

const FIELD: &str = "price_tables";

/// Every difference between the price tables and the catalog; that they cannot be read is one, too.
pub async fn price_tables(
    session: &mut Session,
    artifacts: &Artifacts,
    validation: &Validation<'_>,
) -> Vec<LiveDifference> {
    match verify(session, artifacts).await {
        Ok(differences) => {
            let told = |difference: &Difference| Some(told(difference, difference.lookup_key()?, validation));
            differences.iter().filter_map(told).collect()
        }
        Err(cause) => vec![unread(&cause.to_string())],
    }
}

/// That the price tables cannot be read.
pub fn unread(why: &str) -> LiveDifference {
    let message = format!("the price tables cannot be compared: {}", shown::text(why));
    LiveDifference { kind: String::new(), id: String::new(), field: FIELD.to_owned(), message }
}

fn told(difference: &Difference, lookup_key: &str, validation: &Validation<'_>) -> LiveDifference {
    let Difference { table, row, column, old, new } = difference;
    let mut rules = validation.payments.iter();
    let rule = rules.find(|rule| rule.prices.iter().any(|price| price.lookup_key == lookup_key));
    let what = match column {
        Some(column) => {
            let [expected, got] = [new, old].map(|value| shown::or_nothing(value.as_deref().map(shown::text)));
            format!("{column} mismatch. Expected: {expected}, Got: {got}")
        }
        None => "the row is missing".to_owned(),
    };
    LiveDifference {
        kind: rule.map_or_else(String::new, |rule| rule.kind.to_string()),
        id: rule.map_or_else(|| shown::text(lookup_key), |rule| rule.id.to_string()),
        field: FIELD.to_owned(),
        message: format!("{table} {}: {what}", shown::text(row)),
    }
}
