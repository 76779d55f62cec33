//! What somebody meant who wrote a number as people do: `$1,495`, `2.995,00`, `20%`, `14 days`.

/// Every number that a text can mean, written as the catalog wants it; none where it is no number.
///
/// `79,00` is one number, `1,495` may be two: what a comma or a point means in front of three digits depends on where one
/// learned to write.
pub(crate) fn readings(text: &str) -> Vec<String> {
    let bare: String = text.chars().filter(|c| !matches!(c, '_' | ' ' | '\u{a0}' | '\'')).collect();
    let number = bare.trim_matches(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | ',' | '-'));
    let number = number.trim_end_matches('-');
    let (sign, digits) = number.strip_prefix('-').map_or(("", number), |digits| ("-", digits));
    if !digits.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b',')) || digits.is_empty() {
        return Vec::new();
    }
    let mut found: Vec<String> = [('.', ','), (',', '.')]
        .into_iter()
        .filter_map(|(point, separator)| read(digits, point, separator))
        .map(|number| format!("{sign}{number}"))
        .filter(|number| number != text)
        .collect();
    found.dedup();
    found
}

/// The digits, where `separator` stands between groups of three and `point` in front of the fraction.
fn read(digits: &str, point: char, separator: char) -> Option<String> {
    let (whole, fraction) = digits.split_once(point).map_or((digits, None), |(whole, rest)| (whole, Some(rest)));
    if fraction.is_some_and(|fraction| fraction.is_empty() || !fraction.bytes().all(|byte| byte.is_ascii_digit())) {
        return None;
    }
    let mut groups = whole.split(separator);
    let first = groups.next().unwrap_or_default();
    let rest: Vec<&str> = groups.collect();
    let grouped = rest.is_empty()
        || (1..=3).contains(&first.len()) && !first.starts_with('0') && rest.iter().all(|group| group.len() == 3);
    let whole: String = std::iter::once(first).chain(rest).collect();
    if !grouped || !whole.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let whole = if whole.is_empty() { "0" } else { &whole };
    Some(fraction.map_or_else(|| whole.to_owned(), |fraction| format!("{whole}.{fraction}")))
}

/// `write X`, or, where it can mean two numbers, `write X or Y`.
pub(crate) fn write(readings: &[String]) -> Option<String> {
    let quoted: Vec<String> = readings.iter().map(|number| format!("`{number}`")).collect();
    (!quoted.is_empty()).then(|| format!("write {}", quoted.join(" or ")))
}

#[cfg(test)]
mod tests {
    use super::readings;

    #[test]
    fn a_number_as_people_write_it_has_the_readings_that_it_can_have() {
        let cases: [(&str, &[&str]); 16] = [
            ("$1,495", &["1495", "1.495"]),
            ("1,495.00", &["1495.00"]),
            ("2.995,00", &["2995.00"]),
            ("79,00", &["79.00"]),
            ("1 495", &["1495"]),
            ("1'495.50", &["1495.50"]),
            ("20%", &["20"]),
            ("2995.00 USD", &["2995.00"]),
            ("14 days", &["14"]),
            (".50", &["0.50"]),
            ("+2995", &["2995"]),
            ("1,2345", &["1.2345"]),
            ("1,2,3", &[]),
            ("0,500", &["0.500"]),
            ("soon", &[]),
            ("1495", &[]),
        ];
        for (text, expected) in cases {
            assert_eq!(readings(text), expected, "{text}");
        }
    }
}
