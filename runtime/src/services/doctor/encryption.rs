//! Whether somebody on the way to the database's server can read along, and what to do about it.

use super::Finding;
use crate::config::DatabaseUrl;
use crate::db::encryption::{Demand, Way};

const WHAT: &str = "encryption";

/// How the way to a server is, whose connection is encrypted with this protocol; `None` where there is no server.
pub fn of_encryption(url: &DatabaseUrl, protocol: Option<&str>) -> Option<Finding> {
    let Way { demand, is_local } = Way::of(url)?;
    Some(match (protocol, demand) {
        (Some(protocol), Demand::Checked) => {
            Finding::good(WHAT, format!("{protocol}, with a server whose certificate was checked"))
        }
        (Some(protocol), _) if is_local => Finding::good(WHAT, format!("{protocol}, with a server on this machine")),
        (None, _) if is_local => Finding::good(WHAT, "none; the server is on this machine"),
        (Some(protocol), _) => {
            let says =
                format!("{protocol}, but the server's certificate is not checked: another could answer in its place");
            Finding::doubtful(WHAT, says, demanding(url))
        }
        (None, _) => {
            let says = "none: whoever is on the way to the server reads along";
            let help = format!("turn TLS on at the server, then {}", demanding(url));
            Finding::doubtful(WHAT, says, help)
        }
    })
}

fn demanding(url: &DatabaseUrl) -> &'static str {
    match url {
        DatabaseUrl::Mysql(_) => {
            "add ssl-mode=verify_identity to the database URL, with ssl-ca=<file> for a root of your own"
        }
        _ => "add sslmode=verify-full to the database URL, with sslrootcert=<file> for a root of your own",
    }
}
