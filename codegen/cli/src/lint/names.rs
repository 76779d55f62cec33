//! Ids of rules that others speak of.

use rust_decimal::Decimal;

/// The rule that an `accept:` breaks which names none.
pub(super) const UNKNOWN_RULE: &str = "unknown-rule";
/// The rule that an `accept:` breaks which accepts nothing.
pub(super) const UNUSED_REASON: &str = "unused-reason";
/// The rule that speaks where no other says what became of tiers.
pub(super) const TIERS_CHANGED: &str = "tiers-changed";
/// Asked of a price that costs more.
pub(super) const PRICE_RAISED: &str = "price-raised";

/// Asked of a price that costs less, and
pub(super) const PRICE_LOWERED: &str = "price-lowered";
/// asked alone of one that costs less than a quarter of what it did.
pub(super) const PRICE_SLASHED: &str = "price-slashed";

/// Asked of what costs nothing from now on, and then alone.
pub(super) const PRICE_NOW_FREE: &str = "price-now-free";

/// Asked of what cost nothing, and then alone.
pub(super) const NO_LONGER_FREE: &str = "price-no-longer-free";

/// Asked of a coupon that takes off everything, and
pub(super) const COUPON_MAKES_FREE: &str = "coupon-makes-free";
/// asked of one that takes off more,
pub(super) const COUPON_CHANGED: &str = "coupon-changed";
/// or is for more.
pub(super) const COUPON_WIDENED: &str = "coupon-widened";

/// What [`PRICE_SLASHED`] is about, in percent.
pub(super) const MOST_CUT: Decimal = Decimal::from_parts(75, 0, 0, false, 0);
