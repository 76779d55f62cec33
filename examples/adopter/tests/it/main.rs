//! Another company's application: its kinds, its enums and its tables are as much at home as ours.

mod application;
mod items;
