//! What somebody sends who wants to buy.

use pricebook_types::Currency;
use serde::Deserialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use crate::http::ApiError;
use crate::http::api::payments::{fitting, text};
use crate::services::checkout::{Wanted, WantedDiscount, WantedLine};

/// The lines of one page: what Stripe shows of them without being asked for more.
const MOST_LINES: usize = 10;

/// What is to be bought.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(in crate::http) struct CreateCheckout {
    /// Prices that are sold together. Those of subscriptions have one interval; what is paid once may stand beside them.
    #[schema(value_type = Vec<CheckoutLine>, min_items = 1, max_items = 10)]
    lines: Box<RawValue>,
    /// ISO 4217: that of the prices, which need not be named.
    #[schema(value_type = Option<String>, min_length = 3, max_length = 3, pattern = "^[A-Za-z]{3}$", example = "usd")]
    currency: Option<Box<RawValue>>,
    /// Fewer days of trial than the prices have; as many as they have where it is absent.
    #[schema(value_type = Option<u16>, minimum = 0, maximum = 730)]
    trial_days: Option<Box<RawValue>>,
    /// A promotion code of the catalog, in capitals or not.
    #[schema(value_type = Option<String>, max_length = 255, example = "LAUNCH20")]
    promotion_code: Option<Box<RawValue>>,
    /// A coupon of the catalog, by its id: for the company's own people.
    #[schema(value_type = Option<String>, max_length = 255)]
    coupon: Option<Box<RawValue>>,
    /// What the caller calls the customer or the order.
    #[schema(value_type = Option<String>, max_length = 255, example = "order-1042")]
    customer_reference: Option<Box<RawValue>>,
}

/// So much of one price.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schema(as = CheckoutLine)]
pub(in crate::http) struct CheckoutLine {
    /// The price's id everywhere: its lookup key.
    #[schema(value_type = String, min_length = 1, max_length = 255, example = "plan_professional_monthly")]
    price: Box<RawValue>,
    /// 1 where it is absent; what is billed by use takes none.
    #[schema(value_type = Option<u32>, minimum = 1, maximum = 10000)]
    quantity: Option<Box<RawValue>>,
}

impl CreateCheckout {
    /// What is meant, and what the caller calls the customer.
    ///
    /// # Errors
    /// Where it is nothing that could be meant.
    pub(super) fn read(self) -> Result<(Wanted, Option<String>), ApiError> {
        let short =
            |name: &str, raw: Option<Box<RawValue>>| raw.map(|raw| fitting(name, text(name, &raw)?)).transpose();
        let lines: Vec<Box<RawValue>> = serde_json::from_str(self.lines.get())
            .map_err(|_| ApiError::invalid("lines: a list such as [{\"price\": \"…\", \"quantity\": 1}]"))?;
        if lines.is_empty() || lines.len() > MOST_LINES {
            return Err(ApiError::invalid(format!("lines: 1 to {MOST_LINES} of them")));
        }
        let lines = lines.iter().enumerate().map(|(index, raw)| line(index, raw)).collect::<Result<_, _>>()?;
        let currency = self.currency.map(|raw| currency(&raw)).transpose()?;
        let trial_days = self.trial_days.map(|raw| trial_days(&raw)).transpose()?;
        let discount = match (short("promotionCode", self.promotion_code)?, short("coupon", self.coupon)?) {
            (None, None) => None,
            (Some(code), None) => Some(WantedDiscount::PromotionCode(code)),
            (None, Some(id)) => Some(WantedDiscount::Coupon(id)),
            (Some(_), Some(_)) => {
                return Err(ApiError::invalid("coupon: not beside promotionCode, for one is taken off"));
            }
        };
        let reference = short("customerReference", self.customer_reference)?;
        Ok((Wanted { lines, currency, trial_days, discount }, reference))
    }
}

fn line(index: usize, raw: &RawValue) -> Result<WantedLine, ApiError> {
    let at = |name: &str| format!("lines[{index}].{name}");
    // Serde would also take the fields from a list.
    if !raw.get().starts_with('{') {
        return Err(ApiError::invalid(format!(
            "lines[{index}]: an object such as {{\"price\": \"…\", \"quantity\": 1}}"
        )));
    }
    let CheckoutLine { price, quantity } =
        serde_json::from_str(raw.get()).map_err(|error| ApiError::invalid(format!("lines[{index}]: {error}")))?;
    let lookup_key = fitting(&at("price"), text(&at("price"), &price)?)?;
    let quantity = quantity.map(|raw| quantity_of(&at("quantity"), &raw)).transpose()?;
    Ok(WantedLine { lookup_key, quantity })
}

/// A whole number; which ones can be sold is for the check to say.
fn quantity_of(name: &str, raw: &RawValue) -> Result<u32, ApiError> {
    serde_json::from_str(raw.get()).map_err(|_| ApiError::invalid(format!("{name}: a whole number such as 3")))
}

fn trial_days(raw: &RawValue) -> Result<u16, ApiError> {
    serde_json::from_str(raw.get()).map_err(|_| ApiError::invalid("trialDays: a whole number of days such as 14"))
}

fn currency(raw: &RawValue) -> Result<Currency, ApiError> {
    let invalid = || ApiError::invalid("currency: an ISO 4217 code that can be charged in");
    text("currency", raw)?.parse().map_err(|_| invalid())
}
