//! `catalog_coupons`, `catalog_coupon_amounts` and `catalog_promotion_codes`.

use pricebook_model::Catalog;
use pricebook_model::catalog::{Coupon, Discount, Duration};
use pricebook_types::Currency;

use super::{Cell, Row, Rows};

pub(super) fn coupons(catalog: &Catalog) -> Option<Rows<'_>> {
    let columns = &[
        "id",
        "name",
        "percent_off",
        "amount_off",
        "currency",
        "duration",
        "duration_months",
        "applies_to",
        "max_redemptions",
        "redeem_by",
        "active",
    ];
    let rows = catalog.coupons.iter().map(|coupon| Row { comment: coupon.name.clone(), cells: coupon_cells(coupon) });
    Rows::of_base(catalog, "catalog_coupons", columns, rows.collect())
}

fn coupon_cells(coupon: &Coupon) -> Vec<Cell<'_>> {
    let (percent, amount, currency) = match &coupon.discount {
        Discount::Percent(percent) => (Some(*percent), None, None),
        Discount::Amount { minor, currency, .. } => (None, Some(*minor), Some(currency.code())),
    };
    let (duration, months) = match coupon.duration {
        Duration::Once => ("once", None),
        Duration::Months(months) => ("repeating", Some(months)),
        Duration::Forever => ("forever", None),
    };
    let products: Vec<_> = coupon.applies_to.iter().map(|(kind, product)| format!("{kind}/{product}")).collect();
    vec![
        Cell::text(&coupon.id),
        Cell::text(&coupon.name),
        Cell::decimal(percent),
        Cell::number(amount),
        Cell::optional(currency),
        Cell::text(duration),
        Cell::number(months),
        if products.is_empty() { Cell::Null } else { Cell::made(serde_json::json!(products).to_string()) },
        Cell::number(coupon.max_redemptions),
        Cell::optional(coupon.redeem_by.as_deref()),
        Cell::Boolean(true),
    ]
}

pub(super) fn amounts(catalog: &Catalog) -> Option<Rows<'_>> {
    let rows = catalog.coupons.iter().flat_map(|coupon| {
        let Discount::Amount { minor, currency, currencies } = &coupon.discount else { return Vec::new() };
        let row = |currency: Currency, minor: i64, is_default: bool| Row {
            comment: coupon.name.clone(),
            cells: vec![
                Cell::text(&coupon.id),
                Cell::text(currency.code()),
                Cell::Integer(minor),
                Cell::Boolean(is_default),
            ],
        };
        let others = currencies.iter().map(|(currency, minor)| row(*currency, *minor, false));
        std::iter::once(row(*currency, *minor, true)).chain(others).collect()
    });
    let columns = &["coupon_id", "currency", "amount_off", "is_default"];
    Rows::of_base(catalog, "catalog_coupon_amounts", columns, rows.collect())
}

pub(super) fn promotion_codes(catalog: &Catalog) -> Option<Rows<'_>> {
    let columns = &[
        "code",
        "coupon_id",
        "max_redemptions",
        "expires_at",
        "first_time_transaction",
        "minimum_amount",
        "minimum_currency",
        "active",
    ];
    let codes = catalog.coupons.iter().flat_map(|coupon| coupon.promotion_codes.iter().map(move |code| (coupon, code)));
    let rows = codes.map(|(coupon, code)| Row {
        comment: coupon.name.clone(),
        cells: vec![
            Cell::text(&code.code),
            Cell::text(&coupon.id),
            Cell::number(code.max_redemptions),
            Cell::optional(code.expires_at.as_deref()),
            Cell::Boolean(code.first_time_transaction),
            Cell::number(code.minimum_amount.map(|(minor, _)| minor)),
            Cell::optional(code.minimum_amount.map(|(_, currency)| currency.code())),
            Cell::Boolean(true),
        ],
    });
    Rows::of_base(catalog, "catalog_promotion_codes", columns, rows.collect())
}
