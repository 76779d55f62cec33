//! Texts and decimal numbers of products against the columns that hold them.

use std::collections::HashMap;

use rust_decimal::Decimal;

use super::context::{Context, Product};
use crate::catalog::Value;
use crate::decl::ColumnDecl;
use crate::diagnostic::Diagnostic;
use crate::schema::ColumnType;
use crate::source::Span;

/// No product's text is longer than its column. Each column is reported once, with the longest text.
pub(super) fn texts_fit_their_columns(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let mut longest: HashMap<Span, (usize, Diagnostic)> = HashMap::new();
    for product in &context.products {
        let columns = product.kind.table.as_ref().and_then(|table| table.columns.as_deref());
        for column in columns.into_iter().flatten() {
            let Some((most, from, text)) = bounded(product, column) else { continue };
            let length = text.chars().count();
            let known = longest.get(&column.ty.span).map_or(most as usize, |(length, _)| *length);
            if length > known {
                let message = format!("`{text}` has {length} characters, and its column at most {most}");
                let diagnostic = Diagnostic::error("column-cannot-hold", column.ty.span, message)
                    .also(product.item.span(), format!("the {from} of this product"))
                    .help(format!("write `type: text({length})` or longer"));
                longest.insert(column.ty.span, (length, diagnostic));
            }
        }
    }
    found.extend(longest.into_values().map(|(_, diagnostic)| diagnostic));
}

/// How long a column's text may be, where it comes from, and the text.
fn bounded<'a>(product: &Product<'a>, column: &'a ColumnDecl) -> Option<(u32, &'a str, &'a str)> {
    let ColumnType::Text { max: Some(most) } = column.ty.value else { return None };
    let from = column.from.as_ref()?.value.as_str();
    let meant = product.meant;
    let text = match from {
        "id" => meant.id.as_str(),
        "name" => &meant.name,
        "description" => &meant.description,
        "local_id" => &meant.local_id,
        "billing_type" => meant.billing_type.as_str(),
        "price.currency" => meant.currency()?.code(),
        _ => match meant.attribute(from.strip_prefix("attribute.")?)? {
            Value::Text(text) => text,
            _ => return None,
        },
    };
    Some((most, from, text))
}

/// Digits before and behind the point.
#[derive(Clone, Copy, Debug)]
pub(super) struct Digits {
    pub(super) whole: usize,
    pub(super) fraction: usize,
}

impl Digits {
    pub(super) fn of(number: Decimal) -> Self {
        let number = number.normalize().abs();
        let whole = number.trunc().to_string().trim_start_matches('0').len();
        Self { whole, fraction: number.scale() as usize }
    }

    /// What `decimal(precision,scale)` has room for.
    pub(super) fn most(precision: u8, scale: u8) -> Self {
        Self { whole: usize::from(precision.saturating_sub(scale)), fraction: usize::from(scale) }
    }

    pub(super) fn fit(self, most: Self) -> bool {
        self.whole <= most.whole && self.fraction <= most.fraction
    }

    fn and(self, other: Self) -> Self {
        Self { whole: self.whole.max(other.whole), fraction: self.fraction.max(other.fraction) }
    }
}

/// No product's number has more digits than its column. Each column is reported once, at the first such product.
pub(super) fn decimals_fit_their_columns(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let mut reported: HashMap<Span, (Digits, Diagnostic)> = HashMap::new();
    for product in &context.products {
        let columns = product.kind.table.as_ref().and_then(|table| table.columns.as_deref());
        for column in columns.into_iter().flatten() {
            let Some((most, from, number)) = decimal(product, column) else { continue };
            let digits = Digits::of(number);
            if let Some((needed, _)) = reported.get_mut(&column.ty.span) {
                *needed = needed.and(digits);
            } else if !digits.fit(most) {
                let (has, room, side) = match digits.whole > most.whole {
                    true => (digits.whole, most.whole, "before"),
                    false => (digits.fraction, most.fraction, "behind"),
                };
                let message = format!("`{number}` has {has} digits {side} the point, and its column at most {room}");
                let diagnostic = Diagnostic::error("column-cannot-hold", column.ty.span, message)
                    .also(product.item.span(), format!("the {from} of this product"));
                reported.insert(column.ty.span, (most.and(digits), diagnostic));
            }
        }
    }
    found.extend(reported.into_values().map(|(Digits { whole, fraction }, diagnostic)| {
        diagnostic.help(format!("write `type: decimal({},{fraction})`, or a number of fewer digits", whole + fraction))
    }));
}

/// How many digits a column holds, where its number comes from, and the number.
fn decimal<'a>(product: &Product<'a>, column: &'a ColumnDecl) -> Option<(Digits, &'a str, Decimal)> {
    let ColumnType::Decimal { precision, scale } = column.ty.value else { return None };
    let from = column.from.as_ref()?.value.as_str();
    let Value::Decimal(number) = product.meant.attribute(from.strip_prefix("attribute.")?)? else { return None };
    Some((Digits::most(precision, scale), from, *number))
}
