//! Errors about unknown attribute names.

use crate::{ResourceType, schema::Attribute};
use std::{borrow::Cow, fmt};

/// An unknown attribute name. `Display` contains the name and its context.
#[derive(Clone, Debug)]
pub struct UnknownAttribute {
    name: String,
    of: Of,
}

/// The context in which the name is unknown.
#[derive(Clone, Copy, Debug)]
pub(super) enum Of {
    /// Resources of this kind.
    Kind(ResourceType),
    /// A known attribute.
    Attribute(&'static Attribute),
}

impl UnknownAttribute {
    pub(super) fn new(name: &str, of: Of) -> Self {
        Self { name: shortened(name).into_owned(), of }
    }

    /// Whether the attribute is unknown, and not a sub-attribute of a known one.
    pub fn is_of_resource(&self) -> bool {
        matches!(self.of, Of::Kind(_))
    }
}

/// The start of an unknown name, for error messages. Every known name is shorter.
pub(crate) fn shortened(name: &str) -> Cow<'_, str> {
    let end = name.floor_char_boundary(100);
    match name.get(..end) {
        Some(start) if end < name.len() => format!("{start}…").into(),
        _ => name.into(),
    }
}

impl fmt::Display for UnknownAttribute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.of {
            Of::Kind(kind) => write!(f, "{} have no attribute “{}”", kind.endpoint(), self.name),
            Of::Attribute(attribute) if attribute.sub_attributes.is_empty() => {
                write!(f, "{} has no sub-attributes, so “{}” isn't valid", attribute.name, self.name)
            }
            Of::Attribute(attribute) => {
                write!(f, "{} has no sub-attribute “{}”. It has ", attribute.name, self.name)?;
                list(f, attribute.sub_attributes.iter().map(|sub| sub.name))
            }
        }
    }
}

impl std::error::Error for UnknownAttribute {}

/// Writes names with commas between them.
fn list(f: &mut fmt::Formatter<'_>, names: impl Iterator<Item = &'static str>) -> fmt::Result {
    for (i, name) in names.enumerate() {
        write!(f, "{}{name}", if i == 0 { "" } else { ", " })?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::{AttributePath, ResourceType};

    fn error_of(text: &str) -> String {
        AttributePath::parse(text, ResourceType::User).unwrap_err().to_string()
    }

    #[test]
    fn unknown_names_are_described() {
        for (text, expected) in [
            ("foo", "Users have no attribute “foo”"),
            (
                "name.first",
                "name has no sub-attribute “first”. It has formatted, familyName, givenName, middleName, honorificPrefix, honorificSuffix",
            ),
            ("userName.first", "userName has no sub-attributes, so “first” isn't valid"),
        ] {
            assert_eq!(error_of(text), expected);
        }
        assert!(error_of(&"é".repeat(4_000)).len() < 200);
    }
}
