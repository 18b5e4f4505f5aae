//! The definition of one attribute (RFC 7643, sections 2.2, 2.3 and 7), and functions to write definitions.

use serde::Serialize;

/// The type of a value (RFC 7643, section 2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Type {
    /// Text.
    String,
    /// `true` or `false`.
    Boolean,
    /// A point in time.
    DateTime,
    /// Bytes in base64.
    Binary,
    /// A URI.
    Reference,
    /// Several sub-attributes.
    Complex,
}

/// The mutability of a value (RFC 7643, section 7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Mutability {
    /// Set by the server only. Values of clients are ignored.
    ReadOnly,
    /// Set by clients.
    ReadWrite,
    /// Set by clients when the resource is created.
    Immutable,
    /// Set by clients, and never returned.
    WriteOnly,
}

/// When a response contains a value (RFC 7643, section 7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Returned {
    /// In every response.
    Always,
    /// Never.
    Never,
    /// Unless other attributes are requested, or this one is excluded.
    Default,
    /// Only if it is requested by name.
    Request,
}

/// The scope in which a value must be unique (RFC 7643, section 7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Uniqueness {
    /// Not unique.
    None,
    /// Unique in the team that the key belongs to.
    Server,
}

/// Upper bound of a text. One set of limits serves every database. Indexed values fit into an index row of PostgreSQL
/// (2,704 bytes), whatever their characters are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MaxLength {
    /// In characters.
    Characters(usize),
    /// In bytes of UTF-8.
    Bytes(usize),
}

/// Known shapes that identity providers send in place of a complex value of the schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tolerance {
    /// No other shape.
    Strict,
    /// A text in place of an object becomes its `value`.
    BareText,
    /// A text in place of an object, or a list of one value in place of the value.
    BareTextOrList,
}

/// An attribute. It serializes to its definition in `/Schemas`.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Attribute {
    /// The name; letter case does not matter.
    pub name: &'static str,
    /// The type of a value.
    #[serde(rename = "type")]
    pub kind: Type,
    /// Whether the attribute is a list of values.
    pub multi_valued: bool,
    /// A description for clients.
    pub description: &'static str,
    /// Whether every resource must have the attribute.
    pub required: bool,
    /// The usual values. Others are accepted too.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub canonical_values: &'static [&'static str],
    /// Whether values are case-sensitive. `None`: values have no letters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case_exact: Option<bool>,
    /// The mutability.
    pub mutability: Mutability,
    /// When a response contains it.
    pub returned: Returned,
    /// The scope in which a value must be unique.
    pub uniqueness: Uniqueness,
    /// The targets of the URI: resource types, `external` or `uri`.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub reference_types: &'static [&'static str],
    /// Upper bound of a text; `/Schemas` has no property for it.
    #[serde(skip)]
    pub max_length: MaxLength,
    /// The other accepted shapes of a complex value.
    #[serde(skip)]
    pub(crate) tolerance: Tolerance,
    /// The sub-attributes of a complex attribute.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub sub_attributes: &'static [Attribute],
}

impl MaxLength {
    /// The error about a text that is too long, for a sentence that starts with the attribute's name.
    pub(crate) fn problem(self, text: &str) -> Option<String> {
        let (length, unit, max) = match self {
            // A text has at least as many bytes as characters, so most texts need no count.
            Self::Characters(max) if text.len() <= max => return None,
            Self::Characters(max) => (text.chars().count(), "characters", max),
            Self::Bytes(max) => (text.len(), "bytes", max),
        };
        (length > max).then(|| format!("has {length} {unit}, the maximum is {max}"))
    }
}

impl Attribute {
    /// The most common definition (RFC 7643, section 2.2): single, optional, changeable, returned by default.
    const fn new(name: &'static str, kind: Type, case_exact: Option<bool>, description: &'static str) -> Self {
        Self {
            name,
            kind,
            multi_valued: false,
            description,
            required: false,
            canonical_values: &[],
            case_exact,
            mutability: Mutability::ReadWrite,
            returned: Returned::Default,
            uniqueness: Uniqueness::None,
            reference_types: &[],
            max_length: MaxLength::Characters(match kind {
                Type::Binary => 16_384,
                Type::Reference => 1_024,
                Type::String | Type::Boolean | Type::DateTime | Type::Complex => 256,
            }),
            tolerance: Tolerance::Strict,
            sub_attributes: &[],
        }
    }

    pub(super) const fn list(mut self) -> Self {
        self.multi_valued = true;
        self
    }

    pub(super) const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    pub(super) const fn case_exact(mut self) -> Self {
        self.case_exact = Some(true);
        self
    }

    pub(super) const fn unique(mut self) -> Self {
        self.uniqueness = Uniqueness::Server;
        self
    }

    pub(super) const fn read_only(mut self) -> Self {
        self.mutability = Mutability::ReadOnly;
        self
    }

    pub(super) const fn immutable(mut self) -> Self {
        self.mutability = Mutability::Immutable;
        self
    }

    pub(super) const fn write_only(mut self) -> Self {
        self.mutability = Mutability::WriteOnly;
        self.returned = Returned::Never;
        self
    }

    pub(super) const fn always(mut self) -> Self {
        self.returned = Returned::Always;
        self
    }

    pub(super) const fn on_request(mut self) -> Self {
        self.returned = Returned::Request;
        self
    }

    pub(super) const fn at_most(mut self, characters: usize) -> Self {
        self.max_length = MaxLength::Characters(characters);
        self
    }

    pub(super) const fn at_most_bytes(mut self, bytes: usize) -> Self {
        self.max_length = MaxLength::Bytes(bytes);
        self
    }

    pub(super) const fn tolerates(mut self, tolerance: Tolerance) -> Self {
        self.tolerance = tolerance;
        self
    }

    pub(super) const fn usually(mut self, values: &'static [&'static str]) -> Self {
        self.canonical_values = values;
        self
    }
}

pub(super) const fn text(name: &'static str, description: &'static str) -> Attribute {
    Attribute::new(name, Type::String, Some(false), description)
}

pub(super) const fn boolean(name: &'static str, description: &'static str) -> Attribute {
    Attribute::new(name, Type::Boolean, None, description)
}

pub(super) const fn date_time(name: &'static str, description: &'static str) -> Attribute {
    Attribute::new(name, Type::DateTime, None, description)
}

pub(super) const fn binary(name: &'static str, description: &'static str) -> Attribute {
    Attribute::new(name, Type::Binary, Some(true), description)
}

pub(super) const fn reference(name: &'static str, to: &'static [&'static str], description: &'static str) -> Attribute {
    let mut attribute = Attribute::new(name, Type::Reference, Some(true), description);
    attribute.reference_types = to;
    attribute
}

pub(super) const fn complex(name: &'static str, parts: &'static [Attribute], description: &'static str) -> Attribute {
    let mut attribute = Attribute::new(name, Type::Complex, None, description);
    attribute.sub_attributes = parts;
    attribute
}
