//! Odd names are usable, and texts are read back as they stand in the catalog.

use std::path::Path;

use pricebook_emit::build::Package;
use pricebook_model::{catalog::Value as Declared, compile, load};
use pricebook_types::{Amount, Currency, Money, Value};

use crate::catalog::{self, Draft, Feature, Mood, PriceId, Type, TypeImpl, rows::Note};

#[test]
fn every_text_is_read_back_as_it_was_written() {
    let files = load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/shop/catalog"), "catalog", false);
    let sources = Package::with_base(files.expect("the catalog can be read"));
    let declared = compile(sources, &pricebook_emit::limits(), None).expect("the catalog has no problems");
    assert_eq!(catalog::artifacts().title, declared.title);
    assert_eq!(
        catalog::artifacts().kinds.iter().map(|kind| kind.title).collect::<Vec<_>>(),
        ["Type */ /* \" '; DROP TABLE types; --", "Draft"]
    );
    for (item, product) in Type::ALL.iter().zip(&declared.products) {
        assert_eq!((item.name(), item.product().description), (&*product.name, &*product.description));
        assert_eq!(item.product().marketing_features, product.marketing_features);
        let notes = product.metadata.iter().filter_map(|(key, value)| match value {
            Declared::Text(text) => Some((&**key, Value::Text(text.clone().leak()))),
            _ => None,
        });
        let texts = item.product().metadata.iter().copied().filter(|(_, value)| matches!(value, Value::Text(_)));
        assert_eq!(texts.collect::<Vec<_>>(), notes.collect::<Vec<_>>());
    }
    for (feature, declared) in Feature::ALL.iter().zip(&declared.features) {
        assert_eq!((feature.feature().name, feature.feature().description), (&*declared.name, &*declared.description));
        assert_eq!(feature.feature().unit, declared.unit.as_deref());
    }
}

#[test]
fn names_like_keywords_and_methods_are_told_apart() {
    assert_eq!(catalog::r#type!("async"), Type::Async);
    assert_eq!(catalog::feature!("api"), Feature::Api);
    assert_eq!(catalog::price!("type_async_match"), PriceId::TypeAsyncMatch);
    assert_eq!((Type::Async.product_attribute(), Type::Plain.product_attribute()), ("it's", "{{name}} \\u{41}"));
    assert_eq!((Type::Async.monthly_attribute(), Type::Async.r#impl()), (false, TypeImpl::While));
    assert_eq!((Type::Async.tags(), Type::Plain.tags()), (Some(&["a,b", "]", "\"", "\\"][..]), None));
    assert_eq!((Type::Async.weight(), Type::Async.level(), Type::Plain.level()), (Some("0.10"), Some(-7), None));
    assert_eq!(Type::Async.r#match().map(|price| price.key), Ok("match"));
    assert_eq!((Mood::Default.id(), Note::TABLE, Note::COLUMNS), ("default", "notes", &["id", "type", "body"][..]));
}

#[test]
fn a_kind_without_products_has_no_item() {
    assert!(Draft::ALL.is_empty());
    assert_eq!("any".parse::<Draft>().expect_err("none").to_string(), "no draft has the id \"any\"");
}

#[test]
fn amounts_are_exact_in_every_currency() {
    let price = PriceId::TypeAsyncMonthly.price();
    assert_eq!(price.amount(), Some(Money::new(8_000, Currency::Usd)));
    assert_eq!(price.amount_in(Currency::Jpy), Some(Money::new(1_200, Currency::Jpy)));
    assert_eq!(price.amount_in(Currency::Kwd).map(|money| money.to_string()).as_deref(), Some("25.500 KWD"));
    let tiers = PriceId::TypeAsyncUsage.price().amounts()[0].tiers;
    assert_eq!((tiers[0].up_to, tiers[0].unit_amount), (Some(1000), Amount::Minor(0)));
    assert_eq!((tiers[1].unit_amount, tiers[1].flat_amount), (Amount::Decimal("0.15"), Some(Amount::Minor(100))));
}

#[test]
fn announced_amounts_count_from_their_day() {
    let price = PriceId::TypePlainMonthly.price();
    let on = |day: &str| {
        price
            .amounts_on(day.parse().expect("a day"))
            .first()
            .and_then(|amount| amount.money())
            .map(|money| money.minor())
    };
    assert_eq!([on("2026-12-31"), on("2027-01-01"), on("2029-06-30")], [Some(1_000), Some(1_200), Some(1_400)]);
}

#[test]
fn a_deposit_follows_the_announced_amounts_in_every_currency() {
    let deposit = Type::Async.product().deposit.expect("a deposit");
    let on =
        |day: &str| deposit.amounts_on(day.parse().expect("a day")).iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(on("2026-12-31"), ["16.00 USD", "240 JPY", "5.100 KWD"]);
    assert_eq!(on("2027-01-01"), ["17.70 USD", "260 JPY", "5.440 KWD"]);
}
