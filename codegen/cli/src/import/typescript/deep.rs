//! Modules that nest deeper than the stack holds: the parser and all that walks its tree call themselves for each level.

use std::thread;

/// Brackets within brackets; services need about six.
const MOST_BRACKETS: usize = 256;

/// What nests without brackets, as `!!!a` and `a ? b : c ? d : e`, is bound by the length of the text alone.
const MOST_BYTES: usize = 512 * 1024;

/// Enough for a text of [`MOST_BYTES`] that does nothing but nest.
const STACK_BYTES: usize = 1024 * 1024 * 1024;

/// The first byte that is too deep or too far, and why. Brackets in texts and comments count too, as they are even.
pub(super) fn too_much(text: &str) -> Option<(usize, String)> {
    if text.len() > MOST_BYTES {
        let why = format!("a module can have {} KiB here; split it, and import each part apart", MOST_BYTES / 1024);
        return Some((text.floor_char_boundary(MOST_BYTES), why));
    }
    let mut open = 0_usize;
    let at = text.bytes().position(|byte| {
        match byte {
            b'(' | b'[' | b'{' => open += 1,
            b')' | b']' | b'}' => open = open.saturating_sub(1),
            _ => {}
        }
        open > MOST_BRACKETS
    });
    at.map(|at| (at, format!("more than {MOST_BRACKETS} brackets within brackets")))
}

/// Runs it where the stack holds what [`too_much`] lets pass; `None` where the system gives no such stack.
pub(super) fn with_large_stack<T: Send>(run: impl FnOnce() -> T + Send) -> Option<T> {
    thread::scope(|scope| {
        let running = thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, run).ok()?;
        Some(running.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    })
}
