//! Which price of Stripe's stands for a line, as the last sync of this account left it.

use sea_query::{Expr, ExprTrait, Query};

use super::{Accepted, AcceptedLine, CheckError, CheckoutRefusal};
use crate::db::{Session, text_type};
use crate::stripe::CheckoutLine;

/// The prices of an account for what is sold: each must be there as it was reviewed.
///
/// # Errors
/// [`CheckError`].
pub async fn in_stripe(
    session: &mut Session,
    account: &str,
    accepted: &Accepted,
) -> Result<Vec<CheckoutLine>, CheckError> {
    let mut lines = Vec::with_capacity(accepted.lines.len());
    for line in &accepted.lines {
        let price = mapped(session, account, line).await?;
        let price = price.ok_or_else(|| CheckoutRefusal::NotInStripe { price: line.lookup_key.clone() })?;
        lines.push(CheckoutLine {
            lookup_key: line.lookup_key.clone(),
            stripe_price_id: price,
            content_hash: line.content_hash.clone(),
            quantity: line.quantity,
        });
    }
    Ok(lines)
}

/// `None` where it was never synced, the last sync failed, or it was one of something else than what is reviewed.
async fn mapped(session: &mut Session, account: &str, line: &AcceptedLine) -> Result<Option<String>, sqlx::Error> {
    let query = Query::select()
        .expr(Expr::col("stripe_price_id").cast_as(text_type(session.dialect())))
        .from("stripe_product_mappings")
        .and_where(Expr::col("stripe_account").eq(account))
        .and_where(Expr::col("local_product_id").eq(&line.local_id))
        .and_where(Expr::col("lookup_key").eq(&line.lookup_key))
        .and_where(Expr::col("content_hash").eq(&line.content_hash))
        .and_where(Expr::col("sync_status").ne("error"))
        .to_owned();
    Ok(session.rows(&query).await?.into_iter().next().and_then(|row| row.into_iter().next().flatten()))
}
