//! What the enums of generated Rust have in common: an id for each variant, and the way back.

use core::fmt;

use serde::{Deserialize, Deserializer, Serializer, de::Error};

use crate::UnknownId;

/// A generated enum whose variants stand for ids of the catalog.
pub trait Item: Copy + fmt::Debug + Eq + 'static {
    /// What the ids are of, in messages: `plan`, `feature`, `price` …
    const WHAT: &'static str;

    /// Every variant, in the order of the catalog.
    const ALL: &'static [Self];

    /// The id in the catalog.
    fn id(self) -> &'static str;

    /// The variant with this id; nothing is allocated.
    fn find(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|item| item.id() == id)
    }
}

/// `FromStr` of an item.
///
/// # Errors
/// [`UnknownId`] where no variant has this id.
pub fn parse<T: Item>(id: &str) -> Result<T, UnknownId> {
    T::find(id).ok_or_else(|| UnknownId { what: T::WHAT, id: id.to_owned() })
}

/// `Serialize` of an item: its id.
///
/// # Errors
/// Those of the serializer.
pub fn serialize<T: Item, S: Serializer>(item: T, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(item.id())
}

/// `Deserialize` of an item: from its id.
///
/// # Errors
/// Those of the deserializer, and a list of ids (the first twenty) where the text is none of them.
pub fn deserialize<'de, T: Item, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let id = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
    T::find(&id)
        .ok_or_else(|| D::Error::custom(format_args!("no {} has the id {id:?}; {}", T::WHAT, Choices::<T>::NEW)))
}

/// `Debug` of an item: `Plan(professional)`.
///
/// Not the variant's name: a derived `Debug` of 20,000 variants takes rustc half a minute.
///
/// # Errors
/// Those of the formatter.
pub fn debug<T: Item>(name: &str, item: T, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.debug_tuple(name).field(&format_args!("{}", item.id())).finish()
}

/// What every generated enum is and can do besides its own methods `id` and `find`.
#[doc(hidden)]
#[macro_export]
macro_rules! item_traits {
    ($name:ident, $what:literal) => {
        impl $crate::Item for $name {
            const WHAT: &'static str = $what;
            const ALL: &'static [Self] = Self::ALL;

            fn id(self) -> &'static str {
                self.id()
            }

            fn find(id: &str) -> ::core::option::Option<Self> {
                Self::find(id)
            }
        }

        impl ::core::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                $crate::item::debug(::core::stringify!($name), *self, f)
            }
        }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.pad(self.id())
            }
        }

        impl ::core::str::FromStr for $name {
            type Err = $crate::UnknownId;

            fn from_str(id: &str) -> ::core::result::Result<Self, Self::Err> {
                $crate::item::parse(id)
            }
        }

        impl $crate::serde::Serialize for $name {
            fn serialize<S: $crate::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                $crate::item::serialize(*self, serializer)
            }
        }

        impl<'de> $crate::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::item::deserialize(deserializer)
            }
        }
    };
}

struct Choices<T>(core::marker::PhantomData<T>);

impl<T> Choices<T> {
    const NEW: Self = Self(core::marker::PhantomData);
}

impl<T: Item> fmt::Display for Choices<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const MOST: usize = 20;
        f.write_str(if T::ALL.is_empty() { "there are none" } else { "there are " })?;
        for (index, item) in T::ALL.iter().take(MOST).enumerate() {
            write!(f, "{}`{}`", if index == 0 { "" } else { ", " }, item.id())?;
        }
        match T::ALL.len().saturating_sub(MOST) {
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
    }
}
