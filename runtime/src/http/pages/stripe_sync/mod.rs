//! The dashboard, `/admin/stripe-sync` unless the settings say otherwise: what administrators see of the product sync, and what they may have done.

pub(in crate::http) mod actions;
pub(in crate::http) mod changes;
mod chart;
pub(in crate::http) mod drift;
pub(in crate::http) mod history;
pub(in crate::http) mod job;
pub(in crate::http) mod mappings;
pub(in crate::http) mod overview;
pub(in crate::http) mod preview;
pub(in crate::http) mod run;

use axum::http::Uri;
use url::form_urlencoded;

use crate::config::Settings;
use crate::http::App;

/// What every page of the dashboard shows.
struct Frame {
    environment: String,
    /// Where the dashboard is.
    base: String,
    /// The page's own address below the dashboard's: empty, `history` …
    here: &'static str,
}

impl Frame {
    fn new(app: &App, here: &'static str) -> Self {
        let Settings { dashboard_path, .. } = &app.settings;
        Self { environment: app.settings.environment_of_runs().to_owned(), base: dashboard_path.clone(), here }
    }

    /// The pages, by address and name.
    const PAGES: [(&'static str, &'static str); 5] = [
        ("", "Overview"),
        ("/mappings", "Mappings"),
        ("/history", "Syncs"),
        ("/changes", "Changes"),
        ("/drift", "Drift"),
    ];
}

/// What an address asks for behind its question mark; what is not known is not looked at.
struct Asked(Vec<(String, String)>);

impl Asked {
    fn of(uri: &Uri) -> Self {
        Self(form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).into_owned().collect())
    }

    /// A text that is not empty.
    fn text(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }

    /// The same address with another value there.
    fn with(&self, name: &str, value: &str) -> String {
        let others = self.0.iter().filter(|(known, _)| known != name);
        let others = others.map(|(known, value)| (known.as_str(), value.as_str()));
        form_urlencoded::Serializer::new(String::from("?")).extend_pairs(others).append_pair(name, value).finish()
    }
}
