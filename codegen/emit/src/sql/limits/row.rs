//! How long a row is that MySQL and MariaDB take: <https://dev.mysql.com/doc/refman/8.4/en/column-count-limit.html>.

use pricebook_model::limits::RowLimit;
use pricebook_model::schema::ColumnType;

/// Bytes of a character in `utf8mb4`.
const PER_CHARACTER: u64 = 4;
/// A length of four bytes and a pointer of eight to what is kept elsewhere.
const ELSEWHERE: u64 = 12;

/// Whatever the storage engine could hold.
pub(super) const MYSQL: RowLimit = RowLimit { max_bytes: 65_535, column_bytes, nullable_columns_per_byte: 8 };

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
