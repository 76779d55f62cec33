//! Real `cargo build`s of an application with the real catalog. They share one package and its target folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use crate::scratch::{Ran, binary, copy, files, repository};

/// One build at a time: the package is the same for all.
static PACKAGE: Mutex<()> = Mutex::new(());

/// An application outside of the workspace, whose dependencies stay compiled from one run of the tests to the next.
struct Application {
    folder: PathBuf,
    _only_one: MutexGuard<'static, ()>,
}

const MAIN: &str = r#"//! An application that names what it sells.

pub mod catalog {
    include!(concat!(env!("OUT_DIR"), "/catalog.rs"));
}

use catalog::{Feature, Plan, feature, plan};

fn main() {
    let plan = plan!("professional");
    assert_eq!(plan, Plan::Professional);
    assert!(plan.limit(feature!("api_access")).allows(1) && Feature::ALL.len() > 5);
    println!("{}", catalog::artifacts().catalog_hash);
}
"#;

impl Application {
    /// As after a checkout: the real catalog with what is generated from it. What was built before stays built.
    fn new() -> Self {
        let only_one = PACKAGE.lock().unwrap_or_else(PoisonError::into_inner);
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("application");
        for part in ["catalog", "generated", "src"] {
            let _ = fs::remove_dir_all(folder.join(part));
        }
        // What a run that was killed may have left.
        let _ = fs::remove_file(folder.join(".cargo_vcs_info.json"));
        let repository = repository();
        copy(&repository.join("catalog"), &folder.join("catalog"));
        copy(&repository.join("generated"), &folder.join("generated"));
        let application = Self { folder, _only_one: only_one };
        application.write("src/main.rs", MAIN);
        application.write("build.rs", &fs::read_to_string(repository.join("build.rs")).unwrap());
        application.write("Cargo.lock", &fs::read_to_string(repository.join("Cargo.lock")).unwrap());
        application.write("Cargo.toml", &manifest(&repository));
        assert_eq!(application.catalog(&["generate"]).code, 0);
        application
    }

    /// As [`Self::new`], built.
    fn built() -> Self {
        let application = Self::new();
        let ran = application.cargo(&["build"], &[]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        application
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        // An unchanged file keeps its time, so that cargo does not compile it again.
        if fs::read_to_string(&path).ok().as_deref() != Some(text) {
            fs::write(path, text).unwrap();
        }
    }

    fn edit(&self, path: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.folder.join(path)).unwrap();
        assert!(text.contains(from), "{path} holds no {from:?}");
        self.write(path, &text.replacen(from, to, 1));
    }

    fn catalog(&self, arguments: &[&str]) -> Ran {
        Ran::from(binary(arguments).current_dir(&self.folder).output().unwrap())
    }

    fn cargo(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Ran {
        let mut command = Command::new(env!("CARGO"));
        command.args(arguments).arg("--offline").current_dir(&self.folder).env_remove("PRICEBOOK_FROZEN");
        command.env("CARGO_TARGET_DIR", self.folder.join("target")).env("CARGO_TERM_COLOR", "never");
        command.envs(environment.iter().copied());
        Ran::from(command.output().unwrap())
    }

    fn generated(&self) -> Vec<(String, String)> {
        files(&self.folder.join("generated"))
    }

    fn stamps(&self) -> Vec<SystemTime> {
        let stamp = |path: &str| fs::metadata(self.folder.join("generated").join(path)).unwrap().modified().unwrap();
        self.generated().iter().map(|(path, _)| stamp(path)).collect()
    }
}

fn manifest(repository: &Path) -> String {
    let path = |crate_folder: &str| format!("{{ path = {:?} }}", repository.join(crate_folder));
    format!(
        "[package]\nname = \"application\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n\
         pricebook-macros = {}\npricebook-types = {}\n\n[build-dependencies]\npricebook-emit = {}\n",
        path("codegen/macros"),
        path("types"),
        path("codegen/emit")
    )
}

/// The lines that begin an error of rustc or cargo.
fn errors(stderr: &str) -> Vec<&str> {
    stderr.lines().filter(|line| line.starts_with("error")).collect()
}

#[test]
fn a_build_where_nothing_changed_runs_no_build_script_and_no_rustc() {
    let application = Application::built();
    let ran = application.cargo(&["build", "-v"], &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("Fresh application"), "{}", ran.stderr);
    assert!(!ran.stderr.contains("Running `") && !ran.stderr.contains("Compiling"), "{}", ran.stderr);
    assert_eq!(application.catalog(&["generate", "--check"]).code, 0);
}

#[test]
fn editing_one_price_and_building_rewrites_only_what_changed() {
    let application = Application::built();
    let (before, stamps) = (application.generated(), application.stamps());
    application.edit("catalog/addons.yaml", "monthly: 19.00", "monthly: 21.00");
    let ran = application.cargo(&["run", "--quiet"], &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let after = application.generated();
    for (((path, old), (_, new)), (then, now)) in before.iter().zip(&after).zip(stamps.iter().zip(application.stamps()))
    {
        assert_eq!(old == new, *then == now, "{path} was written exactly if it changed");
    }
    assert_ne!(before, after);
    assert_eq!(application.catalog(&["generate", "--check"]).code, 0);
    let manifest = &after.iter().find(|(path, _)| path == "manifest.json").unwrap().1;
    assert!(manifest.contains(ran.stdout.trim()), "the program and the artifacts are of one catalog");
}

#[test]
fn a_wrong_amount_shows_only_our_diagnostic_and_keeps_the_last_good_artifacts() {
    let application = Application::built();
    let before = application.generated();
    application.edit("catalog/plans.yaml", "amount: 79.00", "amount: -79.00");
    let ran = application.cargo(&["build"], &[]);
    assert_eq!(ran.code, 101);
    let errors = errors(&ran.stderr);
    assert_eq!(errors.len(), 2, "{}", ran.stderr);
    assert!(errors[0].contains("[negative-amount]"), "{}", ran.stderr);
    assert!(errors[1].starts_with("error: could not compile `application`"), "{}", ran.stderr);
    assert!(ran.stderr.contains("--> catalog/plans.yaml:"), "{}", ran.stderr);
    assert_eq!(application.generated(), before);

    let again = application.cargo(&["build"], &[]);
    assert_eq!(self::errors(&again.stderr), errors, "the items of the last good catalog survive two broken ones");
    application.edit("catalog/plans.yaml", "amount: -79.00", "amount: 79.00");
    assert_eq!(application.cargo(&["build"], &[]).code, 0);
}

#[test]
fn a_wrong_amount_below_the_macro_shows_only_our_diagnostic() {
    let application = Application::new();
    let module = "    include!(concat!(env!(\"OUT_DIR\"), \"/catalog.rs\"));";
    application.edit("src/main.rs", module, "    pricebook_macros::catalog!(\"catalog\");");
    fs::remove_file(application.folder.join("build.rs")).unwrap();
    let ran = application.cargo(&["build"], &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    application.edit("catalog/plans.yaml", "amount: 79.00", "amount: -79.00");
    for _ in 0..2 {
        let ran = application.cargo(&["build"], &[]);
        let errors = errors(&ran.stderr);
        assert_eq!(errors.len(), 2, "{}", ran.stderr);
        assert!(errors[0].contains("[negative-amount]"), "{}", ran.stderr);
        assert!(errors[1].starts_with("error: could not compile `application`"), "{}", ran.stderr);
    }
    application.edit("catalog/plans.yaml", "amount: -79.00", "amount: 79.00");
    let ran = application.cargo(&["run"], &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
}

#[test]
fn a_new_name_in_a_broken_catalog_shows_only_our_diagnostics_wherever_it_is_used() {
    let application = Application::built();
    let product = "  ultimate:\n    name: Ultimate Plan\n    features: { api_acess: true }\n\n  professional:\n";
    application.edit("catalog/plans.yaml", "  professional:\n", product);
    application.edit("src/main.rs", "plan!(\"professional\")", "{ let _ = Plan::Ultimate; plan!(\"ultimate\") }");
    let ran = application.cargo(&["build"], &[]);
    assert_eq!(ran.code, 101);
    let errors = errors(&ran.stderr);
    assert_eq!(
        errors,
        ["error: failed to run custom build command for `application v0.0.0 (FOLDER)`"
            .replace("FOLDER", &application.folder.display().to_string(),)],
        "{}",
        ran.stderr
    );
    for code in ["error[unknown-feature]", "error[price-required]"] {
        assert!(ran.stderr.contains(code), "{}", ran.stderr);
    }
    assert!(!ran.stderr.contains("cargo::") && !ran.stderr.contains("main.rs"), "{}", ran.stderr);
}

#[test]
fn a_new_id_is_warned_of_until_it_is_recorded() {
    let application = Application::built();
    application.edit(
        "catalog/addons.yaml",
        "  automation_plus:\n",
        "  extra:\n    name: Extra\n    prices: { monthly: 9.00, yearly: 90.00 }\n\n  automation_plus:\n",
    );
    let ran = application.cargo(&["build"], &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let warning = "addon/extra, price/addon_extra_monthly, price/addon_extra_yearly could vanish unseen";
    assert!(ran.stderr.contains(warning) && ran.stderr.contains("`cargo catalog record`"), "{}", ran.stderr);
    assert_eq!(application.catalog(&["record"]).code, 0);
    let ran = application.cargo(&["build"], &[]);
    assert!(ran.code == 0 && !ran.stderr.contains("could vanish"), "{}", ran.stderr);
}

#[test]
fn a_frozen_build_writes_nothing_and_fails_on_a_difference() {
    let application = Application::built();
    application.edit("generated/docs/price-list.md", "Starter Plan", "Beginner Plan");
    let before = application.generated();
    let ran = application.cargo(&["build"], &[("PRICEBOOK_FROZEN", "1")]);
    assert_eq!(ran.code, 101);
    for part in ["error[stale-artifact]: generated/docs/price-list.md", "-| Beginner Plan", "+| Starter Plan"] {
        assert!(ran.stderr.contains(part), "no {part:?} in:\n{}", ran.stderr);
    }
    assert_eq!(application.generated(), before);
    assert_eq!(application.catalog(&["generate"]).code, 0);
    let ran = application.cargo(&["build"], &[("PRICEBOOK_FROZEN", "1")]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
}

#[test]
fn as_somebodys_dependency_nothing_is_written_to_the_package() {
    let application = Application::built();
    application.edit("catalog/addons.yaml", "monthly: 19.00", "monthly: 21.00");
    application.write(".cargo_vcs_info.json", "{}\n");
    let before = application.generated();
    let ran = application.cargo(&["build"], &[]);
    let frozen = application.cargo(&["build"], &[("PRICEBOOK_FROZEN", "1")]);
    fs::remove_file(application.folder.join(".cargo_vcs_info.json")).unwrap();
    assert_eq!((ran.code, frozen.code), (0, 0), "{}\n{}", ran.stderr, frozen.stderr);
    assert!(ran.stderr.contains("warning: ") && ran.stderr.contains("cargo catalog generate"), "{}", ran.stderr);
    assert_eq!(application.generated(), before);
}
