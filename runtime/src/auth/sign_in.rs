//! Signing in with a password: each attempt is counted before it is judged, so that nobody guesses faster by asking at once.

use chrono::{DateTime, Utc};
use sea_query::{CaseStatement, Expr, ExprTrait, OnConflict, Query};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::browsers::{self, Browser};
use super::password::{HashError, Password};
use super::token::hexadecimal;
use super::{AuthError, Token};
use crate::audit::{self, Actor, Call, Entry};
use crate::db::{self, Database, Session, moment, read_moment, text_type, transaction};

/// So many wrong passwords are forgiven before one has to wait.
const FORGIVEN: i64 = 5;
/// The first wait; each further wrong password doubles it.
const FIRST_WAIT_SECS: i64 = 30;
const LONGEST_WAIT_SECS: i64 = 900;
/// After so long wrong passwords are forgotten.
const FORGET_SECS: i64 = 86_400;

/// What became of an attempt.
#[derive(Debug)]
pub enum SignIn {
    /// The cookie of the new session.
    Begun(Token),
    /// The address or the password is wrong, or the user is disabled: nobody is told which.
    Wrong,
    /// Too many were wrong; seconds until the next one is looked at.
    Wait(u64),
}

/// Why nobody can say whether a password is right.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// The database does not answer.
    #[error(transparent)]
    Database(#[from] db::Error),
    /// The password cannot be compared.
    #[error(transparent)]
    Hash(#[from] HashError),
    /// The session cannot begin.
    #[error(transparent)]
    Auth(#[from] AuthError),
}

/// Whether somebody knows a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Knows {
    /// Yes, that of the user with this id.
    Yes(String),
    /// No, or there is no such user, or they are disabled.
    No,
    /// Nobody looked, for too many were wrong; seconds until the next one is looked at.
    Wait(u64),
}

/// Signs somebody in who knows an address and its password.
///
/// # Errors
/// [`SignInError`].
pub async fn sign_in(
    database: &Database,
    email: &str,
    password: Password,
    browser: &Browser,
    call: &Call,
    now: DateTime<Utc>,
) -> Result<SignIn, SignInError> {
    match knows(database, email, password, now).await? {
        Knows::Yes(user_id) => {
            let actor = Actor::of_user(&user_id, call.clone());
            let mut session = database.session().await?;
            let begun =
                transaction(&mut session, async |session| browsers::begin(session, &actor, &user_id, browser).await);
            Ok(SignIn::Begun(begun.await?))
        }
        Knows::No => {
            let entry = Entry {
                actor: &Actor::of_server(call.clone()),
                action: "session.refuse",
                object_type: "sign-in",
                // Somebody may have typed the password there.
                object_id: &subject(email),
                result: "refused",
                details: json!({ "reason": "wrong" }),
            };
            let mut session = database.session().await?;
            audit::record(&mut session, entry).await.map_err(|cause| database.failed("write", cause))?;
            Ok(SignIn::Wrong)
        }
        Knows::Wait(secs) => Ok(SignIn::Wait(secs)),
    }
}

/// Whether this is the password of the user with this address. What is wrong counts.
///
/// # Errors
/// [`SignInError`].
pub async fn knows(
    database: &Database,
    email: &str,
    password: Password,
    now: DateTime<Utc>,
) -> Result<Knows, SignInError> {
    let failed = |cause: sqlx::Error| database.failed("write", cause);
    let subject = subject(email);
    let mut session = database.session().await?;
    let known: Result<Result<Option<Known>, u64>, sqlx::Error> =
        transaction(&mut session, async |session| match count(session, &subject, now).await? {
            Some(secs) => Ok(Err(secs)),
            None => find(session, email).await.map(Ok),
        })
        .await;
    // A hash takes a while, and connections are few.
    drop(session);
    let known = match known.map_err(failed)? {
        Ok(known) => known,
        Err(secs) => return Ok(Knows::Wait(secs)),
    };
    let (user_id, hash) = known.map_or((None, None), |known| (Some(known.id), known.hash.filter(|_| known.active)));
    let is_right = password.matches(hash).await?;
    let Some(user_id) = user_id.filter(|_| is_right) else { return Ok(Knows::No) };
    forget(&mut database.session().await?, &subject).await.map_err(failed)?;
    Ok(Knows::Yes(user_id))
}

struct Known {
    id: String,
    hash: Option<String>,
    active: bool,
}

async fn find(session: &mut Session, email: &str) -> Result<Option<Known>, sqlx::Error> {
    let as_text = text_type(session.dialect());
    let query = Query::select()
        .exprs(["id", "password_hash", "status"].map(|column| Expr::col(column).cast_as(as_text)))
        .from("users")
        .and_where(Expr::col("email").eq(email.trim().to_lowercase()))
        .to_owned();
    let row = session.rows(&query).await?.into_iter().next().and_then(|row| <[_; 3]>::try_from(row).ok());
    let Some([Some(id), hash, status]) = row else { return Ok(None) };
    Ok(Some(Known { id, hash, active: status.as_deref() == Some("active") }))
}

/// What is counted: the address that was typed, whether somebody has it or not.
fn subject(email: &str) -> String {
    format!("mail:{}", hexadecimal(&Sha256::digest(email.trim().to_lowercase())))
}

/// Counts one attempt; `Some` with the seconds to wait where it is not to be looked at, and then it does not count.
async fn count(session: &mut Session, subject: &str, now: DateTime<Utc>) -> Result<Option<u64>, sqlx::Error> {
    let dialect = session.dialect();
    let insert = Query::insert()
        .into_table("sign_in_attempts")
        .columns(["subject"])
        .values_panic([subject.into()])
        .on_conflict(OnConflict::column("subject").do_nothing_on(["subject"]).to_owned())
        .to_owned();
    session.execute(&insert).await?;
    let is_old = Expr::col("first_failed_at").lt(moment::secs_from_now(dialect, -FORGET_SECS));
    let is_blocked = Expr::col("blocked_until").gt(Expr::current_timestamp());
    let yes = |condition: Expr| CaseStatement::new().case(condition, "yes").finally("no");
    let query = Query::select()
        .exprs(["failures", "blocked_until"].map(|column| Expr::col(column).cast_as(text_type(dialect))))
        .exprs([yes(is_old), yes(is_blocked)])
        .from("sign_in_attempts")
        .and_where(Expr::col("subject").eq(subject))
        .lock_exclusive()
        .to_owned();
    let row = session.rows(&query).await?.into_iter().next().and_then(|row| <[_; 4]>::try_from(row).ok());
    let Some([failures, until, old, blocked]) = row else { return Ok(None) };
    if blocked.as_deref() == Some("yes") {
        let until = until.as_deref().and_then(read_moment).unwrap_or(now);
        return Ok(Some((until - now).num_seconds().clamp(1, LONGEST_WAIT_SECS).unsigned_abs()));
    }
    let is_old = old.as_deref() == Some("yes");
    let before = failures.and_then(|text| text.parse().ok()).filter(|_| !is_old).unwrap_or(0_i64);
    let wait = wait_after(before + 1).map(|secs| moment::secs_from_now(dialect, secs));
    let mut update = Query::update();
    update
        .table("sign_in_attempts")
        .value("failures", before + 1)
        .value("blocked_until", wait.unwrap_or_else(|| Expr::cust("NULL")))
        .and_where(Expr::col("subject").eq(subject));
    if is_old {
        update.value("first_failed_at", Expr::current_timestamp());
    }
    session.execute(&update).await?;
    Ok(None)
}

/// Seconds until the attempt after this many is looked at.
fn wait_after(attempts: i64) -> Option<i64> {
    let beyond = u32::try_from(attempts.checked_sub(FORGIVEN)?).ok()?;
    let doubled = FIRST_WAIT_SECS.checked_shl(beyond).filter(|_| beyond < 16).unwrap_or(LONGEST_WAIT_SECS);
    Some(Ord::min(doubled, LONGEST_WAIT_SECS))
}

async fn forget(session: &mut Session, subject: &str) -> Result<(), sqlx::Error> {
    let delete = Query::delete().from_table("sign_in_attempts").and_where(Expr::col("subject").eq(subject)).to_owned();
    session.execute(&delete).await.map(drop)
}
