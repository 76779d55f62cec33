//! Stripe's test cards, and what comes of paying with them. <https://docs.stripe.com/testing>

/// What comes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Paid,
    /// The code and the decline code.
    Declined(&'static str, &'static str),
    /// The customer must confirm it with the bank.
    Authentication,
}

/// A test card.
#[derive(Debug)]
pub(crate) struct Card {
    /// The payment method that stands for it, without `pm_card_`; tokens have `tok_` instead.
    name: &'static str,
    number: &'static str,
    pub(crate) brand: &'static str,
    pub(crate) funding: &'static str,
    pub(crate) outcome: Outcome,
    /// Whether it cannot even be attached to a customer.
    pub(crate) is_refused_at_once: bool,
    /// Why the payment is disputed, after it has come through; `inquiry` is a first question only.
    pub(crate) dispute: Option<&'static str>,
}

const fn good(name: &'static str, number: &'static str, brand: &'static str, funding: &'static str) -> Card {
    Card { name, number, brand, funding, outcome: Outcome::Paid, is_refused_at_once: false, dispute: None }
}

const fn disputed(name: &'static str, number: &'static str, reason: &'static str) -> Card {
    Card { dispute: Some(reason), ..good(name, number, "visa", "credit") }
}

const fn declined(name: &'static str, number: &'static str, code: &'static str, decline_code: &'static str) -> Card {
    let outcome = Outcome::Declined(code, decline_code);
    Card { name, number, brand: "visa", funding: "credit", outcome, is_refused_at_once: true, dispute: None }
}

const fn asking(name: &'static str, number: &'static str) -> Card {
    let outcome = Outcome::Authentication;
    Card { name, number, brand: "visa", funding: "credit", outcome, is_refused_at_once: false, dispute: None }
}

const CARDS: &[Card] = &[
    good("visa", "4242424242424242", "visa", "credit"),
    good("visa_debit", "4000056655665556", "visa", "debit"),
    good("mastercard", "5555555555554444", "mastercard", "credit"),
    good("mastercard_debit", "5200828282828210", "mastercard", "debit"),
    good("amex", "378282246310005", "amex", "credit"),
    good("discover", "6011111111111117", "discover", "credit"),
    good("jcb", "3566002020360505", "jcb", "credit"),
    declined("visa_chargeDeclined", "4000000000000002", "card_declined", "generic_decline"),
    declined("visa_chargeDeclinedInsufficientFunds", "4000000000009995", "card_declined", "insufficient_funds"),
    declined("visa_chargeDeclinedLostCard", "4000000000009987", "card_declined", "lost_card"),
    declined("visa_chargeDeclinedStolenCard", "4000000000009979", "card_declined", "stolen_card"),
    declined("chargeDeclinedExpiredCard", "4000000000000069", "expired_card", "expired_card"),
    declined("chargeDeclinedIncorrectCvc", "4000000000000127", "incorrect_cvc", "incorrect_cvc"),
    declined("chargeDeclinedProcessingError", "4000000000000119", "processing_error", "processing_error"),
    Card {
        is_refused_at_once: false,
        ..declined("chargeCustomerFail", "4000000000000341", "card_declined", "generic_decline")
    },
    asking("authenticationRequired", "4000002760003184"),
    asking("threeDSecure2Required", "4000000000003220"),
    disputed("createDispute", "4000000000000259", "fraudulent"),
    disputed("createDisputeProductNotReceived", "4000000000002685", "product_not_received"),
    disputed("createDisputeInquiry", "4000000000001976", "inquiry"),
];

impl Card {
    pub(crate) fn last4(&self) -> &'static str {
        self.number.get(self.number.len() - 4..).unwrap_or(self.number)
    }
}

/// The card of `pm_card_visa` or `tok_visa`; declines are also known without `visa_`.
pub(crate) fn named(id: &str) -> Option<&'static Card> {
    let name = id.strip_prefix("pm_card_").or_else(|| id.strip_prefix("tok_"))?;
    let is_it = |card: &&Card| {
        card.name == name
            || card.name.strip_prefix("visa_").is_some_and(|short| short.starts_with("charge") && short == name)
    };
    CARDS.iter().find(is_it)
}

/// The card with a number.
pub(crate) fn numbered(number: &str) -> Option<&'static Card> {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    CARDS.iter().find(|card| card.number == digits)
}

/// The card of which only this is known any more.
pub(crate) fn ending(last4: &str) -> Option<&'static Card> {
    CARDS.iter().find(|card| card.last4() == last4)
}

/// What the customer reads.
pub(crate) fn message(code: &str, decline_code: &str) -> &'static str {
    match (code, decline_code) {
        ("expired_card", _) => "Your card has expired.",
        ("incorrect_cvc", _) => "Your card's security code is incorrect.",
        ("processing_error", _) => "An error occurred while processing your card. Try again in a little bit.",
        ("payment_intent_authentication_failure", _) => {
            "The provided PaymentMethod has failed authentication. You can provide payment_method_data or a new \
             PaymentMethod to attempt to fulfill this PaymentIntent again."
        }
        (_, "insufficient_funds") => "Your card has insufficient funds.",
        _ => "Your card was declined.",
    }
}

#[cfg(test)]
mod tests {
    use super::{CARDS, ending, named, numbered};

    #[test]
    fn every_card_is_found_by_its_name_its_number_and_its_last_digits() {
        for card in CARDS {
            let same = |found: Option<&'static super::Card>| found.is_some_and(|found| found.number == card.number);
            assert!(same(named(&format!("pm_card_{}", card.name))), "{}", card.name);
            assert!(same(numbered(card.number)) && same(ending(card.last4())), "{}", card.number);
        }
        assert!(named("pm_card_chargeDeclined").is_some() && named("pm_card_debit").is_none());
    }
}
