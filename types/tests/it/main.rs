//! What generated code is made of.

mod currency;
mod items;
mod money;
mod price;
