//! The parameters of an endpoint, as data. Whatever is not declared is unknown, as with Stripe.

/// A parameter.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) is_required: bool,
    /// Whether an empty text takes the value away.
    pub(crate) is_clearable: bool,
}

/// What a parameter may hold.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    /// At most so many characters.
    Text(usize),
    Bool,
    /// From, to.
    Integer(i64, i64),
    /// An exact decimal with at most 12 places, which stays a text.
    Decimal,
    /// A percentage, which Stripe answers as a number.
    Percent,
    /// A measure of at most two decimal places, which Stripe answers as a number.
    Measure,
    /// `usd`; upper case is taken, too.
    Currency,
    Choice(&'static [&'static str]),
    /// `inf` or an integer.
    UpTo,
    Hash(&'static [Field]),
    List(&'static Kind),
    /// A hash for each currency.
    ByCurrency(&'static [Field]),
    Metadata,
    /// Names and texts of the caller's own, at most as long as metadata.
    Texts,
    /// A moment, or `now`.
    TimeOrNow,
    /// A moment, or `gt`, `gte`, `lt`, `lte`.
    Range,
}

/// A parameter that may be left out.
pub(crate) const fn field(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, is_required: false, is_clearable: false }
}

/// A parameter that must be there.
pub(crate) const fn required(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, is_required: true, is_clearable: false }
}

impl Field {
    /// The same parameter, which an empty text clears.
    pub(crate) const fn clearable(self) -> Self {
        Self { is_clearable: true, ..self }
    }
}
