//! Bytes of a row as JSON has them: base64 (RFC 4648, with padding), for `#[serde(with = "pricebook_types::base64")]`.

use std::fmt;

use ::base64::Engine;
use ::base64::engine::general_purpose::STANDARD;
use serde::de::{self, Deserializer, Visitor};
use serde::ser::Serializer;

/// Bytes as a text.
///
/// # Errors
/// Those of the serializer.
pub fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&encoded(bytes))
}

/// Bytes from a text.
///
/// # Errors
/// What is no base64, or has bits behind its end.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    deserializer.deserialize_str(Base64)
}

/// The same for columns that may be NULL.
pub mod optional {
    use serde::{Deserialize, Deserializer, Serializer};

    /// Bytes as a text, or null.
    ///
    /// # Errors
    /// Those of the serializer.
    pub fn serialize<S: Serializer>(bytes: &Option<Vec<u8>>, serializer: S) -> Result<S::Ok, S::Error> {
        match bytes {
            Some(bytes) => super::serialize(bytes, serializer),
            None => serializer.serialize_none(),
        }
    }

    /// Bytes from a text, or none.
    ///
    /// # Errors
    /// As those of bytes that are always there.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<u8>>, D::Error> {
        #[derive(Deserialize)]
        struct Bytes(#[serde(with = "super")] Vec<u8>);
        Option::<Bytes>::deserialize(deserializer).map(|bytes| bytes.map(|Bytes(bytes)| bytes))
    }
}

struct Base64;

impl Visitor<'_> for Base64 {
    type Value = Vec<u8>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("bytes in base64")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Vec<u8>, E> {
        decoded(text).ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
    }
}

fn encoded(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// The bytes of the one text that [`encoded`] gives for them.
fn decoded(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_rfc_4648_are_read_and_written() {
        let examples = ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"];
        for (length, text) in examples.into_iter().enumerate() {
            let bytes = &b"foobar"[..length];
            assert_eq!((encoded(bytes).as_str(), decoded(text).as_deref()), (text, Some(bytes)));
        }
        let all: Vec<u8> = (0..=255).collect();
        assert_eq!(decoded(&encoded(&all)), Some(all));
    }

    #[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize)]
    struct Row {
        #[serde(with = "super")]
        payload: Vec<u8>,
        #[serde(with = "super::optional")]
        seal: Option<Vec<u8>>,
    }

    #[test]
    fn bytes_of_a_row_are_texts_in_json() {
        for (seal, json) in [
            (None, r#"{"payload":"AP8=","seal":null}"#),
            (Some(b"foo".to_vec()), r#"{"payload":"AP8=","seal":"Zm9v"}"#),
        ] {
            let row = Row { payload: vec![0, 255], seal };
            assert_eq!(serde_json::to_string(&row).unwrap(), json);
            assert_eq!(serde_json::from_str::<Row>(json).unwrap(), row);
        }
        let error = serde_json::from_str::<Row>(r#"{"payload":"?","seal":null}"#).unwrap_err();
        assert!(error.to_string().starts_with("invalid value: string \"?\", expected bytes in base64"), "{error}");
    }

    #[test]
    fn what_no_bytes_are_written_as_is_refused() {
        for text in ["Z", "Zg", "Zg=", "Zh==", "Zm9=", "Zm9v=", "====", "=g==", "Z===", "Zm 9", "Zm-_", "Zg==Zg==", "é"]
        {
            assert_eq!(decoded(text), None, "{text}");
        }
    }
}
