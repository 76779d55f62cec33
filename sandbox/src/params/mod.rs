//! What a request may say: forms as trees, the parameters that an endpoint declares, and the values that were checked.

mod check;
mod declare;
mod form;
mod values;

pub(crate) use check::{check, merge_metadata};
pub(crate) use declare::{Field, Kind, field, required};
pub(crate) use form::Branch;
pub(crate) use values::Params;
