//! Production is written when somebody at a terminal types its name, and by nothing else.

use std::io::{Read as _, Write as _};
use std::process::{Command, Stdio};

use crate::terminal::Terminal;

/// Answers the question of a sync of production; the exit code, and what was said on standard error.
fn sync_and_answer(folder: &std::path::Path, answer: &str) -> (Option<i32>, String) {
    let mut terminal = Terminal::new();
    let mut command = Command::new(env!("CARGO_BIN_EXE_pricebook"));
    command
        .args(["services", "sync", "production", "--no-validate", "--database", "sqlite:shop.db"])
        .current_dir(folder);
    let mut child =
        command.stdin(terminal.theirs()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("it starts");
    let mut error = child.stderr.take().expect("its errors");
    let mut told = Vec::new();
    while !told.ends_with(b": ") {
        let mut byte = [0];
        assert_ne!(error.read(&mut byte).expect("a byte"), 0, "{}", String::from_utf8_lossy(&told));
        told.extend(byte);
    }
    terminal.ours.write_all(format!("{answer}\n").as_bytes()).expect("it is typed");
    error.read_to_end(&mut told).expect("the rest");
    (child.wait().expect("it ends").code(), String::from_utf8(told).expect("UTF-8"))
}

#[test]
fn production_is_written_when_somebody_types_its_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pricebook"));
        let output = command.args(arguments).args(["--database", "sqlite:shop.db"]).current_dir(folder.path()).output();
        output.expect("it runs").status.code()
    };
    assert_eq!(run(&["migrate", "up", "production"]), Some(1), "nobody confirmed it");
    assert!(!folder.path().join("shop.db").exists());
    assert_eq!(run(&["migrate", "up", "production", "--yes"]), Some(0));
    for refusal in ["", "yes", "y", "staging", "Production"] {
        let (code, told) = sync_and_answer(folder.path(), refusal);
        assert!(told.contains("Type production to write this to "), "{told}");
        assert!(told.contains("production was not confirmed; nothing was written"), "{told}");
        assert_eq!(code, Some(1), "{refusal}: {told}");
    }
    assert_eq!(run(&["services", "verify", "production"]), Some(1), "something was written");
    let (code, told) = sync_and_answer(folder.path(), "production");
    assert_eq!(code, Some(0), "{told}");
    assert_eq!(run(&["services", "verify", "production"]), Some(0));
}
