//! `package_dimensions:` of a product.

use rust_decimal::Decimal;

use super::fields::Fields;
use super::read::{self, Diagnostics};
use crate::parse::Node;
use crate::source::Spanned;

/// What a product is shipped in.
#[derive(Debug)]
pub struct PackageDecl {
    /// In inches.
    pub height: Spanned<Decimal>,
    /// In inches.
    pub length: Spanned<Decimal>,
    /// In ounces.
    pub weight: Spanned<Decimal>,
    /// In inches.
    pub width: Spanned<Decimal>,
}

pub(super) fn package(node: &Node<'_>, diagnostics: &mut Diagnostics) -> Option<PackageDecl> {
    let mut fields = Fields::of(node, read::head(node), "`package_dimensions`", diagnostics)?;
    let height = fields.required("height", diagnostics, read::decimal);
    let length = fields.required("length", diagnostics, read::decimal);
    let weight = fields.required("weight", diagnostics, read::decimal);
    let width = fields.required("width", diagnostics, read::decimal);
    let sound = fields.finish(diagnostics);
    sound.then_some(PackageDecl { height: height?, length: length?, weight: weight?, width: width? })
}
