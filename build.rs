//! Compiles `catalog/` into `generated/` and the Rust of this application, and has a release embed the built storefront.

use std::process::ExitCode;

fn main() -> ExitCode {
    // What is there decides which files are embedded; other builds read them when they are asked for.
    if std::env::var("PROFILE").is_ok_and(|profile| profile == "release") {
        println!("cargo::rerun-if-changed=frontend/dist");
        if !std::path::Path::new("frontend/dist/index.html").exists() {
            println!(
                "cargo::warning=this release has no pages: build them first, with npm ci and npm run build in frontend/"
            );
        }
    }
    pricebook_emit::Build::catalog().run()
}
