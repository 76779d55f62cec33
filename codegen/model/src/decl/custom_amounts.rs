//! `custom_amount:` of a price: between which amounts customers choose.

use pricebook_types::Currency;
use rust_decimal::Decimal;

use super::fields::Fields;
use super::read::{self, Diagnostics};
use crate::parse::Node;
use crate::source::{Span, Spanned};

/// `custom_amount:`.
#[derive(Debug)]
pub struct CustomDecl {
    /// The place of its first line.
    pub span: Span,
    /// In the default currency.
    pub bounds: BoundsDecl,
    /// In other currencies.
    pub currencies: Vec<(Spanned<Currency>, BoundsDecl)>,
}

/// Between which amounts, in major units.
#[derive(Debug)]
pub struct BoundsDecl {
    /// The least.
    pub minimum: Option<Spanned<Decimal>>,
    /// The most.
    pub maximum: Option<Spanned<Decimal>>,
    /// What stands there before anybody chooses.
    pub preset: Option<Spanned<Decimal>>,
}

impl BoundsDecl {
    /// The amounts that are there, from the least to the most.
    pub fn amounts(&self) -> impl Iterator<Item = &Spanned<Decimal>> {
        self.minimum.iter().chain(&self.preset).chain(&self.maximum)
    }

    /// The first of them that is below the one before it, which comes second.
    pub fn out_of_order(&self) -> Option<(&Spanned<Decimal>, &Spanned<Decimal>)> {
        let mut pairs = self.amounts().zip(self.amounts().skip(1));
        pairs.find(|(before, amount)| amount.value < before.value).map(|(before, amount)| (amount, before))
    }
}

pub(super) fn custom(node: &Node<'_>, diagnostics: &mut Diagnostics) -> Option<CustomDecl> {
    let span = read::head(node);
    let before = diagnostics.len();
    let Some(mut fields) = Fields::of(node, span, "`custom_amount`", diagnostics) else {
        if let [diagnostic] = &mut diagnostics[before..] {
            let meant = "write between which amounts customers choose, as in `{ minimum: 5.00, maximum: 500.00 }`, or `{}` for any";
            diagnostic.help = vec![meant.to_owned()];
        }
        return None;
    };
    let bounds = self::bounds(&mut fields, diagnostics);
    let currencies = fields.optional("currencies", diagnostics, |node, diagnostics| {
        read::map(node, diagnostics, |entry, diagnostics| {
            let currency = read::currency_code(&entry.key, entry.key_span, diagnostics);
            let mut fields = Fields::of(&entry.value, entry.key_span, "a currency of `custom_amount`", diagnostics)?;
            let bounds = self::bounds(&mut fields, diagnostics);
            let sound = fields.finish(diagnostics);
            sound.then_some((Spanned { value: currency?, span: entry.key_span }, bounds))
        })
    });
    let sound = fields.finish(diagnostics);
    sound.then_some(CustomDecl { span, bounds, currencies: currencies.unwrap_or_default() })
}

fn bounds(fields: &mut Fields<'_, '_>, diagnostics: &mut Diagnostics) -> BoundsDecl {
    BoundsDecl {
        minimum: fields.optional("minimum", diagnostics, read::decimal),
        maximum: fields.optional("maximum", diagnostics, read::decimal),
        preset: fields.optional("preset", diagnostics, read::decimal),
    }
}
