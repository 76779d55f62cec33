//! `pricebook.toml`: the settings that this company's servers share.

use pricebook::alerts::alert_title;
use pricebook::config::Settings;
use pricebook_app::catalog;

use crate::project::root;

#[test]
fn alerts_go_to_whom_the_document_names() {
    let file = root().join("pricebook.toml");
    let variables = [("PRICEBOOK_SETTINGS".to_owned(), file.display().to_string())];
    let settings = Settings::read(variables, &["production", "staging"]).expect("settings");
    assert_eq!(settings.alerts.mail_to, ["admin@stratiqx.ai"]);
    assert_eq!(settings.alerts.subject, None, "the catalog's title says it");
    assert_eq!(alert_title(catalog::artifacts()), "StratIQX Sync Alert");
}
