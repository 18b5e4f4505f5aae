//! Resource documents: the writable attributes that a client sent, in canonical form.
//!
//! A document contains only attributes that clients can write, with the schema's names and types. The server stores it,
//! and returns it together with `schemas`, `id`, `meta` and its other attributes.
//!
//! The members of a group are separate ([`ResourceDocument::members`]), because a group of ten thousand would need a
//! long document for a change of one member.

pub(crate) mod members;
pub(crate) mod primary;
mod read;
mod rules;
pub(crate) mod value;

pub(crate) use read::{attributes_of, corrected};
pub use rules::{MAX_SIZE, MAX_VALUES};

use crate::{AttributePath, Normalizations, ResourceType, ScimError, resource::Email};
use serde_json::{Map, Value};

/// A resource in canonical form.
#[derive(Clone, Debug, PartialEq)]
pub struct ResourceDocument {
    kind: ResourceType,
    attributes: Map<String, Value>,
    members: Option<Vec<String>>,
}

impl ResourceDocument {
    /// Parses the resource of a POST or PUT.
    ///
    /// Names and URIs are case-insensitive. Unknown and readOnly attributes are ignored (RFC 7644, section 3.5.1), and
    /// `password` is dropped. Known deviations of identity providers from the RFCs are accepted, and `notes` records
    /// them.
    ///
    /// # Errors
    /// `invalidValue` or `invalidSyntax` that names the attribute and the expectation: a value of a wrong type, another
    /// resource type, a missing required attribute, a text that is too long, too many values, a resource that is too
    /// large.
    pub fn read(body: Map<String, Value>, kind: ResourceType, notes: &mut Normalizations) -> Result<Self, ScimError> {
        read::read(body, kind, notes)
    }

    /// A document from [`ResourceDocument::into_map`].
    pub const fn from_stored(kind: ResourceType, attributes: Map<String, Value>) -> Self {
        Self { kind, attributes, members: None }
    }

    /// The document with changed attributes.
    ///
    /// # Errors
    /// `invalidValue` if they break a rule of the schema.
    pub(crate) fn changed(&self, attributes: Map<String, Value>) -> Result<Self, ScimError> {
        rules::check(&attributes, self.kind, rules::size(&self.attributes))?;
        Ok(Self { kind: self.kind, attributes, members: None })
    }

    /// The resource type.
    pub const fn kind(&self) -> ResourceType {
        self.kind
    }

    /// The attributes.
    pub const fn as_map(&self) -> &Map<String, Value> {
        &self.attributes
    }

    /// The attributes, for storage.
    pub fn into_map(self) -> Map<String, Value> {
        self.attributes
    }

    /// The URIs of the schemas that the attributes belong to, the core one first.
    pub fn schemas(&self) -> Vec<&'static str> {
        let has = |id: &str| id == self.kind.core().id || self.attributes.contains_key(id);
        self.kind.schemas().iter().map(|schema| schema.id).filter(|id| has(id)).collect()
    }

    /// The text of an attribute, or of its first value.
    pub fn text(&self, path: AttributePath) -> Option<&str> {
        path.get(&self.attributes).find_map(Value::as_str)
    }

    /// A User's name for the identity provider.
    pub fn user_name(&self) -> Option<&str> {
        self.attribute("userName")
    }

    /// The resource's id at the identity provider.
    pub fn external_id(&self) -> Option<&str> {
        self.attribute("externalId")
    }

    /// The name that people see.
    pub fn display_name(&self) -> Option<&str> {
        self.attribute("displayName")
    }

    /// Whether a User can sign in, if the document has `active`.
    pub fn active(&self) -> Option<bool> {
        self.attributes.get("active").and_then(Value::as_bool)
    }

    /// A User's email addresses, as sent. Values without an address are skipped.
    pub fn emails(&self) -> Vec<Email> {
        let values = self.attributes.get("emails").and_then(Value::as_array);
        let email = |value: &Value| {
            let kind = value.get("type").and_then(Value::as_str).map(str::to_owned);
            let address = value.get("value").and_then(Value::as_str).filter(|text| !text.trim().is_empty())?;
            Some(Email { value: address.to_owned(), kind, primary: primary::is_primary(value) })
        };
        values.into_iter().flatten().filter_map(email).collect()
    }

    /// The formatted name, or given and family name.
    pub fn formatted_name(&self) -> Option<String> {
        let name = self.attributes.get("name")?;
        let part = |part| name.get(part).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty());
        match (part("formatted"), part("givenName"), part("familyName")) {
            (Some(whole), ..) => Some(whole.to_owned()),
            (None, Some(given), Some(family)) => Some(format!("{given} {family}")),
            (None, given, family) => given.or(family).map(str::to_owned),
        }
    }

    /// The ids of a Group's members, each once. `None`: the client sent no members.
    pub fn members(&self) -> Option<&[String]> {
        self.members.as_deref()
    }

    /// The text of a core attribute. `None` also for a blank text, which is stored as sent.
    fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.get(name).and_then(Value::as_str).filter(|text| !text.trim().is_empty())
    }
}

#[cfg(test)]
pub(crate) mod tests;
