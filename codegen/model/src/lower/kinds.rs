//! Kinds with their tables and products.

use super::pattern::{Pattern, Per, Refusal};
use super::{Context, Lowered, TablePlace, attributes, columns, names, products, reasons};
use crate::catalog::{AmountUnit, Attribute, AttributeType, Kind, PricePolicy, StripeProductPer};
use crate::decl::{AttributeDecl, AttributeTypeDecl, Declarations, Item, KindDecl};
use crate::diagnostic::Diagnostic;
use crate::schema::Table;
use crate::source::{Span, Spanned};

/// What lowering a kind's products needs of it.
pub(super) struct KindContext<'a> {
    pub(super) id: &'a str,
    pub(super) attributes: &'a [Attribute],
    pub(super) product_per: StripeProductPer,
    pub(super) amounts: AmountUnit,
    pub(super) local_id: Pattern,
    pub(super) lookup_key: Pattern,
    pub(super) stripe_name: Pattern,
}

pub(super) fn lower<'d>(
    declarations: &'d Declarations,
    context: &Context<'_>,
    lowered: &mut Lowered<'d>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    for (item, products) in declarations.kinds.iter().zip(&declarations.products) {
        let Some(decl) = &item.body else { continue };
        let Some(attributes) = kind_attributes(decl, context, diagnostics) else { continue };
        let Some(kind) = patterns(item, decl, &attributes, diagnostics) else { continue };
        products::lower(products, &kind, context, lowered, diagnostics);
        let (table, sources) = table(item, decl, &attributes);
        lowered.places.kinds.push(item);
        lowered.places.tables.push(TablePlace::Kind(item, decl));
        lowered.catalog.kinds.push(Kind {
            id: item.id.value.clone(),
            title: decl.title.as_ref().map_or_else(|| names::in_words(&item.id.value), |title| title.value.clone()),
            plural: plural(item, decl),
            description: decl.description.as_ref().map(|text| text.value.clone()).unwrap_or_default(),
            prices: policy(decl),
            stripe_product_per: kind.product_per,
            attributes,
            table: table.name.clone(),
            default_columns: decl.table.as_ref().is_none_or(|table| table.columns.is_none()),
            sources,
            amounts: amount_unit(decl),
            accepts: reasons(&decl.accepts),
        });
        lowered.catalog.tables.push(table);
    }
}

fn plural(item: &Item<KindDecl>, decl: &KindDecl) -> String {
    decl.plural.as_ref().map_or_else(|| format!("{}s", item.id.value), |plural| plural.value.clone())
}

fn policy(decl: &KindDecl) -> PricePolicy {
    let keys = |keys: &[Spanned<String>]| keys.iter().map(|key| key.value.clone()).collect();
    PricePolicy {
        allowed: keys(&decl.prices.allowed),
        required: keys(&decl.prices.required),
        min: decl.prices.min.as_ref().map_or(0, |min| min.value),
        max: decl.prices.max.as_ref().map(|max| max.value),
    }
}

fn kind_attributes(
    decl: &KindDecl,
    context: &Context<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Vec<Attribute>> {
    let attributes: Vec<Option<Attribute>> =
        decl.attributes.iter().map(|decl| attribute(decl, context, diagnostics)).collect();
    attributes.into_iter().collect()
}

fn attribute(decl: &AttributeDecl, context: &Context<'_>, diagnostics: &mut Vec<Diagnostic>) -> Option<Attribute> {
    let ty = match &decl.ty.value {
        AttributeTypeDecl::Text { max } => AttributeType::Text { max: *max },
        AttributeTypeDecl::Integer { min, max } => AttributeType::Integer { min: *min, max: *max },
        AttributeTypeDecl::Decimal => AttributeType::Decimal,
        AttributeTypeDecl::Boolean => AttributeType::Boolean,
        AttributeTypeDecl::Date => AttributeType::Date,
        AttributeTypeDecl::List => AttributeType::List,
        AttributeTypeDecl::OneOf(values) => {
            AttributeType::OneOf(values.iter().map(|value| value.value.clone()).collect())
        }
        AttributeTypeDecl::Enum(name) => AttributeType::Enum(name.value.clone()),
    };
    let default = match &decl.default {
        Some(default) => Some(attributes::value(default, &ty, context, diagnostics)?),
        None => None,
    };
    Some(Attribute {
        id: decl.id.value.clone(),
        description: decl.description.as_ref().map(|text| text.value.clone()).unwrap_or_default(),
        was: decl.was.as_ref().map(|was| was.value.clone()),
        required: default.is_none() && decl.required.as_ref().is_some_and(|required| required.value),
        ty,
        default,
    })
}

fn patterns<'a>(
    item: &'a Item<KindDecl>,
    decl: &KindDecl,
    attributes: &'a [Attribute],
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<KindContext<'a>> {
    let product_per = decl.product_per.as_ref().map_or(StripeProductPer::Product, |per| per.value);
    let per = match product_per {
        StripeProductPer::Product => Per::Product,
        StripeProductPer::Price => Per::Price,
    };
    let (default_local_id, default_name) = match per {
        Per::Product => ("{kind}_{id}", "{name}"),
        Per::Price => ("{kind}_{id}_{price}", "{name} ({price.label})"),
    };
    let pattern = |written: &Option<Spanned<String>>, default: &str, per| {
        let default = Spanned { value: default.to_owned(), span: Span::default() };
        Pattern::parse(written.as_ref().unwrap_or(&default), per, &decl.attributes)
    };
    let local_id = pattern(&decl.local_id, default_local_id, per);
    let lookup_key = pattern(&decl.lookup_key, "{kind}_{id}_{price}", Per::Price);
    let stripe_name = pattern(&decl.stripe_name, default_name, per);
    match (local_id, lookup_key, stripe_name) {
        (Ok(local_id), Ok(lookup_key), Ok(stripe_name)) => Some(KindContext {
            id: &item.id.value,
            attributes,
            product_per,
            amounts: amount_unit(decl),
            local_id,
            lookup_key,
            stripe_name,
        }),
        (local_id, lookup_key, stripe_name) => {
            diagnostics.extend(lookup_key.err().map(|refusal| refusal.diagnostic));
            report_of_product(local_id.err(), stripe_name.err(), decl, diagnostics);
            None
        }
    }
}

/// Reports the patterns for a kind's Stripe products; where both are for prices, the kind is wrong about its products.
fn report_of_product(
    local_id: Option<Box<Refusal>>,
    stripe_name: Option<Box<Refusal>>,
    decl: &KindDecl,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let differing = |refusal: &Option<Box<Refusal>>| refusal.as_ref().and_then(|refusal| refusal.differing.clone());
    let both = differing(&local_id).zip(differing(&stripe_name));
    let [Some(local_id), Some(stripe_name)] = [&local_id, &stripe_name] else {
        return diagnostics.extend(local_id.or(stripe_name).map(|refusal| refusal.diagnostic));
    };
    let Some((of_id, of_name)) = both else {
        return diagnostics.extend([local_id.diagnostic.clone(), stripe_name.diagnostic.clone()]);
    };
    let message = format!("`{{{of_id}}}` and `{{{of_name}}}` differ between prices, but these are for whole products");
    let report = Diagnostic::error("invalid-pattern", local_id.diagnostic.primary.0, message)
        .also(stripe_name.diagnostic.primary.0, "and this");
    let help = "write `product_per: price` below `stripe:`, so that each price has a product of its own";
    diagnostics.push(match &decl.product_per {
        Some(per) => report.also(per.span, "one product for all prices").help(help),
        None => report.help(help),
    });
}

fn amount_unit(decl: &KindDecl) -> AmountUnit {
    let declared = decl.table.as_ref().and_then(|table| table.amounts.as_ref());
    declared.map(|amounts| amounts.value).unwrap_or_default()
}

fn table(
    item: &Item<KindDecl>,
    decl: &KindDecl,
    attributes: &[Attribute],
) -> (Table, Vec<crate::catalog::ColumnSource>) {
    let declared = decl.table.as_ref();
    let name =
        declared.and_then(|table| table.name.as_ref()).map_or_else(|| plural(item, decl), |name| name.value.clone());
    let described = declared.and_then(|table| table.description.as_ref()).or(decl.description.as_ref());
    let described = described.map(|text| text.value.clone()).unwrap_or_default();
    let was = declared.and_then(|table| table.was.as_ref()).map(|was| was.value.clone());
    let table = Table {
        description: described,
        was,
        row_name: names::kind_row_name(&item.id.value),
        columns: Vec::new(),
        primary_key: Vec::new(),
        indexes: Vec::new(),
        foreign_keys: Vec::new(),
        interface: None,
        base: false,
        name,
    };
    let (mut table, sources) = match declared.and_then(|table| table.columns.as_ref()) {
        Some(declared) => {
            let sources: Vec<_> = declared.iter().map(columns::source).collect();
            let mut table = columns::fill(table, declared);
            columns::say_units(&mut table, &sources, amount_unit(decl));
            (table, sources)
        }
        None => columns::by_default(table, attributes),
    };
    columns::say_sources_of_key(&mut table, &sources);
    (table, sources)
}
