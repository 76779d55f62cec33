//! This company's application: the runtime, on this company's catalog.

use std::process::ExitCode;

fn main() -> ExitCode {
    pricebook::run_with_storefront(pricebook_app::catalog::artifacts(), pricebook_app::STOREFRONT)
}
