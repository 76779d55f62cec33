//! The rules, a file for each subject, one entry each.

mod amounts;
mod coupons;
mod declarations;
mod offer;
mod reasons;
mod terms;

use super::Rule;

/// Every rule, by its subject.
const SUBJECTS: [&[Rule]; 6] =
    [amounts::RULES, offer::RULES, terms::RULES, coupons::RULES, declarations::RULES, reasons::RULES];

/// Every rule.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    SUBJECTS.into_iter().flatten()
}
