//! Which currency a display names, where that is another one than the catalog's.

use pricebook_model::lower::SIGNS;
use pricebook_types::Currency;

/// Signs that currencies without one of their own in [`SIGNS`] are written with too: Canadian dollars, Egyptian pounds.
const SHARED: [char; 3] = ['$', '£', '¥'];

/// The sign or code by which a display names another currency than this one.
pub(super) fn other_currency(display: &str, currency: Currency) -> Option<String> {
    other_sign(display, currency).or_else(|| other_code(display, currency))
}

fn other_sign(display: &str, currency: Currency) -> Option<String> {
    let own = SIGNS.iter().find(|(known, _)| *known == currency).map(|(_, sign)| *sign);
    display.char_indices().filter(|(_, char)| is_sign(*char)).find_map(|(at, sign)| {
        let before = &display[..at];
        let letters_start = before.rfind(|char: char| !char.is_ascii_alphabetic()).map_or(0, |last| last + 1);
        // `C$`, `A$`, `R$`; `US$` is the dollar itself.
        let country = Some(&before[letters_start..]).filter(|letters| !letters.is_empty() && *letters != "US");
        let agrees = match own {
            Some(own) => own.starts_with(sign) && country.is_none(),
            None => SHARED.contains(&sign),
        };
        (!agrees).then(|| format!("{}{sign}", country.unwrap_or_default()))
    })
}

/// Unicode's currency symbols but the generic one.
fn is_sign(char: char) -> bool {
    matches!(char, '$' | '¢' | '£' | '¥' | '\u{20a0}'..='\u{20cf}')
}

/// An ISO 4217 code beside a number: `EUR 27`, `27 CHF`.
fn other_code(display: &str, currency: Currency) -> Option<String> {
    let is_digit = |char: char| char.is_ascii_digit();
    let mut words = display.split(|char: char| !char.is_ascii_alphabetic()).filter(|word| word.len() == 3);
    let is_other = |word: &&str| {
        let known = |known: &&Currency| known.code().to_ascii_uppercase() == **word && **known != currency;
        let (before, after) = display.split_once(*word).unwrap_or_default();
        Currency::ALL.iter().any(|currency| known(&currency))
            && (before.trim_end().ends_with(is_digit) || after.trim_start().starts_with(is_digit))
    };
    words.find(is_other).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_display_names_another_currency_by_its_sign_or_code() {
        let other = |display, currency| other_currency(display, currency);
        for display in
            ["$1,495", "US$9/mo", "From $10", "Free", "Coming Soon", "20% deposit required", "USD 9", "ALL IN", ""]
        {
            assert_eq!(other(display, Currency::Usd), None, "{display}");
        }
        for (display, sign) in [
            ("€1.495", "€"),
            ("27 €/mo", "€"),
            ("£23", "£"),
            ("C$10", "C$"),
            ("R$10", "R$"),
            ("CHF 9", "CHF"),
            ("₺90", "₺"),
        ] {
            assert_eq!(other(display, Currency::Usd).as_deref(), Some(sign), "{display}");
        }
        assert_eq!(other("$10", Currency::Eur).as_deref(), Some("$"));
        for (display, currency) in [("€10", Currency::Eur), ("$10", Currency::Cad), ("C$10", Currency::Cad)] {
            assert_eq!(other(display, currency), None, "{display}");
        }
    }
}
