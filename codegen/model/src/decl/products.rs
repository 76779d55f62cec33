//! Products: the entries of a kind's section.

use pricebook_types::Limit;

use super::deposits::{DepositDecl, deposit};
use super::fields::Fields;
use super::metadata::{MetadataDecl, metadata};
use super::misplaced;
use super::packages::{PackageDecl, package};
use super::prices::{PriceDecl, price};
use super::read::{self, Diagnostics};
use super::reasons::{Reasons, reasons};
use crate::diagnostic::Diagnostic;
use crate::parse::{Entry, Node, Value};
use crate::readings;
use crate::source::Spanned;

/// A product as written.
#[derive(Debug)]
pub struct ProductDecl {
    /// For people.
    pub name: Spanned<String>,
    /// What it is.
    pub description: Option<Spanned<String>>,
    /// Default true.
    pub active: Option<Spanned<bool>>,
    /// Default false.
    pub coming_soon: Option<Spanned<bool>>,
    /// Default false.
    pub free: Option<Spanned<bool>>,
    /// The id before a rename.
    pub was: Option<Spanned<String>>,
    /// `txcd_…`.
    pub tax_code: Option<Spanned<String>>,
    /// On bank statements.
    pub statement_descriptor: Option<Spanned<String>>,
    /// `seat`.
    pub unit_label: Option<Spanned<String>>,
    /// Addresses of pictures.
    pub images: Vec<Spanned<String>>,
    /// The address of a page.
    pub url: Option<Spanned<String>>,
    /// No default: nothing is said.
    pub shippable: Option<Spanned<bool>>,
    /// What it is shipped in.
    pub package_dimensions: Option<PackageDecl>,
    /// By the ids of the kind's attributes.
    pub attributes: Vec<(Spanned<String>, Spanned<RawValue>)>,
    /// Free key-value data.
    pub metadata: MetadataDecl,
    /// Lines for the price list.
    pub marketing_features: Vec<Spanned<String>>,
    /// By the ids of features; `false` is [`Limit::Off`].
    pub features: Vec<(Spanned<String>, Spanned<Limit>)>,
    /// What must be paid first.
    pub deposit: Option<Spanned<DepositDecl>>,
    /// By their keys.
    pub prices: Vec<PriceDecl>,
    /// Lint rules that are accepted, with their reasons.
    pub accepts: Reasons,
}

/// A value whose type its attribute says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RawValue {
    /// A scalar, and whether it stands without quotes.
    Scalar(String, bool),
    /// A list of texts.
    List(Vec<String>),
}

/// What people write at a product that belongs below one of its keys.
const ELSEWHERE: &[(&[&str], &str)] = &[
    (
        &["amount", "currencies", "currency", "interval", "trial_days", "tiers", "usage", "unit", "changes", "monthly"],
        "it belongs to a price: `prices: { monthly: { … } }`",
    ),
    (&[], "what the kind declares stands below `attributes:`, free data below `metadata:`"),
];

pub(super) fn product(entry: &Entry<'_>, diagnostics: &mut Diagnostics) -> Option<ProductDecl> {
    let mut fields = Fields::of(&entry.value, entry.key_span, "a product", diagnostics)?;
    fields.elsewhere(ELSEWHERE);
    let name = fields.required("name", diagnostics, read::label);
    let decl = ProductDecl {
        name: Spanned { value: String::new(), span: entry.key_span },
        description: fields.optional("description", diagnostics, read::text),
        active: fields.optional("active", diagnostics, read::boolean),
        coming_soon: fields.optional("coming_soon", diagnostics, read::boolean),
        free: fields.optional("free", diagnostics, read::boolean),
        was: fields.optional("was", diagnostics, former_id),
        tax_code: fields.optional("tax_code", diagnostics, read::label),
        statement_descriptor: fields.optional("statement_descriptor", diagnostics, read::label),
        unit_label: fields.optional("unit_label", diagnostics, read::label),
        images: fields.optional("images", diagnostics, lines).unwrap_or_default(),
        url: fields.optional("url", diagnostics, read::label),
        shippable: fields.optional("shippable", diagnostics, read::boolean),
        package_dimensions: fields.optional("package_dimensions", diagnostics, package),
        attributes: fields.optional("attributes", diagnostics, attributes).unwrap_or_default(),
        metadata: fields.optional("metadata", diagnostics, metadata).unwrap_or_default(),
        marketing_features: fields.optional("marketing_features", diagnostics, lines).unwrap_or_default(),
        features: fields.optional("features", diagnostics, grants).unwrap_or_default(),
        deposit: fields.optional("deposit", diagnostics, deposit),
        prices: fields.optional("prices", diagnostics, prices).unwrap_or_default(),
        accepts: fields.optional("accept", diagnostics, reasons).unwrap_or_default(),
    };
    let sound = fields.finish(diagnostics);
    sound.then_some(ProductDecl { name: name?, ..decl })
}

/// Whether an entry is one product, rather than a section of them.
pub(super) fn is_product(entry: &Entry<'_>) -> bool {
    has_name(entry) && product(entry, &mut Diagnostics::new()).is_some()
}

/// Whether an entry has a name of its own, which every product and no section has.
pub(super) fn has_name(entry: &Entry<'_>) -> bool {
    let Value::Mapping(keys) = &entry.value.value else { return false };
    keys.iter().any(|key| key.key == "name" && matches!(key.value.value, Value::Scalar { .. }))
}

fn former_id(node: &Node<'_>, diagnostics: &mut Diagnostics) -> Option<Spanned<String>> {
    let text = read::label(node, diagnostics)?;
    read::checked_id(&text.value, text.span, read::IdForm::Product, diagnostics)
}

fn key(entry: &Entry<'_>) -> Spanned<String> {
    Spanned { value: entry.key.clone().into_owned(), span: entry.key_span }
}

fn lines(node: &Node<'_>, diagnostics: &mut Diagnostics) -> Option<Vec<Spanned<String>>> {
    read::list(node, diagnostics, read::label)
}

fn prices(node: &Node<'_>, diagnostics: &mut Diagnostics) -> Option<Vec<PriceDecl>> {
    let before = diagnostics.len();
    let prices = read::map(node, diagnostics, price);
    if prices.is_none()
        && let Value::Mapping(entries) = &node.value
        && let Some((report, meant)) = misplaced::put_back(entries, price)
    {
        diagnostics.truncate(before);
        diagnostics.push(report);
        self::prices(&Node { value: Value::Mapping(meant), ..node.clone() }, diagnostics);
    }
    prices
}

fn attributes(node: &Node<'_>, diagnostics: &mut Diagnostics) -> Option<Vec<(Spanned<String>, Spanned<RawValue>)>> {
    read::map(node, diagnostics, |entry, diagnostics| {
        let value = match &entry.value.value {
            Value::Sequence(_) => {
                let items = read::list(&entry.value, diagnostics, read::label)?;
                RawValue::List(items.into_iter().map(|item| item.value).collect())
            }
            _ => {
                let (text, plain) = read::scalar(&entry.value, "a value", diagnostics)?;
                RawValue::Scalar(text.to_owned(), plain)
            }
        };
        Some((key(entry), Spanned { value, span: entry.value.span }))
    })
}

fn grant_meant(text: &str) -> Option<String> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" => Some("write `true`".to_owned()),
        "false" | "no" | "off" => Some("write `false`, or leave it out".to_owned()),
        "unlimited" | "inf" | "infinite" | "infinity" | "∞" => Some("write `unlimited`".to_owned()),
        // In quotes, a number is a text.
        digits if digits.bytes().all(|byte| byte.is_ascii_digit()) => Some(format!("write `{digits}` without quotes")),
        _ => readings::write(
            &readings::readings(text).into_iter().filter(|number| !number.contains(['.', '-'])).collect::<Vec<_>>(),
        ),
    }
}

fn grants(node: &Node<'_>, diagnostics: &mut Diagnostics) -> Option<Vec<(Spanned<String>, Spanned<Limit>)>> {
    read::map(node, diagnostics, |entry, diagnostics| {
        let (text, plain) = read::scalar(&entry.value, "`true`, a number or `unlimited`", diagnostics)?;
        let value = match text {
            "unlimited" => Limit::Unlimited,
            "true" if plain => Limit::On,
            "false" if plain => Limit::Off,
            _ if plain && text.bytes().all(|byte| byte.is_ascii_digit()) => {
                Limit::AtMost(read::integer(&entry.value, diagnostics)?.value)
            }
            _ => {
                let message = format!("a feature is granted by `true`, a whole number or `unlimited`, not by `{text}`");
                let diagnostic = Diagnostic::error("invalid-grant", entry.value.span, message);
                diagnostics.push(match grant_meant(text) {
                    Some(meant) => diagnostic.help(meant),
                    None => diagnostic.help("write how much is granted, as in `10`, or remove the feature"),
                });
                return None;
            }
        };
        Some((key(entry), Spanned { value, span: entry.value.span }))
    })
}
