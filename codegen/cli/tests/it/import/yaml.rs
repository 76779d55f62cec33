//! The YAML that imports write.

use pricebook_cli::import::yaml::{Yaml, document};
use proptest::prelude::*;
use serde_json::{Value, json};

fn read(text: &str) -> Value {
    serde_saphyr::from_str(text).unwrap_or_else(|cause| panic!("{cause}\n{text}"))
}

#[test]
fn values_are_written_readably() {
    let step = Yaml::map([("up_to", Some(Yaml::plain(5))), ("unit_amount", Some(Yaml::plain("0.10")))]);
    let text = document(&[
        ("name".to_owned(), Yaml::text("Starter Plan")),
        ("yes".to_owned(), Yaml::text("no")),
        ("empty".to_owned(), Yaml::Map(Vec::new())),
        ("steps".to_owned(), Yaml::List(vec![step.clone(), step])),
        ("lines".to_owned(), Yaml::List(vec![Yaml::text("$1M-$5M"), Yaml::text("15-20")])),
        ("prices".to_owned(), Yaml::Map(vec![("monthly".to_owned(), Yaml::plain("29.00"))])),
    ]);
    insta::assert_snapshot!(text);
}

#[test]
fn words_that_mean_something_are_quoted() {
    for word in [
        "true",
        "No",
        "null",
        "~",
        "",
        " a",
        "a ",
        "- a",
        "a: b",
        "a #b",
        "1",
        "1.5",
        "0x1",
        "2027-01-01",
        "=",
        "<<",
        "\u{feff}",
        "\u{2028}",
    ] {
        let text = document(&[(word.to_owned(), Yaml::text(word))]);
        assert_eq!(read(&text), json!({ word: word }), "{text}");
    }
}

proptest! {
    #[test]
    fn every_text_is_read_back_as_it_was(key in "\\PC{1,20}", value in any::<String>(), item in any::<String>()) {
        let entries = [(key.clone(), Yaml::Map(vec![
            ("text".to_owned(), Yaml::text(&*value)),
            ("list".to_owned(), Yaml::List(vec![Yaml::text(&*item)])),
        ]))];
        prop_assert_eq!(read(&document(&entries)), json!({ key: { "text": value, "list": [item] } }));
    }
}
