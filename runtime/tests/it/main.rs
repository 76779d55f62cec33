//! The library on small artifacts made by hand: what it does to databases, sound and broken.

mod broken_databases;
mod main_job;
mod migrations;
mod price_list;
mod server;
mod server_migrations;
mod shop;
mod usage;
