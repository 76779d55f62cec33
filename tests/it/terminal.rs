//! A terminal for programs that look whether somebody sits before them.

use std::fs::File;
use std::process::Stdio;

use rustix::pty::{OpenptFlags, openpt, ptsname, unlockpt};

/// Our end of it, and the name by which programs open theirs.
pub(crate) struct Terminal {
    pub(crate) ours: File,
    name: String,
}

impl Terminal {
    pub(crate) fn new() -> Self {
        let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
        unlockpt(&terminal).expect("it can be opened");
        let name = ptsname(&terminal, Vec::new()).expect("its name").to_str().expect("a path").to_owned();
        Self { ours: File::from(terminal), name }
    }

    /// The program's end. The terminal is at its end when nobody but us has one open.
    pub(crate) fn theirs(&self) -> Stdio {
        File::options().read(true).write(true).open(&self.name).expect("it opens").into()
    }
}
