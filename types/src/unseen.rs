//! Characters that people do not see, or take for others: what a reviewer reads is then not what programs read.
//!
//! Controls are not among them: [`char::is_control`] says which they are.

/// Whether a character has no shape of its own: Unicode's format characters (`Cf`) but those that are shown, separators of
/// lines and paragraphs, variation selectors, fillers, and whatever else a font leaves out (`Default_Ignorable_Code_Point`).
pub const fn is_unseen(char: char) -> bool {
    matches!(
        char,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
    ) || matches!(char, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}')
        || matches!(char, '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}')
        || matches!(char, '\u{13430}'..='\u{1343f}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}')
        || matches!(char, '\u{e0000}'..='\u{e0fff}')
}

/// Whether an unseen character gives those beside it their shape or place, as scripts and emoji need it: joiners and
/// non-joiners, marks of a direction, and selectors of variants.
pub const fn shapes_others(char: char) -> bool {
    matches!(char, '\u{61c}' | '\u{180b}'..='\u{180d}' | '\u{180f}' | '\u{200c}'..='\u{200f}' | '\u{fe00}'..='\u{fe0f}')
}

/// Whether a character may stand in a name, which people tell from others by what they see.
pub fn is_of_a_name(char: char) -> bool {
    !char.is_control()
        && !looks_blank(char)
        && !is_unassigned_for_all(char)
        && (!is_unseen(char) || shapes_others(char))
}

/// Whether Unicode gives a character no meaning and never will: private use (`Co`), where each font shows something else, and
/// noncharacters.
pub const fn is_unassigned_for_all(char: char) -> bool {
    let is_private = matches!(char, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{ffffd}' | '\u{100000}'..='\u{10fffd}');
    is_private || matches!(char, '\u{fdd0}'..='\u{fdef}') || char as u32 & 0xFFFE == 0xFFFE
}

/// Whether an unseen character turns the direction of what follows, so that a reviewer sees another text than programs
/// read. Marks of a direction, as texts from right to left need them, turn nothing.
pub const fn turns_direction(char: char) -> bool {
    matches!(char, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whether a character looks like a blank and is none (`Zs` but U+0020, and the empty pattern of Braille).
pub const fn looks_blank(char: char) -> bool {
    matches!(char, '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{2800}' | '\u{3000}')
}
