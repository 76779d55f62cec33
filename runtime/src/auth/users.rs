//! Users: added, listed, disabled and given another role, each change with its audit row in the same transaction.

use std::io;

use pricebook_types::unseen::{is_of_a_name, is_unseen, looks_blank};
use sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use serde::Serialize;
use serde_json::json;

use super::browsers::{self, Which};
use super::change::tell;
use super::tokens::{self, Issued, NewToken};
use super::{AuthError, Role};
use crate::audit::Actor;
use crate::db::{Session, moment, text_type, transaction};

/// What fits the database's columns.
const LONGEST_TEXT: usize = 255;

/// A user to be made.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// The address of mail, in any case.
    pub email: String,
    /// What people call them.
    pub name: String,
    /// What they may do.
    pub role: Role,
}

/// A user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct User {
    /// Our id.
    pub id: String,
    /// In lower case.
    pub email: String,
    /// What people call them.
    pub name: String,
    /// What they may do.
    pub role: String,
    /// `active` or `disabled`.
    pub status: String,
    /// In UTC.
    pub created_at: String,
}

/// Adds a user, where asked for with a token, which is shown with the user's id before both are kept: one that cannot be shown
/// is not made. Returns the id.
///
/// # Errors
/// [`AuthError`].
pub async fn add(
    session: &mut Session,
    actor: &Actor,
    new: &NewUser,
    token: Option<&NewToken>,
    show: &mut dyn FnMut(&str, &Issued) -> io::Result<()>,
) -> Result<String, AuthError> {
    let email = email(&new.email)?;
    name(&new.name)?;
    transaction(session, async |session| {
        if find(session, &email).await?.is_some() {
            return Err(AuthError::UserExists(email.clone()));
        }
        let id = uuid::Uuid::now_v7().to_string();
        let mut insert = Query::insert();
        insert.into_table("users").columns(["id", "email", "name", "role"]).values_panic([
            id.as_str().into(),
            email.as_str().into(),
            new.name.as_str().into(),
            new.role.name().into(),
        ]);
        session.execute(&insert).await.map_err(|cause| match &cause {
            // Somebody else was faster.
            sqlx::Error::Database(error) if error.is_unique_violation() => AuthError::UserExists(email.clone()),
            _ => AuthError::Database(cause),
        })?;
        tell(session, actor, "user.add", "user", &id, json!({ "email": email, "role": new.role })).await?;
        if let Some(token) = token {
            let issued = tokens::issue(session, actor, &id, &email, token).await?;
            show(&id, &issued).map_err(AuthError::Unshown)?;
        }
        Ok(id)
    })
    .await
}

/// Every user, in the order of their addresses.
///
/// # Errors
/// What the database said.
pub async fn list(session: &mut Session) -> Result<Vec<User>, sqlx::Error> {
    let query = columns(session).order_by("email", Order::Asc).to_owned();
    Ok(session.rows(&query).await?.into_iter().filter_map(User::of).collect())
}

fn columns(session: &Session) -> SelectStatement {
    let dialect = session.dialect();
    Query::select()
        .exprs(["id", "email", "name", "role", "status"].map(|column| Expr::col(column).cast_as(text_type(dialect))))
        .expr(moment::iso(dialect, "users", "created_at"))
        .from("users")
        .to_owned()
}

impl User {
    fn of(row: Vec<Option<String>>) -> Option<Self> {
        let [id, email, name, role, status, created_at] = row.try_into().ok()?;
        Some(Self { id: id?, email: email?, name: name?, role: role?, status: status?, created_at: created_at? })
    }
}

/// The user with this id.
///
/// # Errors
/// What the database said.
pub async fn by_id(session: &mut Session, id: &str) -> Result<Option<User>, sqlx::Error> {
    let query = columns(session).and_where(Expr::col("id").eq(id)).to_owned();
    Ok(session.rows(&query).await?.into_iter().next().and_then(User::of))
}

/// Gives a user another role; false where they had it already.
///
/// # Errors
/// [`AuthError`].
pub async fn set_role(session: &mut Session, actor: &Actor, email: &str, role: Role) -> Result<bool, AuthError> {
    set(session, actor, email, "role", role.name(), "user.role").await
}

/// Lets a user in again, or no more: none of their tokens is taken while they are disabled. False where it was so already.
///
/// # Errors
/// [`AuthError`].
pub async fn set_active(session: &mut Session, actor: &Actor, email: &str, active: bool) -> Result<bool, AuthError> {
    let (status, action) = if active { ("active", "user.enable") } else { ("disabled", "user.disable") };
    set(session, actor, email, "status", status, action).await
}

/// Gives a user another password, by its hash; the sessions that are named end.
///
/// # Errors
/// [`AuthError`].
pub async fn set_password(
    session: &mut Session,
    actor: &Actor,
    user_id: &str,
    hash: String,
    ends: Which<'_>,
) -> Result<(), AuthError> {
    transaction(session, async |session| set_password_within(session, actor, user_id, hash, ends).await).await
}

/// The same within a transaction.
pub(super) async fn set_password_within(
    session: &mut Session,
    actor: &Actor,
    user_id: &str,
    hash: String,
    ends: Which<'_>,
) -> Result<(), AuthError> {
    let update =
        Query::update().table("users").value("password_hash", hash).and_where(Expr::col("id").eq(user_id)).to_owned();
    session.execute(&update).await?;
    tell(session, actor, "user.password", "user", user_id, json!({})).await?;
    browsers::end_within(session, actor, user_id, ends).await.map(drop)
}

async fn set(
    session: &mut Session,
    actor: &Actor,
    email: &str,
    column: &'static str,
    to: &'static str,
    action: &'static str,
) -> Result<bool, AuthError> {
    transaction(session, async |session| {
        let found = find(session, email).await?.ok_or_else(|| AuthError::NoUser(email.to_owned()))?;
        let from = if column == "role" { found.role } else { found.status };
        if from == to {
            return Ok(false);
        }
        let update =
            Query::update().table("users").value(column, to).and_where(Expr::col("id").eq(&found.id)).to_owned();
        session.execute(&update).await?;
        tell(session, actor, action, "user", &found.id, json!({ "email": found.email, "from": from, "to": to }))
            .await?;
        Ok(true)
    })
    .await
}

pub(super) struct Found {
    pub(super) id: String,
    pub(super) email: String,
    pub(super) role: String,
    status: String,
}

impl Found {
    pub(super) fn is_active(&self) -> bool {
        self.status == "active"
    }
}

/// The user with this address, who stays as they are until the transaction ends.
pub(super) async fn find(session: &mut Session, email: &str) -> Result<Option<Found>, sqlx::Error> {
    let as_text = text_type(session.dialect());
    let query = Query::select()
        .exprs(["id", "email", "role", "status"].map(|column| Expr::col(column).cast_as(as_text)))
        .from("users")
        .and_where(Expr::col("email").eq(email.to_lowercase()))
        .lock_exclusive()
        .to_owned();
    let row = session.rows(&query).await?.into_iter().next().and_then(|row| <[_; 4]>::try_from(row).ok());
    let Some([Some(id), Some(email), Some(role), Some(status)]) = row else { return Ok(None) };
    Ok(Some(Found { id, email, role, status }))
}

/// An address of mail in lower case. Whether somebody reads it, only a mail to it can tell.
fn email(text: &str) -> Result<String, AuthError> {
    let is_seen = |letter: char| !letter.is_control() && !letter.is_whitespace() && !is_unseen(letter);
    let plain = text.chars().all(|letter| is_seen(letter) && !looks_blank(letter));
    let parts = text.split_once('@').filter(|(user, host)| !user.is_empty() && !host.is_empty() && !host.contains('@'));
    let lower = text.to_lowercase();
    match parts {
        Some(_) if plain && lower.chars().count() <= LONGEST_TEXT => Ok(lower),
        _ => Err(AuthError::NoEmail(text.to_owned())),
    }
}

/// A name that every database can hold, and that nobody takes for another one.
pub(super) fn name(text: &str) -> Result<(), AuthError> {
    let fits = (1..=LONGEST_TEXT).contains(&text.chars().count()) && text.chars().all(is_of_a_name);
    if fits { Ok(()) } else { Err(AuthError::NoName(text.to_owned())) }
}
