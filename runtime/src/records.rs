//! The runtime's own tables: their migration stream.

use pricebook_types::Stream;

/// The stream `pricebook`, applied in front of every catalog's own.
pub const MIGRATIONS: Stream = Stream { name: "pricebook", migrations: &[] };
