//! Tokens of users' programs: issued once, listed without their text, revoked, each change with its audit row.

use std::io;

use sea_query::{CaseStatement, Cond, Expr, ExprTrait, Order, Query};
use serde::Serialize;
use serde_json::json;

use super::change::tell;
use super::{AuthError, Scope, Sort, Token, users};
use crate::audit::Actor;
use crate::db::{self, Session, moment, text_type, transaction};

const DAY_SECS: i64 = 86_400;

/// A token to be made.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// What the program is called.
    pub name: String,
    /// After so many days it is taken no more; never where it is `None`.
    pub expires_days: Option<u32>,
    /// What it may do.
    pub scopes: Vec<Scope>,
}

/// A token that was just made, with the only sight of its text.
#[derive(Debug)]
pub struct Issued {
    /// Our id, by which it is revoked.
    pub id: String,
    /// The text, which nobody can be told again.
    pub token: Token,
}

/// A token as it can be listed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Listed {
    /// Our id.
    pub id: String,
    /// What the program is called.
    pub name: String,
    /// Whose it is.
    pub email: String,
    /// What it may do.
    pub scopes: Vec<String>,
    /// `active`, `expired`, `revoked`, or `disabled` with its user.
    pub state: String,
    /// In UTC.
    pub created_at: String,
    /// In UTC; `None` where it never does.
    pub expires_at: Option<String>,
    /// In UTC, to the minute or so.
    pub last_used_at: Option<String>,
}

/// Makes a token for a user, and shows it before it is kept: one that cannot be shown is not made. Returns the user's role.
///
/// # Errors
/// [`AuthError`].
pub async fn add(
    session: &mut Session,
    actor: &Actor,
    email: &str,
    new: &NewToken,
    show: &mut dyn FnMut(&Issued) -> io::Result<()>,
) -> Result<String, AuthError> {
    transaction(session, async |session| {
        let user = users::find(session, email).await?.ok_or_else(|| AuthError::NoUser(email.to_owned()))?;
        if !user.is_active() {
            return Err(AuthError::Disabled(user.email));
        }
        let issued = issue(session, actor, &user.id, &user.email, new).await?;
        show(&issued).map_err(AuthError::Unshown)?;
        Ok(user.role)
    })
    .await
}

/// The same within a transaction.
pub(super) async fn issue(
    session: &mut Session,
    actor: &Actor,
    user_id: &str,
    email: &str,
    new: &NewToken,
) -> Result<Issued, AuthError> {
    users::name(&new.name)?;
    let issued = Issued { id: uuid::Uuid::now_v7().to_string(), token: Token::generate(Sort::Program)? };
    let dialect = session.dialect();
    let expires_at = new.expires_days.map(|days| moment::secs_from_now(dialect, i64::from(days) * DAY_SECS));
    let mut insert = Query::insert();
    insert
        .into_table("api_tokens")
        .columns(["id", "token_hash", "name", "user_id", "scopes", "expires_at"])
        .values_panic([
            issued.id.as_str().into(),
            issued.token.hash().into(),
            new.name.as_str().into(),
            user_id.into(),
            db::json(dialect, &new.scopes),
            expires_at.unwrap_or_else(|| Expr::cust("NULL")),
        ]);
    session.execute(&insert).await?;
    let details = json!({ "name": new.name, "email": email, "scopes": new.scopes, "expires_days": new.expires_days });
    tell(session, actor, "token.add", "token", &issued.id, details).await?;
    Ok(issued)
}

/// Every token, or those of one user, the newest last.
///
/// # Errors
/// [`AuthError`].
pub async fn list(session: &mut Session, email: Option<&str>) -> Result<Vec<Listed>, AuthError> {
    let dialect = session.dialect();
    let text = |table: &'static str, column: &'static str| Expr::col((table, column)).cast_as(text_type(dialect));
    let state = CaseStatement::new()
        .case(Expr::col("revoked_at").is_not_null(), "revoked")
        .case(Expr::col(("users", "status")).ne("active"), "disabled")
        .case(Expr::col("expires_at").lte(Expr::current_timestamp()), "expired")
        .finally("active");
    let query = Query::select()
        .exprs([
            text("api_tokens", "id"),
            text("api_tokens", "name"),
            text("users", "email"),
            text("api_tokens", "scopes"),
        ])
        .expr(state)
        .exprs(["created_at", "expires_at", "last_used_at"].map(|column| moment::iso(dialect, "api_tokens", column)))
        .from("api_tokens")
        .inner_join("users", Expr::col(("users", "id")).equals(("api_tokens", "user_id")))
        .cond_where(Cond::all().add_option(email.map(|email| Expr::col("email").eq(email.to_lowercase()))))
        .order_by(("api_tokens", "id"), Order::Asc)
        .to_owned();
    Ok(session.rows(&query).await?.into_iter().filter_map(Listed::of).collect())
}

/// Takes a token no more; false where it was revoked before.
///
/// # Errors
/// [`AuthError`].
pub async fn revoke(session: &mut Session, actor: &Actor, id: &str) -> Result<bool, AuthError> {
    transaction(session, async |session| {
        let as_text = text_type(session.dialect());
        let query = Query::select()
            .exprs(["name", "revoked_at"].map(|column| Expr::col(column).cast_as(as_text)))
            .from("api_tokens")
            .and_where(Expr::col("id").eq(id))
            .lock_exclusive()
            .to_owned();
        let row = session.rows(&query).await?.into_iter().next().ok_or_else(|| AuthError::NoToken(id.to_owned()))?;
        let [name, None] = row.as_slice() else { return Ok(false) };
        let update = Query::update()
            .table("api_tokens")
            .value("revoked_at", Expr::current_timestamp())
            .and_where(Expr::col("id").eq(id))
            .to_owned();
        session.execute(&update).await?;
        tell(session, actor, "token.revoke", "token", id, json!({ "name": name })).await?;
        Ok(true)
    })
    .await
}

impl Listed {
    fn of(row: Vec<Option<String>>) -> Option<Self> {
        let [id, name, email, scopes, state, created_at, expires_at, last_used_at] = row.try_into().ok()?;
        let scopes = serde_json::from_str(&scopes?).ok()?;
        let (created_at, state) = (created_at?, state?);
        Some(Self { id: id?, name: name?, email: email?, scopes, state, created_at, expires_at, last_used_at })
    }
}
