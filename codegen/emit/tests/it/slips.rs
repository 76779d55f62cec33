//! Slips of the keyboard: how a line of YAML, or a line with what is indented below it, comes to be wrong.

/// One way to be wrong.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Slip {
    LineDeeper,
    LineShallower,
    BlockDeeper,
    BlockShallower,
    LineTwice,
    BlockTwice,
    LineGone,
    BlockGone,
    KeyMisspelt,
    KeyReplaced,
    ColonGone,
    SpaceAfterColonGone,
    DashGone,
    /// The nth word of the value gets another letter.
    WordMisspelt(usize),
    /// The nth quote or bracket is missing.
    SignGone(usize),
    /// The nth word of the value, one of [`CHOICES`], is the other one of the list that is so many places further on.
    ChoiceOther(usize, usize),
    /// The nth number of the value has a sign, or a digit more.
    NumberNegative(usize),
    NumberLonger(usize),
    /// Only the key is left of the line.
    ValueGone,
    /// The line takes the place of the next one.
    LineDown,
    /// A tab stands where the first blanks were.
    IndentTab,
    /// The rest of the value is a comment.
    ValueCommented,
}

/// Words of which each is valid where another one of its list stands.
const CHOICES: &[&[&str]] = &[
    &["true", "false"],
    &["switch", "quantity"],
    &["licensed", "metered"],
    &["graduated", "volume"],
    &["major", "minor"],
    &["product", "price"],
    &["sum", "count", "last"],
    &["inclusive", "exclusive", "unspecified"],
    &["usd", "eur", "jpy", "kwd"],
    &["month", "year", "day", "once"],
    &["up", "down", "half_even"],
    &["text", "integer", "decimal", "boolean", "date", "json", "timestamp", "list"],
    &["live", "test"],
    &["monthly", "yearly", "one_time"],
    &["percent", "amount"],
    &["cascade", "restrict", "set_null"],
];

/// Those that any line may have.
const OF_EVERY_LINE: &[Slip] = &[
    Slip::LineDeeper,
    Slip::LineShallower,
    Slip::BlockDeeper,
    Slip::BlockShallower,
    Slip::LineTwice,
    Slip::BlockTwice,
    Slip::LineGone,
    Slip::BlockGone,
    Slip::KeyMisspelt,
    Slip::KeyReplaced,
    Slip::ColonGone,
    Slip::SpaceAfterColonGone,
    Slip::DashGone,
    Slip::ValueGone,
    Slip::LineDown,
    Slip::IndentTab,
    Slip::ValueCommented,
];

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

fn is_blank(line: &str) -> bool {
    line.trim().is_empty() || line.trim_start().starts_with('#')
}

/// Behind the last line of the block that the line opens.
fn block_end(lines: &[&str], at: usize) -> usize {
    let below = lines[at + 1..].iter().take_while(|line| is_blank(line) || indent(line) > indent(lines[at]));
    let mut end = at + 1 + below.count();
    while is_blank(lines[end - 1]) {
        end -= 1;
    }
    end
}

/// The byte ranges of words behind the key.
fn words(line: &str) -> Vec<(usize, usize)> {
    let value = line.find(": ").map_or(line.len(), |colon| colon + 2);
    let mut words = Vec::new();
    let mut start = None;
    for (at, c) in line.char_indices().chain([(line.len(), ' ')]) {
        match (start, c.is_ascii_alphanumeric() || c == '_') {
            (None, true) if at >= value => start = Some(at),
            (Some(from), false) => {
                words.push((from, at));
                start = None;
            }
            _ => {}
        }
    }
    words
}

/// The nth word of the value and the choices that it is one of; a key of a mapping in braces counts as well.
fn choices(line: &str, nth: usize) -> Option<(usize, usize, &'static [&'static str])> {
    let (start, end) = words(line)[nth];
    CHOICES.iter().find(|choices| choices.contains(&&line[start..end])).map(|choices| (start, end, *choices))
}

/// The slips of the words of a line's value.
fn of_words(line: &str) -> Vec<Slip> {
    let of_word = |nth| {
        let (start, end) = words(line)[nth];
        let others = choices(line, nth).map_or(0, |(.., choices)| choices.len() - 1);
        let is_number = line[start..end].bytes().all(|byte| byte.is_ascii_digit());
        let of_number = [Slip::NumberNegative(nth), Slip::NumberLonger(nth)];
        let others = (1..=others).map(move |further| Slip::ChoiceOther(nth, further));
        std::iter::once(Slip::WordMisspelt(nth)).chain(others).chain(of_number.into_iter().filter(move |_| is_number))
    };
    (0..words(line).len()).flat_map(of_word).collect()
}

/// A text with one slip.
pub(crate) struct Slipped {
    pub(crate) slip: Slip,
    pub(crate) line_index: usize,
    /// Behind the last line that the slip touches, in the text with it.
    pub(crate) lines_end: usize,
    pub(crate) text: String,
}

/// Every slip that a text may have.
pub(crate) fn slips(text: &str) -> Vec<Slipped> {
    let lines: Vec<&str> = text.lines().collect();
    let mut slips = Vec::new();
    for at in (0..lines.len()).filter(|at| !is_blank(lines[*at])) {
        let signs = (0..lines[at].matches(SIGNS).count()).map(Slip::SignGone);
        for slip in OF_EVERY_LINE.iter().copied().chain(of_words(lines[at])).chain(signs) {
            let Some((end, block)) = slipped(&lines, at, slip) else { continue };
            let untouched = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>();
            let lines_end = at + block.len();
            let text = [untouched(&lines[..at]), block, untouched(&lines[end..])].concat().join("\n") + "\n";
            slips.push(Slipped { slip, line_index: at, lines_end, text });
        }
    }
    slips
}

const SIGNS: [char; 6] = ['{', '}', '[', ']', '"', '\''];

/// What takes the place of the lines from `at` to the end that is given with it.
fn slipped(lines: &[&str], at: usize, slip: Slip) -> Option<(usize, Vec<String>)> {
    let line = lines[at];
    let end = block_end(lines, at);
    let owned = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>();
    let is_block = end > at + 1;
    let block = match slip {
        Slip::BlockDeeper => is_block.then(|| lines[at..end].iter().map(|line| format!("  {line}")).collect()),
        Slip::BlockShallower => is_block.then(|| lines[at..end].iter().map(shallower).collect::<Option<_>>())?,
        Slip::LineTwice => Some([owned(&[line]), owned(&lines[at..end])].concat()),
        Slip::BlockTwice => is_block.then(|| [owned(&lines[at..end]), owned(&lines[at..end])].concat()),
        Slip::LineGone => Some(owned(&lines[at + 1..end])),
        Slip::BlockGone => is_block.then(Vec::new),
        Slip::LineDown => {
            let next = lines.get(at + 1).filter(|next| indent(next) == indent(line) && !is_blank(next))?;
            let are_lines = !is_block && block_end(lines, at + 1) == at + 2;
            return are_lines.then(|| (at + 2, owned(&[next, line])));
        }
        slip => slipped_line(line, slip)
            .filter(|slipped| slipped != line)
            .map(|line| [vec![line], owned(&lines[at + 1..end])].concat()),
    };
    Some((end, block?))
}

fn shallower(line: &&str) -> Option<String> {
    if is_blank(line) { Some((*line).to_owned()) } else { line.strip_prefix("  ").map(str::to_owned) }
}

fn slipped_line(line: &str, slip: Slip) -> Option<String> {
    let colon = line.find(": ").or_else(|| line.strip_suffix(':').map(str::len));
    let replaced = |from: usize, to: usize, text: &str| format!("{}{text}{}", &line[..from], &line[to..]);
    Some(match slip {
        Slip::LineDeeper => format!("  {line}"),
        Slip::LineShallower => line.strip_prefix("  ")?.to_owned(),
        Slip::IndentTab => format!("\t{}", line.strip_prefix("  ")?),
        Slip::KeyMisspelt => replaced(colon?, colon?, "x"),
        Slip::KeyReplaced => replaced(indent(line), colon?, "zzqqzz"),
        Slip::ColonGone => replaced(colon?, colon? + 1, ""),
        Slip::SpaceAfterColonGone => line.replacen(": ", ":", 1),
        Slip::DashGone => replaced(indent(line), line.len() - line.trim_start().strip_prefix("- ")?.len(), ""),
        Slip::ValueGone => line[..line.find(": ")? + 1].to_owned(),
        Slip::ValueCommented => line.replacen(": ", ": #", 1),
        Slip::WordMisspelt(nth) => {
            let (_, end) = words(line)[nth];
            replaced(end, end, "x")
        }
        Slip::ChoiceOther(nth, further) => {
            let (start, end, choices) = choices(line, nth)?;
            let place = choices.iter().position(|choice| *choice == &line[start..end])?;
            replaced(start, end, choices[(place + further) % choices.len()])
        }
        Slip::NumberNegative(nth) => {
            let (start, _) = words(line)[nth];
            replaced(start, start, "-")
        }
        Slip::NumberLonger(nth) => {
            let (_, end) = words(line)[nth];
            replaced(end, end, "1")
        }
        Slip::SignGone(nth) => {
            let (place, sign) = line.match_indices(SIGNS).nth(nth)?;
            replaced(place, place + sign.len(), "")
        }
        of_lines => panic!("{of_lines:?} is a slip of lines"),
    })
}
