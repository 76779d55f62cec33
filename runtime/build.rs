//! Compiles the runtime's own records into `runtime/generated/`, their migrations and their rows.

use std::process::ExitCode;

fn main() -> ExitCode {
    pricebook_emit::Build::records().run()
}
