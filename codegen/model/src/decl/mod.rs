//! Declarations as written, with the place of everything: what the sections of a catalog say before names are resolved.

pub mod catalog;
pub mod coupons;
pub mod custom_amounts;
pub mod deposits;
pub mod features;
pub(crate) mod fields;
pub(crate) mod foreign_types;
pub mod kinds;
pub mod metadata;
mod misplaced;
pub mod packages;
pub mod prices;
pub mod products;
pub(crate) mod read;
mod reasons;
pub mod records;
mod sections;
pub mod tiers;
mod unknown_sections;

pub use catalog::{CatalogDecl, EnvironmentDecl};
pub use coupons::{CouponDecl, DurationDecl, ProductRef, PromotionCodeDecl, RetiredDecl};
pub use custom_amounts::{BoundsDecl, CustomDecl};
pub use deposits::{DepositDecl, FixedDecl, Rounding};
pub use features::{FeatureDecl, GroupDecl, MeterDecl};
pub use kinds::{AttributeDecl, AttributeTypeDecl, KindDecl, KindTableDecl, PricePolicyDecl};
pub use metadata::MetadataDecl;
pub use packages::PackageDecl;
pub use prices::{AmountsDecl, ChangeDecl, GrandfatheredDecl, IntervalDecl, PriceDecl, TransformDecl};
pub use products::{ProductDecl, RawValue};
pub use reasons::Reasons;
pub(crate) use records::LONGEST_TEXT;
pub use records::{
    ColumnDecl, ColumnDefault, ColumnRef, EnumDecl, ForeignKeyDecl, IndexDecl, InterfaceDecl, RecordDecl,
};
pub use sections::declare;
pub use tiers::{StepDecl, TiersDecl};

use std::collections::{BTreeSet, HashMap};

use crate::source::{FileId, Span, Spanned};

/// Everything that the files of a catalog declare.
#[derive(Debug, Default)]
pub struct Declarations {
    /// `catalog:`.
    pub catalog: Option<CatalogDecl>,
    /// `kinds:`.
    pub kinds: Vec<Item<KindDecl>>,
    /// The products of each kind, parallel to `kinds`.
    pub products: Vec<Vec<Item<ProductDecl>>>,
    /// `features:`.
    pub features: Vec<Item<FeatureDecl>>,
    /// `meters:`.
    pub meters: Vec<Item<MeterDecl>>,
    /// `groups:`.
    pub groups: Vec<Item<GroupDecl>>,
    /// `coupons:`.
    pub coupons: Vec<Item<CouponDecl>>,
    /// `retired:`.
    pub retired: Vec<RetiredDecl>,
    /// `enums:`.
    pub enums: Vec<Item<EnumDecl>>,
    /// `records:`.
    pub records: Vec<Item<RecordDecl>>,
    /// Where the catalog's own files begin each section first, by its key.
    pub heads: HashMap<String, Span>,
    /// The files in which ids may have been written that are not known, because a file or section could not be read: a name
    /// that is missing may stand there, and what such a file declares may lack a part.
    pub incomplete: BTreeSet<FileId>,
    /// The sorts (`plan`, `feature`) of which two have one id: the other may be what a name that is missing means.
    pub doubled: BTreeSet<String>,
}

/// Something with an id.
#[derive(Debug)]
pub struct Item<T> {
    /// The id and the place of its key.
    pub id: Spanned<String>,
    /// Declared by the runtime, not by this catalog.
    pub base: bool,
    /// What is said about it; `None` where something in it was reported, so that nothing follows from it.
    pub body: Option<T>,
}

impl<T> Item<T> {
    /// The place of its key.
    pub fn span(&self) -> Span {
        self.id.span
    }
}

impl Declarations {
    /// Whether every id that was written is known.
    pub fn is_complete(&self) -> bool {
        self.incomplete.is_empty()
    }

    /// Whether what stands here may lack a part.
    pub fn is_doubtful(&self, span: Span) -> bool {
        self.incomplete.contains(&span.file)
    }
}
