//! Money of two currencies, and money and a number.

use pricebook_types::{
    Money,
    code::{Eur, Usd},
};

fn main() {
    let _ = Money::<Usd>::of(100) + Money::<Eur>::of(100);
    let _ = Money::<Usd>::of(100) + 1;
}
