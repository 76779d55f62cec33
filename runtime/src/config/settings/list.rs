//! Every setting of the server: its name, what it is when nobody sets it, and what it does.

/// A setting, as an environment variable `PRICEBOOK_<NAME>` or as `<name>` in the file of settings.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// In lower case, as the file of settings has it: `rate_per_minute`.
    pub name: &'static str,
    /// What holds when nobody sets it, or empty.
    pub default: &'static str,
    /// What it does, with the unit.
    pub help: &'static str,
}

impl Setting {
    /// The environment variable: `PRICEBOOK_RATE_PER_MINUTE`.
    pub fn variable(&self) -> String {
        format!("PRICEBOOK_{}", self.name.to_ascii_uppercase())
    }
}

const fn setting(name: &'static str, default: &'static str, help: &'static str) -> Setting {
    Setting { name, default, help }
}

/// Every setting. `PRICEBOOK_SETTINGS` names the file that may hold them, otherwise `pricebook.toml` does where it is there.
pub const SETTINGS: &[Setting] = &[
    setting("environment", "development", "development, or an environment of the catalog"),
    setting("listen", "127.0.0.1:3000", "address and port that the server answers at"),
    setting(
        "public_url",
        "",
        "where browsers reach the server (https://…), for links; otherwise the address of `listen`",
    ),
    setting(
        "cors_origins",
        "",
        "origins of pages that may call the API, separated by commas; in development every local one may",
    ),
    setting(
        "trust_forwarded_for",
        "false",
        "take a caller's address from X-Forwarded-For: only behind a proxy that sets it",
    ),
    setting("database_connections", "10", "most connections to the database"),
    setting("cache_secs", "300", "seconds until the lists of products are read again without a change"),
    setting("body_limit_bytes", "65536", "longest request body that is read"),
    setting("request_timeout_secs", "10", "seconds after which a request is given up"),
    setting("shutdown_secs", "20", "seconds that requests have to end when the server stops"),
    setting("most_connections", "10000", "most callers at once; others wait"),
    setting("rate_per_minute", "600", "requests of one address in a minute; 0 for any number"),
    setting(
        "bust_rate_per_minute",
        "12",
        "requests of one address in a minute that bypass the cache; 0 for any number",
    ),
    setting("payment_rate_per_minute", "30", "payments that one address asks for in a minute; 0 for any number"),
    setting(
        "auth_failure_rate_per_minute",
        "10",
        "refused tokens of one address in a minute that are told and audited one by one; 0 for any number",
    ),
    setting("sign_in_rate_per_minute", "20", "passwords and links of one address in a minute; 0 for any number"),
    setting("metrics_token", "", "who reads /metrics must send this as a bearer token, where it is set"),
    setting(
        "dashboard_path",
        "/admin/stripe-sync",
        "where administrators find the dashboard of the product sync; nothing else may be answered at its first part, but /admin",
    ),
    setting("stripe_api_base", "https://api.stripe.com", "where Stripe answers; the key is in STRIPE_SECRET_KEY"),
    setting(
        "stripe_local",
        "true",
        "in development, on this machine alone and without STRIPE_SECRET_KEY: let a local Stripe stand in, beside the SQLite file",
    ),
    setting(
        "stripe_publishable_key",
        "",
        "pk_…, with which the payment page takes cards by Stripe's form; without it payments are prepared only",
    ),
    setting(
        "checkout_return_url",
        "",
        "the page that customers come back to from Stripe's (https://…); otherwise the server's own, /subscribe",
    ),
    setting("stripe_requests_per_sec", "0", "requests to Stripe in a second at most; 0 for what Stripe allows"),
    setting("stripe_retries", "3", "how often a request of a sync to Stripe, and a sync of the server, is tried again"),
    setting("stripe_retry_delay_ms", "1000", "milliseconds until the second try; each further one takes twice as long"),
    setting(
        "stripe_auto_sync",
        "test",
        "which accounts the server syncs by itself, after changes and every day: none, test, or all, live ones too",
    ),
    setting("stripe_debounce_ms", "5000", "milliseconds without another change after which changes are synced"),
    setting("stripe_debounce_most_ms", "60000", "milliseconds after which they are, however many more there are"),
    setting(
        "stripe_trigger_events",
        "product.created,product.updated,plan.price_changed",
        "events that are synced, separated by commas; product.updated stands for that of every kind",
    ),
    setting("stripe_validate_secs", "3600", "seconds between two looks at the account by the server; 0 for none"),
    setting("stripe_sync_secs", "86400", "seconds between two full syncs by the server; 0 for none"),
    setting("stripe_validation_cache_secs", "3600", "seconds for which the last look counts as how the account is"),
    setting("stripe_report_folder", ".", "where logs/stripe-sync/ of the server is"),
    setting("stripe_sync_rate_per_minute", "10", "syncs that one address asks for in a minute; 0 for any number"),
    setting("live_check_secs", "900", "seconds between two looks at live APIs; 0 for none"),
    setting(
        "live_check_environments",
        "",
        "environments whose live API is looked at, separated by commas; otherwise the server's own",
    ),
    setting("live_check_timeout_secs", "10", "seconds that a live API may take to answer"),
    setting("live_check_keep_days", "90", "days for which checks of live APIs are kept; 0 for ever"),
    setting(
        "payment_attempts_keep_days",
        "400",
        "days for which payments that were asked for are kept, and their idempotency keys known; 0 for ever",
    ),
    setting("jobs_keep_days", "90", "days for which jobs are kept that are done or given up; 0 for ever"),
    setting("incidents_keep_days", "400", "days for which incidents are kept that are over; 0 for ever"),
    setting("audit_keep_days", "0", "days for which the audit log is kept; 0 for ever"),
    setting("smtp_url", "", "the mail server for alerts: smtps://user:password@host; no mails where it is not set"),
    setting("alert_mail_to", "", "who gets alerts by mail, separated by commas"),
    setting("alert_mail_from", "", "who alerts are from; otherwise the first who gets them"),
    setting("alert_mail_subject", "", "the subject of alerts; otherwise the catalog's title and 'Sync Alert'"),
    setting("alert_webhook_url", "", "where alerts are posted as JSON"),
    setting("alert_webhook_secret", "", "what they are signed with: HMAC-SHA256 in Pricebook-Signature"),
    setting("log", "info", "what is logged: error, warn, info, debug or trace, also by target (info,sqlx=warn)"),
    setting("log_format", "text", "text, or json with an object on each line"),
];

/// Variables with our prefix that something else than the server reads.
pub(super) const READ_ELSEWHERE: &[&str] = &[
    "PRICEBOOK_SETTINGS",
    "PRICEBOOK_FROZEN",
    "PRICEBOOK_CASES",
    "PRICEBOOK_TEST_POSTGRES_URL",
    "PRICEBOOK_TEST_MYSQL_URL",
    "PRICEBOOK_TEST_POSTGRES_TLS_URL",
    "PRICEBOOK_TEST_MYSQL_TLS_URL",
    "PRICEBOOK_TEST_TLS_ROOT",
];
