//! `pricebook sandbox`: the local Stripe alone, until it is told to stop.

use std::ffi::OsString;
use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;

use crate::{Options, start};

/// What it is, in a line.
pub const ABOUT: &str = "Run a local Stripe, to try things out without an account and without money";

/// Where programs look for a local Stripe.
const USUAL_PORT: u16 = 12_111;

#[derive(Parser)]
#[command(
    name = "pricebook sandbox",
    bin_name = "pricebook sandbox",
    about = ABOUT,
    after_help = "It takes every key that begins with sk_test_. Its own control (clock, faults, what was asked) is below \
                  /_sandbox/: see docs/SANDBOX.md."
)]
struct Arguments {
    /// Where it listens; port 0 is a free one
    #[arg(long, default_value_t = SocketAddr::from((Ipv4Addr::LOCALHOST, USUAL_PORT)))]
    address: SocketAddr,
    /// Keep the account in this file
    #[arg(long, value_name = "FILE")]
    keep: Option<PathBuf>,
    /// Take this secret key only
    #[arg(long)]
    key: Option<String>,
    /// Answer so many requests a second at most; Stripe's own sandboxes allow 25
    #[arg(long, value_name = "NUMBER")]
    requests_per_sec: Option<u32>,
    /// Let each answer take so long at least
    #[arg(long, value_name = "MILLISECONDS", default_value_t = 0)]
    latency_millis: u64,
}

/// Runs with arguments of which the first is the program's name, and returns the exit code: 0 is done, 1 is failed, 2 is
/// wrong usage.
pub fn run(arguments: &[OsString]) -> u8 {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(told) => {
            // Where nobody reads it, there is nobody to tell.
            let _ = told.print();
            return u8::try_from(told.exit_code()).unwrap_or(2);
        }
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    match runtime.and_then(|runtime| runtime.block_on(serve(arguments))) {
        Ok(()) => 0,
        Err(cause) => {
            let _ = writeln!(std::io::stderr(), "error: the local Stripe cannot be run: {cause}");
            1
        }
    }
}

async fn serve(arguments: Arguments) -> std::io::Result<()> {
    let Arguments { address, keep, key, requests_per_sec, latency_millis } = arguments;
    let latency = Duration::from_millis(latency_millis);
    let options = Options { address, key, file: keep, requests_per_sec, latency, ..Options::default() };
    let stripe = start(options).await?;
    let url = stripe.url();
    let told = format!(
        "A local Stripe answers at {url}\nFill it: stripe fixtures generated/stripe/fixtures.json --api-base {url}\n"
    );
    // Whoever reads no further, as `head` does, still wants it to answer.
    let _ = std::io::stdout().write_all(told.as_bytes());
    told_to_stop().await?;
    stripe.stop().await;
    Ok(())
}

#[cfg(unix)]
async fn told_to_stop() -> std::io::Result<()> {
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted,
        _ = terminate.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn told_to_stop() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}
