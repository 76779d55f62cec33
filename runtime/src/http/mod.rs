//! The server: routes, what stands before them, and the listener.

mod api;
mod app;
mod auth;
mod body;
mod browser;
mod cors;
mod edge;
mod error;
mod etag;
mod front;
mod limits;
mod listen;
mod lists;
mod live;
mod metrics;
mod openapi;
mod pages;
mod prune;
mod request_id;
mod router;
mod seal;
mod storefront;
mod ticks;
mod under_way;
mod watch;

pub use app::{App, AppError, Parts};
pub use error::ApiError;
pub use front::{AnswerBody, Answering, Front};
pub use listen::{Listening, serve};
pub use live::watch_live;
pub use openapi::openapi;
pub use prune::watch_old_rows;
pub use router::{router, routes};
pub use seal::watch_audit;
pub use storefront::{BuildStep, NotBuilt, Storefront, StorefrontFile, StorefrontSources};
pub use watch::watch;
