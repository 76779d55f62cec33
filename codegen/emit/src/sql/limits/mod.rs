//! What names databases take. Every name is quoted here, so that none breaks a generated file; the words that are
//! refused are those that make a statement fail which somebody writes by hand, without quotes.

mod mysql;
mod postgres;
mod row;
mod sqlite;

use pricebook_model::limits::{Case, NameLimit, NameOf, TargetLimits};

/// What the three dialects limit.
pub const LIMITS: &[TargetLimits] = &[
    TargetLimits { names: &[names(255, sqlite::RESERVED)], ..TargetLimits::none("sqlite") },
    TargetLimits { names: &[names(63, postgres::RESERVED)], ..TargetLimits::none("postgres") },
    TargetLimits { names: &[names(64, mysql::RESERVED)], rows: Some(row::MYSQL), ..TargetLimits::none("mysql") },
];

const fn names(max_bytes: usize, reserved: &'static [&'static str]) -> NameLimit {
    let of = &[NameOf::Table, NameOf::Column, NameOf::Index];
    NameLimit { of, case: Case::AsIs, max_bytes, reserved, reserved_any_case: true }
}
