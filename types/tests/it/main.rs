//! What generated code is made of.

mod currency;
mod days;
mod items;
mod money;
mod price;
mod unseen;
