//! `coupons:` and `retired:`.

use pricebook_types::Currency;
use rust_decimal::Decimal;

use super::fields::Fields;
use super::prices::currencies;
use super::read::{self, Diagnostics};
use super::reasons::{Reasons, reasons};
use crate::diagnostic::Diagnostic;
use crate::parse::{Entry, Node, Value};
use crate::source::{Span, Spanned};

/// A coupon as written; exactly one of `percent_off` and `amount_off` is there.
#[derive(Debug)]
pub struct CouponDecl {
    /// The name on invoices.
    pub name: Spanned<String>,
    /// A share of the amount.
    pub percent_off: Option<Spanned<Decimal>>,
    /// Major units of `currency`.
    pub amount_off: Option<Spanned<Decimal>>,
    /// What `amount_off` is in other currencies, in major units of each.
    pub currencies: Vec<(Spanned<Currency>, Spanned<Decimal>)>,
    /// The currency of `amount_off` and of the codes' minimum amounts.
    pub currency: Option<Spanned<Currency>>,
    /// For how long.
    pub duration: Spanned<DurationDecl>,
    /// What it is limited to.
    pub applies_to: Vec<Spanned<ProductRef>>,
    /// How often in all.
    pub max_redemptions: Option<Spanned<u32>>,
    /// The last day.
    pub redeem_by: Option<Spanned<String>>,
    /// Codes that customers type.
    pub promotion_codes: Vec<PromotionCodeDecl>,
    /// Lint rules that are accepted, with their reasons.
    pub accepts: Reasons,
}

/// For how long a coupon applies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DurationDecl {
    /// To one invoice.
    Once,
    /// For ever.
    Forever,
    /// For so many months.
    Months(Spanned<u16>),
}

/// `kind/id`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductRef {
    /// Before the slash: a kind's id, or what is retired.
    pub what: String,
    /// After the slash.
    pub id: String,
}

/// A promotion code as written.
#[derive(Debug)]
pub struct PromotionCodeDecl {
    /// What customers type.
    pub code: Spanned<String>,
    /// How often in all.
    pub max_redemptions: Option<Spanned<u32>>,
    /// The last day.
    pub expires_at: Option<Spanned<String>>,
    /// For first purchases only.
    pub first_time_transaction: Option<Spanned<bool>>,
    /// Major units that the purchase must reach.
    pub minimum_amount: Option<Spanned<Decimal>>,
}

/// A line of `retired:`.
#[derive(Debug)]
pub struct RetiredDecl {
    /// What is sold no more.
    pub value: ProductRef,
    /// Where it is named.
    pub span: Span,
    /// Lint rules that are accepted, with their reasons.
    pub accepts: Reasons,
}

pub(super) fn coupon(entry: &Entry<'_>, diagnostics: &mut Diagnostics) -> Option<CouponDecl> {
    let mut fields = Fields::of(&entry.value, entry.key_span, "a coupon", diagnostics)?;
    let name = fields.required("name", diagnostics, read::label);
    let percent_off = fields.optional("percent_off", diagnostics, read::decimal);
    let amount_off = fields.optional("amount_off", diagnostics, read::decimal);
    let before = diagnostics.len();
    let currencies = fields.optional("currencies", diagnostics, currencies);
    match (fields.has("percent_off"), fields.has("amount_off")) {
        (false, false) => fields.missing_one_of(&["percent_off", "amount_off"]),
        (true, true) => diagnostics.push(
            Diagnostic::error(
                "percent-and-amount",
                entry.key_span,
                "a coupon takes off a percentage or an amount, not both",
            )
            .help("remove `percent_off` or `amount_off`"),
        ),
        (true, false) if fields.has("currencies") => {
            diagnostics.truncate(before);
            let message = "a percentage is the same in every currency";
            diagnostics.push(
                Diagnostic::error("percent-and-amount", fields.place("currencies").unwrap_or(entry.key_span), message)
                    .help("remove `currencies`, or take off an amount: `amount_off`"),
            );
        }
        _ => {}
    }
    let currency = fields.optional("currency", diagnostics, read::currency);
    let duration = fields.required("duration", diagnostics, duration);
    let applies_to = fields.optional("applies_to", diagnostics, products);
    let max_redemptions = fields.optional("max_redemptions", diagnostics, read::integer);
    let redeem_by = fields.optional("redeem_by", diagnostics, read::date);
    let codes = fields
        .optional("promotion_codes", diagnostics, |node, diagnostics| read::list(node, diagnostics, promotion_code));
    let accepts = fields.optional("accept", diagnostics, reasons).unwrap_or_default();
    if !fields.finish(diagnostics) {
        return None;
    }
    Some(CouponDecl {
        name: name?,
        percent_off,
        amount_off,
        currencies: currencies.unwrap_or_default(),
        currency,
        duration: duration?,
        applies_to: applies_to.unwrap_or_default(),
        max_redemptions,
        redeem_by,
        promotion_codes: codes.unwrap_or_default(),
        accepts,
    })
}

/// At least one: a coupon that is limited to nothing would be taken for one of everything.
fn products(node: &Node<'_>, diagnostics: &mut Diagnostics) -> Option<Vec<Spanned<ProductRef>>> {
    let products = read::list(node, diagnostics, reference)?;
    if products.is_empty() {
        let help = "name the products, or remove the key: without it the coupon is for everything";
        diagnostics.push(Diagnostic::error("empty-list", node.span, "there must be at least one product").help(help));
        return None;
    }
    Some(products)
}

fn duration(node: &Node<'_>, diagnostics: &mut Diagnostics) -> Option<Spanned<DurationDecl>> {
    if let Value::Mapping(_) = node.value {
        let mut fields = Fields::of(node, read::head(node), "a duration", diagnostics)?;
        let months = fields.required("months", diagnostics, read::integer);
        return (fields.finish(diagnostics))
            .then_some(Spanned { value: DurationDecl::Months(months?), span: node.span });
    }
    let before = diagnostics.len();
    let once = read::choice(node, &[("once", true), ("forever", false)], diagnostics);
    if let [diagnostic] = &mut diagnostics[before..]
        && !diagnostic.help.iter().any(|help| help.starts_with("did you mean"))
    {
        let months = match &node.value {
            Value::Scalar { text, .. } => text.split(' ').next().and_then(|number| number.parse::<u16>().ok()),
            _ => None,
        };
        diagnostic.help = vec![format!("for some months, write `{{ months: {} }}`", months.unwrap_or(3))];
    }
    once.map(|once| Spanned {
        value: if once.value { DurationDecl::Once } else { DurationDecl::Forever },
        span: once.span,
    })
}

fn promotion_code(node: &Node<'_>, diagnostics: &mut Diagnostics) -> Option<PromotionCodeDecl> {
    let mut fields = Fields::of(node, read::head(node), "a promotion code", diagnostics)?;
    let code = fields.required("code", diagnostics, read::label);
    let max_redemptions = fields.optional("max_redemptions", diagnostics, read::integer);
    let expires_at = fields.optional("expires_at", diagnostics, read::date);
    let first_time_transaction = fields.optional("first_time_transaction", diagnostics, read::boolean);
    let minimum_amount = fields.optional("minimum_amount", diagnostics, read::decimal);
    let sound = fields.finish(diagnostics);
    sound.then_some(PromotionCodeDecl {
        code: code?,
        max_redemptions,
        expires_at,
        first_time_transaction,
        minimum_amount,
    })
}

/// `plan/legacy`, or `{ id: plan/legacy, accept: { … } }`.
pub(super) fn retired(node: &Node<'_>, diagnostics: &mut Diagnostics) -> Option<RetiredDecl> {
    if !matches!(node.value, Value::Mapping(_)) {
        let Spanned { value, span } = reference(node, diagnostics)?;
        return Some(RetiredDecl { value, span, accepts: Vec::new() });
    }
    let mut fields = Fields::of(node, read::head(node), "a line of `retired`", diagnostics)?;
    let id = fields.required("id", diagnostics, reference);
    let accepts = fields.optional("accept", diagnostics, reasons).unwrap_or_default();
    let sound = fields.finish(diagnostics);
    let Spanned { value, span } = id?;
    sound.then_some(RetiredDecl { value, span, accepts })
}

/// `kind/id`, `price/lookup_key` …
pub(super) fn reference(node: &Node<'_>, diagnostics: &mut Diagnostics) -> Option<Spanned<ProductRef>> {
    let text = read::label(node, diagnostics)?;
    match text.value.split_once('/') {
        Some((what, id)) if !what.is_empty() && !id.is_empty() && (what == "price" || !id.contains('/')) => {
            Some(Spanned { value: ProductRef { what: what.to_owned(), id: id.to_owned() }, span: text.span })
        }
        _ => {
            let message = format!("`{}` does not say what it is an id of", text.value);
            diagnostics.push(
                Diagnostic::error("invalid-reference", text.span, message)
                    .help("write the kind in front: `plan/starter`"),
            );
            None
        }
    }
}
