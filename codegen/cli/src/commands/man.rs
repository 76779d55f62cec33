//! `cargo catalog man`: the manual page, with a section for each command.

use std::io::Write;

use clap::CommandFactory;
use clap_mangen::Man;

use crate::args::Cli;
use crate::outcome::{Ended, Outcome};

pub(super) fn run() -> Ended {
    let mut command = Cli::command();
    command.build();
    let mut page = Vec::new();
    // Without the list of commands, which names a page for each of them: they are all in this one.
    let whole = Man::new(command.clone());
    whole.render_title(&mut page)?;
    whole.render_name_section(&mut page)?;
    whole.render_synopsis_section(&mut page)?;
    whole.render_description_section(&mut page)?;
    whole.render_options_section(&mut page)?;
    whole.render_extra_section(&mut page)?;
    for subcommand in command.get_subcommands().filter(|subcommand| subcommand.get_name() != "help") {
        let man = Man::new(subcommand.clone());
        writeln!(page, ".SH \"CARGO CATALOG {}\"", subcommand.get_name().to_uppercase())?;
        man.render_description_section(&mut page)?;
        man.render_options_section(&mut page)?;
        man.render_extra_section(&mut page)?;
    }
    std::io::stdout().lock().write_all(&page)?;
    Ok(Outcome::Clean)
}
