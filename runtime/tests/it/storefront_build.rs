//! Building the storefront, with a stand-in for npm that writes down what it is asked for.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use pricebook::StorefrontSources;
use pricebook::http::{BuildStep, NotBuilt};
use tempfile::TempDir;

const NPM: &str = r#"#!/bin/sh
echo "$*" >> ../asked
if [ -e ../fails ]; then echo 'the words of npm'; exit 1; fi
case $1 in
  ci) mkdir -p node_modules && touch node_modules/.package-lock.json ;;
  run) rm -rf dist && mkdir dist && cp index.html dist/ ;;
esac
"#;

struct Checkout(TempDir);

impl Checkout {
    fn new() -> Self {
        let checkout = Self(tempfile::tempdir().expect("a folder"));
        checkout.write("frontend/src/page.ts", "1");
        checkout.write("frontend/index.html", "<p>");
        checkout.write("frontend/package-lock.json", "{}");
        checkout.write("npm", NPM);
        fs::set_permissions(checkout.path("npm"), fs::Permissions::from_mode(0o755)).expect("it can be run");
        checkout
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("it is made");
        fs::write(path, text).expect("it is written");
    }

    fn build_with(&self, npm: &OsStr) -> Result<Vec<BuildStep>, NotBuilt> {
        let checkout = self.0.path().to_str().expect("UTF-8");
        let inputs = &["frontend/src", "frontend/index.html", "frontend/package-lock.json"];
        let mut steps = Vec::new();
        let sources = StorefrontSources { checkout, package: "frontend", inputs };
        sources.build(npm, &mut |step| steps.push(step)).map(|()| steps)
    }

    /// The steps of one build.
    fn build(&self) -> Result<Vec<BuildStep>, NotBuilt> {
        self.build_with(self.path("npm").as_os_str())
    }

    /// What npm was asked for so far.
    fn asked(&self) -> String {
        fs::read_to_string(self.path("asked")).unwrap_or_default()
    }
}

#[test]
fn it_is_built_once_and_again_only_after_a_change() {
    let checkout = Checkout::new();
    assert_eq!(checkout.build().expect("it is built"), [BuildStep::Install, BuildStep::Build]);
    assert_eq!(checkout.build().expect("it is there"), []);
    for (path, text) in [("frontend/src/page.ts", "2"), ("frontend/src/new.ts", ""), ("frontend/index.html", "<h1>")] {
        checkout.write(path, text);
        assert_eq!(checkout.build().expect("it is built"), [BuildStep::Build], "{path}");
        assert_eq!(checkout.build().expect("it is there"), [], "{path}");
    }
    fs::rename(checkout.path("frontend/src/new.ts"), checkout.path("frontend/src/other.ts")).expect("it is renamed");
    assert_eq!(checkout.build().expect("it is built"), [BuildStep::Build], "names count too");
    checkout.write("frontend/src/.swap", "what an editor leaves");
    checkout.write("frontend/notes.md", "no input");
    assert_eq!(checkout.build().expect("it is there"), []);
    fs::remove_dir_all(checkout.path("frontend/dist")).expect("it is removed");
    assert_eq!(checkout.build().expect("it is built"), [BuildStep::Build]);
    assert!(checkout.asked().starts_with("ci --no-audit --no-fund\nrun build\nrun build\n"), "{}", checkout.asked());
}

#[test]
fn other_packages_are_installed_before_it_is_built() {
    let checkout = Checkout::new();
    checkout.build().expect("it is built");
    checkout.write("frontend/package-lock.json", "{ }");
    let long_ago = std::time::SystemTime::UNIX_EPOCH;
    let installed = fs::File::options().append(true).open(checkout.path("frontend/node_modules/.package-lock.json"));
    installed.expect("it is there").set_modified(long_ago).expect("it is older");
    assert_eq!(checkout.build().expect("it is built"), [BuildStep::Install, BuildStep::Build]);
}

#[test]
fn a_build_that_fails_says_why_and_is_tried_again() {
    let checkout = Checkout::new();
    checkout.build().expect("it is built");
    checkout.write("frontend/src/page.ts", "no TypeScript");
    checkout.write("fails", "");
    for _ in 0..2 {
        let told = checkout.build().expect_err("npm fails").to_string();
        assert_eq!(told, "`npm run build` in frontend/ failed:\nthe words of npm");
    }
    fs::remove_file(checkout.path("fails")).expect("it is removed");
    assert_eq!(checkout.build().expect("it is built"), [BuildStep::Build]);
}

#[test]
fn without_npm_it_is_told_what_to_install() {
    let checkout = Checkout::new();
    let told = checkout.build_with(OsStr::new("/nowhere/npm")).expect_err("there is no npm");
    assert!(matches!(told, NotBuilt::NoNpm) && told.to_string().contains("Node.js"), "{told}");
    fs::remove_file(checkout.path("frontend/index.html")).expect("it is removed");
    let told = checkout.build().expect_err("an input is missing").to_string();
    assert!(told.contains("frontend/index.html"), "{told}");
}
