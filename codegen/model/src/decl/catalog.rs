//! `catalog:`.

use pricebook_types::Currency;
use pricebook_types::unseen::{is_of_a_name, is_unseen};

use super::fields::Fields;
use super::read::{self, Diagnostics};
use super::reasons::{Reasons, reasons};
use crate::catalog::TaxBehavior;
use crate::diagnostic::Diagnostic;
use crate::parse::{Entry, Node};
use crate::source::{Span, Spanned};

/// The words of `tax_behavior`.
pub(crate) const TAX_BEHAVIORS: &[(&str, TaxBehavior)] = &[
    ("exclusive", TaxBehavior::Exclusive),
    ("inclusive", TaxBehavior::Inclusive),
    ("unspecified", TaxBehavior::Unspecified),
];

/// `catalog:` as written.
#[derive(Debug)]
pub struct CatalogDecl {
    /// The place of the section's key.
    pub span: Span,
    /// What it says; `None` where something in it was reported.
    pub body: Option<CatalogBody>,
}

/// The keys of `catalog:`.
#[derive(Debug)]
pub struct CatalogBody {
    /// A slug.
    pub name: Spanned<String>,
    /// For people.
    pub title: Spanned<String>,
    /// The npm package.
    pub npm_package: Option<Spanned<String>>,
    /// The default currency.
    pub currency: Spanned<Currency>,
    /// For prices that say nothing else.
    pub tax_behavior: Option<Spanned<TaxBehavior>>,
    /// Where the catalog is put to use.
    pub environments: Vec<EnvironmentDecl>,
    /// Lint rules that are accepted, with their reasons.
    pub accepts: Reasons,
}

/// An environment as written.
#[derive(Debug)]
pub struct EnvironmentDecl {
    /// Its id.
    pub id: Spanned<String>,
    /// The database.
    pub database: Option<Spanned<String>>,
    /// `acct_…`.
    pub stripe_account: Option<Spanned<String>>,
    /// Live keys are expected.
    pub stripe_live: Option<Spanned<bool>>,
    /// The live API.
    pub live_url: Option<Spanned<String>>,
}

pub(super) fn catalog(section: &Entry<'_>, diagnostics: &mut Diagnostics) -> CatalogDecl {
    CatalogDecl { span: section.key_span, body: body(section, diagnostics) }
}

fn body(section: &Entry<'_>, diagnostics: &mut Diagnostics) -> Option<CatalogBody> {
    let mut fields = Fields::of(&section.value, section.key_span, "`catalog`", diagnostics)?;
    let name = fields.required("name", diagnostics, slug);
    let title = fields.required("title", diagnostics, read::label);
    let npm_package = fields.optional("npm_package", diagnostics, npm_package);
    let currency = fields.required("currency", diagnostics, read::currency);
    let tax_behavior = fields
        .optional("tax_behavior", diagnostics, |node, diagnostics| read::choice(node, TAX_BEHAVIORS, diagnostics));
    let environments =
        fields.optional("environments", diagnostics, |node, diagnostics| read::map(node, diagnostics, environment));
    let accepts = fields.optional("accept", diagnostics, reasons).unwrap_or_default();
    if !fields.finish(diagnostics) {
        return None;
    }
    let environments = environments.unwrap_or_default();
    Some(CatalogBody {
        name: name?,
        title: title?,
        npm_package,
        currency: currency?,
        tax_behavior,
        environments,
        accepts,
    })
}

fn environment(entry: &Entry<'_>, diagnostics: &mut Diagnostics) -> Option<EnvironmentDecl> {
    let id = read::checked_id(&entry.key, entry.key_span, read::IdForm::Snake, diagnostics);
    let mut fields = Fields::of(&entry.value, entry.key_span, "an environment", diagnostics)?;
    let database = fields.optional("database", diagnostics, database);
    let stripe_account = fields.optional("stripe_account", diagnostics, account);
    let stripe_live = fields.optional("stripe_mode", diagnostics, |node, diagnostics| {
        read::choice(node, &[("live", true), ("test", false)], diagnostics)
    });
    let live_url = fields.optional("live_url", diagnostics, live_url);
    let sound = fields.finish(diagnostics);
    sound.then_some(EnvironmentDecl { id: id?, database, stripe_account, stripe_live, live_url })
}

fn checked(
    node: &Node<'_>,
    code: &'static str,
    what: &str,
    help: &str,
    holds: impl FnOnce(&str) -> bool,
    diagnostics: &mut Diagnostics,
) -> Option<Spanned<String>> {
    let text = read::label(node, diagnostics)?;
    if holds(&text.value) {
        return Some(text);
    }
    diagnostics
        .push(Diagnostic::error(code, text.span, format!("`{}` is no {what}", text.value.escape_debug())).help(help));
    None
}

fn slug(node: &Node<'_>, diagnostics: &mut Diagnostics) -> Option<Spanned<String>> {
    let holds = |text: &str| {
        text.starts_with(|c: char| c.is_ascii_lowercase())
            && text.len() <= 64
            && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_'))
    };
    let help = "use a lower-case letter, then lower-case letters, digits, `-` and `_`, at most 64";
    checked(node, "invalid-slug", "slug", help, holds, diagnostics)
}

fn npm_package(node: &Node<'_>, diagnostics: &mut Diagnostics) -> Option<Spanned<String>> {
    let part = |text: &str| {
        !text.is_empty()
            && !text.starts_with(['.', '_', '-'])
            && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_' | '.'))
    };
    let holds = |text: &str| {
        text.len() <= 214
            && match text.strip_prefix('@') {
                Some(scoped) => scoped.split_once('/').is_some_and(|(scope, name)| part(scope) && part(name)),
                None => part(text),
            }
    };
    checked(node, "invalid-npm-package", "name of an npm package", "write `name` or `@scope/name`", holds, diagnostics)
}

fn database(node: &Node<'_>, diagnostics: &mut Diagnostics) -> Option<Spanned<String>> {
    let holds = |text: &str| text.chars().all(is_of_a_name);
    let help = "write it with characters of one line that can be seen";
    checked(node, "text-with-forbidden-character", "name of a database", help, holds, diagnostics)
}

fn account(node: &Node<'_>, diagnostics: &mut Diagnostics) -> Option<Spanned<String>> {
    let holds = |text: &str| {
        text.strip_prefix("acct_")
            .is_some_and(|id| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric()))
    };
    checked(node, "invalid-account", "id of a Stripe account", "it looks like `acct_1Example`", holds, diagnostics)
}

/// The host of an address behind its scheme, where somebody can answer there: labels of 1 to 63 characters, and a port from 1 on.
fn host(rest: &str) -> Option<&str> {
    let authority = rest.split('/').next().unwrap_or_default();
    let (host, port) = authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port)));
    let is_port =
        |port: &str| port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse().is_ok_and(|port: u16| port > 0);
    let is_label = |label: &str| (1..=63).contains(&label.len());
    (host.split('.').all(is_label) && port.is_none_or(is_port)).then_some(host)
}

fn live_url(node: &Node<'_>, diagnostics: &mut Diagnostics) -> Option<Spanned<String>> {
    let holds = |text: &str| {
        let local = |rest: &str| matches!(host(rest), Some("localhost" | "127.0.0.1"));
        let reachable = text.strip_prefix("https://").is_some_and(|rest| host(rest).is_some())
            || text.strip_prefix("http://").is_some_and(local);
        reachable
            && !text.ends_with('/')
            && !text.contains(|c: char| c.is_whitespace() || is_unseen(c) || matches!(c, '?' | '#' | '@'))
    };
    let help = "write `https://host/path` without a trailing slash; `http://` is for localhost only";
    checked(node, "invalid-url", "address of a live API", help, holds, diagnostics)
}
