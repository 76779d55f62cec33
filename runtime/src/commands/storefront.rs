//! Before the bare command goes on to serve: the storefront is built, where it can be.

use std::ffi::OsStr;
use std::io;

use super::Context;
use crate::http::BuildStep;

/// Brings the built storefront up to date. What goes wrong is told and stops nothing: the API is served without it.
///
/// # Errors
/// Where nothing can be told.
pub(super) fn build(context: &mut Context<'_>) -> io::Result<()> {
    let sources = context.storefront.and_then(|storefront| storefront.sources);
    let Some(sources) = sources.filter(|sources| sources.are_here()) else { return Ok(()) };
    let out = &mut *context.out;
    let mut told = Ok(());
    let built = sources.build(OsStr::new("npm"), &mut |step| {
        let line = match step {
            BuildStep::Install => "storefront: installing what it is built with (npm ci) …",
            BuildStep::Build => "storefront: building (npm run build) …",
        };
        told = writeln!(out, "{line}").and_then(|()| out.flush());
    });
    told?;
    match built {
        Ok(()) => Ok(()),
        Err(cause) => writeln!(out, "storefront: not built: {cause}"),
    }
}
