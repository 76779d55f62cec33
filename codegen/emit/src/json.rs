//! JSON as it is reviewed: indented by two spaces, ending in a newline, with the head that all JSON artifacts have.

use std::borrow::Cow;
use std::io::{self, Write};

use pricebook_model::Catalog;
use pricebook_types::stripe::Meta;
use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

use pricebook_types::unseen::turns_direction;

/// A value as indented JSON.
///
/// # Panics
/// Where the value has a map whose keys are no texts, which no artifact has.
pub fn pretty(value: &impl Serialize) -> String {
    write(value, usize::MAX)
}

/// As [`pretty`], but what lies deeper than `depth` stands on the line of what it belongs to.
///
/// # Panics
/// As [`pretty`].
pub fn lines(value: &impl Serialize, depth: usize) -> String {
    write(value, depth)
}

fn write(value: &impl Serialize, deepest: usize) -> String {
    let mut bytes = Vec::with_capacity(1 << 16);
    let formatter = Indented { deepest, depth: 0, has_value: false };
    let mut serializer = Serializer::with_formatter(&mut bytes, formatter);
    value.serialize(&mut serializer).expect("maps of artifacts have texts as keys");
    bytes.push(b'\n');
    String::from_utf8(bytes).expect("JSON is UTF-8")
}

/// `serde_json`'s own pretty format, with each indent written at once and with a depth from which there is none.
struct Indented {
    deepest: usize,
    depth: usize,
    has_value: bool,
}

const NEWLINE_AND_INDENT: &[u8] = b"\n                                                                ";

impl Indented {
    fn open<W: ?Sized + Write>(&mut self, out: &mut W, bracket: u8) -> io::Result<()> {
        self.depth += 1;
        self.has_value = false;
        out.write_all(&[bracket])
    }

    fn close<W: ?Sized + Write>(&mut self, out: &mut W, bracket: u8) -> io::Result<()> {
        let indented = self.has_value && self.depth <= self.deepest;
        self.depth -= 1;
        if indented {
            self.line(out)?;
        }
        out.write_all(&[bracket])
    }

    fn separate<W: ?Sized + Write>(&self, out: &mut W, first: bool) -> io::Result<()> {
        match (first, self.depth > self.deepest) {
            (true, true) => Ok(()),
            (false, true) => out.write_all(b", "),
            (true, false) => self.line(out),
            (false, false) => {
                out.write_all(b",")?;
                self.line(out)
            }
        }
    }

    /// Artifacts are far less deep than the indent is long.
    fn line<W: ?Sized + Write>(&self, out: &mut W) -> io::Result<()> {
        out.write_all(&NEWLINE_AND_INDENT[..NEWLINE_AND_INDENT.len().min(1 + 2 * self.depth)])
    }
}

impl Formatter for Indented {
    /// What turns the direction of a line is escaped, so that it is read as it stands.
    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment;
        if rest.is_ascii() {
            return out.write_all(rest.as_bytes());
        }
        while let Some(at) = rest.find(turns_direction) {
            let char = rest[at..].chars().next().unwrap_or_default();
            write!(out, "{}\\u{:04x}", &rest[..at], u32::from(char))?;
            rest = &rest[at + char.len_utf8()..];
        }
        out.write_all(rest.as_bytes())
    }

    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.open(out, b'[')
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.close(out, b']')
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.separate(out, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.has_value = true;
        Ok(())
    }

    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.open(out, b'{')
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.close(out, b'}')
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.separate(out, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        out.write_all(b": ")
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.has_value = true;
        Ok(())
    }
}

/// The head of a JSON artifact.
pub fn meta(catalog: &Catalog) -> Meta<'_> {
    let [made_by, remade_by] = crate::header::lines(catalog);
    Meta {
        generated: Cow::Owned(format!("{made_by} {remade_by}")),
        catalog: Cow::Borrowed(&catalog.name),
        catalog_hash: Cow::Borrowed(&catalog.hash),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn values_are_written_as_serde_json_writes_them() {
        let value = json!({ "a": [1, [], {}, [[2]]], "b": { "c": null, "d": "x\n\"" }, "e": [] });
        let expected = serde_json::to_string_pretty(&value).expect("JSON") + "\n";
        assert_eq!(super::pretty(&value), expected);
    }

    #[test]
    fn what_turns_the_direction_is_escaped_and_means_the_same() {
        let value = json!({ "name": "Plan \u{202e}1\u{2066}00$\u{202c}" });
        let written = super::pretty(&value);
        assert_eq!(written, "{\n  \"name\": \"Plan \\u202e1\\u206600$\\u202c\"\n}\n");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&written).expect("JSON"), value);
    }

    #[test]
    fn what_is_deep_stands_on_one_line() {
        let value = json!({ "a": [{ "b": 1, "c": [2, 3] }, {}] });
        assert_eq!(super::lines(&value, 2), "{\n  \"a\": [\n    {\"b\": 1, \"c\": [2, 3]},\n    {}\n  ]\n}\n");
    }
}
