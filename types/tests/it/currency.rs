//! The table of currencies.

use pricebook_types::Currency;

/// The presentment currencies of <https://docs.stripe.com/currencies>, in its order after USD, and the five with three
/// digits that it describes apart.
const STRIPE: &str = "usd aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bif bmd bnd bob brl bsd bwp byn bzd cad \
    cdf chf clp cny cop crc cve czk djf dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gnf gtq gyd hkd hnl htg huf idr ils \
    inr isk jmd jpy kes kgs khr kmf krw kyd kzt lak lbp lkr lrd lsl mad mdl mga mkd mmk mnt mop mur mvr mwk mxn myr mzn nad \
    ngn nio nok npr nzd pab pen pgk php pkr pln pyg qar ron rsd rub rwf sar sbd scr sek sgd shp sle sos srd std szl thb tjs \
    top try ttd twd tzs uah ugx uyu uzs vnd vuv wst xaf xcd xof xpf yer zar zmw bhd jod kwd omr tnd";

#[test]
fn every_currency_of_stripe_is_there_and_no_other() {
    let mut expected: Vec<_> = STRIPE.split_whitespace().collect();
    expected.sort_unstable();
    let codes: Vec<_> = Currency::ALL.iter().map(|currency| currency.code()).collect();
    assert_eq!(codes, expected);
}

#[test]
fn minor_digits_are_those_of_stripes_api() {
    let with = |digits| -> Vec<_> {
        Currency::ALL
            .iter()
            .filter(|currency| currency.minor_digits() == digits)
            .map(|currency| currency.code())
            .collect()
    };
    let zero = "bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf";
    assert_eq!(with(0), zero.split(' ').collect::<Vec<_>>());
    assert_eq!(with(3), ["bhd", "jod", "kwd", "omr", "tnd"]);
    assert_eq!(with(0).len() + with(2).len() + with(3).len(), Currency::ALL.len());
}

#[test]
fn whole_units_and_tens_are_charged_where_stripe_asks_for_them() {
    assert_eq!(
        [Currency::Isk, Currency::Ugx, Currency::Kwd, Currency::Usd].map(Currency::step_minor),
        [100, 100, 10, 1]
    );
}

#[test]
fn codes_are_read_in_either_case_and_written_as_stripe_does() -> Result<(), Box<dyn std::error::Error>> {
    for currency in Currency::ALL {
        assert_eq!(currency.code().parse(), Ok(*currency));
        assert_eq!(currency.to_string().parse(), Ok(*currency));
        assert_eq!(serde_json::to_string(currency)?, format!("{:?}", currency.code()));
    }
    let unknown = "usb".parse::<Currency>().expect_err("no currency");
    assert_eq!(unknown.to_string(), "\"usb\" is no ISO 4217 currency code that Stripe charges in");
    Ok(())
}
