//! This company's application: the runtime, on this company's catalog.

use std::process::ExitCode;

use pricebook::Addition;

/// Commands besides those of the runtime. What is for trying things out stays out of production: `--no-default-features`.
const ADDITIONS: &[Addition] = &[
    #[cfg(feature = "sandbox")]
    Addition { name: "sandbox", about: pricebook_sandbox::command::ABOUT, run: pricebook_sandbox::command::run },
];

fn main() -> ExitCode {
    pricebook::run_with_additions(pricebook_app::catalog::artifacts(), pricebook_app::STOREFRONT, ADDITIONS)
}
