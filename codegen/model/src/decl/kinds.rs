//! `kinds:`.

use super::fields::Fields;
use super::foreign_types;
use super::products::RawValue;
use super::read::{self, Diagnostics};
use super::reasons::{Reasons, reasons};
use super::records::{ColumnDecl, columns};
use crate::catalog::{AmountUnit, StripeProductPer};
use crate::diagnostic::Diagnostic;
use crate::parse::{Entry, Node, Value};
use crate::source::Spanned;

/// A kind as written.
#[derive(Debug)]
pub struct KindDecl {
    /// For people.
    pub title: Option<Spanned<String>>,
    /// The section of its products.
    pub plural: Option<Spanned<String>>,
    /// What it is.
    pub description: Option<Spanned<String>>,
    /// Which prices its products may and must have.
    pub prices: PricePolicyDecl,
    /// Typed attributes.
    pub attributes: Vec<AttributeDecl>,
    /// A pattern.
    pub local_id: Option<Spanned<String>>,
    /// A pattern.
    pub lookup_key: Option<Spanned<String>>,
    /// What a Stripe product stands for.
    pub product_per: Option<Spanned<StripeProductPer>>,
    /// A pattern.
    pub stripe_name: Option<Spanned<String>>,
    /// Instead of the default table.
    pub table: Option<KindTableDecl>,
    /// Lint rules that are accepted, with their reasons.
    pub accepts: Reasons,
}

/// `prices:` of a kind as written.
#[derive(Debug, Default)]
pub struct PricePolicyDecl {
    /// Keys that may be used.
    pub allowed: Vec<Spanned<String>>,
    /// Keys that must be used.
    pub required: Vec<Spanned<String>>,
    /// At least so many.
    pub min: Option<Spanned<u32>>,
    /// At most so many.
    pub max: Option<Spanned<u32>>,
}

/// An attribute as written.
#[derive(Debug)]
pub struct AttributeDecl {
    /// Its id.
    pub id: Spanned<String>,
    /// Its type.
    pub ty: Spanned<AttributeTypeDecl>,
    /// What it is.
    pub description: Option<Spanned<String>>,
    /// The id before a rename.
    pub was: Option<Spanned<String>>,
    /// Whether every product must give it.
    pub required: Option<Spanned<bool>>,
    /// What products have that do not give it.
    pub default: Option<Spanned<RawValue>>,
}

/// The type of an attribute as written.
#[derive(Clone, Debug, PartialEq)]
pub enum AttributeTypeDecl {
    /// Text of at most so many characters.
    Text {
        /// The most characters.
        max: Option<u32>,
    },
    /// A whole number within bounds.
    Integer {
        /// The least.
        min: Option<i64>,
        /// The most.
        max: Option<i64>,
    },
    /// An exact decimal number.
    Decimal,
    /// True or false.
    Boolean,
    /// A date.
    Date,
    /// One of these.
    OneOf(Vec<Spanned<String>>),
    /// One of an enum's values.
    Enum(Spanned<String>),
    /// A list of texts.
    List,
}

/// `table:` of a kind as written.
#[derive(Debug)]
pub struct KindTableDecl {
    /// Default the plural.
    pub name: Option<Spanned<String>>,
    /// The name before a rename.
    pub was: Option<Spanned<String>>,
    /// Units of amount columns.
    pub amounts: Option<Spanned<AmountUnit>>,
    /// What a row is.
    pub description: Option<Spanned<String>>,
    /// Instead of the default columns.
    pub columns: Option<Vec<ColumnDecl>>,
}

pub(super) fn kind(entry: &Entry<'_>, diagnostics: &mut Diagnostics) -> Option<KindDecl> {
    let mut fields = Fields::of(&entry.value, entry.key_span, "a kind", diagnostics)?;
    let mut decl = KindDecl {
        title: fields.optional("title", diagnostics, read::label),
        plural: fields.optional("plural", diagnostics, read::id),
        description: fields.optional("description", diagnostics, read::text),
        prices: fields.optional("prices", diagnostics, price_policy).unwrap_or_default(),
        attributes: fields.optional("attributes", diagnostics, attributes).unwrap_or_default(),
        local_id: fields.optional("local_id", diagnostics, read::label),
        lookup_key: fields.optional("lookup_key", diagnostics, read::label),
        product_per: None,
        stripe_name: None,
        table: fields.optional("table", diagnostics, table),
        accepts: fields.optional("accept", diagnostics, reasons).unwrap_or_default(),
    };
    if let Some((product_per, name)) = fields.optional("stripe", diagnostics, stripe) {
        decl.product_per = product_per;
        decl.stripe_name = name;
    }
    fields.finish(diagnostics).then_some(decl)
}

type StripeDecl = (Option<Spanned<StripeProductPer>>, Option<Spanned<String>>);

/// `stripe:` of a kind: what a product stands for, and what it is called.
fn stripe(node: &Node<'_>, diagnostics: &mut Diagnostics) -> Option<StripeDecl> {
    let mut fields = Fields::of(node, read::head(node), "`stripe`", diagnostics)?;
    let product_per = fields.optional("product_per", diagnostics, |node, diagnostics| {
        let words = [("product", StripeProductPer::Product), ("price", StripeProductPer::Price)];
        read::choice(node, &words, diagnostics)
    });
    let name = fields.optional("name", diagnostics, read::label);
    fields.finish(diagnostics).then_some((product_per, name))
}

fn price_policy(node: &Node<'_>, diagnostics: &mut Diagnostics) -> Option<PricePolicyDecl> {
    let keys = |node: &Node<'_>, diagnostics: &mut Diagnostics| read::list(node, diagnostics, read::id);
    let mut fields = Fields::of(node, read::head(node), "`prices` of a kind", diagnostics)?;
    let decl = PricePolicyDecl {
        allowed: fields.optional("allowed", diagnostics, keys).unwrap_or_default(),
        required: fields.optional("required", diagnostics, keys).unwrap_or_default(),
        min: fields.optional("min", diagnostics, read::integer),
        max: fields.optional("max", diagnostics, read::integer),
    };
    fields.finish(diagnostics).then_some(decl)
}

fn attributes(node: &Node<'_>, diagnostics: &mut Diagnostics) -> Option<Vec<AttributeDecl>> {
    read::map(node, diagnostics, attribute)
}

/// The words of an attribute's `type`.
#[derive(Clone, Copy)]
enum TypeWord {
    Text,
    Integer,
    Decimal,
    Boolean,
    Date,
    OneOf,
    Enum,
    List,
}

const TYPE_WORDS: &[(&str, TypeWord)] = &[
    ("text", TypeWord::Text),
    ("integer", TypeWord::Integer),
    ("decimal", TypeWord::Decimal),
    ("boolean", TypeWord::Boolean),
    ("date", TypeWord::Date),
    ("one_of", TypeWord::OneOf),
    ("enum", TypeWord::Enum),
    ("list", TypeWord::List),
];

fn attribute(entry: &Entry<'_>, diagnostics: &mut Diagnostics) -> Option<AttributeDecl> {
    let id = read::checked_id(&entry.key, entry.key_span, read::IdForm::Snake, diagnostics);
    if let Value::Scalar { .. } = entry.value.value {
        let word = type_word(&entry.value, diagnostics)?;
        let ty = match word.value {
            TypeWord::Text => AttributeTypeDecl::Text { max: None },
            TypeWord::Integer => AttributeTypeDecl::Integer { min: None, max: None },
            TypeWord::Decimal => AttributeTypeDecl::Decimal,
            TypeWord::Boolean => AttributeTypeDecl::Boolean,
            TypeWord::Date => AttributeTypeDecl::Date,
            TypeWord::List => AttributeTypeDecl::List,
            TypeWord::OneOf | TypeWord::Enum => {
                let message = "this type says more than its word";
                let help = "write `{ type: one_of, values: [a, b] }` or `{ type: enum, enum: name }`";
                diagnostics.push(Diagnostic::error("missing-key", word.span, message).help(help));
                return None;
            }
        };
        let ty = Spanned { value: ty, span: word.span };
        return Some(AttributeDecl { id: id?, ty, description: None, was: None, required: None, default: None });
    }
    let mut fields = Fields::of(&entry.value, entry.key_span, "an attribute", diagnostics)?;
    let word = fields.required("type", diagnostics, type_word);
    let description = fields.optional("description", diagnostics, read::text);
    let was = fields.optional("was", diagnostics, read::id);
    let required = fields.optional("required", diagnostics, read::boolean);
    let default = fields.optional("default", diagnostics, default);
    let ty = match &word {
        Some(word) => attribute_type(word.value, &mut fields, diagnostics),
        None => {
            for key in ["min", "max", "values", "enum"] {
                fields.take(key);
            }
            None
        }
    };
    let sound = fields.finish(diagnostics);
    let ty = Spanned { value: ty?, span: word?.span };
    sound.then_some(AttributeDecl { id: id?, ty, description, was, required, default })
}

fn type_word(node: &Node<'_>, diagnostics: &mut Diagnostics) -> Option<Spanned<TypeWord>> {
    let word = read::choice(node, TYPE_WORDS, diagnostics);
    if let (None, Value::Scalar { text, .. }, Some(report)) = (&word, &node.value, diagnostics.last_mut())
        && let Some(meant) = foreign_types::attribute_type(text)
    {
        // By spelling alone `int` would be nearest to nothing, and `float` to something else than is meant.
        report.help = vec![format!("write `{meant}`")];
        if text.contains('(') {
            report.help.push("the most characters stand beside it: `{ type: text, max: 40 }`".to_owned());
        }
    }
    word
}

fn attribute_type(
    word: TypeWord,
    fields: &mut Fields<'_, '_>,
    diagnostics: &mut Diagnostics,
) -> Option<AttributeTypeDecl> {
    let number = |number: Option<Spanned<i64>>| number.map(|number| number.value);
    Some(match word {
        TypeWord::Text => {
            let max = fields.optional("max", diagnostics, read::integer);
            AttributeTypeDecl::Text { max: max.map(|max| max.value) }
        }
        TypeWord::Integer => AttributeTypeDecl::Integer {
            min: number(fields.optional("min", diagnostics, read::integer)),
            max: number(fields.optional("max", diagnostics, read::integer)),
        },
        TypeWord::Decimal => AttributeTypeDecl::Decimal,
        TypeWord::Boolean => AttributeTypeDecl::Boolean,
        TypeWord::Date => AttributeTypeDecl::Date,
        TypeWord::List => AttributeTypeDecl::List,
        TypeWord::OneOf => AttributeTypeDecl::OneOf(fields.required("values", diagnostics, |node, diagnostics| {
            let values = read::list(node, diagnostics, read::label)?;
            if values.is_empty() {
                let help = "list what may be chosen, as in `values: [easy, hard]`";
                diagnostics
                    .push(Diagnostic::error("empty-list", node.span, "there must be at least one value").help(help));
                return None;
            }
            Some(values)
        })?),
        TypeWord::Enum => AttributeTypeDecl::Enum(fields.required("enum", diagnostics, read::label)?),
    })
}

fn default(node: &Node<'_>, diagnostics: &mut Diagnostics) -> Option<Spanned<RawValue>> {
    let value = match &node.value {
        Value::Sequence(_) => {
            let items = read::list(node, diagnostics, read::label)?;
            RawValue::List(items.into_iter().map(|item| item.value).collect())
        }
        _ => {
            let (text, plain) = read::scalar(node, "a default", diagnostics)?;
            RawValue::Scalar(text.to_owned(), plain)
        }
    };
    Some(Spanned { value, span: node.span })
}

fn table(node: &Node<'_>, diagnostics: &mut Diagnostics) -> Option<KindTableDecl> {
    let mut fields = Fields::of(node, read::head(node), "a table", diagnostics)?;
    let decl = KindTableDecl {
        name: fields.optional("name", diagnostics, read::id),
        was: fields.optional("was", diagnostics, read::id),
        amounts: fields.optional("amounts", diagnostics, |node, diagnostics| {
            read::choice(node, &[("major", AmountUnit::Major), ("minor", AmountUnit::Minor)], diagnostics)
        }),
        description: fields.optional("description", diagnostics, read::text),
        columns: fields.optional("columns", diagnostics, columns),
    };
    fields.finish(diagnostics).then_some(decl)
}
