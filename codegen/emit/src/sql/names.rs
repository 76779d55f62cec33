//! Names that databases want and the catalog does not give: checks, triggers, primary keys.

use sha2::{Digest, Sha256};

/// What PostgreSQL keeps of a name; MySQL keeps one more.
const MAX_BYTES: usize = 63;

/// `prefix_table_column`, shortened where it would be too long, then with a hash that keeps it unique.
pub(super) fn name(prefix: &str, table: &str, column: &str) -> String {
    let parts = [prefix, table, column];
    let full = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("_");
    if full.len() <= MAX_BYTES {
        return full;
    }
    let hash = Sha256::digest(full.as_bytes());
    let hash: String = hash.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    format!("{}_{hash}", &full[..MAX_BYTES - 9])
}

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn long_names_are_shortened_and_stay_apart() {
        assert_eq!(name("pk", "plans", ""), "pk_plans");
        let long = |last: &str| name("chk", &"t".repeat(60), last);
        assert_eq!(long("a").len(), 63);
        assert_ne!(long("a"), long("b"));
    }
}
