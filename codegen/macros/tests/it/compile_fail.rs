//! Mistakes that rustc finds: each case is a source and the errors that it must give.

use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn mistakes_are_compile_errors_at_their_place() {
    for folder in ["shop/catalog", "broken/catalog"] {
        copy_for_the_cases(folder);
    }
    trybuild::TestCases::new().compile_fail("tests/compile_fail/*.rs");
}

/// The cases are compiled in a package that trybuild makes, to which the folder of `catalog!` is relative.
fn copy_for_the_cases(folder: &str) {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("a folder in the target folder");
    let package = target.join("tests/trybuild").join(env!("CARGO_PKG_NAME"));
    let source = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests").join(folder);
    fs::create_dir_all(package.join(folder)).expect("the target folder can be written");
    for entry in fs::read_dir(source).expect("the catalog can be read") {
        let path = entry.expect("the catalog can be read").path();
        fs::copy(&path, package.join(folder).join(path.file_name().expect("a file"))).expect("a file can be copied");
    }
}
