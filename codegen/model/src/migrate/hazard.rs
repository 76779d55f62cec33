//! Steps that lose data, or that fail where rows are not as the new schema wants them.

use crate::schema::Index;

use super::{ColumnShape, Step, Type};

/// Something that somebody must accept by its name before a migration is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hazard {
    /// What to accept: `drop-column:services.min_price`.
    pub name: String,
    /// What can go wrong, in a sentence without a full stop.
    pub message: String,
}

/// The hazards of steps, in their order.
pub fn hazards(steps: &[Step]) -> Vec<Hazard> {
    steps.iter().flat_map(of_step).collect()
}

fn of_step(step: &Step) -> Vec<Hazard> {
    match step {
        Step::DropTable { table } => vec![Hazard {
            name: format!("drop-table:{}", table.name),
            message: format!("every row of {} is lost", table.name),
        }],
        Step::DropColumn { table, column } => vec![Hazard {
            name: format!("drop-column:{table}.{}", column.name),
            message: format!("every value of {table}.{} is lost", column.name),
        }],
        Step::AddColumn { table, column } => added_column(table, column),
        Step::ChangeColumn { table, from, to } => changed_column(table, from, to),
        Step::AddPrimaryKey { table, columns } => vec![Hazard {
            name: format!("change-key:{table}"),
            message: format!("rows of {table} that are alike in ({}) make the migration fail", columns.join(", ")),
        }],
        Step::CreateIndex { table, index } => unique_index(table, index),
        _ => Vec::new(),
    }
}

fn added_column(table: &str, column: &ColumnShape) -> Vec<Hazard> {
    let place = format!("{table}.{}", column.name);
    if column.nullable || column.default.is_some() {
        return Vec::new();
    }
    vec![Hazard {
        name: format!("add-required-column:{place}"),
        message: format!("rows that {table} already has get no value for {place}; give it a default or allow NULL"),
    }]
}

fn changed_column(table: &str, from: &ColumnShape, to: &ColumnShape) -> Vec<Hazard> {
    let place = format!("{table}.{}", to.name);
    let mut hazards = Vec::new();
    if let (Type::OneOf(before), Type::OneOf(after)) = (&from.ty, &to.ty) {
        let gone = before.iter().filter(|value| !after.contains(value));
        hazards.extend(gone.map(|value| Hazard {
            name: format!("drop-value:{place}.{value}"),
            message: format!("rows whose {place} is {value} make the migration fail"),
        }));
    } else if !holds_all(&to.ty, &from.ty) {
        hazards.push(Hazard {
            name: format!("narrow-type:{place}"),
            message: format!("values of {place} that do not fit the new type make the migration fail or are changed"),
        });
    }
    if from.nullable && !to.nullable && to.default.is_none() {
        hazards.push(Hazard {
            name: format!("require-column:{place}"),
            message: format!("rows whose {place} is NULL make the migration fail; give it a default"),
        });
    }
    hazards
}

fn unique_index(table: &str, index: &Index) -> Vec<Hazard> {
    if !index.unique {
        return Vec::new();
    }
    vec![Hazard {
        name: format!("require-unique:{}", index.name),
        message: format!("rows of {table} that are alike in ({}) make the migration fail", index.columns.join(", ")),
    }]
}

/// Whether every value of `narrow` is a value of `wide` and stays as it is.
fn holds_all(wide: &Type, narrow: &Type) -> bool {
    let digits = |precision: &u8, scale: &u8| precision.saturating_sub(*scale);
    match (wide, narrow) {
        (Type::Text { max: None }, Type::Text { .. } | Type::OneOf(_)) => true,
        (Type::Text { max: Some(wide) }, Type::Text { max: Some(narrow) }) => wide >= narrow,
        (Type::Text { max: Some(wide) }, Type::OneOf(values)) => {
            values.iter().all(|value| value.chars().count() <= *wide as usize)
        }
        (Type::Decimal { precision, scale }, Type::Decimal { precision: before, scale: scale_before }) => {
            scale >= scale_before && digits(precision, scale) >= digits(before, scale_before)
        }
        // 64 bits have 19 digits.
        (Type::Decimal { precision, scale }, Type::Integer) => digits(precision, scale) >= 19,
        (wide, narrow) => wide == narrow,
    }
}
