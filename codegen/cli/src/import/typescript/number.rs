//! Numbers as a module has them: 64 bits, so that not every number that can be written is kept.

use oxc_ast::ast::NumericLiteral;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// The number that a literal stands for, where that is what is written: `1_495`, `29.90`, `.5`, `1e3`, `0x1F`.
pub(super) fn exact(literal: &NumericLiteral<'_>) -> Option<Decimal> {
    let written = decimal(literal.raw.as_ref()?)?;
    // A number of more digits than 64 bits hold is another one in the module.
    (text(written)?.parse() == Ok(written)).then_some(written)
}

/// How a module writes a number into a text; `None` where that takes an exponent.
pub(super) fn text(number: Decimal) -> Option<String> {
    let double = number.to_string().parse::<f64>().ok()?;
    let is_plain = double == 0.0 || (1e-6..1e21).contains(&double.abs());
    // There is no sign before zero.
    is_plain.then(|| if double == 0.0 { "0".to_owned() } else { double.to_string() })
}

/// A position in a list.
pub(super) fn index(literal: &NumericLiteral<'_>) -> Option<usize> {
    exact(literal).filter(Decimal::is_integer)?.to_usize()
}

fn decimal(raw: &str) -> Option<Decimal> {
    let digits = raw.replace('_', "").to_ascii_lowercase();
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        if let Some(digits) = digits.strip_prefix(prefix) {
            return i64::from_str_radix(digits, radix).ok().map(Decimal::from);
        }
    }
    if digits.contains('e') {
        return Decimal::from_scientific(&digits).ok();
    }
    Decimal::from_str_exact(&digits).ok()
}
