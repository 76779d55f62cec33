//! Links that work once: to choose a password, and to sign in to the demonstration.

use std::io;

use sea_query::{Expr, ExprTrait, Query};
use serde_json::json;

use super::browsers::{self, Browser, Which};
use super::change::tell;
use super::token::Sort;
use super::{AuthError, Token, users};
use crate::audit::{Actor, Call};
use crate::db::{Session, moment, text_type, transaction};

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Its user chooses a password, and is signed in.
    Password,
    /// Its user is signed in, without a password: the demonstration's.
    SignIn,
}

impl Purpose {
    const fn name(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::SignIn => "sign-in",
        }
    }

    /// Seconds that a link waits for its user.
    pub const fn valid_secs(self) -> i64 {
        match self {
            Self::Password => 24 * 3600,
            Self::SignIn => 900,
        }
    }

    fn of_name(name: &str) -> Option<Self> {
        [Self::Password, Self::SignIn].into_iter().find(|purpose| purpose.name() == name)
    }
}

/// A link that still works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// What it is for.
    pub purpose: Purpose,
    /// Whose it is.
    pub user_id: String,
    /// Their address.
    pub email: String,
}

/// Makes a link for a user, and shows it before it is kept: one that cannot be shown is not made. Those like it that were made before work no
/// more.
///
/// # Errors
/// [`AuthError`].
pub async fn add(
    session: &mut Session,
    actor: &Actor,
    email: &str,
    purpose: Purpose,
    show: &mut dyn FnMut(&Token) -> io::Result<()>,
) -> Result<(), AuthError> {
    transaction(session, async |session| {
        let user = users::find(session, email).await?.ok_or_else(|| AuthError::NoUser(email.to_owned()))?;
        if !user.is_active() {
            return Err(AuthError::Disabled(user.email));
        }
        let token = Token::generate(Sort::Link)?;
        let older = Query::update()
            .table("one_time_tokens")
            .value("used_at", Expr::current_timestamp())
            .and_where(Expr::col("user_id").eq(&user.id))
            .and_where(Expr::col("purpose").eq(purpose.name()))
            .and_where(Expr::col("used_at").is_null())
            .to_owned();
        session.execute(&older).await?;
        let insert = Query::insert()
            .into_table("one_time_tokens")
            .columns(["token_hash", "purpose", "user_id", "expires_at"])
            .values_panic([
                token.hash().into(),
                purpose.name().into(),
                user.id.as_str().into(),
                moment::secs_from_now(session.dialect(), purpose.valid_secs()),
            ])
            .to_owned();
        session.execute(&insert).await?;
        let details = json!({ "purpose": purpose.name(), "email": user.email });
        tell(session, actor, "user.link", "user", &user.id, details).await?;
        show(&token).map_err(AuthError::Unshown)
    })
    .await
}

/// The link of a token, if it still works. It is not used up by looking: mail programs look at links before people do.
///
/// # Errors
/// What the database said.
pub async fn find(session: &mut Session, token: &Token) -> Result<Option<Link>, sqlx::Error> {
    let as_text = text_type(session.dialect());
    let text = |table: &'static str, column: &'static str| Expr::col((table, column)).cast_as(as_text);
    let query = Query::select()
        .exprs([text("one_time_tokens", "purpose"), text("users", "id"), text("users", "email")])
        .from("one_time_tokens")
        .inner_join("users", Expr::col(("users", "id")).equals(("one_time_tokens", "user_id")))
        .and_where(Expr::col("token_hash").eq(token.hash()))
        .and_where(Expr::col("used_at").is_null())
        .and_where(Expr::col(("one_time_tokens", "expires_at")).gt(Expr::current_timestamp()))
        .and_where(Expr::col(("users", "status")).eq("active"))
        .to_owned();
    let row = session.rows(&query).await?.into_iter().next().and_then(|row| <[_; 3]>::try_from(row).ok());
    let Some([Some(purpose), Some(user_id), Some(email)]) = row else { return Ok(None) };
    Ok(Purpose::of_name(&purpose).map(|purpose| Link { purpose, user_id, email }))
}

/// Uses a link up: its user has this password from now on, where one was chosen, all their other sessions end, and one begins here. `None`
/// where the link works no more.
///
/// # Errors
/// [`AuthError`].
pub async fn take(
    session: &mut Session,
    token: &Token,
    password_hash: Option<String>,
    browser: &Browser,
    call: &Call,
) -> Result<Option<Token>, AuthError> {
    transaction(session, async |session| {
        let Some(link) = find(session, token).await? else { return Ok(None) };
        let used = Query::update()
            .table("one_time_tokens")
            .value("used_at", Expr::current_timestamp())
            .and_where(Expr::col("token_hash").eq(token.hash()))
            .and_where(Expr::col("used_at").is_null())
            .to_owned();
        if session.execute(&used).await? == 0 {
            return Ok(None);
        }
        let actor = Actor::of_user(&link.user_id, call.clone());
        if let Some(hash) = password_hash.filter(|_| link.purpose == Purpose::Password) {
            users::set_password_within(session, &actor, &link.user_id, hash, Which::All).await?;
        }
        browsers::begin(session, &actor, &link.user_id, browser).await.map(Some)
    })
    .await
}
