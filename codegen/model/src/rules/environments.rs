//! Environments: what is tried in one does not reach another.

use super::context::Context;
use crate::decl::EnvironmentDecl;
use crate::diagnostic::Diagnostic;
use crate::source::Spanned;

/// Each environment has its own database, its own live API, and its own Stripe account or mode.
pub(super) fn environments_share_nothing(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let Some(catalog) = context.declared.catalog.as_ref().and_then(|catalog| catalog.body.as_ref()) else { return };
    let live = |environment: &EnvironmentDecl| environment.stripe_live.as_ref().is_some_and(|live| live.value);
    for (index, environment) in catalog.environments.iter().enumerate() {
        for earlier in &catalog.environments[..index] {
            let shared = |a: &Option<Spanned<String>>, b: &Option<Spanned<String>>| {
                a.as_ref().zip(b.as_ref()).filter(|(a, b)| a.value == b.value).map(|(a, b)| (a.span, b.span))
            };
            let databases = shared(&environment.database, &earlier.database).map(|spans| ("database", spans));
            let accounts = shared(&environment.stripe_account, &earlier.stripe_account)
                .filter(|_| live(environment) == live(earlier))
                .map(|spans| ("Stripe account in the same mode", spans));
            let urls = shared(&environment.live_url, &earlier.live_url).map(|spans| ("live address", spans));
            for (what, (span, other)) in databases.into_iter().chain(accounts).chain(urls) {
                let message = format!("`{}` and `{}` have the same {what}", environment.id.value, earlier.id.value);
                found.push(
                    Diagnostic::error("environments-share", span, message)
                        .also(other, format!("of `{}`", earlier.id.value))
                        .help("give each environment its own, so that what is tried in one never reaches the other"),
                );
            }
        }
    }
}
