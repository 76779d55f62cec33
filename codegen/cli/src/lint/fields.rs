//! What a change of each field is to customers: the rules that it breaks, or why it is harmless.
//!
//! A field that no section lists fails a test, so that a new one is decided on.

use crate::changes::{Change, Subject, What};

/// What a change of a field is to customers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It breaks these rules, or those of them that its direction breaks.
    Breaks(&'static [&'static str]),
    /// It breaks none, for this reason.
    Harmless(&'static str),
}

use Decision::{Breaks, Harmless};

const FOR_PEOPLE: Decision = Harmless("a text for people");
const FREE_DATA: Decision = Harmless("free data, of which the catalog knows no meaning");
const IDENTITY: Decision = Harmless("another one is another thing, which comes and goes");
const WAY_OF_RENAMING: Decision = Harmless("it says which id went, and that is judged");

/// Sections of the catalog with their fields, as they are serialized.
pub const FIELDS: &[(&str, &[(&str, Decision)])] = &[
    (
        "catalog",
        &[
            ("name", Breaks(&["catalog-renamed"])),
            ("title", FOR_PEOPLE),
            ("npm_package", Harmless("programs that import the package do not compile without it")),
            ("currency", Harmless("every price has its own, and that is judged")),
            ("tax_behavior", Breaks(&["tax-behavior-changed"])),
        ],
    ),
    (
        "product",
        &[
            ("kind", IDENTITY),
            ("id", Breaks(&["id-gone"])),
            ("name", FOR_PEOPLE),
            ("description", FOR_PEOPLE),
            ("was", WAY_OF_RENAMING),
            ("active", Breaks(&["product-deactivated"])),
            ("coming_soon", Harmless("such a product is not sold, and that is judged")),
            ("free", Harmless("amounts are judged")),
            ("local_id", Breaks(&["local-id-changed"])),
            ("stripe_name", Breaks(&["stripe-name-changed"])),
            ("tax_code", Breaks(&["tax-code-changed"])),
            ("statement_descriptor", FOR_PEOPLE),
            ("unit_label", FOR_PEOPLE),
            ("images", FOR_PEOPLE),
            ("url", FOR_PEOPLE),
            ("shippable", Harmless("it says of new payments whether an address is asked for")),
            ("package_dimensions", Harmless("it says how new orders are shipped")),
            ("attributes", Breaks(&["attributes-changed"])),
            ("metadata", FREE_DATA),
            ("marketing_features", FOR_PEOPLE),
            ("grants", Breaks(&["entitlement-removed", "entitlement-lowered"])),
            ("prices", Breaks(&["price-gone", "price-retired", "first-price-changed"])),
            ("deposit", Breaks(&["deposit-raised", "deposit-changed"])),
            ("billing_type", Harmless("it follows from the interval, which is judged")),
            ("price_display", FOR_PEOPLE),
            ("deposit_display", FOR_PEOPLE),
        ],
    ),
    (
        "price",
        &[
            ("key", IDENTITY),
            ("lookup_key", Breaks(&["lookup-key-changed"])),
            ("local_id", Breaks(&["local-id-changed"])),
            ("stripe_name", Breaks(&["stripe-name-changed"])),
            ("label", FOR_PEOPLE),
            ("interval", Breaks(&["interval-changed"])),
            ("usage", Breaks(&["usage-changed"])),
            ("meter", Breaks(&["usage-changed"])),
            ("tier_mode", Breaks(&["tier-mode-changed"])),
            ("unit", Breaks(&["usage-changed"])),
            ("transform_quantity", Breaks(&["usage-changed"])),
            ("trial_days", Breaks(&["trial-shortened"])),
            ("tax_behavior", Breaks(&["tax-behavior-changed"])),
            ("currency_tax_behavior", Breaks(&["tax-behavior-changed"])),
            ("metadata", FREE_DATA),
            ("amounts", Breaks(AMOUNTS)),
            (
                "changes",
                Breaks(&[
                    "price-now-free",
                    "price-raised",
                    "price-lowered",
                    "announced-too-late",
                    "announcement-withdrawn",
                ]),
            ),
            ("grandfathered", Breaks(&["price-deactivated"])),
            ("active", Breaks(&["price-deactivated"])),
        ],
    ),
    (
        "coupon",
        &[
            ("id", Breaks(&["id-gone", "coupon-retired"])),
            ("name", FOR_PEOPLE),
            ("discount", Breaks(&["coupon-lowered", "coupon-changed", "coupon-makes-free"])),
            ("duration", Breaks(&["coupon-lowered", "coupon-changed"])),
            ("applies_to", Breaks(&["coupon-narrowed", "coupon-widened", "coupon-makes-free"])),
            ("max_redemptions", Breaks(TERMS)),
            ("redeem_by", Breaks(TERMS)),
            ("promotion_codes", Breaks(TERMS)),
        ],
    ),
    (
        "promotion code",
        &[
            ("code", Breaks(TERMS)),
            ("max_redemptions", Breaks(TERMS)),
            ("expires_at", Breaks(TERMS)),
            ("first_time_transaction", Breaks(TERMS)),
            ("minimum_amount", Breaks(TERMS)),
        ],
    ),
    (
        "feature",
        &[
            ("id", Breaks(&["id-gone", "feature-renamed"])),
            ("name", FOR_PEOPLE),
            ("description", FOR_PEOPLE),
            ("was", WAY_OF_RENAMING),
            ("kind", Breaks(&["feature-changed"])),
            ("unit", Breaks(&["feature-changed"])),
        ],
    ),
    (
        "meter",
        &[
            ("id", IDENTITY),
            ("name", FOR_PEOPLE),
            ("event_name", Breaks(&["meter-changed", "meter-gone"])),
            ("aggregation", Breaks(&["meter-changed"])),
        ],
    ),
    (
        "group",
        &[
            ("id", Breaks(&["group-changed"])),
            ("name", FOR_PEOPLE),
            ("kind", Breaks(&["group-changed"])),
            ("products", Breaks(&["group-changed"])),
        ],
    ),
    (
        "kind",
        &[
            ("id", IDENTITY),
            ("title", FOR_PEOPLE),
            ("plural", Harmless("a key of the YAML")),
            ("description", FOR_PEOPLE),
            ("attributes", Harmless("products fill in their defaults, and their attributes are judged")),
            ("prices", Harmless("it binds the catalog's authors; prices that go are judged")),
            ("stripe_product_per", Breaks(&["local-id-changed"])),
            ("table", Harmless("the migration says that its table has another name")),
            ("sources", Breaks(&["column-source-changed", "table-without-active"])),
            ("amounts", Breaks(&["amount-unit-changed"])),
        ],
    ),
    (
        "environment",
        &[
            ("id", IDENTITY),
            ("database", Breaks(&["environment-moved"])),
            ("stripe_account", Breaks(&["environment-moved"])),
            ("stripe_live", Breaks(&["stripe-mode-changed"])),
            ("live_url", Breaks(&["environment-moved"])),
        ],
    ),
];

const AMOUNTS: &[&str] = &[
    "price-raised",
    "price-lowered",
    "price-slashed",
    "price-now-free",
    "price-no-longer-free",
    "currency-dropped",
    "former-amount-changed",
];
const TERMS: &[&str] = &["coupon-narrowed", "coupon-widened"];

/// Whether a field changed that breaks this rule in whatever direction.
pub(super) fn breaks(change: &Change, rule: &str) -> bool {
    let What::Field { field, .. } = &change.what else { return false };
    let name = field.replace(' ', "_");
    let fields =
        FIELDS.iter().filter(|(section, _)| *section == section_of(&change.subject)).flat_map(|(_, fields)| *fields);
    let mut decisions = fields.filter(|(field, _)| *field == name).map(|(_, decision)| decision);
    decisions.any(|decision| matches!(decision, Breaks(rules) if rules.contains(&rule)))
}

fn section_of(subject: &Subject) -> &str {
    match subject {
        Subject::Catalog => "catalog",
        Subject::Product { .. } => "product",
        Subject::Price { .. } => "price",
        Subject::Table { .. } => "table",
        Subject::Entry { section, .. } => section,
    }
}
