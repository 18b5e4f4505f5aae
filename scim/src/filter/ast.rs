//! A filter as data.

use super::Instant;
use crate::{AttributePath, fold};
use std::ops::Deref;

/// A filter whose names, operators and values fit the schema.
///
/// [`Filter::parse`] makes it as flat as it can be: no `And` stands directly in an `And`, no `Or` in an `Or`, and both
/// have at least two parts. It is at most [`MAX_DEPTH`](super::MAX_DEPTH) brackets deep, so that it can be walked
/// through by recursion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filter {
    /// All of them.
    And(Vec<Filter>),
    /// At least one of them.
    Or(Vec<Filter>),
    /// Not this.
    Not(Box<Filter>),
    /// Compares a simple attribute with a value. One of several values has to match.
    Compare {
        /// The attribute.
        path: AttributePath,
        /// How; one that the attribute's type has.
        op: Operator,
        /// A value of the attribute's type, or [`Literal::Null`].
        value: Literal,
    },
    /// `pr`: the attribute has a value that is not empty.
    Present(AttributePath),
    /// `emails[type eq "work"]`: one value of the complex attribute is all that `filter` says. The paths in `filter`
    /// are those of its sub-attributes.
    Values {
        /// The complex attribute, without a part.
        path: AttributePath,
        /// The filter for one value.
        filter: Box<Filter>,
    },
}

/// How an attribute is compared (RFC 7644, table 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operator {
    /// Equal.
    Eq,
    /// Not equal.
    Ne,
    /// Contains.
    Co,
    /// Starts with.
    Sw,
    /// Ends with.
    Ew,
    /// Greater than; later.
    Gt,
    /// Greater than or equal to.
    Ge,
    /// Less than; earlier.
    Lt,
    /// Less than or equal to.
    Le,
}

/// What an attribute is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Literal {
    /// Text, for attributes of the types string, reference and binary.
    Text(FilterText),
    /// A point in time, for attributes of the type dateTime.
    DateTime {
        /// As it was written.
        text: String,
        /// What it means.
        at: Instant,
    },
    /// `true` or `false`.
    Boolean(bool),
    /// `null`: no value. Stands with `eq` and `ne` only.
    Null,
}

/// Text that values are compared with. Prints and dereferences as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterText {
    written: String,
    folded: String,
}

impl FilterText {
    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.written
    }

    /// [`fold`] of it, which is done once, when the filter is read.
    pub fn folded(&self) -> &str {
        &self.folded
    }
}

impl From<String> for FilterText {
    fn from(written: String) -> Self {
        Self { folded: fold(&written), written }
    }
}

impl Deref for FilterText {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl Operator {
    /// All of them.
    pub const ALL: [Self; 9] =
        [Self::Eq, Self::Ne, Self::Co, Self::Sw, Self::Ew, Self::Gt, Self::Ge, Self::Lt, Self::Le];

    /// As it stands in filters.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Eq => "eq",
            Self::Ne => "ne",
            Self::Co => "co",
            Self::Sw => "sw",
            Self::Ew => "ew",
            Self::Gt => "gt",
            Self::Ge => "ge",
            Self::Lt => "lt",
            Self::Le => "le",
        }
    }

    /// The operator with this name; letter case does not matter.
    pub(super) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|op| op.as_str().eq_ignore_ascii_case(text))
    }
}

impl Filter {
    /// Whether it is about this attribute of the core schema, among others.
    pub fn mentions(&self, name: &str) -> bool {
        match self {
            Self::And(parts) | Self::Or(parts) => parts.iter().any(|part| part.mentions(name)),
            Self::Not(part) => part.mentions(name),
            Self::Compare { path, .. } | Self::Present(path) | Self::Values { path, .. } => {
                !path.is_extension() && path.attribute.name == name
            }
        }
    }

    /// All of `parts`; flat, and nothing around a single one.
    pub(crate) fn and(parts: Vec<Self>) -> Self {
        Self::join(parts, Self::And, |part| match part {
            Self::And(parts) => Ok(parts),
            other => Err(other),
        })
    }

    /// At least one of `parts`; flat, and nothing around a single one.
    pub(crate) fn or(parts: Vec<Self>) -> Self {
        Self::join(parts, Self::Or, |part| match part {
            Self::Or(parts) => Ok(parts),
            other => Err(other),
        })
    }

    fn join(
        parts: Vec<Self>,
        make: impl Fn(Vec<Self>) -> Self,
        flatten: impl Fn(Self) -> Result<Vec<Self>, Self>,
    ) -> Self {
        let mut flat = Vec::with_capacity(parts.len());
        for part in parts {
            match flatten(part) {
                Ok(parts) => flat.extend(parts),
                Err(part) => flat.push(part),
            }
        }
        match (flat.pop(), flat.is_empty()) {
            (Some(only), true) => only,
            (last, _) => {
                flat.extend(last);
                make(flat)
            }
        }
    }
}
