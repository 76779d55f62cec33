//! `audit`: the chain of the audit log, sealed and verified.

use clap::{Args, Subcommand};

use super::failure::unless_unread;
use super::services::ready;
use super::target::{Choice, Target};
use super::{Context, Failure, show};
use crate::audit::{Chain, Held, SealError, Sealed, seal, verify};

/// The chain is broken.
const BROKEN: u8 = 1;

#[derive(Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// See that no sealed row was changed or taken out; writes nothing (exit code 1: one was)
    Verify(Verify),
    /// Seal what is not sealed yet, where no server does it
    Seal(Choice),
}

#[derive(Args)]
struct Verify {
    #[command(flatten)]
    target: Choice,
    /// What was written down of the chain elsewhere: the number of a row and its hash, as `audit verify`, `audit seal` and the server's log tell them
    #[arg(long, value_name = "NUMBER:HASH", value_parser = held)]
    holds: Vec<Held>,
}

fn held(text: &str) -> Result<Held, &'static str> {
    let is_hash = |hash: &&str| hash.len() == 64 && hash.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let parsed = text.split_once(':').and_then(|(number, hash)| {
        let number = number.parse().ok().filter(|number| *number > 0)?;
        Some(Held { number, hash: Some(hash).filter(is_hash)?.to_owned() })
    });
    parsed.ok_or("not a number from 1 and 64 digits of a hash, as 12:5ab0…")
}

pub(super) async fn run(context: Context<'_>, arguments: &Arguments) -> Result<u8, Failure> {
    match &arguments.command {
        Command::Verify(arguments) => verified(context, arguments).await,
        Command::Seal(chosen) => sealed(context, chosen).await,
    }
}

async fn verified(context: Context<'_>, arguments: &Verify) -> Result<u8, Failure> {
    let target = Target::of_server(&context, &arguments.target)?;
    let database = ready::open_read_only(&context, &target).await?;
    let chain = verify(&mut database.session().await?, &arguments.holds).await;
    database.close().await;
    let chain = chain.map_err(|cause| target.failed("read", cause))?;
    unless_unread(match context.json {
        true => show::json(context.out, &chain).map_err(Failure::from),
        false => print(context, &target, &chain),
    })?;
    Ok(if chain.broken.is_some() { BROKEN } else { 0 })
}

fn print(context: Context<'_>, target: &Target, chain: &Chain) -> Result<(), Failure> {
    let Context { paint, out, .. } = context;
    let Chain { first_number, last_number, last_hash, unsealed, broken } = chain;
    writeln!(out, "{}", paint.bold(&target.database.to_string()))?;
    match (broken, *last_number) {
        (Some(broken), 0) => writeln!(out, "  broken: {broken}")?,
        (Some(broken), last) => writeln!(out, "  broken: {broken}; whole from {first_number} to {last}")?,
        (None, 0) => writeln!(out, "  nothing is sealed yet")?,
        (None, last) => writeln!(out, "  whole from {first_number} to {last}, whose hash is {last_hash}")?,
    }
    if *unsealed > 0 {
        writeln!(out, "  not sealed yet: {}", show::counted(usize::try_from(*unsealed).unwrap_or(usize::MAX), "row"))?;
    }
    Ok(())
}

async fn sealed(mut context: Context<'_>, chosen: &Choice) -> Result<u8, Failure> {
    if context.dry_run {
        return Err(Failure::Usage("what is sealed is kept; run `audit seal` without --dry-run".to_owned()));
    }
    let target = Target::of_server(&context, chosen)?;
    let database = ready::open(&context, &target).await?;
    let mut session = database.session().await?;
    let (mut rows, mut last) = (0, None);
    let ended = loop {
        match seal(&mut session).await {
            Ok(Some(sealed)) => {
                rows += sealed.rows;
                last = Some(sealed);
            }
            Ok(None) | Err(SealError::Another) => break Ok(()),
            Err(SealError::Database(cause)) => break Err(target.failed("seal", cause)),
        }
    };
    drop(session);
    database.close().await;
    ended?;
    let sealed = last.map(|last| Sealed { rows, ..last });
    let told = match (context.json, &sealed) {
        (true, sealed) => show::json(context.out, sealed),
        (false, None) => writeln!(context.out, "nothing was to be sealed"),
        (false, Some(Sealed { last_number, last_hash, .. })) => {
            let rows = show::counted(usize::try_from(rows).unwrap_or(usize::MAX), "row");
            writeln!(context.out, "sealed: {rows}, to {last_number}, whose hash is {last_hash}")
        }
    };
    context.told("the rows are sealed", told);
    Ok(0)
}
