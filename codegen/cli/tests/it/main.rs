//! The commands, one module per command.

mod import;
