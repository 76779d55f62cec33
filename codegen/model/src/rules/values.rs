//! Texts of products against the lengths of the columns that hold them.

use std::collections::HashMap;

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
        _ => match meant.attribute(from.strip_prefix("attribute.")?)? {
            Value::Text(text) => text,
            _ => return None,
        },
    };
    Some((most, from, text))
}
