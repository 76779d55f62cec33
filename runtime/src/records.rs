//! The runtime's own tables as `runtime/records/` declares them: row structs, enums and the migration stream.

include!(concat!(env!("OUT_DIR"), "/catalog.rs"));
