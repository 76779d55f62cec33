//! `catalog/` to generated Rust and `generated/`.

fn main() -> std::process::ExitCode {
    pricebook_emit::Build::catalog().run()
}
