//! Steps that lose data, or that fail where rows are not as the new schema wants them.

use crate::catalog::{Catalog, Kind};
use crate::schema::{ForeignKey, Index};

use super::{ColumnShape, Step, Type};

/// Something that somebody must accept by its name before a migration is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hazard {
    /// What to accept: `drop-column:services.min_price`.
    pub name: String,
    /// What can go wrong, in a sentence without a full stop.
    pub message: String,
    /// What to do instead, where the migration would fail on synced databases, so that nobody can accept it.
    pub instead: Option<String>,
}

/// The hazards of steps to a catalog's schema, in their order.
pub fn hazards(steps: &[Step], catalog: &Catalog) -> Vec<Hazard> {
    let on_new = |table: &str, columns: &[String]| {
        // Rows of a new table, or with a new column that is NULL, refer to nothing.
        steps.iter().any(|step| match step {
            Step::CreateTable { table: new } => new.name == table,
            Step::AddColumn { table: of, column } => {
                of == table && columns.contains(&column.name) && column.nullable && column.default.is_none()
            }
            _ => false,
        })
    };
    // One that was there and is made again refers as before, but for what happens to its rows; renames are done by then.
    let refers_to =
        |reference: &ForeignKey| (reference.columns.clone(), reference.table.clone(), reference.references.clone());
    let was_there = |table: &str, made: &ForeignKey| {
        steps.iter().any(|step| match step {
            Step::DropForeignKey { table: of, foreign_key: gone } => of == table && refers_to(gone) == refers_to(made),
            _ => false,
        })
    };
    let of_step = |step: &Step| match step {
        Step::AddForeignKey { table, foreign_key }
            if !on_new(table, &foreign_key.columns) && !was_there(table, foreign_key) =>
        {
            vec![new_reference(table, foreign_key)]
        }
        step => of_step(step, catalog),
    };
    steps.iter().flat_map(of_step).collect()
}

fn new_reference(table: &str, foreign_key: &ForeignKey) -> Hazard {
    let columns = foreign_key.columns.join(", ");
    Hazard {
        name: format!("require-reference:{table}.{columns}"),
        message: format!(
            "rows of {table} whose ({columns}) is that of no row of {} make the migration fail",
            foreign_key.table
        ),
        instead: None,
    }
}

fn of_step(step: &Step, catalog: &Catalog) -> Vec<Hazard> {
    match step {
        Step::DropTable { table } => vec![Hazard {
            name: format!("drop-table:{}", table.name),
            message: format!(
                "every row of {0} is lost; if it only has another name now, write `was: {0}` there",
                table.name
            ),
            instead: None,
        }],
        Step::DropColumn { table, column } => vec![Hazard {
            name: format!("drop-column:{table}.{}", column.name),
            message: format!(
                "every value of {table}.{0} is lost; if it only has another name now, write `was: {0}` there",
                column.name
            ),
            instead: None,
        }],
        Step::AddColumn { table, column } => added_column(table, column, catalog),
        Step::ChangeColumn { table, from, to } => changed_column(table, from, to, catalog),
        Step::AddPrimaryKey { table, columns } => vec![Hazard {
            name: format!("change-key:{table}"),
            message: format!("rows of {table} that are alike in ({}) make the migration fail", columns.join(", ")),
            instead: None,
        }],
        Step::CreateIndex { table, index } => unique_index(table, index),
        Step::RenameTable { .. }
        | Step::RenameColumn { .. }
        | Step::DropForeignKey { .. }
        | Step::DropIndex { .. }
        | Step::DropPrimaryKey { .. }
        | Step::CreateTable { .. }
        | Step::AddForeignKey { .. } => Vec::new(),
    }
}

fn added_column(table: &str, column: &ColumnShape, catalog: &Catalog) -> Vec<Hazard> {
    let place = format!("{table}.{}", column.name);
    if column.nullable || column.default.is_some() {
        return Vec::new();
    }
    let kind = catalog.kinds.iter().find(|kind| kind.table == table && was_filled(kind, catalog));
    let instead = if takes_default(column) { "give it a default or allow NULL" } else { "allow NULL" };
    vec![Hazard {
        name: format!("add-required-column:{place}"),
        message: format!("rows that {table} already has get no value for {place}; {instead}"),
        instead: kind.map(|kind| optional_first(kind, column)),
    }]
}

/// Whether a sync can have written rows of the kind's table.
fn was_filled(kind: &Kind, catalog: &Catalog) -> bool {
    catalog.products_of(&kind.id).next().is_some() || former_row(kind, catalog).is_some()
}

/// The id of a row of the kind's table that stays and that no sync writes any more: of what was retired or renamed.
fn former_row<'a>(kind: &Kind, catalog: &'a Catalog) -> Option<&'a str> {
    let ended = catalog.sold_no_more().find(|ended| ended.what == kind.id).map(|ended| ended.id.as_str());
    ended.or_else(|| catalog.renamed.iter().find(|renamed| renamed.what == kind.id).map(|renamed| &*renamed.from))
}

/// A sync comes after the migration: only then do the rows get the catalog's values.
fn optional_first(kind: &Kind, column: &ColumnShape) -> String {
    let (what, optional) = named(kind, column);
    let has_default = kind.attributes.iter().any(|known| known.id == column.name && known.default.is_some());
    let default = match column.ty {
        Type::Text { max: None } if has_default => ", or say its `max:`, with which its default becomes the column's",
        Type::Text { max: None } => ", or give it a default and a `max:`",
        _ if takes_default(column) => ", or give it a default",
        _ => "",
    };
    format!("make {what} {optional}{default}; once every database is synced, another migration can require it")
}

/// A row that no sync writes gets its value from the migration or never.
fn default_first(kind: &Kind, column: &ColumnShape, former: &str) -> String {
    let (what, optional) = named(kind, column);
    match takes_default(column) {
        true => format!(
            "give {what} a default, which the row of `{former}` gets, for no sync writes it any more; another migration can \
             take the default away"
        ),
        false => format!("leave {what} {optional}: no sync gives the row of `{former}` a value any more"),
    }
}

/// What the YAML calls a column of the kind's table, and how it says that it may be NULL.
fn named(kind: &Kind, column: &ColumnShape) -> (String, &'static str) {
    match kind.default_columns && kind.attributes.iter().any(|attribute| attribute.id == column.name) {
        true => (format!("the attribute `{}` of `{}`", column.name, kind.id), "optional"),
        false => (format!("the column `{}` of `{}`", column.name, kind.table), "nullable"),
    }
}

/// Not every database takes a default for texts without a length, JSON and bytes.
fn takes_default(column: &ColumnShape) -> bool {
    !matches!(column.ty, Type::Text { max: None } | Type::Json | Type::Bytes)
}

fn changed_column(table: &str, from: &ColumnShape, to: &ColumnShape, catalog: &Catalog) -> Vec<Hazard> {
    let place = format!("{table}.{}", to.name);
    let late = edits_come_late(table, catalog);
    let mut hazards = Vec::new();
    if let (Type::OneOf(before), Type::OneOf(after)) = (&from.ty, &to.ty) {
        let gone = before.iter().filter(|value| !after.contains(value));
        hazards.extend(gone.map(|value| Hazard {
            name: format!("drop-value:{place}.{value}"),
            message: format!("rows whose {place} is {value} make the migration fail{late}"),
            instead: None,
        }));
    } else if !holds_all(&to.ty, &from.ty) {
        hazards.push(Hazard {
            name: format!("narrow-type:{place}"),
            message: format!(
                "values of {place} that do not fit the new type make the migration fail or are changed{late}"
            ),
            instead: None,
        });
    }
    if from.nullable && !to.nullable && to.default.is_none() {
        let kind = catalog.kinds.iter().find(|kind| kind.table == table);
        let instead = kind.and_then(|kind| Some(default_first(kind, to, former_row(kind, catalog)?)));
        let late = if instead.is_some() { "" } else { late.as_str() };
        hazards.push(Hazard {
            name: format!("require-column:{place}"),
            message: format!("rows whose {place} is NULL make the migration fail; give it a default{late}"),
            instead,
        });
    }
    hazards
}

/// Of a table that a sync fills: that its rows are not yet as the catalog says when the migration runs.
fn edits_come_late(table: &str, catalog: &Catalog) -> String {
    let Some(kind) = catalog.kinds.iter().find(|kind| kind.table == table && was_filled(kind, catalog)) else {
        return String::new();
    };
    let stays = former_row(kind, catalog).map_or(String::new(), |id| {
        format!(", and the row of `{id}` keeps what it has, for no sync writes it any more")
    });
    format!(
        "; a product's edit in the same release comes too late, for the sync follows the migration: edit the products, sync \
         every database, and migrate in the next release{stays}"
    )
}

fn unique_index(table: &str, index: &Index) -> Vec<Hazard> {
    if !index.unique {
        return Vec::new();
    }
    vec![Hazard {
        name: format!("require-unique:{}", index.name),
        message: format!("rows of {table} that are alike in ({}) make the migration fail", index.columns.join(", ")),
        instead: None,
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
