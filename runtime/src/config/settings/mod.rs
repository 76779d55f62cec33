//! The server's settings, each checked before the server starts.

mod keeping;
mod list;
mod source;
mod stripe_sync;
mod watching;

use std::fmt;
use std::net::SocketAddr;
use std::str::FromStr;
use std::time::Duration;

pub use keeping::KeepSettings;
pub use list::{SETTINGS, Setting};
pub use source::Source;
use source::{Given, given};
pub use stripe_sync::{AutoSync, StripeSyncSettings};
use url::Url;
pub use watching::{AlertSettings, LiveCheckSettings, MailSettings, Secret, WebhookSettings};

/// The settings of the server, checked.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `development`, or an environment of the catalog.
    pub environment: String,
    /// Where the server answers.
    pub listen: SocketAddr,
    /// Where browsers reach the server; at `listen` where it is not set.
    pub public_url: Option<Url>,
    /// Origins of pages that may call the API.
    pub cors_origins: Vec<String>,
    /// Whether a caller's address is what a proxy says.
    pub trust_forwarded_for: bool,
    /// Most connections to the database.
    pub database_connections: u32,
    /// How long lists of products are kept without a change.
    pub cache: Duration,
    /// The longest request body.
    pub body_limit_bytes: usize,
    /// How long a request may take.
    pub request_timeout: Duration,
    /// How long requests may take when the server stops.
    pub shutdown: Duration,
    /// Most callers at once.
    pub most_connections: usize,
    /// Requests of one address in a minute, 0 for any number.
    pub rate_per_minute: u32,
    /// Of those, how many may bypass the cache, 0 for any number.
    pub bust_rate_per_minute: u32,
    /// Of those, how many may ask for a payment, 0 for any number.
    pub payment_rate_per_minute: u32,
    /// Requests of one address in a minute whose refused tokens are answered and audited one by one, 0 for any number.
    pub auth_failure_rate_per_minute: u32,
    /// Passwords and links of one address in a minute, 0 for any number.
    pub sign_in_rate_per_minute: u32,
    /// What who reads the metrics must know.
    pub metrics_token: Option<String>,
    /// Where the dashboard of the product sync is: `/admin/stripe-sync`.
    pub dashboard_path: String,
    /// Where Stripe answers.
    pub stripe_api_base: Url,
    /// Whether a local Stripe may stand in where no key is set.
    pub stripe_local: bool,
    /// What the payment page shows Stripe; without it no card is taken there.
    pub stripe_publishable_key: Option<String>,
    /// The page that customers come back to from Stripe's; the server's own where it is not set.
    pub checkout_return_url: Option<Url>,
    /// Requests of a sync to Stripe in a second at most, 0 for what Stripe allows.
    pub stripe_requests_per_sec: u32,
    /// How often a request of a sync is tried again.
    pub stripe_retries: u32,
    /// Until the second try.
    pub stripe_retry_delay_ms: u64,
    /// When the server syncs products.
    pub stripe_sync: StripeSyncSettings,
    /// When the server looks at live APIs.
    pub live_check: LiveCheckSettings,
    /// How it tells what it finds.
    pub alerts: AlertSettings,
    /// How long rows are kept.
    pub keep: KeepSettings,
    /// What is logged.
    pub log: String,
    /// How it is logged.
    pub log_format: LogFormat,
}

/// How lines are logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// A setting that the server cannot start with. No message repeats a value, for it may be a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name} ({place}): {problem}")]
pub struct SettingError {
    /// The setting, as it was written.
    pub name: String,
    /// Where.
    pub place: Source,
    /// What is wrong.
    pub problem: String,
}

/// Every setting that the server cannot start with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingErrors(pub Vec<SettingError>);

impl std::error::Error for SettingErrors {}

impl fmt::Display for SettingErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let errors: Vec<_> = self.0.iter().map(ToString::to_string).collect();
        write!(f, "{}", errors.join("\n       "))
    }
}

impl Settings {
    /// The address of a page, as people reach it: `https://shop.example/sign-in`.
    pub fn address(&self, path: &str) -> String {
        match &self.public_url {
            Some(url) => format!("{}{path}", url.as_str().trim_end_matches('/')),
            None => format!("http://{}{path}", self.listen),
        }
    }

    /// Whether this is the server of one developer, which nobody but their machine reaches.
    pub fn is_of_one_machine(&self) -> bool {
        let is_reached_by_others = self.public_url.is_some() || self.trust_forwarded_for;
        self.environment == Self::DEVELOPMENT && self.listen.ip().is_loopback() && !is_reached_by_others
    }

    /// What runs of the product sync call the environment: as commands do, `local` where the catalog has none.
    pub fn environment_of_runs(&self) -> &str {
        if self.environment == Self::DEVELOPMENT { Self::LOCAL } else { &self.environment }
    }

    /// What commands call a database that no environment of the catalog names.
    pub const LOCAL: &str = "local";

    /// The name of the environment on a developer's machine.
    pub const DEVELOPMENT: &str = "development";

    /// The settings of this process; `environments` are those of the catalog.
    ///
    /// # Errors
    /// [`SettingErrors`] with every setting that is unknown or wrong.
    pub fn of_process(environments: &[&str]) -> Result<Self, SettingErrors> {
        let text = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
            (name.to_string_lossy().into_owned(), value.to_string_lossy().into_owned())
        };
        Self::read(std::env::vars_os().map(text), environments)
    }

    /// The settings that variables, and the file that they may name, give.
    ///
    /// # Errors
    /// As [`Self::of_process`].
    pub fn read(
        variables: impl IntoIterator<Item = (String, String)>,
        environments: &[&str],
    ) -> Result<Self, SettingErrors> {
        let (given, errors) = given(variables.into_iter());
        let mut reader = Reader { given, errors };
        let settings = Self {
            environment: reader.get("environment", |text| {
                let known = text == Self::DEVELOPMENT || environments.contains(&text);
                known.then(|| text.to_owned()).ok_or_else(|| {
                    format!(
                        "it is {}, or an environment of the catalog: {}",
                        Self::DEVELOPMENT,
                        environments.join(", ")
                    )
                })
            }),
            listen: reader.parsed("listen", "it is an address with a port, such as 127.0.0.1:3000"),
            public_url: reader.get("public_url", |text| match text {
                "" => Ok(None),
                _ => api_base(text).map(Some),
            }),
            cors_origins: reader.get("cors_origins", origins),
            trust_forwarded_for: reader.parsed("trust_forwarded_for", "it is true or false"),
            database_connections: reader.within("database_connections", 1, 1_000),
            cache: reader.secs("cache_secs", 0, 86_400),
            body_limit_bytes: reader.within("body_limit_bytes", 1_024, 16 * 1024 * 1024),
            request_timeout: reader.secs("request_timeout_secs", 1, 600),
            shutdown: reader.secs("shutdown_secs", 0, 600),
            most_connections: reader.within("most_connections", 1, 1_000_000),
            rate_per_minute: reader.within("rate_per_minute", 0, 1_000_000),
            bust_rate_per_minute: reader.within("bust_rate_per_minute", 0, 1_000_000),
            payment_rate_per_minute: reader.within("payment_rate_per_minute", 0, 1_000_000),
            auth_failure_rate_per_minute: reader.within("auth_failure_rate_per_minute", 0, 1_000_000),
            sign_in_rate_per_minute: reader.within("sign_in_rate_per_minute", 0, 1_000_000),
            metrics_token: reader
                .get("metrics_token", |text| Ok(Some(text.to_owned()).filter(|text| !text.is_empty()))),
            dashboard_path: reader.get("dashboard_path", path),
            stripe_api_base: reader.get("stripe_api_base", api_base),
            stripe_local: reader.parsed("stripe_local", "it is true or false"),
            stripe_publishable_key: reader.get("stripe_publishable_key", publishable_key),
            checkout_return_url: reader.get("checkout_return_url", page),
            stripe_requests_per_sec: reader.within("stripe_requests_per_sec", 0, 10_000),
            stripe_retries: reader.within("stripe_retries", 0, 10),
            stripe_retry_delay_ms: reader.within("stripe_retry_delay_ms", 0, 60_000),
            stripe_sync: stripe_sync::stripe_sync(&mut reader),
            live_check: watching::live_check(&mut reader, environments),
            alerts: watching::alerts(&mut reader),
            keep: keeping::keep(&mut reader),
            log: reader.get("log", |text| match tracing_subscriber::filter::Targets::from_str(text) {
                Ok(_) => Ok(text.to_owned()),
                Err(_) => Err("it is error, warn, info, debug or trace, also by target: info,sqlx=warn".to_owned()),
            }),
            log_format: reader.get("log_format", |text| match text {
                "text" => Ok(LogFormat::Text),
                "json" => Ok(LogFormat::Json),
                _ => Err("it is text or json".to_owned()),
            }),
        };
        if reader.errors.is_empty() { Ok(settings) } else { Err(SettingErrors(reader.errors)) }
    }
}

/// Reads one setting after the other and remembers which were wrong.
struct Reader {
    given: Given,
    errors: Vec<SettingError>,
}

impl Reader {
    /// A wrong value is remembered, and the default stands in for it until all were read.
    fn get<T>(&mut self, name: &'static str, parse: impl Fn(&str) -> Result<T, String>) -> T {
        let default = || {
            let setting = SETTINGS.iter().find(|setting| setting.name == name).expect("a setting of the list");
            parse(setting.default).expect("a default that is right")
        };
        let Some((text, source)) = self.given.get(name) else { return default() };
        parse(text.trim()).unwrap_or_else(|problem| {
            let shown = match source {
                Source::Environment => format!("PRICEBOOK_{}", name.to_ascii_uppercase()),
                Source::File(_) => name.to_owned(),
            };
            self.errors.push(SettingError { name: shown, place: source.clone(), problem });
            default()
        })
    }

    fn parsed<T: FromStr>(&mut self, name: &'static str, problem: &str) -> T {
        self.get(name, |text| text.parse().map_err(|_| problem.to_owned()))
    }

    fn within<T: FromStr + PartialOrd + Copy + fmt::Display>(&mut self, name: &'static str, least: T, most: T) -> T {
        self.get(name, |text| {
            let number = text.parse().ok().filter(|number| (least..=most).contains(number));
            number.ok_or_else(|| format!("it is a whole number from {least} to {most}"))
        })
    }

    fn secs(&mut self, name: &'static str, least: u64, most: u64) -> Duration {
        Duration::from_secs(self.within(name, least, most))
    }
}

/// `https://shop.example, https://www.shop.example`
fn origins(text: &str) -> Result<Vec<String>, String> {
    let origins = text.split(',').map(str::trim).filter(|origin| !origin.is_empty());
    origins
        .map(|origin| match Url::parse(origin) {
            Ok(url) if url.has_host() && url.origin().ascii_serialization() == origin => Ok(origin.to_owned()),
            _ => Err("each is a scheme and a host without a path, such as https://shop.example".to_owned()),
        })
        .collect()
}

/// `/admin/stripe-sync`
fn path(text: &str) -> Result<String, String> {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let mut parts = text.strip_prefix('/').into_iter().flat_map(|rest| rest.split('/'));
    let is_one = text.len() <= 100 && text.starts_with('/');
    match is_one && parts.all(|part| !part.is_empty() && part.bytes().all(is_plain)) {
        true => Ok(text.to_owned()),
        false => Err("it is a path such as /admin/stripe-sync: parts of small letters, digits and hyphens".to_owned()),
    }
}

/// A key that everybody may read. A secret one has no business on a page, whoever mistakes it.
fn publishable_key(text: &str) -> Result<Option<String>, String> {
    let is_one = ["pk_test_", "pk_live_"].iter().any(|start| text.starts_with(start));
    let is_plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    match text {
        "" => Ok(None),
        text if is_one && is_plain => Ok(Some(text.to_owned())),
        _ => Err("it begins with pk_test_ or pk_live_; the other key is in STRIPE_SECRET_KEY".to_owned()),
    }
}

impl Settings {
    /// Where pages call a Stripe that is not Stripe's own: the local one.
    pub fn local_stripe(&self) -> Option<String> {
        let is_stripes_own = self.stripe_api_base.host_str() == Some("api.stripe.com");
        (!is_stripes_own).then(|| self.stripe_api_base.origin().ascii_serialization())
    }
}

/// A page, to which we add what became of a checkout.
fn page(text: &str) -> Result<Option<Url>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let url = api_base(text)?;
    let is_plain = url.query().is_none() && url.fragment().is_none();
    if is_plain { Ok(Some(url)) } else { Err("it has neither ? nor #, for what became of it is added".to_owned()) }
}

/// Encrypted, or on this machine: a key goes there.
fn api_base(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).ok().filter(Url::has_host);
    let is_local = |url: &Url| matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    let safe = url.filter(|url| url.scheme() == "https" || url.scheme() == "http" && is_local(url));
    safe.ok_or_else(|| "it is https://…, or http:// on this machine".to_owned())
}
