//! The commands, one module per command, on scratch copies of the real catalog; then builds and writers at once.

mod scratch;

mod amounts_told;
mod announced;
mod check;
mod completions;
mod diff;
mod diff_renames;
mod explain;
mod generate;
mod help;
mod import;
mod lint;
mod lint_causes;
mod lint_rules;
mod migrate;
mod record;
mod review;

mod building;
mod json;
mod laws;
mod writers;
