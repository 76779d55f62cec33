//! What people do not see, against the categories of Unicode 16 (`UnicodeData.txt`, `DerivedCoreProperties.txt`).

use std::ops::RangeInclusive;

use pricebook_types::unseen::{
    is_of_a_name, is_unassigned_for_all, is_unseen, looks_blank, shapes_others, turns_direction,
};

/// `Cf`.
const FORMAT: &str = "00AD 0600-0605 061C 06DD 070F 0890-0891 08E2 180E 200B-200F 202A-202E 2060-2064 2066-206F FEFF \
                      FFF9-FFFB 110BD 110CD 13430-1343F 1BCA0-1BCA3 1D173-1D17A E0001 E0020-E007F";
/// `Cf` with `Prepended_Concatenation_Mark`: they are shown, around the digits behind them.
const SHOWN_FORMAT: &str = "0600-0605 06DD 070F 0890-0891 08E2 110BD 110CD";
/// `Zl` and `Zp`.
const SEPARATORS: &str = "2028 2029";
/// `Zs`.
const BLANKS: &str = "0020 00A0 1680 2000-200A 202F 205F 3000";
/// `Default_Ignorable_Code_Point`.
const IGNORABLE: &str = "00AD 034F 061C 115F-1160 17B4-17B5 180B-180F 200B-200F 202A-202E 2060-206F 3164 FE00-FE0F FEFF \
                         FFA0 FFF0-FFF8 1BCA0-1BCA3 1D173-1D17A E0000-E0FFF";
/// `Bidi_Control` but the marks U+061C, U+200E and U+200F.
const TURNING: &str = "202A-202E 2066-2069";
/// `Co`, in whole, and the noncharacters of the first plane; each plane ends with two more.
const WITHOUT_MEANING: &str = "E000-F8FF F0000-FFFFD 100000-10FFFD FDD0-FDEF";

fn ranges(list: &str) -> Vec<RangeInclusive<u32>> {
    let number = |digits: &str| u32::from_str_radix(digits, 16).expect("a code point");
    let range = |range: &str| {
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        number(first)..=number(last)
    };
    list.split_whitespace().map(range).collect()
}

fn differing(is: impl Fn(char) -> bool, expected: impl Fn(u32) -> bool) -> Vec<String> {
    let differ = |char: &char| is(*char) != expected(u32::from(*char));
    ('\0'..=char::MAX).filter(differ).map(|char| format!("U+{:04X}", u32::from(char))).collect()
}

fn is_in(list: &str) -> impl Fn(u32) -> bool + use<> {
    let ranges = ranges(list);
    move |code| ranges.iter().any(|range| range.contains(&code))
}

#[test]
fn what_is_unseen_is_what_unicode_says_has_no_shape() {
    let (format, shown) = (is_in(FORMAT), is_in(SHOWN_FORMAT));
    let (separators, ignorable) = (is_in(SEPARATORS), is_in(IGNORABLE));
    let expected = |code| format(code) && !shown(code) || separators(code) || ignorable(code);
    assert_eq!(differing(is_unseen, expected), [""; 0]);
}

#[test]
fn what_looks_like_a_blank_is_what_unicode_says_is_one() {
    let blanks = is_in(BLANKS);
    // Braille's pattern without dots is a symbol to Unicode.
    let expected = |code| code == 0x2800 || blanks(code) && code != 0x20;
    assert_eq!(differing(looks_blank, expected), [""; 0]);
}

#[test]
fn what_turns_the_direction_is_what_unicode_says_does() {
    assert_eq!(differing(turns_direction, is_in(TURNING)), [""; 0]);
}

#[test]
fn what_shapes_others_is_unseen_and_turns_nothing() {
    let shaping: Vec<char> = ('\0'..=char::MAX).filter(|char| shapes_others(*char)).collect();
    assert!(shaping.contains(&'\u{200d}') && shaping.contains(&'\u{fe0f}') && shaping.contains(&'\u{200f}'));
    assert!(shaping.iter().all(|char| is_unseen(*char) && !turns_direction(*char)));
}

#[test]
fn what_has_no_meaning_for_all_is_private_or_no_character_and_stands_in_no_name() {
    let listed = is_in(WITHOUT_MEANING);
    let expected = |code| listed(code) || matches!(code % 0x1_0000, 0xFFFE | 0xFFFF);
    assert_eq!(differing(is_unassigned_for_all, expected), [""; 0]);
    assert!(('\0'..=char::MAX).filter(|char| is_unassigned_for_all(*char)).all(|char| !is_of_a_name(char)));
}
