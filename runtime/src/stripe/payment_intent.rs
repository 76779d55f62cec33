//! A payment as Stripe's PaymentIntent, which the customer's page confirms.

use serde::Deserialize;

use super::client::{ErrorObject, StripeError};
use super::{BoxFuture, GatewayError, Payment, PaymentGateway, PaymentOrder, Selling, StripeClient};

/// Errors that lie in the payment and not in us; their words are for the customer.
const OF_THE_PAYMENT: [&str; 3] = ["amount_too_small", "amount_too_large", "currency_not_supported"];

/// The fields that we use: <https://docs.stripe.com/api/payment_intents/object>.
#[derive(Deserialize)]
struct PaymentIntent {
    id: String,
    client_secret: String,
}

impl PaymentGateway for StripeClient {
    fn create<'a>(&'a self, order: &'a PaymentOrder) -> BoxFuture<'a, Result<Payment, GatewayError>> {
        Box::pin(async move {
            let answer = self.post("/v1/payment_intents", &form(order), &order.attempt_id).await;
            let PaymentIntent { id, client_secret } = answer.map_err(refusal)?;
            Ok(Payment { id, client_secret, account: None })
        })
    }

    fn selling(&self) -> Option<&dyn Selling> {
        Some(self)
    }
}

fn form(order: &PaymentOrder) -> Vec<(String, String)> {
    let mut form = vec![
        ("amount".to_owned(), order.money.minor().to_string()),
        ("currency".to_owned(), order.money.currency().code().to_owned()),
        ("description".to_owned(), order.description.clone()),
        ("automatic_payment_methods[enabled]".to_owned(), "true".to_owned()),
    ];
    form.extend(order.metadata.iter().map(|(key, value)| (format!("metadata[{key}]"), value.clone())));
    form
}

fn refusal(error: StripeError) -> GatewayError {
    let of_the_payment = |error: &ErrorObject| {
        let code = error.code.as_deref().unwrap_or_default();
        error.kind == "card_error" || OF_THE_PAYMENT.contains(&code)
    };
    match error {
        StripeError::Refused { error, .. } if of_the_payment(&error) => {
            GatewayError::Refused { code: error.code.unwrap_or(error.kind), message: error.message }
        }
        other => GatewayError::Unavailable(other.to_string()),
    }
}
