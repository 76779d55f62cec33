//! Telling systemd how far the server has come (`Type=notify`): a deployment waits for it, and takes back what never comes so far.

use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram};

/// Where systemd listens; not set where nobody does.
const SOCKET: &str = "NOTIFY_SOCKET";

/// How far the server has come.
#[derive(Clone, Copy, Debug)]
pub(super) enum State {
    /// It answers.
    Ready,
    /// It ends.
    Stopping,
}

/// Says so to whoever started this process and waits for it. Where that fails, whoever waits finds out.
pub(super) fn tell(state: State) {
    if let Err(cause) = send(state) {
        tracing::warn!(error = %cause, "systemd could not be told how far the server has come");
    }
}

fn send(state: State) -> io::Result<()> {
    let Some(socket) = std::env::var_os(SOCKET).filter(|socket| !socket.is_empty()) else { return Ok(()) };
    let text: &[u8] = match state {
        State::Ready => b"READY=1",
        State::Stopping => b"STOPPING=1",
    };
    let to = match socket.as_bytes() {
        #[cfg(target_os = "linux")]
        [b'@', name @ ..] => <SocketAddr as std::os::linux::net::SocketAddrExt>::from_abstract_name(name)?,
        _ => SocketAddr::from_pathname(&socket)?,
    };
    UnixDatagram::unbound()?.send_to_addr(text, &to).map(drop)
}
