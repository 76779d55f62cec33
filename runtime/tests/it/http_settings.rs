//! Settings: from the environment and a file, each checked by its name before the server starts.

use std::fs;
use std::time::Duration;

use pricebook::config::{LogFormat, SETTINGS, SettingErrors, Settings};

fn read(variables: &[(&str, &str)]) -> Result<Settings, SettingErrors> {
    let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Settings::read(variables, &["production", "staging"])
}

fn problem(name: &str, value: &str) -> String {
    read(&[(name, value)]).expect_err("a wrong setting").to_string()
}

#[test]
fn without_any_the_defaults_hold() {
    let settings = read(&[]).expect("the defaults");
    assert_eq!(settings.environment, "development");
    assert_eq!(settings.listen.to_string(), "127.0.0.1:3000");
    assert_eq!(settings.cache, Duration::from_secs(300));
    assert_eq!(settings.log_format, LogFormat::Text);
    assert_eq!(settings.metrics_token, None);
    let names: Vec<_> = SETTINGS.iter().map(|setting| setting.variable()).collect();
    assert!(names.contains(&"PRICEBOOK_LISTEN".to_owned()));
}

#[test]
fn an_unknown_setting_is_named_with_the_one_that_was_meant() {
    assert_eq!(
        problem("PRICEBOOK_LISTN", "x"),
        "PRICEBOOK_LISTN (in the environment): there is no such setting; is listen meant?"
    );
    assert!(problem("PRICEBOOK_QUITE_ELSE", "x").contains("there are environment, listen"));
    assert!(problem("PRICEBOOK_listen", "127.0.0.1:1").contains("is listen meant?"), "variables are in capitals");
    assert!(read(&[("OTHER_LISTN", "x"), ("PRICEBOOK_FROZEN", "1"), ("PRICEBOOK_CASES", "7")]).is_ok());
}

#[test]
fn a_wrong_value_is_named_and_not_repeated() {
    let wrong = [
        ("PRICEBOOK_ENVIRONMENT", "secret", "it is development, or an environment of the catalog: production, staging"),
        ("PRICEBOOK_LISTEN", "secret", "an address with a port"),
        ("PRICEBOOK_LISTEN", "localhost:3000", "an address with a port"),
        ("PRICEBOOK_CORS_ORIGINS", "https://secret.example/path", "without a path"),
        ("PRICEBOOK_CORS_ORIGINS", "*", "a scheme and a host"),
        ("PRICEBOOK_TRUST_FORWARDED_FOR", "secret", "true or false"),
        ("PRICEBOOK_DATABASE_CONNECTIONS", "0", "a whole number from 1 to 1000"),
        ("PRICEBOOK_CACHE_SECS", "-1", "a whole number from 0 to 86400"),
        ("PRICEBOOK_BODY_LIMIT_BYTES", "64k", "a whole number from 1024"),
        ("PRICEBOOK_STRIPE_PUBLISHABLE_KEY", "sk_test_secret", "the other key is in STRIPE_SECRET_KEY"),
        ("PRICEBOOK_STRIPE_PUBLISHABLE_KEY", "pk_test_'secret", "it begins with pk_test_ or pk_live_"),
        ("PRICEBOOK_STRIPE_LOCAL", "secret", "true or false"),
        ("PRICEBOOK_DASHBOARD_PATH", "secret", "it is a path such as /admin/stripe-sync"),
        ("PRICEBOOK_DASHBOARD_PATH", "/", "parts of small letters"),
        ("PRICEBOOK_DASHBOARD_PATH", "/a//b", "parts of small letters"),
        ("PRICEBOOK_DASHBOARD_PATH", "/a/", "parts of small letters"),
        ("PRICEBOOK_DASHBOARD_PATH", "/a/{id}", "parts of small letters"),
        ("PRICEBOOK_DASHBOARD_PATH", "//shop.example", "parts of small letters"),
        ("PRICEBOOK_LOG", "secret=loud", "error, warn, info"),
        ("PRICEBOOK_LOG_FORMAT", "secret", "text or json"),
    ];
    for (name, value, says) in wrong {
        let told = problem(name, value);
        assert!(told.starts_with(&format!("{name} (in the environment): ")) && told.contains(says), "{told}");
        assert!(!told.contains("secret"), "{told}");
    }
}

#[test]
fn every_wrong_setting_is_told_at_once() {
    let errors = read(&[("PRICEBOOK_LISTEN", "x"), ("PRICEBOOK_CACHE_SECS", "x")]).expect_err("wrong settings");
    assert_eq!(errors.0.len(), 2);
    let errors = read(&[("PRICEBOOK_FOO", "x"), ("PRICEBOOK_LISTEN", "x")]).expect_err("wrong settings").to_string();
    assert!(errors.contains("PRICEBOOK_FOO (in the environment): there is no such setting; there are"), "{errors}");
    assert!(errors.contains("PRICEBOOK_LISTEN (in the environment): it is an address"), "{errors}");
}

#[test]
fn a_secret_that_is_blank_closes_nothing_and_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("settings.toml");
    for name in ["metrics_token", "alert_webhook_secret"] {
        let variable = format!("PRICEBOOK_{}", name.to_uppercase());
        for blank in ["", "  ", "\t\n"] {
            let told = problem(&variable, blank);
            assert!(told.starts_with(&variable) && told.contains("it is blank, and would keep nobody out"), "{told}");
            fs::write(&file, format!("{name} = {blank:?}")).expect("it is written");
            let told = problem("PRICEBOOK_SETTINGS", file.to_str().expect("UTF-8"));
            assert!(told.starts_with(name) && told.contains("it is blank"), "{told}");
        }
    }
    assert!(read(&[("PRICEBOOK_SMTP_URL", "")]).is_ok(), "what opens nothing may be blank");
}

#[test]
fn checks_of_live_apis_are_kept_for_good_where_that_is_said() {
    let keep = |days: &str| read(&[("PRICEBOOK_LIVE_CHECK_KEEP_DAYS", days)]).expect("settings").live_check.keep;
    assert_eq!((keep("0"), keep("2")), (None, Some(Duration::from_secs(2 * 86_400))));
}

#[test]
fn a_file_sets_what_the_environment_does_not() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("settings.toml");
    let path = file.to_str().expect("UTF-8");
    let text = "listen = \"0.0.0.0:80\"\ncache_secs = 7\ntrust_forwarded_for = true\ncors_origins = [\"https://a.example\", \"https://b.example\"]\n";
    fs::write(&file, text).expect("it is written");
    let settings = read(&[("PRICEBOOK_SETTINGS", path), ("PRICEBOOK_CACHE_SECS", "8")]).expect("settings");
    assert_eq!(settings.listen.to_string(), "0.0.0.0:80");
    assert_eq!(settings.cache, Duration::from_secs(8), "the environment comes first");
    assert!(settings.trust_forwarded_for);
    assert_eq!(settings.cors_origins, ["https://a.example", "https://b.example"]);

    let cases = [
        ("lissten = \"x\"", "lissten (in ", "is listen meant?"),
        ("listen = \"x\"", "listen (in ", "an address with a port"),
        ("listen = { a = 1 }", "listen (in ", "it is a text"),
        ("listen = ", "PRICEBOOK_SETTINGS (in ", "no TOML"),
    ];
    for (text, starts, says) in cases {
        fs::write(&file, text).expect("it is written");
        let told = problem("PRICEBOOK_SETTINGS", path);
        assert!(told.starts_with(starts) && told.contains(says), "{told}");
    }
    fs::remove_file(&file).expect("it is removed");
    assert!(problem("PRICEBOOK_SETTINGS", path).contains("the file cannot be read"));
}
