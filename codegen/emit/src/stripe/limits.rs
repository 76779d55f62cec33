//! What Stripe takes: lengths, characters, numbers of things, and the least and most that can be charged.
//!
//! Sources: the API reference of each object (<https://docs.stripe.com/api>), its OpenAPI description
//! (<https://github.com/stripe/openapi>, `maxLength`), <https://docs.stripe.com/api/metadata> and
//! <https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts>.

use pricebook_model::limits::{ChargeLimit, Form, NumberLimit, NumberOf, TargetLimits, TextLimit, TextOf};
use pricebook_types::Currency;
use pricebook_types::stripe::owned;
use pricebook_types::unseen::{is_of_a_name, is_unseen, looks_blank};

/// What Stripe limits.
pub const LIMITS: &[TargetLimits] = &[TargetLimits {
    texts: TEXTS,
    charges: &CHARGES,
    metadata_keys: Some(50 - owned::KEYS_OF_PRODUCT),
    price_metadata_keys: Some(50 - owned::KEYS_OF_PRICE),
    marketing_features: Some(15),
    images: Some(8),
    numbers: NUMBERS,
    ..TargetLimits::none("stripe")
}];

const TEXTS: &[TextLimit] = &[
    // The API takes 5,000; Checkout and the dashboard cut names off after 250.
    TextLimit {
        allows: is_of_a_name,
        allowed: "all characters of one line that can be seen, and the blank of the space bar",
        ..at_most(TextOf::ProductName, 250)
    },
    at_most(TextOf::ProductDescription, 40_000),
    TextLimit {
        allows: |c| !c.is_ascii_control(),
        allowed: "all characters of one line but tabs",
        form: Some(Form { holds: |key| key.trim() == key, words: "a text without blanks at its ends" }),
        ..at_most(TextOf::LookupKey, 200)
    },
    TextLimit {
        allows: |c| c.is_ascii_alphanumeric() || "_-.:/".contains(c),
        allowed: "letters, digits, _ - . : and /",
        ..at_most(TextOf::LocalId, 255)
    },
    TextLimit {
        // Stripe refuses brackets; its command-line tool takes what follows a `=` for the value.
        allows: |c| !matches!(c, '[' | ']' | '='),
        allowed: "all characters but [ ] and =",
        ..at_most(TextOf::MetadataKey, 40)
    },
    // An empty value takes the key away.
    at_most(TextOf::MetadataValue, 500),
    at_most(TextOf::MarketingFeature, 80),
    TextLimit {
        allows: |c| (c.is_ascii_graphic() || c == ' ') && !r#"<>\"'*"#.contains(c),
        allowed: r#"ASCII letters, digits, spaces and signs but < > \ " ' and *"#,
        form: Some(Form { holds: has_letter, words: "a text with at least one letter" }),
        // <https://docs.stripe.com/get-started/account/statement-descriptors>: five to 22 characters.
        min_chars: 5,
        ..at_most(TextOf::StatementDescriptor, 22)
    },
    at_most(TextOf::UnitLabel, 12),
    address(TextOf::Image),
    address(TextOf::Url),
    TextLimit {
        form: Some(Form { holds: is_tax_code, words: "`txcd_` and digits: `txcd_10103001`" }),
        ..at_most(TextOf::TaxCode, 5_000)
    },
    at_most(TextOf::CouponId, 5_000),
    at_most(TextOf::CouponName, 40),
    TextLimit {
        allows: |c| c.is_ascii_alphanumeric() || c == '-',
        allowed: "letters, digits and -",
        ..at_most(TextOf::PromotionCode, 500)
    },
    // The `lookup_key` of <https://docs.stripe.com/api/entitlements/feature>.
    at_most(TextOf::FeatureId, 80),
    at_most(TextOf::FeatureName, 80),
    // Whoever reports usage types it again: in another program, where nothing checks it.
    TextLimit {
        allows: |c| !c.is_control() && !is_unseen(c) && !looks_blank(c),
        allowed: "all characters of one line that can be seen, and blanks",
        form: Some(Form { holds: |name| name.trim() == name, words: "a text without blanks at its ends" }),
        ..at_most(TextOf::MeterEvent, 100)
    },
];

const fn at_most(of: TextOf, max_chars: usize) -> TextLimit {
    TextLimit { of, min_chars: 1, max_chars, allows: |_| true, allowed: "all characters", form: None }
}

const fn address(of: TextOf) -> TextLimit {
    TextLimit {
        allows: |c| !c.is_control() && !is_unseen(c) && c != ' ' && !looks_blank(c),
        allowed: "all characters of one line that can be seen",
        form: Some(Form {
            holds: is_address,
            words: "an address on the web, without a user's name and password: `https://example.com/page`",
        }),
        ..at_most(of, 5_000)
    }
}

/// A page or a picture that a browser can open.
fn is_address(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        let server = rest.split(['/', '?', '#']).next().unwrap_or_default();
        server.starts_with(|c: char| c.is_alphanumeric() || c == '[') && !server.contains('@')
    })
}

fn has_letter(text: &str) -> bool {
    text.contains(|c: char| c.is_ascii_alphabetic())
}

/// <https://docs.stripe.com/tax/tax-codes>
fn is_tax_code(text: &str) -> bool {
    let digits = text.strip_prefix("txcd_").unwrap_or_default();
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

const NUMBERS: &[NumberLimit] = &[
    positive(NumberOf::CouponMonths, u32::MAX),
    positive(NumberOf::CouponRedemptions, u32::MAX),
    positive(NumberOf::PromotionCodeRedemptions, u32::MAX),
    positive(NumberOf::DivideBy, u32::MAX),
    // The API says no more than "a float"; two places are what the dashboard takes and shows.
    NumberLimit { decimals: 2, min: 0, ..positive(NumberOf::PercentOff, 100) },
    // <https://docs.stripe.com/api/products/create>: two decimal places.
    NumberLimit { decimals: 2, min: 0, ..positive(NumberOf::PackageDimension, u32::MAX) },
    // <https://docs.stripe.com/billing/subscriptions/trials>: two years.
    NumberLimit { min: 0, ..positive(NumberOf::TrialDays, 730) },
];

const fn positive(of: NumberOf, max: u32) -> NumberLimit {
    NumberLimit { of, min: 1, max, decimals: 0 }
}

const CHARGES: [ChargeLimit; Currency::ALL.len()] = {
    let mut charges = [charge(Currency::Usd); Currency::ALL.len()];
    let mut index = 0;
    while index < charges.len() {
        charges[index] = charge(Currency::ALL[index]);
        index += 1;
    }
    charges
};

const fn charge(currency: Currency) -> ChargeLimit {
    ChargeLimit {
        currency,
        min_minor: minimum(currency),
        max_minor: maximum(currency),
        step_minor: currency.step_minor(),
    }
}

/// The least charge where the account settles in the same currency; Stripe states none for the others.
const fn minimum(currency: Currency) -> i64 {
    match currency {
        Currency::Huf => 17_500,
        Currency::Czk => 1_500,
        Currency::Mxn | Currency::Thb => 1_000,
        Currency::Hkd => 400,
        Currency::Nok | Currency::Sek => 300,
        Currency::Dkk => 250,
        Currency::Aed | Currency::Myr | Currency::Pln | Currency::Ron => 200,
        Currency::Bgn => 100,
        Currency::Aud
        | Currency::Brl
        | Currency::Cad
        | Currency::Chf
        | Currency::Eur
        | Currency::Inr
        | Currency::Jpy
        | Currency::Nzd
        | Currency::Sgd
        | Currency::Usd => 50,
        Currency::Gbp => 30,
        _ => 1,
    }
}

/// Twelve digits for IDR, eight for all others.
const fn maximum(currency: Currency) -> i64 {
    match currency {
        Currency::Idr => 999_999_999_999,
        _ => 99_999_999,
    }
}
