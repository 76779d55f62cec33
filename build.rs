//! Compiles `catalog/` into `generated/` and the Rust of this application.

use std::process::ExitCode;

fn main() -> ExitCode {
    pricebook_emit::Build::catalog().run()
}
