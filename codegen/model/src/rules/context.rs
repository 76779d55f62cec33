//! What rules look at: the declarations with an index of their ids, what targets can express, and the lock.

use std::collections::HashMap;
use std::sync::OnceLock;

use pricebook_types::Currency;
use rust_decimal::Decimal;

use super::tables::{Table, tables};
use crate::catalog::{self, Catalog};
use crate::decl::{
    CouponDecl, Declarations, EnumDecl, FeatureDecl, IntervalDecl, Item, KindDecl, MetadataDecl, PriceDecl, ProductDecl,
};
use crate::limits::TargetLimits;
use crate::lock::Lock;
use crate::lower::{Lowered, PricePlace, known_interval};
use crate::source::{Span, Spanned};

/// Everything that a rule may read.
pub(crate) struct Context<'a> {
    pub(crate) declared: &'a Declarations,
    /// What of it is sound.
    pub(crate) lowered: &'a Lowered<'a>,
    pub(crate) limits: &'a [TargetLimits],
    pub(crate) lock: Option<&'a Lock>,
    /// Products of which nothing was reported so far, and which lack nothing, with their kinds.
    pub(crate) products: Vec<Product<'a>>,
    /// Records and the tables of kinds, the base's first.
    pub(crate) tables: Vec<Table<'a>>,
    /// The place of every id, sound or not: of products by their kind, of the rest by `feature`, `coupon` and `kind`.
    ids: HashMap<(&'a str, &'a str), Span>,
    /// The ids of each sort in order, once something is looked for in vain.
    ids_by_sort: OnceLock<HashMap<&'a str, Vec<&'a str>>>,
    sound: HashMap<(&'a str, &'a str), Product<'a>>,
    features: HashMap<&'a str, &'a FeatureDecl>,
    enums: HashMap<&'a str, &'a Item<EnumDecl>>,
}

/// A sound product with its sound kind.
#[derive(Clone, Copy)]
pub(crate) struct Product<'a> {
    pub(crate) kind_item: &'a Item<KindDecl>,
    pub(crate) kind: &'a KindDecl,
    pub(crate) item: &'a Item<ProductDecl>,
    pub(crate) body: &'a ProductDecl,
    /// What it means.
    pub(crate) meant: &'a catalog::Product,
}

impl<'a> Context<'a> {
    pub(crate) fn new(
        declared: &'a Declarations,
        lowered: &'a Lowered<'a>,
        limits: &'a [TargetLimits],
        lock: Option<&'a Lock>,
    ) -> Self {
        let is_whole = |span| !declared.is_doubtful(span);
        let products = sound_products(lowered);
        let products: Vec<Product<'a>> =
            products.filter(|product| is_whole(product.kind_item.span()) && is_whole(product.item.span())).collect();
        let key = |product: &Product<'a>| (product.kind_item.id.value.as_str(), product.item.id.value.as_str());
        Self {
            declared,
            lowered,
            limits,
            lock,
            sound: products.iter().map(|product| (key(product), *product)).collect(),
            tables: tables(lowered),
            ids: ids(declared, &products),
            ids_by_sort: OnceLock::new(),
            products,
            features: (declared.features.iter().filter(|feature| is_whole(feature.span())))
                .filter_map(|feature| Some((feature.id.value.as_str(), feature.body.as_ref()?)))
                .collect(),
            enums: (declared.enums.iter().filter(|item| is_whole(item.span())))
                .map(|item| (item.id.value.as_str(), item))
                .collect(),
        }
    }

    /// The catalog, as far as it is sound.
    pub(crate) fn catalog(&self) -> &'a Catalog {
        &self.lowered.catalog
    }

    /// The currency of amounts that name none.
    pub(crate) fn currency(&self) -> Currency {
        self.catalog().currency
    }

    /// A price's default currency.
    pub(crate) fn currency_of(&self, price: &PriceDecl) -> Currency {
        price.currency.as_ref().map_or_else(|| self.currency(), |currency| currency.value)
    }

    /// The currency of what a coupon takes off, and of what its codes demand.
    pub(crate) fn currency_of_coupon(&self, coupon: &CouponDecl) -> Currency {
        coupon.currency.as_ref().map_or_else(|| self.currency(), |currency| currency.value)
    }

    /// What a coupon takes off, in each of its currencies.
    pub(crate) fn amounts_off(
        &self,
        coupon: &'a CouponDecl,
    ) -> impl Iterator<Item = (Currency, &'a Spanned<Decimal>)> + use<'a> {
        let own = self.currency_of_coupon(coupon);
        let others = coupon.currencies.iter().map(|(currency, amount)| (currency.value, amount));
        coupon.amount_off.iter().map(move |amount| (own, amount)).chain(others)
    }

    /// Where an id of a kind's product, a `feature`, a `coupon` or a `kind` is declared, sound or not.
    pub(crate) fn place_of(&self, what: &str, id: &str) -> Option<Span> {
        self.ids.get(&(what, id)).copied()
    }

    /// Whether a problem was reported of something with this id, whatever it is.
    pub(crate) fn is_unsound(&self, id: &str) -> bool {
        fn any<T>(items: &[Item<T>], id: &str) -> bool {
            items.iter().any(|item| item.body.is_none() && item.id.value == id)
        }
        let Declarations { kinds, features, meters, coupons, products, .. } = self.declared;
        any(kinds, id)
            || any(features, id)
            || any(meters, id)
            || any(coupons, id)
            || products.iter().any(|products| any(products, id))
    }

    /// The ids of one sort, in order.
    pub(crate) fn ids_of(&self, what: &str) -> &[&'a str] {
        let by_sort = self.ids_by_sort.get_or_init(|| {
            let mut ids: Vec<_> = self.ids.iter().map(|((sort, id), span)| (*span, *sort, *id)).collect();
            ids.sort_unstable();
            let mut by_sort: HashMap<&'a str, Vec<&'a str>> = HashMap::new();
            ids.into_iter().for_each(|(_, sort, id)| by_sort.entry(sort).or_default().push(id));
            by_sort
        });
        by_sort.get(what).map_or(&[], Vec::as_slice)
    }

    /// A sound product.
    pub(crate) fn product(&self, kind: &str, id: &str) -> Option<Product<'a>> {
        self.sound.get(&(kind, id)).copied()
    }

    /// A sound feature.
    pub(crate) fn feature(&self, id: &str) -> Option<&'a FeatureDecl> {
        self.features.get(id).copied()
    }

    /// An enum, sound or not, that lacks nothing.
    pub(crate) fn enumeration(&self, name: &str) -> Option<&'a Item<EnumDecl>> {
        self.enums.get(name).copied()
    }

    /// The table with this name.
    pub(crate) fn table(&self, name: &str) -> Option<&Table<'a>> {
        self.tables.iter().find(|table| table.name == name)
    }

    /// The prices of sound products.
    pub(crate) fn prices(&self) -> impl Iterator<Item = &'a PriceDecl> {
        self.products.iter().flat_map(|product| &product.body.prices)
    }
}

fn sound_products<'a>(lowered: &'a Lowered<'a>) -> impl Iterator<Item = Product<'a>> {
    let kinds: HashMap<&str, &'a Item<KindDecl>> =
        lowered.places.kinds.iter().map(|item| (item.id.value.as_str(), *item)).collect();
    lowered.catalog.products.iter().zip(&lowered.places.products).filter_map(move |(meant, item)| {
        let kind_item = kinds.get(meant.kind.as_str()).copied()?;
        Some(Product { kind_item, kind: kind_item.body.as_ref()?, item, body: item.body.as_ref()?, meant })
    })
}

fn ids<'a>(declared: &'a Declarations, sound: &[Product<'a>]) -> HashMap<(&'a str, &'a str), Span> {
    fn all<'a, T>(what: &'a str, items: &'a [Item<T>]) -> impl Iterator<Item = ((&'a str, &'a str), Span)> {
        items.iter().map(move |item| ((what, item.id.value.as_str()), item.span()))
    }
    let products = declared.kinds.iter().zip(&declared.products);
    let prices = sound.iter().flat_map(|product| {
        let keys = product.price_places().map(|place| place.span());
        product.meant.prices.iter().map(|price| ("price", price.lookup_key.as_str())).zip(keys)
    });
    all("kind", &declared.kinds)
        .chain(all("feature", &declared.features))
        .chain(all("coupon", &declared.coupons))
        .chain(all("meter", &declared.meters))
        .chain(products.flat_map(|(kind, products)| all(&kind.id.value, products)))
        .chain(prices)
        .collect()
}

impl<'a> Product<'a> {
    /// The declarations of its prices, in the order of what they mean.
    pub(crate) fn price_places(&self) -> impl Iterator<Item = PricePlace<'a>> + use<'a> {
        PricePlace::all(&self.body.prices)
    }

    /// Its own metadata, and those of its prices.
    pub(crate) fn metadata(&self) -> impl Iterator<Item = &'a MetadataDecl> + use<'a> {
        std::iter::once(&self.body.metadata).chain(self.body.prices.iter().map(|price| &price.metadata))
    }
}

/// Whether a price is charged once.
pub(crate) fn is_one_time(price: &PriceDecl) -> bool {
    match &price.interval {
        Some(interval) => interval.value == IntervalDecl::Once,
        None => known_interval(&price.key.value) == Some(None),
    }
}
