//! `enums:` and `records:`, and the columns that kinds' tables share with them.

use super::fields::Fields;
use super::read::{self, Diagnostics};
use crate::diagnostic::Diagnostic;
use crate::parse::{Entry, Node, Value};
use crate::schema::{ColumnType, OnDelete};
use crate::source::{Span, Spanned};

/// An enum as written.
#[derive(Debug)]
pub struct EnumDecl {
    /// What it is.
    pub description: Option<Spanned<String>>,
    /// The values with their descriptions.
    pub values: Vec<(Spanned<String>, String)>,
}

/// A table as written.
#[derive(Debug)]
pub struct RecordDecl {
    /// What a row is.
    pub description: Option<Spanned<String>>,
    /// The row struct's name.
    pub row: Option<Spanned<String>>,
    /// The name before a rename.
    pub was: Option<Spanned<String>>,
    /// In order.
    pub columns: Vec<ColumnDecl>,
    /// For several columns.
    pub primary_key: Option<Spanned<Vec<Spanned<String>>>>,
    /// Unique constraints.
    pub unique: Vec<IndexDecl>,
    /// Other indexes.
    pub indexes: Vec<IndexDecl>,
    /// For several columns.
    pub foreign_keys: Vec<ForeignKeyDecl>,
    /// An API shape.
    pub interface: Option<InterfaceDecl>,
}

/// A column as written.
#[derive(Debug)]
pub struct ColumnDecl {
    /// Its name.
    pub name: Spanned<String>,
    /// Its type; an unknown word is taken for an enum's name.
    pub ty: Spanned<ColumnType>,
    /// Whether the type ends in `?`.
    pub nullable: bool,
    /// What it holds.
    pub description: Option<Spanned<String>>,
    /// The name before a rename.
    pub was: Option<Spanned<String>>,
    /// The primary key.
    pub key: Option<Spanned<bool>>,
    /// A unique constraint of its own.
    pub unique: Option<Spanned<bool>>,
    /// `users.id`.
    pub references: Option<Spanned<ColumnRef>>,
    /// What happens to rows when the referenced one is deleted.
    pub on_delete: Option<Spanned<OnDelete>>,
    /// What an insert without it gets.
    pub default: Option<Spanned<ColumnDefault>>,
    /// `on_update: now`.
    pub on_update_now: bool,
    /// Where a kind's table gets the value.
    pub from: Option<Spanned<String>>,
}

/// A default whose type the column says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnDefault {
    /// As written.
    pub text: String,
    /// Whether it stands without quotes.
    pub plain: bool,
}

/// `table.column`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnRef {
    /// Before the point.
    pub table: String,
    /// After the point.
    pub column: String,
}

/// An index or unique constraint as written.
#[derive(Debug)]
pub struct IndexDecl {
    /// Its name.
    pub name: Spanned<String>,
    /// Its columns.
    pub columns: Vec<Spanned<String>>,
}

/// A foreign key over several columns as written.
#[derive(Debug)]
pub struct ForeignKeyDecl {
    /// Its name.
    pub name: Spanned<String>,
    /// Columns here.
    pub columns: Vec<Spanned<String>>,
    /// The table there.
    pub references: Spanned<String>,
    /// Columns there.
    pub to: Vec<Spanned<String>>,
    /// What happens to rows here.
    pub on_delete: Option<Spanned<OnDelete>>,
}

/// An API shape as written.
#[derive(Debug)]
pub struct InterfaceDecl {
    /// Its name.
    pub name: Spanned<String>,
    /// Name, whether absent instead of null, column.
    pub fields: Vec<(Spanned<String>, bool, Spanned<String>)>,
}

pub(super) fn enumeration(entry: &Entry<'_>, diagnostics: &mut Diagnostics) -> Option<EnumDecl> {
    let mut fields = Fields::of(&entry.value, entry.key_span, "an enum", diagnostics)?;
    let description = fields.optional("description", diagnostics, read::text);
    let values = fields.required("values", diagnostics, enum_values);
    let sound = fields.finish(diagnostics);
    sound.then_some(EnumDecl { description, values: values? })
}

/// A list of values, or values with their descriptions. At least one: no database has a type or a check of none.
fn enum_values(node: &Node<'_>, diagnostics: &mut Diagnostics) -> Option<Vec<(Spanned<String>, String)>> {
    let values = match &node.value {
        Value::Mapping(_) => read::map(node, diagnostics, |entry, diagnostics| {
            let name = Spanned { value: entry.key.clone().into_owned(), span: entry.key_span };
            Some((name, read::text(&entry.value, diagnostics)?.value))
        }),
        _ => read::list(node, diagnostics, |node, diagnostics| Some((read::label(node, diagnostics)?, String::new()))),
    }?;
    if values.is_empty() {
        let help = "list the values, as in `values: [active, suspended]`, or remove the enum";
        diagnostics.push(Diagnostic::error("empty-list", node.span, "there must be at least one value").help(help));
        return None;
    }
    Some(values)
}

pub(super) fn record(entry: &Entry<'_>, diagnostics: &mut Diagnostics) -> Option<RecordDecl> {
    let mut fields = Fields::of(&entry.value, entry.key_span, "a record", diagnostics)?;
    let description = fields.optional("description", diagnostics, read::text);
    let row = fields.optional("row", diagnostics, type_name);
    let was = fields.optional("was", diagnostics, read::id);
    let columns = fields.required("columns", diagnostics, columns);
    let primary_key = fields.optional("primary_key", diagnostics, |node, diagnostics| {
        let value = names(node, diagnostics)?;
        Some(Spanned { value, span: node.span })
    });
    let unique = fields.optional("unique", diagnostics, indexes).unwrap_or_default();
    let indexes = fields.optional("indexes", diagnostics, indexes).unwrap_or_default();
    let foreign_keys = fields.optional("foreign_keys", diagnostics, foreign_keys).unwrap_or_default();
    let interface = fields.optional("interface", diagnostics, interface);
    let sound = fields.finish(diagnostics);
    let columns = columns?;
    sound.then_some(RecordDecl {
        description,
        row,
        was,
        columns,
        primary_key,
        unique,
        indexes,
        foreign_keys,
        interface,
    })
}

fn type_name(node: &Node<'_>, diagnostics: &mut Diagnostics) -> Option<Spanned<String>> {
    let text = read::label(node, diagnostics)?;
    if text.value.starts_with(|c: char| c.is_ascii_uppercase()) && text.value.chars().all(|c| c.is_ascii_alphanumeric())
    {
        return Some(text);
    }
    let message = format!("`{}` cannot be the name of a type", text.value);
    diagnostics
        .push(Diagnostic::error("invalid-type-name", text.span, message).help("write it like `ServiceInstance`"));
    None
}

pub(super) fn columns(node: &Node<'_>, diagnostics: &mut Diagnostics) -> Option<Vec<ColumnDecl>> {
    read::map(node, diagnostics, column)
}

fn column(entry: &Entry<'_>, diagnostics: &mut Diagnostics) -> Option<ColumnDecl> {
    let name = read::checked_id(&entry.key, entry.key_span, read::IdForm::Snake, diagnostics);
    if let Value::Scalar { .. } = entry.value.value {
        let (ty, nullable) = column_type(&entry.value, diagnostics)?;
        return Some(plain_column(name?, ty, nullable));
    }
    let mut fields = Fields::of(&entry.value, entry.key_span, "a column", diagnostics)?;
    let ty = fields.required("type", diagnostics, column_type);
    let placeholder = Spanned { value: ColumnType::Integer, span: entry.key_span };
    let decl = ColumnDecl {
        description: fields.optional("description", diagnostics, read::text),
        was: fields.optional("was", diagnostics, read::id),
        key: fields.optional("key", diagnostics, read::boolean),
        unique: fields.optional("unique", diagnostics, read::boolean),
        references: fields.optional("references", diagnostics, column_ref),
        on_delete: fields.optional("on_delete", diagnostics, on_delete),
        default: fields.optional("default", diagnostics, |node, diagnostics| {
            let (text, plain) = read::scalar(node, "a default", diagnostics)?;
            Some(Spanned { value: ColumnDefault { text: text.to_owned(), plain }, span: node.span })
        }),
        on_update_now: fields
            .optional("on_update", diagnostics, |node, diagnostics| read::choice(node, &[("now", ())], diagnostics))
            .is_some(),
        from: fields.optional("from", diagnostics, read::label),
        ..plain_column(Spanned { value: String::new(), span: entry.key_span }, placeholder, false)
    };
    let sound = fields.finish(diagnostics);
    let (ty, nullable) = ty?;
    sound.then_some(ColumnDecl { name: name?, ty, nullable, ..decl })
}

fn plain_column(name: Spanned<String>, ty: Spanned<ColumnType>, nullable: bool) -> ColumnDecl {
    ColumnDecl {
        name,
        ty,
        nullable,
        description: None,
        was: None,
        key: None,
        unique: None,
        references: None,
        on_delete: None,
        default: None,
        on_update_now: false,
        from: None,
    }
}

/// `text(255)?`: the type, and whether it may be NULL.
fn column_type(node: &Node<'_>, diagnostics: &mut Diagnostics) -> Option<(Spanned<ColumnType>, bool)> {
    let text = read::label(node, diagnostics)?;
    let (word, nullable) = match text.value.strip_suffix('?') {
        Some(word) => (word, true),
        None => (text.value.as_str(), false),
    };
    let Some(value) = type_of(word) else {
        let message = format!("`{}` is no type of a column", text.value);
        let help = bounds(word).unwrap_or(
            "types: text, text(N), integer, boolean, decimal(P,S), timestamp, date, json, bytes, or an enum's name",
        );
        diagnostics.push(Diagnostic::error("invalid-column-type", text.span, message).help(help));
        return None;
    };
    Some((Spanned { value, span: text.span }, nullable))
}

/// The bounds of a type whose numbers are beyond them.
fn bounds(word: &str) -> Option<&'static str> {
    let digits = |text: &str| !text.is_empty() && text.chars().all(|char| char.is_ascii_digit());
    let (name, arguments) = word.strip_suffix(')')?.split_once('(')?;
    let mut numbers = arguments.split(',').map(str::trim);
    match name {
        "text" if digits(arguments) => Some("a text has 1 to 16383 characters; `text` has no bound"),
        "decimal" if arguments.contains(',') && numbers.all(digits) => {
            Some("a decimal has 1 to 28 digits, of which at most all stand behind the point: `decimal(28,10)`")
        }
        _ => None,
    }
}

/// Characters of four bytes that MySQL and MariaDB have room for in a text with a length.
pub(crate) const LONGEST_TEXT: u32 = 16_383;

fn type_of(word: &str) -> Option<ColumnType> {
    let (name, arguments) = match word.split_once('(') {
        Some((name, rest)) => (name, Some(rest.strip_suffix(')')?)),
        None => (word, None),
    };
    let whole = |text: &str| text.trim().parse::<u32>().ok();
    Some(match (name, arguments) {
        ("text", None) => ColumnType::Text { max: None },
        ("text", Some(max)) => {
            ColumnType::Text { max: Some(whole(max).filter(|max| (1..=LONGEST_TEXT).contains(max))?) }
        }
        ("integer", None) => ColumnType::Integer,
        ("boolean", None) => ColumnType::Boolean,
        ("timestamp", None) => ColumnType::Timestamp,
        ("date", None) => ColumnType::Date,
        ("json", None) => ColumnType::Json,
        ("bytes", None) => ColumnType::Bytes,
        ("decimal", Some(arguments)) => {
            let (precision, scale) = arguments.split_once(',')?;
            let (precision, scale) = (whole(precision)?, whole(scale)?);
            let fits = (1..=28).contains(&precision) && scale <= precision;
            fits.then_some(ColumnType::Decimal { precision: precision as u8, scale: scale as u8 })?
        }
        ("decimal", None) => return None,
        (name, None) => ColumnType::Enum(name.to_owned()),
        _ => return None,
    })
}

fn column_ref(node: &Node<'_>, diagnostics: &mut Diagnostics) -> Option<Spanned<ColumnRef>> {
    let text = read::label(node, diagnostics)?;
    match text.value.split_once('.') {
        Some((table, column)) if !table.is_empty() && !column.is_empty() => {
            let value = ColumnRef { table: table.to_owned(), column: column.to_owned() };
            Some(Spanned { value, span: text.span })
        }
        _ => {
            let message = format!("`{}` does not name a column", text.value);
            diagnostics.push(
                Diagnostic::error("invalid-reference", text.span, message).help("write table and column: `users.id`"),
            );
            None
        }
    }
}

fn on_delete(node: &Node<'_>, diagnostics: &mut Diagnostics) -> Option<Spanned<OnDelete>> {
    let words = [("restrict", OnDelete::Restrict), ("cascade", OnDelete::Cascade), ("set_null", OnDelete::SetNull)];
    read::choice(node, &words, diagnostics)
}

fn names(node: &Node<'_>, diagnostics: &mut Diagnostics) -> Option<Vec<Spanned<String>>> {
    let names = read::list(node, diagnostics, read::label)?;
    if names.is_empty() {
        let span: Span = node.span;
        let help = "name the columns, as in `[user_id, created_at]`, or remove the list";
        diagnostics.push(Diagnostic::error("empty-list", span, "there must be at least one column").help(help));
        return None;
    }
    Some(names)
}

fn indexes(node: &Node<'_>, diagnostics: &mut Diagnostics) -> Option<Vec<IndexDecl>> {
    read::map(node, diagnostics, |entry, diagnostics| {
        let name = read::checked_id(&entry.key, entry.key_span, read::IdForm::Snake, diagnostics);
        let columns = names(&entry.value, diagnostics)?;
        Some(IndexDecl { name: name?, columns })
    })
}

fn foreign_keys(node: &Node<'_>, diagnostics: &mut Diagnostics) -> Option<Vec<ForeignKeyDecl>> {
    read::map(node, diagnostics, |entry, diagnostics| {
        let name = read::checked_id(&entry.key, entry.key_span, read::IdForm::Snake, diagnostics);
        let mut fields = Fields::of(&entry.value, entry.key_span, "a foreign key", diagnostics)?;
        let columns = fields.required("columns", diagnostics, names);
        let references = fields.required("references", diagnostics, read::label);
        let to = fields.required("to", diagnostics, names);
        let on_delete = fields.optional("on_delete", diagnostics, on_delete);
        let sound = fields.finish(diagnostics);
        sound.then_some(ForeignKeyDecl { name: name?, columns: columns?, references: references?, to: to?, on_delete })
    })
}

fn interface(node: &Node<'_>, diagnostics: &mut Diagnostics) -> Option<InterfaceDecl> {
    let mut fields = Fields::of(node, read::head(node), "an interface", diagnostics)?;
    let name = fields.required("name", diagnostics, type_name);
    let shape = fields.required("fields", diagnostics, |node, diagnostics| {
        read::map(node, diagnostics, |entry, diagnostics| {
            let (name, optional) = match entry.key.strip_suffix('?') {
                Some(name) => (name, true),
                None => (&*entry.key, false),
            };
            let column = read::label(&entry.value, diagnostics)?;
            Some((Spanned { value: name.to_owned(), span: entry.key_span }, optional, column))
        })
    });
    let sound = fields.finish(diagnostics);
    sound.then_some(InterfaceDecl { name: name?, fields: shape? })
}
