//! `enums.ts`, `records.ts` and `api.ts`: the closed sets of texts, the rows of tables, and what the API shows of them.

use heck::{ToShoutySnakeCase, ToUpperCamelCase};
use pricebook_model::Catalog;
use pricebook_model::catalog::Choice;
use pricebook_model::schema::{Column, ColumnType, EnumType, Interface, Table};

use super::literal::{alias, doc, key, lines, string, union};
use super::module::Module;

/// The type of an enum: `InstanceStatus`.
pub(super) fn type_name(name: &str) -> String {
    name.to_upper_camel_case()
}

/// Every enum as a union, a list and a guard.
pub(super) fn enums_module(catalog: &Catalog) -> Module {
    let mut module = Module::new(catalog, "enums");
    for ty in &catalog.enums {
        let (name, list) = (type_name(&ty.name), ty.name.to_shouty_snake_case());
        let values = || ty.values.iter().map(|(value, _)| value.as_str());
        module
            .types(&format!("{}{}", doc(&enum_doc(ty), 0), alias(&name, &union(values()))))
            .constant("", &list, &format!("readonly {name}[]"), &lines(values().map(string), 0))
            .guard("", &format!("is{name}"), &name, &one_of(values()));
    }
    module
}

fn one_of<'a>(values: impl Iterator<Item = &'a str>) -> String {
    let comparisons: Vec<_> = values.map(|value| format!("value === {}", string(value))).collect();
    if comparisons.is_empty() { "false".to_owned() } else { comparisons.join(" || ") }
}

fn enum_doc(ty: &EnumType) -> String {
    let values = ty.values.iter().filter(|(_, about)| !about.is_empty());
    let values: String = values.map(|(value, about)| format!("\n- `{value}`: {about}")).collect();
    format!("{}{values}", ty.description)
}

/// What the Rust rows are in JSON, too, and how databases hand over most of it.
const FORM_OF_ROWS: &str = "\
// Rows in JSON, as the row structs of Rust are written and read: moments are ISO 8601 in UTC ('2027-01-31T09:30:00Z'), dates
// ISO 8601 ('2027-01-31'), decimals are texts that keep every digit, JSON columns texts of JSON, bytes base64 with padding.
";

/// Every table's row, as JSON shows it.
pub(super) fn records_module(catalog: &Catalog) -> Module {
    let mut module = Module::new(catalog, "records");
    module.types(FORM_OF_ROWS);
    if catalog.tables.iter().flat_map(|table| &table.columns).any(|column| matches!(column.ty, ColumnType::Enum(_))) {
        module.types("import type * as enums from './enums.js';\n");
    }
    let billed = |table: &Table| {
        table.columns.iter().any(|column| matches!(catalog.choice(table, column), Some(Choice::BillingType)))
    };
    if catalog.tables.iter().any(billed) {
        module.types("import type * as types from './types.js';\n");
    }
    for table in &catalog.tables {
        module.types(&row(catalog, table));
    }
    module
}

fn row(catalog: &Catalog, table: &Table) -> String {
    let about =
        if table.description.is_empty() { format!("A row of `{}`.", table.name) } else { table.description.clone() };
    let mut out = format!("{}export interface {} {{\n", doc(&about, 0), table.row_name);
    for column in &table.columns {
        let null = if column.nullable { " | null" } else { "" };
        out.push_str(&doc(&column.description, 1));
        let ty = match catalog.choice(table, column) {
            None if column.ty == ColumnType::Json => "string".to_owned(),
            None => column_type(&column.ty),
            Some(Choice::BillingType) => "types.Product['billingType']".to_owned(),
            Some(Choice::OneOf(_, _, values)) => union(values.iter().map(String::as_str)),
        };
        out.push_str(&format!("    {}: {ty}{null};\n", key(&column.name)));
    }
    out + "}\n"
}

/// Decimals, moments (ISO 8601, UTC), days and bytes (base64) are texts in JSON. JSON is what it says, but in a row.
fn column_type(ty: &ColumnType) -> String {
    match ty {
        ColumnType::Integer => "number".to_owned(),
        ColumnType::Boolean => "boolean".to_owned(),
        ColumnType::Json => "unknown".to_owned(),
        ColumnType::Enum(name) => format!("enums.{}", type_name(name)),
        ColumnType::Text { .. }
        | ColumnType::Decimal { .. }
        | ColumnType::Timestamp
        | ColumnType::Date
        | ColumnType::Bytes => "string".to_owned(),
    }
}

/// What the API answers: the shapes that tables declare, and errors.
pub(super) fn api_module(catalog: &Catalog) -> Module {
    let mut module = Module::new(catalog, "api");
    module.types(FORM_OF_ANSWERS);
    module.types(API_ERROR);
    for table in &catalog.tables {
        if let Some(interface) = &table.interface {
            module.types(&api_shape(catalog, table, interface));
        }
    }
    module
}

fn api_shape(catalog: &Catalog, table: &Table, interface: &Interface) -> String {
    let mut out = format!("{}export interface {} {{\n", doc(&table.description, 0), interface.name);
    for field in &interface.fields {
        let Some(column) = table.column(&field.column) else { continue };
        let mark = if field.optional { "?" } else { "" };
        let null = if column.nullable && !field.optional { " | null" } else { "" };
        out.push_str(&doc(&column.description, 1));
        out.push_str(&format!("    {}{mark}: {}{null};\n", key(&field.name), api_type(catalog, column)));
    }
    out + "}\n"
}

/// Enums are spelled out, so that the shape can be read alone.
fn api_type(catalog: &Catalog, column: &Column) -> String {
    let ColumnType::Enum(name) = &column.ty else { return column_type(&column.ty) };
    let ty = catalog.enums.iter().find(|ty| ty.name == *name);
    union(ty.into_iter().flat_map(|ty| ty.values.iter().map(|(value, _)| value.as_str())))
}

/// What `API_ERROR` declares; every other name of `api.ts` is a table's.
pub(super) const API_ERROR_NAME: &str = "APIError";

const FORM_OF_ANSWERS: &str = "\
// Moments are ISO 8601 in UTC ('2027-01-31T09:30:00Z'), dates ISO 8601 ('2027-01-31'), decimals are texts that keep every
// digit, bytes base64 with padding. JSON columns are the JSON that they hold.
";

const API_ERROR: &str = "/** What every failing request answers. */
export interface APIError {
    success: false;
    error: {
        code: string;
        message: string;
        details?: any;
    };
}
";
