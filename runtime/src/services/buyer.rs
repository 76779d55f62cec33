//! Which customer of Stripe's a user is: to us Stripe's account is one more place that knows the user by a name of its own.

use sea_query::{Expr, ExprTrait, OnConflict, Order, Query};
use serde_json::json;

use crate::audit::{self, Actor, Entry};
use crate::db::{Session, text_type, transaction};

const TABLE: &str = "external_identities";

/// No identity provider is called so: those have addresses.
fn issuer(account: &str) -> String {
    format!("stripe:{account}")
}

/// `cus_…` of a user in an account; `None` where they bought nothing there.
///
/// # Errors
/// What the database said.
pub async fn customer_of(session: &mut Session, account: &str, user_id: &str) -> Result<Option<String>, sqlx::Error> {
    let query = Query::select()
        .expr(Expr::col("subject").cast_as(text_type(session.dialect())))
        .from(TABLE)
        .and_where(Expr::col("issuer").eq(issuer(account)))
        .and_where(Expr::col("user_id").eq(user_id))
        .order_by("created_at", Order::Asc)
        .order_by("subject", Order::Asc)
        .limit(1)
        .to_owned();
    Ok(session.rows(&query).await?.into_iter().next().and_then(|row| row.into_iter().next().flatten()))
}

/// Remembers which customer a user is, and tells the audit log.
///
/// # Errors
/// What the database said; neither is kept then.
pub async fn is_customer(
    session: &mut Session,
    actor: &Actor,
    account: &str,
    user_id: &str,
    customer: &str,
) -> Result<(), sqlx::Error> {
    transaction(session, async |session| {
        let insert = Query::insert()
            .into_table(TABLE)
            .columns(["issuer", "subject", "user_id"])
            .values_panic([issuer(account).into(), customer.into(), user_id.into()])
            .on_conflict(OnConflict::columns(["issuer", "subject"]).do_nothing_on(["issuer"]).to_owned())
            .to_owned();
        session.execute(&insert).await?;
        tell(session, actor, "customer.link", (account, user_id), customer).await
    })
    .await
}

/// Forgets a customer whom somebody deleted there.
///
/// # Errors
/// What the database said; nothing is changed then.
pub async fn is_no_customer(
    session: &mut Session,
    actor: &Actor,
    account: &str,
    user_id: &str,
    customer: &str,
) -> Result<(), sqlx::Error> {
    transaction(session, async |session| {
        let delete = Query::delete()
            .from_table(TABLE)
            .and_where(Expr::col("issuer").eq(issuer(account)))
            .and_where(Expr::col("subject").eq(customer))
            .and_where(Expr::col("user_id").eq(user_id))
            .to_owned();
        session.execute(&delete).await?;
        tell(session, actor, "customer.unlink", (account, user_id), customer).await
    })
    .await
}

async fn tell(
    session: &mut Session,
    actor: &Actor,
    action: &'static str,
    (account, user_id): (&str, &str),
    customer: &str,
) -> Result<(), sqlx::Error> {
    let details = json!({ "stripe_account": account, "user": user_id });
    let entry = Entry { actor, action, object_type: "customer", object_id: customer, result: "succeeded", details };
    audit::record(session, entry).await
}
