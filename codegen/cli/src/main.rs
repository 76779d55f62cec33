//! `cargo catalog`: see the library for everything.

use std::process::ExitCode;

fn main() -> ExitCode {
    pricebook_cli::run(std::env::args_os())
}
