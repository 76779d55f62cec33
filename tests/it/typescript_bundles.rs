//! What a bundler keeps of the npm package: what is used, and nothing else.

use crate::typescript::{Installed, small};

#[test]
fn a_configuration_with_announced_changes_is_left_out_of_bundles_that_do_not_use_it() {
    let installed = Installed::new(&small());
    let unused = installed.bundle("import { plans } from '@acme/catalog/config/plans.config'; console.log('none');");
    let code: Vec<_> = unused.lines().filter(|line| !line.starts_with("//")).collect();
    assert_eq!(code, ["console.log(\"none\");"]);
}

#[test]
fn a_bundle_holds_only_what_was_imported() {
    let installed = Installed::new(&small());
    let hash = installed.bundle("import { CATALOG_HASH } from '@acme/catalog'; console.log(CATALOG_HASH);");
    assert!(hash.contains("CATALOG_HASH"), "{hash}");
    assert!(hash.lines().count() < 10, "{hash}");
    let plans = installed.bundle("import { plans } from '@acme/catalog'; console.log(plans);");
    assert!(plans.contains("metered-plan"), "{plans}");
    for other in ["DROP TABLE", "free-card", "account", "Contacts"] {
        assert!(!plans.contains(other), "{other} is in {plans}");
    }
    let nothing = installed.bundle("import '@acme/catalog';");
    assert_eq!(nothing.trim(), "");
}
