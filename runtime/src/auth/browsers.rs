//! Sessions of people: a browser that somebody signed in with, known by its cookie until it ends.

use sea_query::{CaseStatement, Expr, ExprTrait, Order, Query};
use serde_json::json;

use super::change::tell;
use super::token::Sort;
use super::{AuthError, Token};
use crate::audit::Actor;
use crate::db::{Session, moment, text_type, transaction};

/// A session ends after so long, whatever is done with it.
pub const SESSION_SECS: i64 = 12 * 3600;
/// And before that, where nothing was done with it for so long.
pub(super) const IDLE_SECS: i64 = 3600;
const LONGEST_AGENT: usize = 255;

/// Where somebody signs in from.
#[derive(Clone, Debug, Default)]
pub struct Browser {
    /// What it says it is.
    pub user_agent: Option<String>,
    /// Its address.
    pub address: Option<String>,
}

/// A session as its user sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Our id.
    pub id: String,
    /// What the browser says it is.
    pub user_agent: Option<String>,
    /// Where it was when the session began.
    pub address: Option<String>,
    /// In UTC.
    pub created_at: String,
    /// In UTC, to the minute or so.
    pub last_seen_at: String,
}

/// Begins a session, and ends what is left of older ones in time. Within the transaction of whoever signs in.
pub(super) async fn begin(
    session: &mut Session,
    actor: &Actor,
    user_id: &str,
    browser: &Browser,
) -> Result<Token, AuthError> {
    let token = Token::generate(Sort::Session)?;
    let id = uuid::Uuid::now_v7().to_string();
    let cut = |text: &Option<String>| text.as_ref().map(|text| text.chars().take(LONGEST_AGENT).collect::<String>());
    let insert = Query::insert()
        .into_table("sessions")
        .columns(["id", "token_hash", "user_id", "user_agent", "ip_address", "expires_at"])
        .values_panic([
            id.as_str().into(),
            token.hash().into(),
            user_id.into(),
            cut(&browser.user_agent).into(),
            browser.address.clone().into(),
            moment::secs_from_now(session.dialect(), SESSION_SECS),
        ])
        .to_owned();
    session.execute(&insert).await?;
    let seen = Query::update()
        .table("users")
        .value("last_sign_in_at", Expr::current_timestamp())
        .and_where(Expr::col("id").eq(user_id))
        .to_owned();
    session.execute(&seen).await?;
    tell(session, actor, "session.begin", "session", &id, json!({ "user": user_id })).await?;
    Ok(token)
}

/// The sessions of a user that have not ended, the newest first.
///
/// # Errors
/// What the database said.
pub async fn list(session: &mut Session, user_id: &str) -> Result<Vec<Listed>, sqlx::Error> {
    let dialect = session.dialect();
    let mut query = Query::select();
    query
        .exprs(["id", "user_agent", "ip_address"].map(|column| Expr::col(column).cast_as(text_type(dialect))))
        .exprs(["created_at", "last_seen_at"].map(|column| moment::iso(dialect, "sessions", column)))
        .from("sessions")
        .and_where(Expr::col("user_id").eq(user_id))
        .and_where(Expr::col("revoked_at").is_null())
        .and_where(Expr::col("expires_at").gt(Expr::current_timestamp()))
        .and_where(Expr::col("last_seen_at").gt(moment::secs_from_now(dialect, -IDLE_SECS)))
        .order_by("id", Order::Desc);
    let listed = |row: Vec<Option<String>>| {
        let [id, user_agent, address, created_at, last_seen_at] = row.try_into().ok()?;
        Some(Listed { id: id?, user_agent, address, created_at: created_at?, last_seen_at: last_seen_at? })
    };
    Ok(session.rows(&query).await?.into_iter().filter_map(listed).collect())
}

/// Which sessions of a user are to end.
#[derive(Clone, Copy, Debug)]
pub enum Which<'a> {
    /// The one with this id.
    One(&'a str),
    /// All but the one with this id.
    Others(&'a str),
    /// All.
    All,
}

/// Ends sessions of a user, and says how many.
///
/// # Errors
/// [`AuthError`].
pub async fn end(session: &mut Session, actor: &Actor, user_id: &str, which: Which<'_>) -> Result<u64, AuthError> {
    transaction(session, async |session| end_within(session, actor, user_id, which).await).await
}

/// The same within a transaction.
pub(super) async fn end_within(
    session: &mut Session,
    actor: &Actor,
    user_id: &str,
    which: Which<'_>,
) -> Result<u64, AuthError> {
    let mut update = Query::update();
    update
        .table("sessions")
        .value("revoked_at", Expr::current_timestamp())
        .and_where(Expr::col("user_id").eq(user_id))
        .and_where(Expr::col("revoked_at").is_null());
    let which_ones = match which {
        Which::One(id) => {
            update.and_where(Expr::col("id").eq(id));
            id
        }
        Which::Others(id) => {
            update.and_where(Expr::col("id").ne(id));
            "others"
        }
        Which::All => "all",
    };
    let ended = session.execute(&update).await?;
    if ended > 0 {
        tell(session, actor, "session.end", "session", which_ones, json!({ "user": user_id, "ended": ended })).await?;
    }
    Ok(ended)
}

/// `yes` where a session is over, for whichever reason.
pub(super) fn is_over(dialect: pricebook_types::Dialect) -> CaseStatement {
    let column = |name: &'static str| Expr::col(("sessions", name));
    let over = column("revoked_at")
        .is_not_null()
        .or(column("expires_at").lte(Expr::current_timestamp()))
        .or(column("last_seen_at").lte(moment::secs_from_now(dialect, -IDLE_SECS)));
    CaseStatement::new().case(over, "yes").finally("no")
}
