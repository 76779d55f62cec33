//! The library on small artifacts made by hand: what it does to databases, sound and broken.

mod broken_databases;
mod databases;
mod doctor;
mod http_admin;
mod http_admin_lists;
mod http_bad_input;
mod http_layers;
mod http_listener;
mod http_payments;
mod http_products;
mod http_settings;
mod http_shop;
mod main_job;
mod migrations;
mod price_list;
mod server;
mod server_migrations;
mod services_backup;
mod services_environments;
mod services_faults;
mod services_plan;
mod services_sync;
mod shop;
mod stripe_gateway;
mod usage;
mod users;
