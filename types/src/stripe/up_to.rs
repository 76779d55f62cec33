//! Where a tier ends, as Stripe writes it.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The end of a tier: a number, or `"inf"` in JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UpTo {
    /// The last unit.
    Unit(u64),
    /// The open end.
    Inf,
}

impl Serialize for UpTo {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Unit(unit) => serializer.serialize_u64(*unit),
            Self::Inf => serializer.serialize_str("inf"),
        }
    }
}

impl<'de> Deserialize<'de> for UpTo {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Unit(u64),
            Inf(Inf),
        }
        #[derive(Deserialize)]
        #[serde(rename_all = "snake_case")]
        enum Inf {
            Inf,
        }
        Ok(match Written::deserialize(deserializer)? {
            Written::Unit(unit) => Self::Unit(unit),
            Written::Inf(Inf::Inf) => Self::Inf,
        })
    }
}
