//! Code of the company's own, over the kinds of its own.

use pricebook_types::{Money, NoSuchPrice};

use crate::catalog::{Tour, TourDifficulty, tour};

/// The tour on the poster.
pub const FEATURED: Tour = tour!("night-ride");

/// Who leads a tour. A new tour in the catalog does not compile until somebody does.
pub const fn guide(tour: Tour) -> &'static str {
    match tour {
        Tour::RiverLoop => "Ada",
        Tour::NightRide => "Grace",
    }
}

/// Whether everybody may come.
pub const fn is_for_beginners(tour: Tour) -> bool {
    matches!(tour.difficulty(), TourDifficulty::Easy) && tour.kilometers() < 50
}

/// What a tour costs where nothing else is agreed.
///
/// # Errors
/// [`NoSuchPrice`] where it cannot be booked on its own.
pub fn fare(tour: Tour) -> Result<Option<Money>, NoSuchPrice> {
    Ok(tour.one_time()?.amount())
}
