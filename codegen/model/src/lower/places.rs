//! The way back from a catalog's values to the places of their declarations.

use crate::decl::{
    ColumnDecl, CouponDecl, EnumDecl, FeatureDecl, GrandfatheredDecl, GroupDecl, Item, KindDecl, MeterDecl, PriceDecl,
    ProductDecl, RecordDecl,
};
use crate::source::{Span, Spanned};

/// Declarations in the order of the catalog's lists: `products[3]` declared `catalog.products[3]`. All have a body.
#[derive(Debug, Default)]
pub struct Places<'d> {
    /// Of [`crate::Catalog::kinds`].
    pub kinds: Vec<&'d Item<KindDecl>>,
    /// Of [`crate::Catalog::products`].
    pub products: Vec<&'d Item<ProductDecl>>,
    /// Of [`crate::Catalog::features`].
    pub features: Vec<&'d Item<FeatureDecl>>,
    /// Of [`crate::Catalog::meters`].
    pub meters: Vec<&'d Item<MeterDecl>>,
    /// Of [`crate::Catalog::groups`].
    pub groups: Vec<&'d Item<GroupDecl>>,
    /// Of [`crate::Catalog::coupons`].
    pub coupons: Vec<&'d Item<CouponDecl>>,
    /// Of [`crate::Catalog::enums`].
    pub enums: Vec<&'d Item<EnumDecl>>,
    /// Of [`crate::Catalog::tables`].
    pub tables: Vec<TablePlace<'d>>,
}

/// Where a table was declared.
#[derive(Clone, Copy, Debug)]
pub enum TablePlace<'d> {
    /// By an entry of `records:`.
    Record(&'d Item<RecordDecl>, &'d RecordDecl),
    /// By a kind.
    Kind(&'d Item<KindDecl>, &'d KindDecl),
}

/// Where a price was declared.
#[derive(Clone, Copy, Debug)]
pub struct PricePlace<'d> {
    /// The price, for grandfathered ones the price that took its place.
    pub price: &'d PriceDecl,
    /// The grandfathered price.
    pub grandfathered: Option<&'d GrandfatheredDecl>,
}

impl<'d> TablePlace<'d> {
    /// Where the table is named, or else the kind that it belongs to.
    pub fn span(&self) -> Span {
        match self {
            Self::Record(item, _) => item.id.span,
            Self::Kind(item, kind) => {
                let name = kind.table.as_ref().and_then(|table| table.name.as_ref());
                name.or(kind.plural.as_ref()).map_or(item.id.span, |name| name.span)
            }
        }
    }

    /// The declared columns, in the order in which they are written; `None` for a kind's default table.
    pub fn columns(&self) -> Option<&'d [ColumnDecl]> {
        match self {
            Self::Record(_, record) => Some(&record.columns),
            Self::Kind(_, kind) => kind.table.as_ref()?.columns.as_deref(),
        }
    }
}

impl<'d> Places<'d> {
    /// The declaration of a product; `product` is its index in the catalog.
    pub fn product(&self, product: usize) -> (&'d Item<ProductDecl>, &'d ProductDecl) {
        let item = self.products[product];
        (item, item.body.as_ref().expect("a product of the catalog has a declaration"))
    }

    /// The declarations of a product's prices, in the order of [`crate::catalog::Product::prices`].
    pub fn prices(&self, product: usize) -> impl Iterator<Item = PricePlace<'d>> + use<'d> {
        PricePlace::all(&self.product(product).1.prices)
    }
}

impl<'d> PricePlace<'d> {
    /// Every price of a product, the grandfathered ones last.
    pub(crate) fn all(prices: &'d [PriceDecl]) -> impl Iterator<Item = Self> + use<'d> {
        let sold = prices.iter().map(|price| Self { price, grandfathered: None });
        sold.chain(prices.iter().flat_map(|price| {
            price.grandfathered.iter().map(move |former| Self { price, grandfathered: Some(former) })
        }))
    }

    /// Where the price's key stands.
    pub fn span(&self) -> Span {
        self.grandfathered.map_or(self.price.key.span, |former| former.key.span)
    }

    /// The lookup key that is written out, rather than given by the kind's pattern.
    pub(crate) fn written_lookup_key(&self) -> Option<&'d Spanned<String>> {
        self.grandfathered.map_or(&self.price.lookup_key, |former| &former.lookup_key).as_ref()
    }
}
