//! Who sent a token or a session's cookie, and what they may do with it.

use sea_query::{CaseStatement, Expr, ExprTrait, Query};

use super::browsers::is_over;
use super::{Role, Scope, Token};
use crate::audit::{Actor, Call};
use crate::db::{Session, moment, text_type};

/// A last use is not written more often than this.
const TOUCH_SECS: i64 = 60;

/// By what somebody is known; each with its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Means {
    /// A program's token.
    Token(String),
    /// The cookie of a session.
    Session(String),
}

/// A program or a person who showed what is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// By what they are known.
    pub means: Means,
    /// The id of the user whose it is.
    pub user_id: String,
    /// What the user may do; `None` for a role that this program does not know, which may nothing.
    role: Option<Role>,
    /// What the token may do of that; a person may all of it.
    scopes: Vec<String>,
    /// Whether it is only for what belongs to one organization.
    of_organization: bool,
    /// Whether its last use is to be written.
    pub is_stale: bool,
}

/// Why a token is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Denial {
    /// It is none of ours.
    Unknown,
    /// Somebody took it back.
    Revoked(String),
    /// Its time is over.
    Expired(String),
    /// Its user is disabled.
    Disabled(String),
    /// A session that ended, or none of ours.
    Ended,
}

impl Identity {
    /// Whether it is that of a user with one of these roles, for everything of the company, and may do this.
    pub fn administers(&self, roles: &[Role], scope: Scope) -> bool {
        let permits = |wanted: Scope| self.scopes.iter().any(|held| held == wanted.name());
        let has_role = self.role.is_some_and(|role| roles.contains(&role));
        has_role && !self.of_organization && (permits(Scope::All) || permits(scope))
    }

    /// Whether it may do whatever its user may do for themselves.
    pub fn is_whole(&self) -> bool {
        !self.of_organization && self.scopes.iter().any(|held| held == Scope::All.name())
    }

    /// Who acts, for the audit log: the program's token, or the person.
    pub fn actor(&self, call: Call) -> Actor {
        match &self.means {
            Means::Token(id) => Actor::of_token(Some(id), call),
            Means::Session(_) => Actor::of_user(&self.user_id, call),
        }
    }
}

impl Means {
    /// The id of the token or session.
    pub fn id(&self) -> &str {
        match self {
            Self::Token(id) | Self::Session(id) => id,
        }
    }
}

impl Denial {
    /// For the audit log.
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Revoked(_) => "revoked",
            Self::Expired(_) => "expired",
            Self::Disabled(_) => "disabled",
            Self::Ended => "ended",
        }
    }

    /// The id of the token, where it is one of ours.
    pub fn token_id(&self) -> Option<&str> {
        match self {
            Self::Unknown | Self::Ended => None,
            Self::Revoked(id) | Self::Expired(id) | Self::Disabled(id) => Some(id),
        }
    }
}

/// Looks a token up by its hash. The database compares, and how long it takes tells of hashes alone, which lead back to no
/// token.
///
/// # Errors
/// What the database said.
pub async fn identify(session: &mut Session, token: &Token) -> Result<Result<Identity, Denial>, sqlx::Error> {
    let dialect = session.dialect();
    let text = |table: &'static str, column: &'static str| Expr::col((table, column)).cast_as(text_type(dialect));
    let yes = |condition: Expr| CaseStatement::new().case(condition, "yes").finally("no");
    let unused = Expr::col("last_used_at").is_null();
    let query = Query::select()
        .exprs([text("api_tokens", "id"), text("users", "id"), text("users", "role"), text("api_tokens", "scopes")])
        .expr(yes(Expr::col("organization_id").is_not_null()))
        .expr(yes(unused.or(Expr::col("last_used_at").lt(moment::secs_from_now(dialect, -TOUCH_SECS)))))
        .expr(yes(Expr::col("revoked_at").is_not_null()))
        .expr(yes(Expr::col("expires_at").lte(Expr::current_timestamp())))
        .expr(yes(Expr::col(("users", "status")).ne("active")))
        .from("api_tokens")
        .inner_join("users", Expr::col(("users", "id")).equals(("api_tokens", "user_id")))
        .and_where(Expr::col("token_hash").eq(token.hash()))
        .to_owned();
    let row = session.rows(&query).await?.into_iter().next().and_then(|row| <[_; 9]>::try_from(row).ok());
    let Some([Some(token_id), Some(user_id), role, scopes, organization, stale, revoked, expired, disabled]) = row
    else {
        return Ok(Err(Denial::Unknown));
    };
    let is = |flag: Option<String>| flag.as_deref() == Some("yes");
    Ok(match (is(revoked), is(disabled), is(expired)) {
        (true, ..) => Err(Denial::Revoked(token_id)),
        (_, true, _) => Err(Denial::Disabled(token_id)),
        (.., true) => Err(Denial::Expired(token_id)),
        _ => Ok(Identity {
            means: Means::Token(token_id),
            user_id,
            role: role.as_deref().and_then(Role::of_name),
            scopes: scopes.and_then(|scopes| serde_json::from_str(&scopes).ok()).unwrap_or_default(),
            of_organization: is(organization),
            is_stale: is(stale),
        }),
    })
}

/// Looks a session up by the hash of its cookie, as [`identify`] does a token.
///
/// # Errors
/// What the database said.
pub async fn identify_browser(session: &mut Session, cookie: &Token) -> Result<Result<Identity, Denial>, sqlx::Error> {
    let dialect = session.dialect();
    let text = |table: &'static str, column: &'static str| Expr::col((table, column)).cast_as(text_type(dialect));
    let yes = |condition: Expr| CaseStatement::new().case(condition, "yes").finally("no");
    let query = Query::select()
        .exprs([text("sessions", "id"), text("users", "id"), text("users", "role")])
        .expr(is_over(dialect))
        .expr(yes(Expr::col(("users", "status")).ne("active")))
        .expr(yes(Expr::col("last_seen_at").lt(moment::secs_from_now(dialect, -TOUCH_SECS))))
        .from("sessions")
        .inner_join("users", Expr::col(("users", "id")).equals(("sessions", "user_id")))
        .and_where(Expr::col("token_hash").eq(cookie.hash()))
        .to_owned();
    let row = session.rows(&query).await?.into_iter().next().and_then(|row| <[_; 6]>::try_from(row).ok());
    let Some([Some(id), Some(user_id), role, over, disabled, stale]) = row else { return Ok(Err(Denial::Ended)) };
    let is = |flag: Option<String>| flag.as_deref() == Some("yes");
    if is(over) || is(disabled) {
        return Ok(Err(Denial::Ended));
    }
    Ok(Ok(Identity {
        means: Means::Session(id),
        user_id,
        role: role.as_deref().and_then(Role::of_name),
        scopes: vec![Scope::All.name().to_owned()],
        of_organization: false,
        is_stale: is(stale),
    }))
}

/// Remembers that a token or a session was used, unless somebody did so within the last minute.
///
/// # Errors
/// What the database said.
pub async fn touch(session: &mut Session, means: &Means) -> Result<(), sqlx::Error> {
    let (table, column) = match means {
        Means::Token(_) => ("api_tokens", "last_used_at"),
        Means::Session(_) => ("sessions", "last_seen_at"),
    };
    let before = moment::secs_from_now(session.dialect(), -TOUCH_SECS);
    let update = Query::update()
        .table(table)
        .value(column, Expr::current_timestamp())
        .and_where(Expr::col("id").eq(means.id()))
        .and_where(Expr::col(column).is_null().or(Expr::col(column).lt(before)))
        .to_owned();
    session.execute(&update).await.map(drop)
}
