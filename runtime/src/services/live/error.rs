//! Every way in which a live API can fail to give a usable answer, in words that say what to do.

use std::time::Duration;

use reqwest::StatusCode;

/// Why a live API gave no usable answer.
#[derive(Debug, thiserror::Error)]
pub enum LiveError {
    /// No client can be made.
    #[error("no HTTPS client can be made: {0}")]
    Client(String),
    /// Nobody is there, or not over TLS.
    #[error("{url} cannot be reached: {cause}")]
    Unreachable {
        /// What was asked.
        url: String,
        /// Why.
        cause: String,
    },
    /// It takes too long.
    #[error("{url} gave no answer within {secs} seconds")]
    TooSlow {
        /// What was asked.
        url: String,
        /// How long was waited.
        secs: u64,
    },
    /// It says more than it may.
    #[error("{url} answered more than {most_bytes} bytes")]
    TooLong {
        /// What was asked.
        url: String,
        /// How much was read.
        most_bytes: usize,
    },
    /// It sends us elsewhere.
    #[error("{url} answered {status} and sends to {to}")]
    Redirect {
        /// What was asked.
        url: String,
        /// The HTTP status.
        status: u16,
        /// Where to.
        to: String,
    },
    /// It reads no list anew for us now, and what it has kept may be old.
    #[error("{url} answered 429 Too Many Requests: what is served now cannot be seen")]
    Limited {
        /// What was asked.
        url: String,
        /// For how long, where it says that.
        wait: Option<Duration>,
    },
    /// It answers with something else than 200.
    #[error("{url} answered {status}")]
    Status {
        /// What was asked.
        url: String,
        /// The HTTP status.
        status: StatusCode,
    },
    /// The answer is not what a list of products looks like.
    #[error("Invalid API response")]
    Invalid {
        /// What was asked.
        url: String,
        /// What is wrong with it.
        problem: String,
    },
}

impl LiveError {
    /// What to do about it.
    pub fn help(&self) -> String {
        match self {
            Self::Client(_) => "see that the system's certificates can be read".to_owned(),
            Self::Unreachable { .. } => {
                "see that the server runs there, and that its name and certificate are right".to_owned()
            }
            Self::TooSlow { .. } => "see why it is slow, or wait longer: --timeout, live_check_timeout_secs".to_owned(),
            Self::TooLong { .. } => "see what answers there: no list of products is that long".to_owned(),
            Self::Redirect { .. } => "name the address that answers as live_url of the environment".to_owned(),
            Self::Limited { wait: Some(wait), .. } => format!("look again in {} s", wait.as_secs()),
            Self::Limited { wait: None, .. } => "look again in a minute".to_owned(),
            Self::Status { status, .. } if status.is_server_error() => {
                "see the log of the server that answers there".to_owned()
            }
            Self::Status { .. } => "see that live_url is the address of the API, without /services".to_owned(),
            Self::Invalid { url, problem } => format!("{url}: {problem}"),
        }
    }

    /// Whether it may be gone at the next try.
    pub(super) fn may_pass(&self) -> bool {
        match self {
            Self::Unreachable { .. } | Self::TooSlow { .. } | Self::Limited { .. } => true,
            Self::Status { status, .. } => status.is_server_error(),
            _ => false,
        }
    }

    /// How long to wait before the next try, where the API says that.
    pub(super) fn wait(&self) -> Option<Duration> {
        if let Self::Limited { wait, .. } = self { *wait } else { None }
    }

    /// Whether the API answers, and would not show what it serves now.
    pub fn is_limited(&self) -> bool {
        matches!(self, Self::Limited { .. })
    }
}
