//! How long a row is that MySQL and MariaDB take: <https://dev.mysql.com/doc/refman/8.4/en/column-count-limit.html>.

use pricebook_model::limits::RowLimit;
use pricebook_model::schema::ColumnType;

/// Bytes of a character in `utf8mb4`.
const PER_CHARACTER: u64 = 4;
/// A length of four bytes and a pointer of eight to what is kept elsewhere.
const ELSEWHERE: u64 = 12;

/// How rows are counted.
pub(super) const MYSQL: &[RowLimit] = &[
    // Whatever the storage engine could hold.
    RowLimit {
        max_bytes: 65_535,
        own_bytes: 0,
        column_bytes,
        nullable_columns_per_byte: 8,
        advice: "shorten texts, which take four bytes a character, or write `text` without a length where a column is in no \
                 key: it takes 12 bytes",
    },
    // InnoDB has two rows on a page of 16 KiB at least, and is strict about it when it makes a table. Its own are five
    // bytes of a record's head and thirteen of a transaction's.
    RowLimit {
        max_bytes: 8_125,
        own_bytes: 18,
        column_bytes: bytes_on_page,
        nullable_columns_per_byte: 8,
        advice: "move columns into a table of their own, or what is only read together into one column of type `json`: a text \
                 of 64 characters or more, or without a length, takes 41 bytes",
    },
];

/// MariaDB keeps what is at most 255 bytes long on the page, and of the rest 20 bytes; MySQL of everything the first 40.
/// Each has a length beside it.
fn bytes_on_page(ty: &ColumnType, enum_values: usize) -> u64 {
    match ty {
        ColumnType::Text { max: Some(max) } if u64::from(*max) * PER_CHARACTER <= 255 => {
            u64::from(*max) * PER_CHARACTER + 1
        }
        ColumnType::Text { .. } | ColumnType::Json | ColumnType::Bytes => 41,
        ty => column_bytes(ty, enum_values),
    }
}

fn column_bytes(ty: &ColumnType, enum_values: usize) -> u64 {
    match ty {
        ColumnType::Text { max: Some(max) } => {
            let bytes = u64::from(*max) * PER_CHARACTER;
            bytes + if bytes > 255 { 2 } else { 1 }
        }
        ColumnType::Text { max: None } | ColumnType::Json | ColumnType::Bytes => ELSEWHERE,
        ColumnType::Integer | ColumnType::Timestamp => 8,
        ColumnType::Boolean => 1,
        ColumnType::Date => 3,
        ColumnType::Enum(_) => 1 + u64::from(enum_values > 255),
        ColumnType::Decimal { precision, scale } => digits(precision.saturating_sub(*scale)) + digits(*scale),
    }
}

/// Nine digits take four bytes, fewer as many as they need.
fn digits(count: u8) -> u64 {
    u64::from(count / 9) * 4 + u64::from((count % 9).div_ceil(2))
}
