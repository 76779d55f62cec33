//! `tiers:` of a price.

use pricebook_types::{Currency, TierMode};
use rust_decimal::Decimal;

use super::fields::Fields;
use super::read::{self, Diagnostics};
use crate::diagnostic::Diagnostic;
use crate::parse::{Node, Value};
use crate::source::{Span, Spanned};

/// `tiers:`.
#[derive(Debug)]
pub struct TiersDecl {
    /// The place of its first line.
    pub span: Span,
    /// Graduated or volume.
    pub mode: Spanned<TierMode>,
    /// In the default currency.
    pub steps: Vec<StepDecl>,
    /// The same steps in other currencies.
    pub currencies: Vec<(Spanned<Currency>, Vec<StepDecl>)>,
}

/// One tier; at least one of its amounts is there.
#[derive(Debug)]
pub struct StepDecl {
    /// The place of its first line.
    pub span: Span,
    /// The last unit, `None` for `unlimited`.
    pub up_to: Spanned<Option<u64>>,
    /// Major units for one unit.
    pub unit_amount: Option<Spanned<Decimal>>,
    /// Major units for the tier.
    pub flat_amount: Option<Spanned<Decimal>>,
}

pub(super) fn tiers(node: &Node<'_>, diagnostics: &mut Diagnostics) -> Option<TiersDecl> {
    let span = read::head(node);
    let mut fields = Fields::of(node, span, "`tiers`", diagnostics)?;
    let mode = fields.required("mode", diagnostics, |node, diagnostics| {
        read::choice(node, &[("graduated", TierMode::Graduated), ("volume", TierMode::Volume)], diagnostics)
    });
    let own = fields.required("steps", diagnostics, steps);
    let currencies = fields.optional("currencies", diagnostics, |node, diagnostics| {
        read::map(node, diagnostics, |entry, diagnostics| {
            let currency = read::currency_code(&entry.key, entry.key_span, diagnostics);
            let steps = steps(&entry.value, diagnostics)?;
            Some((Spanned { value: currency?, span: entry.key_span }, steps))
        })
    });
    let sound = fields.finish(diagnostics);
    sound.then_some(TiersDecl { span, mode: mode?, steps: own?, currencies: currencies.unwrap_or_default() })
}

fn steps(node: &Node<'_>, diagnostics: &mut Diagnostics) -> Option<Vec<StepDecl>> {
    let steps = read::list(node, diagnostics, step)?;
    if steps.is_empty() {
        let help = "write what each unit costs, as in `[{ up_to: unlimited, unit_amount: 0.10 }]`";
        diagnostics.push(Diagnostic::error("empty-list", node.span, "there must be at least one step").help(help));
        return None;
    }
    Some(steps)
}

fn step(node: &Node<'_>, diagnostics: &mut Diagnostics) -> Option<StepDecl> {
    let span = read::head(node);
    let mut fields = Fields::of(node, span, "a step", diagnostics)?;
    let up_to = fields.required("up_to", diagnostics, |node, diagnostics| match &node.value {
        Value::Scalar { text, .. } if text == "unlimited" => Some(Spanned { value: None, span: node.span }),
        _ => last_unit(node, diagnostics),
    });
    let unit_amount = fields.optional("unit_amount", diagnostics, read::decimal);
    let flat_amount = fields.optional("flat_amount", diagnostics, read::decimal);
    if !fields.has("unit_amount") && !fields.has("flat_amount") {
        fields.missing_one_of(&["unit_amount", "flat_amount"]);
    }
    let sound = fields.finish(diagnostics);
    sound.then_some(StepDecl { span, up_to: up_to?, unit_amount, flat_amount })
}

fn last_unit(node: &Node<'_>, diagnostics: &mut Diagnostics) -> Option<Spanned<Option<u64>>> {
    let before = diagnostics.len();
    let last = read::integer(node, diagnostics);
    if let [diagnostic] = &mut diagnostics[before..]
        && matches!(&node.value, Value::Scalar { text, .. } if !text.contains(|c: char| c.is_ascii_digit()))
    {
        diagnostic.help = vec!["write the last unit of the tier, or `unlimited`".to_owned()];
    }
    last.map(|last| Spanned { value: Some(last.value), span: last.span })
}
