//! Finds products, prices and meters in whatever JSON a Stripe account was saved as.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::objects::{MeterObject, PriceObject, ProductObject};
use crate::import::note::Note;

/// What was found.
#[derive(Default)]
pub(super) struct Objects {
    pub(super) products: Vec<ProductObject>,
    pub(super) prices: Vec<PriceObject>,
    pub(super) meters: Vec<MeterObject>,
    pub(super) notes: Vec<Note>,
}

impl Objects {
    /// Takes lists, arrays of them, objects, and mappings such as `{"products": …, "prices": …}`.
    pub(super) fn gather(&mut self, file: &str, value: Value, named: Option<&str>) {
        match value {
            Value::Array(values) => values.into_iter().for_each(|value| self.gather(file, value, named)),
            Value::Object(mut object) => match object.get("object").and_then(Value::as_str) {
                Some("list") => {
                    if object.get("has_more").and_then(Value::as_bool) == Some(true) {
                        self.notes.push(Note::new(file, "has_more", "this is one page of a longer list"));
                    }
                    if let Some(data) = object.remove("data") {
                        self.gather(file, data, named);
                    }
                }
                Some(kind) => {
                    let kind = kind.to_owned();
                    self.object(file, &kind, Value::Object(object));
                }
                None if object.contains_key("id") && named.is_some() => {
                    self.object(file, named.unwrap_or_default(), Value::Object(object));
                }
                None => {
                    for (name, value) in object {
                        let named = match name.as_str() {
                            "products" => Some("product"),
                            "prices" => Some("price"),
                            "meters" => Some("billing.meter"),
                            _ => None,
                        };
                        self.gather(file, value, named);
                    }
                }
            },
            _ => {}
        }
    }

    fn object(&mut self, file: &str, kind: &str, value: Value) {
        let id = value.get("id").and_then(Value::as_str).unwrap_or(file).to_owned();
        let read = match kind {
            "product" => read(value).map(|product| self.products.push(product)),
            "price" => read(value).map(|price| self.prices.push(price)),
            "billing.meter" => read(value).map(|meter| self.meters.push(meter)),
            _ => Err("only products, prices and meters are imported".to_owned()),
        };
        if let Err(why) = read {
            self.notes.push(Note::new(id, kind, why));
        }
    }
}

fn read<T: DeserializeOwned>(value: Value) -> Result<T, String> {
    serde_json::from_value(value).map_err(|cause| cause.to_string())
}
