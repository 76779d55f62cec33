//! Service objects as products of a catalog.

use std::collections::{BTreeMap, BTreeSet};

use pricebook_model::Catalog;
use pricebook_types::Currency;
use rust_decimal::Decimal;

use super::charge::{self, Charge};
use super::deposit;
use super::place::Lines;
use super::sign;
use super::value::{Value, ValueKind};
use crate::import::draft::{Entry, said_plural};
use crate::import::note::Note;
use crate::import::yaml::Yaml;

/// A service, with what the catalog derives and must derive alike.
pub(super) struct Service {
    pub(super) draft: Entry,
    price: Decimal,
    price_display: Option<String>,
    deposit: Option<Decimal>,
    deposit_display: Option<String>,
    billing_type: String,
}

const FIELDS: [&str; 9] =
    ["id", "name", "description", "price", "deposit", "billingType", "features", "metadata", "active"];

/// Every service that can be understood; the others are notes.
pub(super) fn services(items: &[Value], currency: Currency, lines: &Lines<'_>) -> (Vec<Service>, Vec<Note>) {
    let mut notes = Vec::new();
    let mut services = Vec::new();
    let mut ids = BTreeSet::new();
    for item in items {
        let reader = Reader { item, lines };
        match reader.service(currency, &mut notes) {
            Ok(service) if !ids.insert(service.draft.id.clone()) => {
                let what = format!("service {}", service.draft.id);
                notes.push(Note::left_out(service.draft.place, what, "another service has this id"));
            }
            Ok(service) => services.push(service),
            Err(note) => notes.push(Note { what: format!("{}: {}", reader.name(), note.what), left_out: true, ..note }),
        }
    }
    (services, notes)
}

struct Reader<'a> {
    item: &'a Value,
    lines: &'a Lines<'a>,
}

impl Reader<'_> {
    fn service(&self, currency: Currency, notes: &mut Vec<Note>) -> Result<Service, Note> {
        let id = self.text("id")?.ok_or_else(|| self.missing("id"))?;
        let name = self.text("name")?.ok_or_else(|| self.missing("name"))?;
        let price = self.item.field("price").ok_or_else(|| self.missing("price"))?;
        let amount =
            number(price.field("value")).ok_or_else(|| self.note(price, "price", "it has no number `value`"))?;
        let price_display = text(price.field("display"));
        self.refuse_other_currency(currency)?;
        let billing_type = self.text("billingType")?.unwrap_or_else(|| "one-time".to_owned());
        let charge = Charge::of(&billing_type, price_display.as_deref())
            .ok_or_else(|| self.note(self.item, "billingType", &charge::unknown(&billing_type)))?;
        let deposit = self.item.field("deposit");
        let deposit_display = deposit.and_then(|deposit| text(deposit.field("display")));
        let active = self.boolean("active")?.unwrap_or(true);
        let coming_soon = !active && deposit_display.as_deref() == Some("Coming Soon");
        let due = deposit.and_then(|deposit| {
            let mut said = Vec::new();
            let due = match coming_soon {
                true => deposit::refused(deposit, &mut said),
                false => deposit::taken(deposit, amount, currency, &mut said),
            };
            notes.extend(said.into_iter().map(|(what, why)| self.note(deposit, what, &why)));
            due
        });
        let body = Yaml::map([
            ("name", Some(Yaml::text(name))),
            ("description", self.text("description")?.filter(|text| !text.is_empty()).map(Yaml::text)),
            ("active", (!active).then(|| Yaml::plain(false))),
            ("coming_soon", coming_soon.then(|| Yaml::plain(true))),
            ("free", amount.is_zero().then(|| Yaml::plain(true))),
            ("prices", Some(Yaml::Map(vec![(charge.key.clone(), charge.price(amount))]))),
            ("deposit", due),
            ("marketing_features", self.features(notes).unless_empty()),
            ("metadata", self.metadata(notes).unless_empty()),
        ]);
        self.note_unknown_fields(notes);
        let draft = Entry { id, place: self.lines.place(self.item.span), body, prices: Some(BTreeMap::new()) };
        let deposit = deposit.and_then(|deposit| number(deposit.field("amount")));
        Ok(Service { draft, price: amount, price_display, deposit, deposit_display, billing_type })
    }

    /// An amount of another currency would be charged as one of the catalog's.
    fn refuse_other_currency(&self, currency: Currency) -> Result<(), Note> {
        for part in ["price", "deposit"] {
            let Some(value) = self.item.field(part).and_then(|part| part.field("display")) else { continue };
            if let Some(sign) = text(Some(value)).and_then(|display| sign::other_currency(&display, currency)) {
                let catalog = currency.code();
                let why =
                    format!("`{sign}` is another currency than {catalog}; import such services apart, with --currency");
                return Err(self.note(value, &format!("{part}.display"), &why));
            }
        }
        Ok(())
    }

    fn note(&self, value: &Value, what: &str, why: &str) -> Note {
        Note::new(self.lines.place(value.span), what, why)
    }

    /// Of what was said and is not in the catalog.
    fn lost(&self, value: &Value, what: &str, why: &str) -> Note {
        Note { left_out: true, ..self.note(value, what, why) }
    }

    fn missing(&self, field: &str) -> Note {
        self.note(self.item, field, "it is missing")
    }

    /// What the service is called in notes.
    fn name(&self) -> String {
        let id = text(self.item.field("id")).or_else(|| text(self.item.field("name")));
        id.map_or_else(|| "service".to_owned(), |id| format!("service {id}"))
    }

    fn text(&self, field: &str) -> Result<Option<String>, Note> {
        match self.item.field(field).map(|value| (value, &value.kind)) {
            None | Some((_, ValueKind::Nothing)) => Ok(None),
            Some((_, ValueKind::Text(text))) => Ok(Some(text.clone())),
            Some((value, _)) => Err(self.note(value, field, "it is no text")),
        }
    }

    fn boolean(&self, field: &str) -> Result<Option<bool>, Note> {
        match self.item.field(field).map(|value| (value, &value.kind)) {
            None | Some((_, ValueKind::Nothing)) => Ok(None),
            Some((_, ValueKind::Boolean(boolean))) => Ok(Some(*boolean)),
            Some((value, _)) => Err(self.note(value, field, "it is no boolean")),
        }
    }

    fn features(&self, notes: &mut Vec<Note>) -> Yaml {
        let mut lines = Vec::new();
        match self.item.field("features").map(|value| (value, &value.kind)) {
            Some((_, ValueKind::List(items))) => {
                for item in items {
                    match &item.kind {
                        ValueKind::Text(line) => lines.push(Yaml::text(line)),
                        _ => notes.push(self.lost(item, "features", "only texts are kept")),
                    }
                }
            }
            Some((_, ValueKind::Nothing)) | None => {}
            Some((value, _)) => notes.push(self.lost(value, "features", "only a list of texts is kept")),
        }
        Yaml::List(lines)
    }

    fn metadata(&self, notes: &mut Vec<Note>) -> Yaml {
        let mut entries = Vec::new();
        let metadata = self.item.field("metadata");
        if let Some(value) = metadata.filter(|value| !matches!(value.kind, ValueKind::Object(_) | ValueKind::Nothing)) {
            notes.push(self.lost(value, "metadata", "only an object is kept"));
        }
        if let Some(Value { kind: ValueKind::Object(fields), .. }) = metadata {
            for (key, value) in fields {
                let kept = match &value.kind {
                    ValueKind::Text(text) => Some(Yaml::text(text)),
                    ValueKind::Boolean(boolean) => Some(Yaml::plain(boolean)),
                    ValueKind::Number(number) if number.is_integer() => Some(Yaml::plain(number.normalize())),
                    _ => None,
                };
                match kept {
                    Some(kept) if key != "features" => entries.push((key.clone(), kept)),
                    Some(_) => notes.push(self.lost(value, "metadata.features", "this key is kept for the features")),
                    None => {
                        let why = "metadata holds texts, whole numbers and booleans";
                        notes.push(self.lost(value, &format!("metadata.{key}"), why));
                    }
                }
            }
        }
        Yaml::Map(entries)
    }

    fn note_unknown_fields(&self, notes: &mut Vec<Note>) {
        let parts: [(&str, Option<&Value>, &[&str]); 3] = [
            ("", Some(self.item), &FIELDS),
            ("price.", self.item.field("price"), &["value", "display"]),
            ("deposit.", self.item.field("deposit"), &["type", "value", "amount", "display"]),
        ];
        for (prefix, part, known) in parts {
            if let Some(Value { kind: ValueKind::Object(fields), .. }) = part {
                for (key, value) in fields.iter().filter(|(key, _)| !known.contains(&key.as_str())) {
                    let why = "this import does not know the field; write what it says into the catalog by hand";
                    notes.push(self.lost(value, &format!("{prefix}{key}"), why));
                }
            }
        }
    }
}

pub(super) fn text(value: Option<&Value>) -> Option<String> {
    match &value?.kind {
        ValueKind::Text(text) => Some(text.clone()),
        _ => None,
    }
}

pub(super) fn number(value: Option<&Value>) -> Option<Decimal> {
    match &value?.kind {
        ValueKind::Number(number) => Some(*number),
        _ => None,
    }
}

/// The kind: products with one price, kept in a table of whole amounts where all are whole.
pub(super) fn kind_body(kind: &str, plural: &str, services: &[Service]) -> Yaml {
    let whole = services
        .iter()
        .all(|service| service.price.is_integer() && service.deposit.is_none_or(|deposit| deposit.is_integer()));
    let column = |ty: &str, from: &str, key: bool| {
        Yaml::map([
            ("type", Some(Yaml::text(ty))),
            ("from", Some(Yaml::plain(from))),
            ("key", key.then(|| Yaml::plain(true))),
        ])
    };
    let columns = [
        ("id", column("text(255)", "id", true)),
        ("name", column("text", "name", false)),
        ("description", column("text?", "description", false)),
        ("min_price", column("integer?", "price.min", false)),
        ("max_price", column("integer?", "price.max", false)),
        ("deposit_amount", column("integer?", "deposit.amount", false)),
        ("billing_type", column("text?", "billing_type", false)),
        ("metadata", column("json?", "metadata", false)),
        ("active", column("boolean", "active", false)),
    ];
    let created_at = Yaml::map([("type", Some(Yaml::plain("timestamp"))), ("default", Some(Yaml::plain("now")))]);
    let columns = columns.map(|(name, column)| (name.to_owned(), column)).into_iter();
    let columns = columns.chain([("created_at".to_owned(), created_at)]).collect();
    Yaml::map([
        ("plural", said_plural(kind, plural)),
        ("prices", Some(Yaml::map([("min", Some(Yaml::plain(1))), ("max", Some(Yaml::plain(1)))]))),
        (
            "table",
            Some(Yaml::map([
                ("amounts", Some(Yaml::plain(if whole { "major" } else { "minor" }))),
                ("columns", Some(Yaml::Map(columns))),
            ])),
        ),
    ])
}

/// What the catalog derives in another way than the file has it.
pub(super) fn differences(services: &[Service], catalog: &Catalog) -> Vec<Note> {
    let mut notes = Vec::new();
    for service in services {
        let Some(product) = catalog.products.iter().find(|product| product.id == service.draft.id) else { continue };
        let mut compare = |what: &str, file: Option<&str>, catalog: &str| {
            if let Some(file) = file.filter(|file| *file != catalog) {
                let why = format!("the file has `{file}`, the catalog makes `{catalog}` of it");
                notes.push(Note::new(&service.draft.place, what, why));
            }
        };
        compare("price.display", service.price_display.as_deref(), &product.price_display);
        compare("deposit.display", service.deposit_display.as_deref(), &product.deposit_display);
        compare("billingType", Some(&service.billing_type), product.billing_type.as_str());
        let due = product.deposit.as_ref().map_or(Decimal::ZERO, |deposit| {
            let due = deposit.amount();
            Decimal::from(due.minor()) / Decimal::from(10_u32.pow(due.currency().minor_digits()))
        });
        if let Some(deposit) = service.deposit.filter(|deposit| *deposit != due) {
            compare("deposit.amount", Some(&deposit.to_string()), &due.normalize().to_string());
        }
    }
    notes
}
