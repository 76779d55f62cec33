//! Random schemas out of few names, so that two of them share tables and columns, and rename, change and drop the rest.

use pricebook_model::lock::Schema;
use pricebook_model::migrate::creation_order;
use pricebook_model::schema::{Column, ColumnType, DefaultValue, EnumType, ForeignKey, Index, OnDelete, Table};

/// How many cases a property is tried with: `PRICEBOOK_CASES`, or few.
pub(crate) fn cases(few: u32) -> u32 {
    std::env::var("PRICEBOOK_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(few)
}

/// A small generator of numbers (SplitMix64), so that a failing case is one number.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) as usize % sides
    }

    fn in_ten(&mut self, times: usize) -> bool {
        self.roll(10) < times
    }
}

const TABLES: [&str; 4] = ["apples", "pears", "plums", "figs"];
const COLUMNS: [&str; 5] = ["size", "taste", "grown_on", "weight", "touched"];

/// A schema in which every name, reference and default is sound.
pub(crate) fn schema(dice: &mut Dice) -> Schema {
    let ripeness: &[&[&str]] = &[&["green", "ripe"], &["green", "ripe", "over"], &["ripe", "it's \\ over"]];
    let values = ripeness[dice.roll(3)].iter().map(|value| ((*value).to_owned(), String::new())).collect();
    let enums = vec![EnumType { name: "ripeness".to_owned(), description: String::new(), values, base: false }];
    let names: Vec<_> = TABLES.into_iter().filter(|_| dice.in_ten(7)).collect();
    let tables = names.iter().map(|name| table(dice, name, &names)).collect();
    Schema { enums, tables: creation_order(tables) }
}

fn table(dice: &mut Dice, name: &str, names: &[&str]) -> Table {
    let mut columns = vec![column("id", ColumnType::Text { max: Some([64, 80][dice.roll(2)]) }, false, None)];
    let mut indexes = Vec::new();
    let mut foreign_keys = Vec::new();
    for column_name in COLUMNS {
        if dice.in_ten(6) {
            let added = random_column(dice, column_name);
            if dice.in_ten(3) && is_short(&added.ty) {
                let columns =
                    if dice.in_ten(5) { vec![added.name.clone()] } else { vec![added.name.clone(), "id".to_owned()] };
                indexes.push(Index { name: format!("idx_{name}_{column_name}"), columns, unique: dice.in_ten(4) });
            }
            columns.push(added);
        }
    }
    for target in names {
        if dice.in_ten(3) {
            let from = format!("{target}_id");
            let on_delete = [OnDelete::Restrict, OnDelete::Cascade, OnDelete::SetNull][dice.roll(3)];
            columns.push(column(&from, ColumnType::Text { max: Some(64) }, true, None));
            if dice.in_ten(3) {
                indexes.push(Index { name: format!("idx_{name}_{from}"), columns: vec![from.clone()], unique: false });
            }
            foreign_keys.push(ForeignKey {
                name: format!("fk_{name}_{from}"),
                columns: vec![from],
                table: (*target).to_owned(),
                references: vec!["id".to_owned()],
                on_delete,
            });
        }
    }
    let size = columns.iter().find(|column| column.name == "size" && !column.nullable && is_short(&column.ty));
    let primary_key = match size {
        Some(size) if dice.in_ten(3) => {
            // What refers to the id still finds a key.
            indexes.push(Index { name: format!("uq_{name}_id"), columns: vec!["id".to_owned()], unique: true });
            vec![size.name.clone(), "id".to_owned()]
        }
        _ => vec!["id".to_owned()],
    };
    Table {
        name: name.to_owned(),
        description: String::new(),
        was: dice.in_ten(3).then(|| TABLES[dice.roll(4)].to_owned()),
        row_name: String::new(),
        columns,
        primary_key,
        indexes,
        foreign_keys,
        interface: None,
        base: false,
    }
}

fn column(name: &str, ty: ColumnType, nullable: bool, default: Option<DefaultValue>) -> Column {
    let (name, description) = (name.to_owned(), String::new());
    Column { name, description, was: None, ty, nullable, default, on_update_now: false, from: None }
}

fn random_column(dice: &mut Dice, name: &str) -> Column {
    let text = |text: &str| Some(DefaultValue::Text(text.to_owned()));
    let (ty, default) = match dice.roll(10) {
        0 => (ColumnType::Text { max: None }, text("it's\nlong")),
        1 => (ColumnType::Text { max: Some(32) }, text("short \\ text")),
        2 => (ColumnType::Integer, Some(DefaultValue::Integer(-7))),
        3 => (ColumnType::Boolean, Some(DefaultValue::Boolean(true))),
        4 => (ColumnType::Decimal { precision: 12, scale: [2, 3][dice.roll(2)] }, text("1.25")),
        5 => (ColumnType::Date, text("2027-01-31")),
        6 => (ColumnType::Json, text("{\"a\": [1]}")),
        7 => (ColumnType::Bytes, None),
        8 => (ColumnType::Enum("ripeness".to_owned()), text("ripe")),
        _ => (ColumnType::Timestamp, Some(DefaultValue::Now)),
    };
    let on_update_now = ty == ColumnType::Timestamp && dice.in_ten(5);
    let default = default.filter(|_| on_update_now || dice.in_ten(5));
    let was = dice.in_ten(2).then(|| COLUMNS[dice.roll(5)].to_owned());
    Column { was, on_update_now, ..column(name, ty, dice.in_ten(5), default) }
}

fn is_short(ty: &ColumnType) -> bool {
    !matches!(ty, ColumnType::Text { max: None } | ColumnType::Json | ColumnType::Bytes)
}
