//! Asking the payment service for the page of a checkout that was checked.

use std::sync::Arc;

use super::answer;
use crate::audit::Actor;
use crate::auth::users;
use crate::http::api::payment_answer::Answer;
use crate::http::api::payment_work::{Asking, Unanswered};
use crate::http::api::payments::not_configured;
use crate::http::{ApiError, App, CheckoutReturns};
use crate::services::buyer;
use crate::services::checkout::{Accepted, CheckoutRefusal, WantedDiscount, in_stripe};
use crate::services::payment::Attempt;
use crate::stripe::{
    BoxFuture, CheckoutError, CheckoutOrder, CheckoutSession, Discount, GatewayError, NewCustomer, PaymentGateway,
    Selling,
};

/// A checkout that was checked.
pub(super) struct AskCheckout {
    pub(super) gateway: Arc<dyn PaymentGateway>,
    pub(super) accepted: Accepted,
    pub(super) returns: CheckoutReturns,
}

impl Asking for AskCheckout {
    fn ask<'a>(
        &'a self,
        app: &'a App,
        actor: &'a Actor,
        attempt: &'a Attempt,
    ) -> BoxFuture<'a, Result<Answer, Unanswered>> {
        Box::pin(async move {
            let selling = self.gateway.selling().ok_or_else(not_configured)?;
            let account = app.stripe_account(selling).await.map_err(Unanswered::Unavailable)?;
            match self.check_out(app, actor, attempt, (selling, &account)).await? {
                Ok(session) => {
                    let body = answer::created(attempt, &self.accepted, &session);
                    Ok(Answer::made(&body, Some(account), session.id.clone())?)
                }
                Err((code, message)) => Ok(Answer::refused(code, message)?),
            }
        })
    }
}

/// A page, or a refusal that is final.
type Final = Result<CheckoutSession, (String, String)>;

impl AskCheckout {
    async fn check_out(
        &self,
        app: &App,
        actor: &Actor,
        attempt: &Attempt,
        (selling, account): (&dyn Selling, &str),
    ) -> Result<Final, Unanswered> {
        let mut order = self.order(app, attempt, account).await?;
        let of_user = attempt.user_id.as_deref().map(|user_id| Buyer { app, actor, selling, account, user_id });
        if let Some(buyer) = &of_user {
            order.customer = Some(buyer.customer(None).await?);
        }
        let mut made = selling.check_out(&order).await;
        let is_gone = matches!(made, Err(CheckoutError::CustomerGone));
        if let (true, Some(buyer), Some(gone)) = (is_gone, &of_user, order.customer.clone()) {
            order.customer = Some(buyer.customer(Some(&gone)).await?);
            made = selling.check_out(&order).await;
        }
        match made {
            Ok(session) => Ok(Ok(session)),
            Err(CheckoutError::Refused { code, message }) => Ok(Err((code, message))),
            Err(CheckoutError::Discount(why)) => Err(Unanswered::Refused(self.not_discounted(why))),
            Err(CheckoutError::Price { price, why }) => Err(Unanswered::Refused(not_as_reviewed(price, &why))),
            Err(error @ CheckoutError::CustomerGone) => Err(Unanswered::Unavailable(error.to_string())),
            Err(CheckoutError::Unavailable(cause)) => Err(Unanswered::Unavailable(cause)),
        }
    }

    /// What is asked for, of a customer who is not known.
    async fn order(&self, app: &App, attempt: &Attempt, account: &str) -> Result<CheckoutOrder, Unanswered> {
        let mut session = app.reads.session().await.map_err(ApiError::from)?;
        let lines = in_stripe(&mut session, account, &self.accepted).await.map_err(super::refused)?;
        let user = attempt.user_id.clone().map(|user| ("pricebook_user", user));
        let reference = attempt.customer_reference.clone().map(|reference| ("customer_reference", reference));
        Ok(CheckoutOrder {
            attempt_id: attempt.id.clone(),
            catalog: app.artifacts.name.to_owned(),
            lines,
            is_subscription: self.accepted.interval.is_some(),
            customer: None,
            discount: self.accepted.discount.clone().map(|discount| match discount {
                WantedDiscount::Coupon(id) => Discount::Coupon(id),
                WantedDiscount::PromotionCode(code) => Discount::PromotionCode(code),
            }),
            trial_days: self.accepted.trial_days,
            success_url: self.returns.paid.clone(),
            cancel_url: self.returns.left.clone(),
            metadata: [("pricebook_attempt", attempt.id.clone())].into_iter().chain(user).chain(reference).collect(),
        })
    }

    /// The customer may not have it, or not for this; the words of the payment service say why, and are for the customer.
    fn not_discounted(&self, why: String) -> ApiError {
        let refusal = match self.accepted.discount {
            Some(WantedDiscount::Coupon(_)) => CheckoutRefusal::Coupon,
            _ => CheckoutRefusal::PromotionCode,
        };
        ApiError::from(refusal).because(why)
    }
}

/// The payment service has something else than what our database says that it has.
fn not_as_reviewed(price: String, why: &str) -> ApiError {
    tracing::error!(
        price,
        why,
        "a checkout is put off: what Stripe sells is not what was reviewed; run `pricebook stripe sync`"
    );
    CheckoutRefusal::NotInStripe { price }.into()
}

/// A user who buys.
struct Buyer<'a> {
    app: &'a App,
    actor: &'a Actor,
    selling: &'a dyn Selling,
    account: &'a str,
    user_id: &'a str,
}

impl Buyer<'_> {
    /// Which customer they are, from now on if they were none, or one who is gone.
    async fn customer(&self, gone: Option<&str>) -> Result<String, Unanswered> {
        let Self { app, actor, account, user_id, .. } = *self;
        let mut session = app.writes.session().await.map_err(ApiError::from)?;
        if let Some(gone) = gone {
            buyer::is_no_customer(&mut session, actor, account, user_id, gone).await.map_err(ApiError::from)?;
        } else if let Some(known) = buyer::customer_of(&mut session, account, user_id).await.map_err(ApiError::from)? {
            return Ok(known);
        }
        let user = users::by_id(&mut session, user_id).await.map_err(ApiError::from)?;
        drop(session);
        let user = user.ok_or_else(|| ApiError::internal().because("the user who buys is gone"))?;
        let new = NewCustomer { user_id: user.id, email: user.email, name: user.name };
        // Whoever asks twice at once is one customer, and whoever was deleted there another one.
        let key = format!("customer-{user_id}-{}", gone.unwrap_or("first"));
        let made = self.selling.make_customer(&new, &key).await;
        let customer = made.map_err(|error| match error {
            GatewayError::Refused { message, .. } => Unanswered::Unavailable(message),
            GatewayError::Unavailable(cause) => Unanswered::Unavailable(cause),
        })?;
        let mut session = app.writes.session().await.map_err(ApiError::from)?;
        buyer::is_customer(&mut session, actor, account, user_id, &customer).await.map_err(ApiError::from)?;
        Ok(customer)
    }
}
