//! What a live API says it sells, read without believing anything: any other fields, amounts as numbers or as texts.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::LiveError;
use super::fetch::Body;

/// A product as an API shows it. Each field keeps its own text, so that amounts are exact.
#[derive(Debug)]
pub(super) struct Answered<'a> {
    pub(super) id: String,
    fields: BTreeMap<String, &'a RawValue>,
}

/// The products below `plural` of `{"success": true, "<plural>": […]}`.
pub(super) fn read<'a>(body: &'a Body, plural: &str) -> Result<Vec<Answered<'a>>, LiveError> {
    let invalid = |problem: String| LiveError::Invalid { url: body.url.clone(), problem };
    let top: BTreeMap<String, &RawValue> = serde_json::from_slice(&body.bytes).map_err(|cause| {
        let media_type = body.media_type.as_deref().unwrap_or("of no content type");
        invalid(format!("the answer is no JSON object but {media_type}: {cause}"))
    })?;
    if top.get("success").is_none_or(|success| success.get() != "true") {
        return Err(invalid("`success` is not true".to_owned()));
    }
    let list = top.get(plural).ok_or_else(|| invalid(format!("there is no `{plural}`")))?;
    let items: Vec<&RawValue> =
        serde_json::from_str(list.get()).map_err(|_| invalid(format!("`{plural}` is no list")))?;
    items
        .into_iter()
        .enumerate()
        .map(|(at, item)| Answered::of(item).ok_or_else(|| invalid(format!("`{plural}[{at}]` has no text `id`"))))
        .collect()
}

impl<'a> Answered<'a> {
    fn of(item: &'a RawValue) -> Option<Self> {
        let fields: BTreeMap<String, &RawValue> = serde_json::from_str(item.get()).ok()?;
        let id = serde_json::from_str(fields.get("id")?.get()).ok()?;
        Some(Self { id, fields })
    }

    /// The text of a field; an absent one is null.
    pub(super) fn raw(&self, field: &str) -> Option<&'a str> {
        self.fields.get(field).map(|value| value.get()).filter(|text| *text != "null")
    }

    /// A field of this type; `None` also where it is of another.
    pub(super) fn get<T: DeserializeOwned>(&self, field: &str) -> Option<T> {
        serde_json::from_str(self.raw(field)?).ok()
    }

    /// `priceRange` as its lowest and highest amount, each as it is written.
    pub(super) fn range(&self) -> (Option<&'a str>, Option<&'a str>) {
        #[derive(Default, Deserialize)]
        struct Range<'a> {
            #[serde(borrow, default)]
            min: Option<&'a RawValue>,
            #[serde(borrow, default)]
            max: Option<&'a RawValue>,
        }
        let range: Range<'_> =
            self.raw("priceRange").and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        (range.min.map(RawValue::get), range.max.map(RawValue::get))
    }

    /// The lines of the price list and the rest of the metadata. An API may also answer its column as it is: one object
    /// with `features` inside, or the text of one.
    pub(super) fn features_and_metadata(&self) -> (Option<Vec<String>>, Option<Map<String, Value>>) {
        let metadata = match self.get::<Value>("metadata") {
            Some(Value::String(text)) => serde_json::from_str(&text).ok(),
            other => other,
        };
        let mut metadata = match metadata {
            Some(Value::Object(metadata)) => Some(metadata),
            _ => None,
        };
        let inside = metadata.as_mut().and_then(|metadata| metadata.remove("features"));
        let features = self.get("features").or_else(|| serde_json::from_value(inside?).ok());
        (features, metadata)
    }
}

/// An exact amount: `1495`, `1495.00`, `1.495e3` or any of them as a text; `None` for what is none of these.
pub(super) fn amount(raw: &str) -> Option<Decimal> {
    let text: String = match raw.starts_with('"') {
        true => serde_json::from_str(raw).ok()?,
        false => raw.to_owned(),
    };
    Decimal::from_str_exact(&text).or_else(|_| Decimal::from_scientific(&text)).ok()
}
