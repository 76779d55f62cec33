//! Random changes of texts, by lines and by pieces that mean something to YAML or to a catalog.

const PIECES: &[&str] = &[
    ":",
    ": ",
    "- ",
    "\n",
    "\n  ",
    "  ",
    "{",
    "}",
    "[",
    "]",
    ",",
    "\"",
    "'",
    "#",
    "|\n",
    ">\n",
    "&a ",
    "*a",
    "<<: ",
    "!!str ",
    "---\n",
    "\t",
    "\0",
    "é",
    "\u{2028}",
    "\u{feff}",
    "null",
    "~",
    "true",
    "-1",
    "0",
    "1e9",
    "99999999999999999999999999999",
    "79228162514264337593543950335",
    "9223372036854775807",
    "18446744073709551615",
    "4294967296",
    "0.0000000000000000000000000001",
    "-0.01",
    "{id}",
    "{price}",
    "{attribute.tier}",
    "usd",
    "jpy",
    "kwd",
    "unlimited",
    "full",
    "percent",
    "amount",
    "tiers",
    "once",
    "free: true",
    "active: false",
    "from: id",
    "references: a.b",
    "text(0)",
    "text(255)",
    "decimal(28,28)",
    "integer?",
    "on_delete: set_null",
    "was: x",
    "2027-02-30",
];

/// Texts made from other texts.
pub struct Mutation {
    state: u64,
    seeds: Vec<String>,
}

impl Mutation {
    pub fn new(seed: u64, seeds: Vec<String>) -> Self {
        Self { state: seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1, seeds }
    }

    /// One of the seeds with up to eight changes.
    pub fn next_text(&mut self) -> String {
        let seed = self.below(self.seeds.len());
        let mut text = self.seeds[seed].clone();
        for _ in 0..=self.below(8) {
            text = self.change(&text);
        }
        text
    }

    fn change(&mut self, text: &str) -> String {
        let mut lines: Vec<&str> = text.split('\n').collect();
        let (a, b) = (self.below(lines.len()), self.below(lines.len()));
        let indented = format!("{}{}", " ".repeat(self.below(12)), lines[a].trim_start());
        match self.below(8) {
            0 => drop(lines.remove(a)),
            1 => lines.insert(b, lines[a]),
            2 => lines.swap(a, b),
            3 => lines[a] = &indented,
            4 => lines.truncate(a + 1),
            _ => return self.piece(text),
        }
        lines.join("\n")
    }

    /// Puts a piece in the place of some characters, mostly of a whole word.
    fn piece(&mut self, text: &str) -> String {
        let chars: Vec<char> = text.chars().collect();
        let at = self.below(chars.len() + 1);
        let word = chars[at..].iter().take_while(|c| c.is_alphanumeric()).count();
        let length = [0, word, self.below(6)][self.below(3)].min(chars.len() - at);
        let piece = PIECES[self.below(PIECES.len())];
        chars[..at].iter().copied().chain(piece.chars()).chain(chars[at + length..].iter().copied()).collect()
    }

    /// A number from 0 to below `bound`, by xorshift.
    fn below(&mut self, bound: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        (self.state % bound.max(1) as u64) as usize
    }
}
