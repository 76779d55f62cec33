//! The workshop's application: the commands and the server of pricebook, on its own catalog.

fn main() -> std::process::ExitCode {
    pricebook::run(adopter::catalog::artifacts())
}
