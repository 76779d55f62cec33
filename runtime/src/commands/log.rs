//! Log lines on standard error, as the settings say.

use std::io::IsTerminal;
use std::str::FromStr;

use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, fmt, registry};

use crate::config::{LogFormat, Settings};

/// From now on log lines are written. In a process that has its own log already, they go there.
pub(super) fn start(settings: &Settings) {
    let filter = Targets::from_str(&settings.log).unwrap_or_default();
    let lines = fmt::layer().with_writer(std::io::stderr);
    let lines = match settings.log_format {
        LogFormat::Text => lines.with_ansi(std::io::stderr().is_terminal()).boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    // Who started a log before us keeps it.
    let _ = registry().with(lines.with_filter(filter)).try_init();
}
