//! The storefront of a company: the pages that were built for browsers, and where they are built.

mod sources;

use std::borrow::Cow;

pub use sources::{BuildStep, NotBuilt, StorefrontSources};

/// A company's storefront. The runtime serves it, and knows nothing of what it shows.
#[derive(Clone, Copy, Debug)]
pub struct Storefront {
    /// A built file by its path: `index.html`, `storefront/index-4f2a.js`. Where there is no `index.html`, nothing is
    /// built yet.
    pub file: fn(&str) -> Option<StorefrontFile>,
    /// Where it is built; `None` in a program that holds the files.
    pub sources: Option<StorefrontSources<'static>>,
}

/// A built file.
#[derive(Clone, Debug)]
pub struct StorefrontFile {
    /// What it holds.
    pub bytes: Cow<'static, [u8]>,
    /// Their SHA-256.
    pub sha256: [u8; 32],
}

impl Storefront {
    /// Whether there is something to serve.
    pub fn is_built(&self) -> bool {
        (self.file)("index.html").is_some()
    }
}
