//! What the whole project promises, one module per promise; each package tests its own parts in its own `tests/it`.

mod catalog_schema;
mod catalogs;
mod generated_rust;
mod headers;
mod imports;
mod invariants;
mod layering;
mod licences;
mod main_job;
mod packages;
mod place;
mod project;
mod requirements;
mod sql_databases;
mod sql_days;
mod sql_live;
mod sql_migrations;
mod sql_random;
mod sql_rows;
mod sql_tables;
mod stripe;
mod stripe_tables;
mod tables;
mod typescript;
mod typescript_values;
mod validation;
