//! A page of a list for administrators: the rows that the query chooses, and the cursor of the next page.

use std::sync::Arc;

use axum::extract::State;
use axum::http::Uri;
use sea_query::{Cond, Expr, ExprTrait, Order, Query};
use serde::Serialize;
use serde_json::{Map, Value};

use super::listing::{Column, Form, Listing, Test};
use crate::db::{Session, Texts, moment, text_type};
use crate::http::body::{Json, Success};
use crate::http::{ApiError, App};

/// Rows on a page where nobody says otherwise.
pub(in crate::http) const PAGE: usize = 50;
/// Most rows on a page.
pub(in crate::http) const LARGEST_PAGE: usize = 200;
/// What fits the columns.
pub(in crate::http) const LONGEST_TEXT: usize = 255;

/// What a query asks for.
struct Wanted {
    limit: usize,
    conditions: Vec<Expr>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct Page {
    items: Vec<Value>,
    /// The id of the last row here, where there are more. Ids sort by time, so that new rows move no page.
    next_cursor: Option<String>,
}

/// The rows of a list, the newest first.
pub(in crate::http) async fn list(
    listing: &'static Listing,
    State(app): State<Arc<App>>,
    uri: Uri,
) -> Result<Json<Success<'static, Page>>, ApiError> {
    let wanted = Wanted::read(listing, uri.query().unwrap_or_default())?;
    let mut session = app.reads.session().await?;
    Ok(Json(Success("data", page(&mut session, listing, wanted).await?)))
}

async fn page(session: &mut Session, listing: &Listing, wanted: Wanted) -> Result<Page, sqlx::Error> {
    let dialect = session.dialect();
    let as_text = |column: &Column| match column.form {
        Form::Moment => moment::iso(dialect, listing.table, column.column),
        Form::Text | Form::Integer | Form::Boolean | Form::Json => Expr::col(column.column).cast_as(text_type(dialect)),
    };
    // One more than fits shows whether there is another page.
    let most = u64::try_from(wanted.limit + 1).unwrap_or(u64::MAX);
    let query = Query::select()
        .exprs(listing.columns.iter().map(as_text))
        .from(listing.table)
        .cond_where(wanted.conditions.into_iter().fold(Cond::all(), Cond::add))
        .order_by("id", Order::Desc)
        .limit(most)
        .to_owned();
    let mut rows = session.rows(&query).await?;
    let has_more = rows.len() > wanted.limit;
    rows.truncate(wanted.limit);
    let items: Vec<_> = rows.into_iter().map(|row| item(listing, row)).collect();
    let last = items.last().filter(|_| has_more).and_then(|item| item["id"].as_str());
    Ok(Page { next_cursor: last.map(str::to_owned), items })
}

fn item(listing: &Listing, row: Texts) -> Value {
    let value = |form: Form, text: String| match form {
        Form::Text | Form::Moment => Value::String(text),
        // SQLite and MySQL have numbers, PostgreSQL words.
        Form::Boolean => Value::Bool(matches!(text.as_str(), "1" | "true")),
        Form::Integer => text.parse::<i64>().map_or(Value::Null, Value::from),
        Form::Json => serde_json::from_str(&text).unwrap_or(Value::Null),
    };
    let fields = listing.columns.iter().zip(row);
    let fields = fields
        .map(|(column, text)| (column.name.to_owned(), text.map_or(Value::Null, |text| value(column.form, text))));
    Value::Object(fields.collect::<Map<_, _>>())
}

impl Wanted {
    /// Every parameter is known and stands there once: one that is misspelt must not show everything.
    fn read(listing: &Listing, query: &str) -> Result<Self, ApiError> {
        let only = listing.only.map(|(column, value)| Expr::col(column).eq(value));
        let mut wanted = Self { limit: PAGE, conditions: only.into_iter().collect() };
        let mut seen = Vec::new();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            if seen.contains(&name) {
                return Err(ApiError::invalid(format!("{name}: given more than once")));
            }
            wanted.take(listing, &name, &value)?;
            seen.push(name);
        }
        Ok(wanted)
    }

    fn take(&mut self, listing: &Listing, name: &str, value: &str) -> Result<(), ApiError> {
        let condition = match name {
            "limit" => {
                self.limit = limit(value)?;
                return Ok(());
            }
            "cursor" => Expr::col("id").lt(cursor(value)?),
            _ => {
                let filter = listing.filters.iter().find(|filter| filter.name == name);
                let filter = filter.ok_or_else(|| unknown(listing, name))?;
                let column = Expr::col(filter.column);
                match filter.test {
                    Test::Is => column.eq(text(name, value)?),
                    Test::IsMissing if value == "true" => column.is_null(),
                    Test::IsMissing if value == "false" => column.is_not_null(),
                    Test::IsMissing => return Err(ApiError::invalid(format!("{name}: true or false"))),
                }
            }
        };
        self.conditions.push(condition);
        Ok(())
    }
}

fn limit(value: &str) -> Result<usize, ApiError> {
    let digits = value.bytes().all(|byte| byte.is_ascii_digit());
    let number = value.parse().ok().filter(|number| digits && (1..=LARGEST_PAGE).contains(number));
    number.ok_or_else(|| ApiError::invalid(format!("limit: a whole number from 1 to {LARGEST_PAGE}")))
}

fn cursor(value: &str) -> Result<&str, ApiError> {
    let is_id = value.len() == 36 && value.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit());
    is_id.then_some(value).ok_or_else(|| ApiError::invalid("cursor: the nextCursor of the page before"))
}

/// A text that fits the columns.
pub(in crate::http) fn text<'a>(name: &str, value: &'a str) -> Result<&'a str, ApiError> {
    let fits = (1..=LONGEST_TEXT).contains(&value.chars().count()) && !value.chars().any(char::is_control);
    fits.then_some(value).ok_or_else(|| {
        ApiError::invalid(format!("{name}: 1 to {LONGEST_TEXT} characters, none of them a control character"))
    })
}

fn unknown(listing: &Listing, name: &str) -> ApiError {
    let known: Vec<_> =
        ["limit", "cursor"].into_iter().chain(listing.filters.iter().map(|filter| filter.name)).collect();
    ApiError::invalid(format!("{name}: there is no such parameter; there are {}", known.join(", ")))
}
