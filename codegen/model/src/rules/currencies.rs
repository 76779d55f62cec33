//! Amounts in the tables of kinds, and the currencies that they are in.

use pricebook_types::Currency;

use super::context::{Context, Product};
use crate::decl::ColumnDecl;
use crate::diagnostic::Diagnostic;
use crate::lower::SOURCES;
use crate::source::Spanned;

/// The amounts of a kind's table are in one currency, or a column says in which each row's are.
pub(super) fn amounts_of_a_column_are_in_one_currency(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for item in &context.declared.kinds {
        let columns = item.body.as_ref().and_then(|kind| kind.table.as_ref()?.columns.as_deref()).unwrap_or_default();
        let Some((column, from)) = columns.iter().find_map(|column| Some((column, amount_source(column)?))) else {
            continue;
        };
        let names_currency =
            |column: &ColumnDecl| column.from.as_ref().is_some_and(|from| from.value == "price.currency");
        if columns.iter().any(names_currency) {
            continue;
        }
        let mut products = (context.products.iter().filter(|product| product.kind_item.id.value == item.id.value))
            .filter_map(|product| Some((product, currency(product)?)));
        let Some((first, one)) = products.next() else { continue };
        let Some((second, other)) = products.find(|(_, currency)| *currency != one) else { continue };
        let [one, other] = [one, other].map(|currency| currency.code().to_uppercase());
        let message = format!("`{}` would hold amounts in {one} and in {other}", column.name.value);
        found.push(
            Diagnostic::error("amounts-of-several-currencies", from.span, message)
                .also(first.item.span(), format!("in {one}"))
                .also(second.item.span(), format!("in {other}"))
                .help("say in which: add a column such as `currency: { type: text(3)?, from: price.currency }`"),
        );
    }
}

/// What brings an amount to the column.
fn amount_source(column: &ColumnDecl) -> Option<&Spanned<String>> {
    let from = column.from.as_ref()?;
    SOURCES.iter().any(|(word, source)| *word == from.value && source.is_amount()).then_some(from)
}

/// The currency of what a product brings to the columns of amounts; `None` where it brings nothing.
fn currency(product: &Product<'_>) -> Option<Currency> {
    let offers = product.meant.offers();
    let brings = offers.iter().any(|offer| offer.range_minor.is_some() || offer.deposit_minor.is_some());
    product.meant.currency().filter(|_| brings)
}
