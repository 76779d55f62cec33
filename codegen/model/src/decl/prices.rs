//! The prices of a product.

use pricebook_types::{Currency, IntervalUnit, UsageType};
use rust_decimal::Decimal;

use super::catalog::TAX_BEHAVIORS;
use super::custom_amounts::{BoundsDecl, CustomDecl, custom};
use super::fields::Fields;
use super::metadata::{MetadataDecl, metadata};
use super::read::{self, Diagnostics};
use super::reasons::{Reasons, reasons};
use super::tiers::{TiersDecl, tiers};
use crate::catalog::TaxBehavior;
use crate::diagnostic::Diagnostic;
use crate::parse::{Entry, Node, Value};
use crate::source::{Span, Spanned};

/// A price as written.
#[derive(Debug)]
pub struct PriceDecl {
    /// Its key, with its place.
    pub key: Spanned<String>,
    /// How much.
    pub amounts: AmountsDecl,
    /// The default currency of this price.
    pub currency: Option<Spanned<Currency>>,
    /// For keys without an interval of their own.
    pub interval: Option<Spanned<IntervalDecl>>,
    /// Default 1.
    pub interval_count: Option<Spanned<u16>>,
    /// Default licensed.
    pub usage: Option<Spanned<UsageType>>,
    /// A meter's id.
    pub meter: Option<Spanned<String>>,
    /// `seat`.
    pub unit: Option<Spanned<String>>,
    /// For people.
    pub label: Option<Spanned<String>>,
    /// Instead of the one that the kind's pattern makes.
    pub lookup_key: Option<Spanned<String>>,
    /// Days of trial.
    pub trial_days: Option<Spanned<u16>>,
    /// Default the catalog's.
    pub tax_behavior: Option<Spanned<TaxBehavior>>,
    /// For other currencies than the default one; default as `tax_behavior`.
    pub currency_tax_behavior: Vec<(Spanned<Currency>, Spanned<TaxBehavior>)>,
    /// Default true.
    pub active: Option<Spanned<bool>>,
    /// Divide the quantity before pricing.
    pub transform_quantity: Option<Spanned<TransformDecl>>,
    /// Free key-value data.
    pub metadata: MetadataDecl,
    /// Announced changes.
    pub changes: Vec<ChangeDecl>,
    /// Former amounts that old subscriptions keep.
    pub grandfathered: Vec<GrandfatheredDecl>,
    /// Lint rules that are accepted, with their reasons.
    pub accepts: Reasons,
}

/// `transform_quantity:` of a price as written.
#[derive(Clone, Debug)]
pub struct TransformDecl {
    /// Divide the quantity by this.
    pub divide_by: Spanned<u32>,
    /// And round up (otherwise down).
    pub round_up: bool,
}

impl PriceDecl {
    /// Whether a meter counts the quantity.
    pub(crate) fn is_metered(&self) -> bool {
        self.usage.as_ref().is_some_and(|usage| usage.value == UsageType::Metered)
    }

    /// Whether the amount is charged as it stands; of many small units only the sum is, which is rounded.
    pub(crate) fn is_charged_at_once(&self) -> bool {
        !self.is_metered() && self.unit.is_none() && self.transform_quantity.is_none()
    }
}

/// `interval:`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IntervalDecl {
    /// Charged once.
    Once,
    /// Charged again and again.
    Every(IntervalUnit),
}

/// How much: `amount` with `currencies`, `tiers`, or `custom_amount`.
#[derive(Debug)]
pub struct AmountsDecl {
    /// Where the amounts stand.
    pub span: Span,
    /// Major units of the default currency.
    pub amount: Option<Spanned<Decimal>>,
    /// Major units of other currencies.
    pub currencies: Vec<(Spanned<Currency>, Spanned<Decimal>)>,
    /// Instead of `amount`.
    pub tiers: Option<TiersDecl>,
    /// Instead of `amount`.
    pub custom: Option<CustomDecl>,
}

impl AmountsDecl {
    /// The currencies that are named beside the default one.
    pub(crate) fn other_currencies(&self) -> impl Iterator<Item = &Spanned<Currency>> {
        let flat = self.currencies.iter().map(|(currency, _)| currency);
        let tiered = self.tiers.iter().flat_map(|tiers| &tiers.currencies).map(|(currency, _)| currency);
        let chosen = self.custom.iter().flat_map(|custom| &custom.currencies).map(|(currency, _)| currency);
        flat.chain(tiered).chain(chosen)
    }

    /// The bounds of what customers choose, in each currency.
    pub(crate) fn bounds(&self, default: Currency) -> impl Iterator<Item = (Currency, &BoundsDecl)> {
        let custom = self.custom.iter();
        custom.flat_map(move |custom| {
            let others = custom.currencies.iter().map(|(currency, bounds)| (currency.value, bounds));
            std::iter::once((default, &custom.bounds)).chain(others)
        })
    }
}

/// An announced change.
#[derive(Debug)]
pub struct ChangeDecl {
    /// The first day.
    pub on: Spanned<String>,
    /// From then on.
    pub amounts: AmountsDecl,
}

/// A former price.
#[derive(Debug)]
pub struct GrandfatheredDecl {
    /// Its key, unique within the product.
    pub key: Spanned<String>,
    /// Instead of the one that the kind's pattern makes.
    pub lookup_key: Option<Spanned<String>>,
    /// What it costs.
    pub amounts: AmountsDecl,
}

/// What people write at a price that is said of the whole product.
const ELSEWHERE: &[(&[&str], &str)] = &[(
    &[
        "attributes",
        "coming_soon",
        "deposit",
        "description",
        "features",
        "free",
        "images",
        "marketing_features",
        "name",
        "statement_descriptor",
        "tax_code",
        "url",
    ],
    "it belongs to the product, beside `prices:`",
)];

pub(super) fn price(entry: &Entry<'_>, diagnostics: &mut Diagnostics) -> Option<PriceDecl> {
    let key = read::checked_id(&entry.key, entry.key_span, read::IdForm::Snake, diagnostics);
    if let Value::Scalar { .. } = entry.value.value {
        let amount = read::decimal(&entry.value, diagnostics)?;
        return Some(plain_price(key?, amount));
    }
    let mut fields = Fields::of(&entry.value, entry.key_span, "a price", diagnostics)?;
    fields.elsewhere(ELSEWHERE);
    let amounts = amounts(&mut fields, entry.key_span, diagnostics);
    let decl = PriceDecl {
        currency: fields.optional("currency", diagnostics, read::currency),
        interval: fields.optional("interval", diagnostics, interval),
        interval_count: fields.optional("interval_count", diagnostics, read::integer),
        usage: fields.optional("usage", diagnostics, |node, diagnostics| {
            read::choice(node, &[("licensed", UsageType::Licensed), ("metered", UsageType::Metered)], diagnostics)
        }),
        meter: fields.optional("meter", diagnostics, read::label),
        unit: fields.optional("unit", diagnostics, read::label),
        label: fields.optional("label", diagnostics, read::label),
        lookup_key: fields.optional("lookup_key", diagnostics, read::label),
        trial_days: fields.optional("trial_days", diagnostics, read::integer),
        tax_behavior: fields.optional("tax_behavior", diagnostics, tax_behavior),
        currency_tax_behavior: fields
            .optional("currency_tax_behavior", diagnostics, currency_tax_behavior)
            .unwrap_or_default(),
        active: fields.optional("active", diagnostics, read::boolean),
        transform_quantity: fields.optional("transform_quantity", diagnostics, transform_quantity),
        metadata: fields.optional("metadata", diagnostics, metadata).unwrap_or_default(),
        changes: fields.optional("changes", diagnostics, changes).unwrap_or_default(),
        grandfathered: fields.optional("grandfathered", diagnostics, grandfathered).unwrap_or_default(),
        accepts: fields.optional("accept", diagnostics, reasons).unwrap_or_default(),
        ..plain_price(
            Spanned { value: String::new(), span: entry.key_span },
            Spanned { value: Decimal::ZERO, span: entry.key_span },
        )
    };
    let sound = fields.finish(diagnostics);
    sound.then_some(PriceDecl { key: key?, amounts: amounts?, ..decl })
}

fn plain_price(key: Spanned<String>, amount: Spanned<Decimal>) -> PriceDecl {
    let span = amount.span;
    PriceDecl {
        key,
        amounts: AmountsDecl { span, amount: Some(amount), currencies: Vec::new(), tiers: None, custom: None },
        currency: None,
        interval: None,
        interval_count: None,
        usage: None,
        meter: None,
        unit: None,
        label: None,
        lookup_key: None,
        trial_days: None,
        tax_behavior: None,
        currency_tax_behavior: Vec::new(),
        active: None,
        transform_quantity: None,
        metadata: Vec::new(),
        changes: Vec::new(),
        grandfathered: Vec::new(),
        accepts: Vec::new(),
    }
}

fn tax_behavior(node: &Node<'_>, diagnostics: &mut Diagnostics) -> Option<Spanned<TaxBehavior>> {
    read::choice(node, TAX_BEHAVIORS, diagnostics)
}

fn currency_tax_behavior(
    node: &Node<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Vec<(Spanned<Currency>, Spanned<TaxBehavior>)>> {
    read::map(node, diagnostics, |entry, diagnostics| {
        let currency = read::currency_code(&entry.key, entry.key_span, diagnostics);
        let behavior = tax_behavior(&entry.value, diagnostics)?;
        Some((Spanned { value: currency?, span: entry.key_span }, behavior))
    })
}

fn interval(node: &Node<'_>, diagnostics: &mut Diagnostics) -> Option<Spanned<IntervalDecl>> {
    let words = [
        ("day", IntervalDecl::Every(IntervalUnit::Day)),
        ("week", IntervalDecl::Every(IntervalUnit::Week)),
        ("month", IntervalDecl::Every(IntervalUnit::Month)),
        ("year", IntervalDecl::Every(IntervalUnit::Year)),
        ("once", IntervalDecl::Once),
    ];
    read::choice(node, &words, diagnostics)
}

fn amounts(fields: &mut Fields<'_, '_>, at: Span, diagnostics: &mut Diagnostics) -> Option<AmountsDecl> {
    let amount = fields.optional("amount", diagnostics, read::decimal);
    let tiers = fields.optional("tiers", diagnostics, tiers);
    let custom = fields.optional("custom_amount", diagnostics, custom);
    let before = diagnostics.len();
    let currencies = fields.optional("currencies", diagnostics, currencies);
    let (has_amount, has_tiers, has_custom) = (fields.has("amount"), fields.has("tiers"), fields.has("custom_amount"));
    let place = fields.place("currencies").filter(|_| !has_amount && (has_tiers || has_custom));
    match (has_amount, has_tiers, has_custom) {
        (false, false, false) => fields.missing_one_of(&["amount", "tiers", "custom_amount"]),
        (true, _, true) | (_, true, true) => diagnostics.push(beside_custom(fields, at)),
        (true, true, false) => diagnostics.push(
            Diagnostic::error(
                "amount-and-tiers",
                fields.place("tiers").unwrap_or(at),
                "a price has an amount or tiers, not both",
            )
            .also(fields.place("amount").unwrap_or(at), "an amount")
            .help("remove `amount` or `tiers`"),
        ),
        _ => {}
    }
    if let Some(place) = place.filter(|_| has_tiers != has_custom) {
        diagnostics.truncate(before);
        let (code, of, into) = match has_tiers {
            true => ("amount-and-tiers", "a tiered price stand beside its steps", "`tiers`, with steps"),
            false => {
                ("custom-amount-not-alone", "an amount that is chosen stand below it", "`custom_amount`, with bounds")
            }
        };
        diagnostics.push(
            Diagnostic::error(code, place, format!("the other currencies of {of}"))
                .help(format!("move `currencies` into {into} for each currency")),
        );
    }
    let of_custom = custom.as_ref().map(|custom| custom.span);
    let span = amount.as_ref().map(|amount| amount.span).or(tiers.as_ref().map(|tiers| tiers.span)).or(of_custom);
    let span = span.or(fields.place("custom_amount")).unwrap_or(at);
    Some(AmountsDecl { span, amount, currencies: currencies.unwrap_or_default(), tiers, custom })
}

/// The report of an amount that customers choose, and that is said too.
fn beside_custom(fields: &Fields<'_, '_>, span: Span) -> Diagnostic {
    let other = if fields.has("amount") { "amount" } else { "tiers" };
    let message = format!("customers choose the amount, and `{other}` says it");
    Diagnostic::error("custom-amount-not-alone", fields.place(other).unwrap_or(span), message)
        .also(fields.place("custom_amount").unwrap_or(span), "they choose")
        .help(format!("remove `{other}` or `custom_amount`"))
}

pub(super) fn currencies(
    node: &Node<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Vec<(Spanned<Currency>, Spanned<Decimal>)>> {
    read::map(node, diagnostics, |entry, diagnostics| {
        let currency = read::currency_code(&entry.key, entry.key_span, diagnostics);
        let amount = read::decimal(&entry.value, diagnostics)?;
        Some((Spanned { value: currency?, span: entry.key_span }, amount))
    })
}

fn transform_quantity(node: &Node<'_>, diagnostics: &mut Diagnostics) -> Option<Spanned<TransformDecl>> {
    let mut fields = Fields::of(node, read::head(node), "`transform_quantity`", diagnostics)?;
    let divide_by = fields.required("divide_by", diagnostics, read::integer);
    let round_up = fields.required("round", diagnostics, |node, diagnostics| {
        read::choice(node, &[("up", true), ("down", false)], diagnostics)
    });
    let sound = fields.finish(diagnostics);
    let value = TransformDecl { divide_by: divide_by?, round_up: round_up?.value };
    sound.then_some(Spanned { value, span: node.span })
}

fn changes(node: &Node<'_>, diagnostics: &mut Diagnostics) -> Option<Vec<ChangeDecl>> {
    read::list(node, diagnostics, |node, diagnostics| {
        let span = read::head(node);
        let mut fields = Fields::of(node, span, "a change", diagnostics)?;
        let on = fields.required("on", diagnostics, read::date);
        let amounts = amounts(&mut fields, span, diagnostics);
        let sound = fields.finish(diagnostics);
        sound.then_some(ChangeDecl { on: on?, amounts: amounts? })
    })
}

fn grandfathered(node: &Node<'_>, diagnostics: &mut Diagnostics) -> Option<Vec<GrandfatheredDecl>> {
    read::list(node, diagnostics, |node, diagnostics| {
        let span = read::head(node);
        let mut fields = Fields::of(node, span, "a grandfathered price", diagnostics)?;
        let key = fields.required("key", diagnostics, read::id);
        let lookup_key = fields.optional("lookup_key", diagnostics, read::label);
        let amounts = amounts(&mut fields, span, diagnostics);
        let sound = fields.finish(diagnostics);
        sound.then_some(GrandfatheredDecl { key: key?, lookup_key, amounts: amounts? })
    })
}
