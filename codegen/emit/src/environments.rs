//! Where an environment's database is: at Cloudflare under a name, or wherever the URL in a variable says.

use pricebook_model::Catalog;

/// Whether `database:` of an environment names a Cloudflare D1, not a variable: Cloudflare's names are in lower case, and the
/// variables of an environment in capitals.
pub(crate) fn is_of_d1(database: &str) -> bool {
    !database.bytes().all(|byte| matches!(byte, b'A'..=b'Z' | b'0'..=b'9' | b'_'))
}

/// Whether an environment's database is a Cloudflare D1.
pub(crate) fn any_is_of_d1(catalog: &Catalog) -> bool {
    catalog.environments.iter().filter_map(|environment| environment.database.as_deref()).any(is_of_d1)
}
