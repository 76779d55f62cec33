//! `/api/admin/stripe/…`: what administrators see of the sync of products, and how they steer it.

pub(in crate::http) mod events;
pub(in crate::http) mod job;
pub(in crate::http) mod queue;
mod shown;
pub(in crate::http) mod status;
pub(in crate::http) mod sync_products;
