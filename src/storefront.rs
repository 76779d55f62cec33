//! The storefront of this company: `frontend/`, as `npm run build` makes it. A release holds its files; other builds read
//! them from the checkout, so that they are built without compiling anything again.

use pricebook::{Storefront, StorefrontFile, StorefrontSources};
use rust_embed::{Embed, EmbeddedFile};

// Missing, the page says how to build it: nobody needs node to compile this program.
#[derive(Embed)]
#[folder = "frontend/dist"]
#[allow_missing = true]
struct Built;

/// The storefront.
pub const STOREFRONT: Storefront = Storefront { file, sources: SOURCES };

const SOURCES: Option<StorefrontSources<'static>> = match cfg!(debug_assertions) {
    true => Some(StorefrontSources {
        checkout: env!("CARGO_MANIFEST_DIR"),
        package: "frontend",
        inputs: &[
            "frontend/index.html",
            "frontend/package.json",
            "frontend/package-lock.json",
            "frontend/src",
            "frontend/tsconfig.json",
            "frontend/vite.config.ts",
            "generated/typescript/src",
            "runtime/templates/tokens.css",
        ],
    }),
    false => None,
};

fn file(path: &str) -> Option<StorefrontFile> {
    let EmbeddedFile { data, metadata } = Built::get(path)?;
    Some(StorefrontFile { bytes: data, sha256: metadata.sha256_hash() })
}
