//! The beginning of an answer, after which the connection breaks.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Bytes;
use hyper::body::{Body, Frame};
use tokio::time::{Sleep, sleep};

/// So that the beginning has left before the connection breaks.
const PAUSE: Duration = Duration::from_millis(20);

/// Half of a body.
pub(super) struct Half {
    beginning: Option<Bytes>,
    pause: Pin<Box<Sleep>>,
}

impl Half {
    pub(super) fn of(whole: &str) -> Self {
        let beginning = whole.as_bytes().get(..whole.len() / 2).unwrap_or_default();
        Self { beginning: Some(Bytes::copy_from_slice(beginning)), pause: Box::pin(sleep(PAUSE)) }
    }
}

impl Body for Half {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if let Some(beginning) = self.beginning.take() {
            return Poll::Ready(Some(Ok(Frame::data(beginning))));
        }
        let broken = || Some(Err(io::Error::other("the connection is broken on demand")));
        self.pause.as_mut().poll(context).map(|()| broken())
    }
}
