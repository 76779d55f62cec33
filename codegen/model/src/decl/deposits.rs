//! Deposits: what must be paid first.

use pricebook_types::Currency;
use rust_decimal::Decimal;

use super::fields::Fields;
use super::prices::currencies;
use super::read::{self, Diagnostics};
use crate::diagnostic::Diagnostic;
use crate::parse::{Node, Value};
use crate::readings::readings;
use crate::source::Spanned;

/// A deposit as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DepositDecl {
    /// The whole price.
    Full,
    /// A share of the price.
    Percent {
        /// Of 100.
        percent: Spanned<Decimal>,
        /// What happens where the share is not a whole number of minor units.
        rounding: Option<Spanned<Rounding>>,
    },
    /// Fixed amounts.
    Amount(FixedDecl),
}

/// A fixed deposit as written, in major units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FixedDecl {
    /// In the first price's default currency.
    pub amount: Spanned<Decimal>,
    /// In the other currencies of the first price.
    pub currencies: Vec<(Spanned<Currency>, Spanned<Decimal>)>,
}

/// How a share is rounded to minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// Away from zero.
    Up,
    /// Towards zero.
    Down,
    /// To the nearest, ties to even.
    HalfEven,
}

pub(super) fn deposit(node: &Node<'_>, diagnostics: &mut Diagnostics) -> Option<Spanned<DepositDecl>> {
    let span = read::head(node);
    if !matches!(node.value, Value::Mapping(_)) {
        let (text, _) = read::scalar(node, "`full`, `{ percent: … }` or `{ amount: … }`", diagnostics)?;
        if text == "full" {
            return Some(Spanned { value: DepositDecl::Full, span: node.span });
        }
        let message = format!("a deposit is `full`, `{{ percent: … }}` or `{{ amount: … }}`, not `{text}`");
        let diagnostic = Diagnostic::error("invalid-deposit", node.span, message);
        diagnostics.push(match readings(text).first().map_or(text, |number| number) {
            number if !number.bytes().any(|byte| byte.is_ascii_digit()) => {
                diagnostic.help("write a share of the price, as in `{ percent: 50 }`, or remove `deposit`")
            }
            number => diagnostic.help(format!("write `{{ percent: {number} }}` or `{{ amount: {number} }}`")),
        });
        return None;
    }
    let mut fields = Fields::of(node, span, "a deposit", diagnostics)?;
    let percent = fields.optional("percent", diagnostics, read::decimal);
    let amount = fields.optional("amount", diagnostics, read::decimal);
    let currencies = fields.optional("currencies", diagnostics, currencies);
    let rounding = fields.optional("rounding", diagnostics, |node, diagnostics| {
        let words = [("up", Rounding::Up), ("down", Rounding::Down), ("half_even", Rounding::HalfEven)];
        read::choice(node, &words, diagnostics)
    });
    let both = match (fields.has("percent"), fields.has("amount")) {
        (true, true) => Some(("a deposit is a percentage or an amount, not both", "remove `percent` or `amount`")),
        (true, false) if fields.has("currencies") => {
            Some(("a percentage is the same in every currency", "remove `currencies`, or write `amount` for `percent`"))
        }
        (false, true) if fields.has("rounding") => {
            Some(("only a percentage is rounded, an amount is exact", "remove `rounding`"))
        }
        (false, false) => {
            let keys = if fields.has("currencies") { &["amount", "percent"] } else { &["percent", "amount"] };
            fields.missing_one_of(keys);
            None
        }
        _ => None,
    };
    if let Some((message, help)) = both {
        diagnostics.push(Diagnostic::error("percent-and-amount", span, message).help(help));
    }
    let sound = fields.finish(diagnostics);
    let value = match (percent, amount) {
        (Some(percent), _) => DepositDecl::Percent { percent, rounding },
        (None, amount) => {
            DepositDecl::Amount(FixedDecl { amount: amount?, currencies: currencies.unwrap_or_default() })
        }
    };
    sound.then_some(Spanned { value, span: node.span })
}
