//! The run without a command, which goes on to serve where somebody sits at a terminal.

use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use crate::place::Place;
use crate::serve::{Server, command};
use crate::terminal::Terminal;

#[test]
fn the_run_without_a_command_goes_on_to_serve_when_asked_to() {
    let place = Place::new();
    let server = Server::started(command(&place, &["--serve"], &[]));
    assert_eq!(server.call("GET", "/ready", "").1["data"]["synced"], true, "the main job was done before");
    assert!(server.stop());
    let both = place.failure(&["--serve", "prices"]);
    assert!(both.contains("--serve and --no-serve are for the run without a command"), "{both}");
    place.failure(&["--serve", "--no-serve"]);
    place.failure(&["--serve", "--dry-run"]);
}

#[test]
fn on_a_terminal_it_goes_on_to_serve_by_itself_and_elsewhere_it_ends() {
    let place = Place::new();
    place.out(&[]);
    let on_a_terminal = |arguments: &[&str]| {
        let terminal = Terminal::new();
        let child = command(&place, arguments, &[]).stdout(terminal.theirs()).spawn().expect("the program starts");
        (child, BufReader::new(terminal.ours))
    };
    let (mut child, mut out) = on_a_terminal(&[]);
    let mut told = String::new();
    while !told.contains("Stop it with Ctrl-C.") {
        assert_ne!(out.read_line(&mut told).expect("a line"), 0, "{told}");
    }
    assert!(told.contains("1495.00 USD") && told.contains("/services"), "{told}");
    let kill = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(kill.expect("kill runs").success() && child.wait().expect("it ends").success());

    for arguments in [&["--no-serve"][..], &["--json"], &["--dry-run"]] {
        let (mut child, mut out) = on_a_terminal(arguments);
        let mut told = String::new();
        // A terminal that nobody writes to any more says so by an error.
        while out.read_line(&mut told).is_ok_and(|length| length > 0) {}
        assert!(child.wait().expect("it ends").success() && !told.contains("Ctrl-C"), "{told}");
    }
}

#[test]
fn a_program_that_runs_elsewhere_builds_no_storefront_and_tells_where_it_is() {
    let place = Place::new();
    let asked = place.folder.path().join("npm-was-asked");
    let npm = place.folder.path().join("npm");
    std::fs::write(&npm, format!("#!/bin/sh\ntouch {}\n", asked.display())).expect("it is written");
    std::fs::set_permissions(&npm, std::fs::Permissions::from_mode(0o755)).expect("it can be run");
    let path = format!("{}:{}", place.folder.path().display(), std::env::var("PATH").expect("a path"));
    let mut started = command(&place, &["--serve"], &[("PATH", &path)]);
    let mut child = started.spawn().expect("the program starts");
    let mut out = BufReader::new(child.stdout.take().expect("its output"));
    let mut told = String::new();
    while !told.contains("Stop it with Ctrl-C.") {
        assert_ne!(out.read_line(&mut told).expect("a line"), 0, "{told}");
    }
    child.kill().and_then(|()| child.wait()).expect("it ends");
    assert!(told.contains("/  (storefront") && told.contains("/payment\n"), "{told}");
    assert!(!told.contains("storefront: ") && !asked.exists(), "it was built: {told}");
}
