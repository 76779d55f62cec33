//! `/api/admin/…`: what administrators see, and what they may do.

pub(in crate::http) mod cache;
pub(in crate::http) mod listing;
mod lists;
mod page;
pub(in crate::http) mod stripe;

pub(in crate::http) use lists::LISTINGS;
pub(in crate::http) use page::{LARGEST_PAGE, LONGEST_TEXT, PAGE, list, text};
