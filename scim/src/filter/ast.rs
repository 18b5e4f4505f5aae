//! Filters as data.

use super::Instant;
use crate::{AttributePath, fold};
use std::ops::Deref;

/// A filter whose names, operators and values match the schema.
///
/// [`Filter::parse`] makes it flat: an `And` never contains an `And`, an `Or` never contains an `Or`, and both have at
/// least two parts. The nesting is at most [`MAX_DEPTH`](super::MAX_DEPTH), so a recursive function can walk through
/// it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filter {
    /// All of these match.
    And(Vec<Filter>),
    /// At least one of these matches.
    Or(Vec<Filter>),
    /// This does not match.
    Not(Box<Filter>),
    /// Compares a simple attribute with a value. For a list, one of its values must match.
    Compare {
        /// The attribute.
        path: AttributePath,
        /// The operator, which the attribute's type supports.
        op: Operator,
        /// A value of the attribute's type, or [`Literal::Null`].
        value: Literal,
    },
    /// `pr`: the attribute has a value that is not empty.
    Present(AttributePath),
    /// `emails[type eq "work"]`: one value of the complex attribute matches `filter`, whose paths are sub-attributes.
    Values {
        /// The complex attribute, without a sub-attribute.
        path: AttributePath,
        /// The filter for one value.
        filter: Box<Filter>,
    },
}

/// A comparison operator (RFC 7644, table 3).
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

/// The value of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Literal {
    /// Text, for attributes of the types string, reference and binary.
    Text(FilterText),
    /// A point in time, for attributes of the type dateTime.
    DateTime {
        /// The text in the filter.
        text: String,
        /// The time.
        at: Instant,
    },
    /// `true` or `false`.
    Boolean(bool),
    /// `null`: no value. Only `eq` and `ne` support it.
    Null,
}

/// The text of a comparison. Prints and dereferences to the text in the filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterText {
    written: String,
    folded: String,
}

impl FilterText {
    /// The text in the filter.
    pub fn as_str(&self) -> &str {
        &self.written
    }

    /// [`fold`] of the text, computed once when the filter is parsed.
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
    /// Every operator.
    pub const ALL: [Self; 9] =
        [Self::Eq, Self::Ne, Self::Co, Self::Sw, Self::Ew, Self::Gt, Self::Ge, Self::Lt, Self::Le];

    /// The name in filters.
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
    /// Whether the filter contains this attribute of the core schema.
    pub fn mentions(&self, name: &str) -> bool {
        match self {
            Self::And(parts) | Self::Or(parts) => parts.iter().any(|part| part.mentions(name)),
            Self::Not(part) => part.mentions(name),
            Self::Compare { path, .. } | Self::Present(path) | Self::Values { path, .. } => {
                !path.is_extension() && path.attribute.name == name
            }
        }
    }

    /// The conjunction of `parts`: flat, and a single part stays as it is.
    pub(crate) fn and(parts: Vec<Self>) -> Self {
        Self::join(parts, Self::And, |part| match part {
            Self::And(parts) => Ok(parts),
            other => Err(other),
        })
    }

    /// The disjunction of `parts`: flat, and a single part stays as it is.
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
