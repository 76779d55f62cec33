//! A caller that keeps connections open and asks again as soon as it was answered, counting and timing.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// What came of asking.
#[derive(Debug, Default)]
pub(crate) struct Load {
    /// How long each answer took, the shortest first.
    times: Vec<Duration>,
    took: Duration,
}

impl Load {
    /// Answers.
    pub(crate) fn count(&self) -> usize {
        self.times.len()
    }

    /// Answers in a second.
    pub(crate) fn per_second(&self) -> u64 {
        let micros = self.took.as_micros().max(1);
        u64::try_from(self.times.len() as u128 * 1_000_000 / micros).unwrap_or(u64::MAX)
    }

    /// So many of a hundred answers took at most this long.
    pub(crate) fn percentile(&self, percent: usize) -> Duration {
        let last = self.times.len().saturating_sub(1);
        self.times.get(last * percent / 100).copied().unwrap_or_default()
    }
}

/// Asks over `connections` for `how_long`; `request` makes the next request.
pub(crate) async fn load(
    address: SocketAddr,
    connections: usize,
    how_long: Duration,
    request: impl Fn(&mut Vec<u8>) + Send + Sync + 'static,
) -> Load {
    let (request, stop) = (Arc::new(request), Arc::new(AtomicBool::new(false)));
    let callers: Vec<_> =
        (0..connections).map(|_| tokio::spawn(caller(address, Arc::clone(&request), Arc::clone(&stop)))).collect();
    let started = Instant::now();
    tokio::time::sleep(how_long).await;
    stop.store(true, Ordering::Relaxed);
    let took = started.elapsed();
    let mut times = Vec::new();
    for caller in callers {
        times.extend(caller.await.expect("a caller ends"));
    }
    times.sort_unstable();
    Load { times, took }
}

async fn caller(address: SocketAddr, request: Arc<impl Fn(&mut Vec<u8>)>, stop: Arc<AtomicBool>) -> Vec<Duration> {
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    stream.set_nodelay(true).expect("no delay");
    let (mut times, mut out, mut answer) = (Vec::new(), Vec::new(), Vec::new());
    while !stop.load(Ordering::Relaxed) {
        out.clear();
        request(&mut out);
        let started = Instant::now();
        stream.write_all(&out).await.expect("it is sent");
        read_answer(&mut stream, &mut answer).await;
        times.push(started.elapsed());
    }
    times
}

/// One answer with a `content-length`, of a success.
async fn read_answer(stream: &mut TcpStream, answer: &mut Vec<u8>) {
    answer.clear();
    loop {
        assert_ne!(stream.read_buf(answer).await.expect("an answer"), 0, "the connection was closed");
        let Some(end) = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n") else { continue };
        let head = std::str::from_utf8(&answer[..end]).expect("ASCII");
        assert!(head.starts_with("HTTP/1.1 20"), "{head}");
        let length = head.split("\r\ncontent-length: ").nth(1).and_then(|rest| rest.split("\r\n").next());
        let length: usize = length.and_then(|length| length.parse().ok()).expect("a length");
        while answer.len() < end + 4 + length {
            assert_ne!(stream.read_buf(answer).await.expect("an answer"), 0, "the connection was closed");
        }
        return;
    }
}
