//! This company's application: the runtime, on this company's catalog.

#[cfg(feature = "sandbox")]
mod local_stripe;

use std::process::ExitCode;

use pricebook::Additions;

/// What is for trying things out, and stays out of production: `--no-default-features`.
#[cfg(feature = "sandbox")]
const ADDITIONS: Additions = Additions {
    commands: &[pricebook::Addition {
        name: "sandbox",
        about: pricebook_sandbox::command::ABOUT,
        run: pricebook_sandbox::command::run,
    }],
    local_stripe: Some(local_stripe::LOCAL_STRIPE),
};
#[cfg(not(feature = "sandbox"))]
const ADDITIONS: Additions = Additions { commands: &[], local_stripe: None };

fn main() -> ExitCode {
    pricebook::run_with_additions(pricebook_app::catalog::artifacts(), pricebook_app::STOREFRONT, ADDITIONS)
}
