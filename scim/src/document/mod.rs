//! Resource documents: the writable attributes that a client sent, in canonical form.
//!
//! A document holds the attributes that clients can write, under the schema's names and with the schema's types, and
//! nothing else. It is what the server keeps, and what it gives back together with `schemas`, `id`, `meta` and the other
//! attributes that are its own. The members of a group are kept apart ([`ResourceDocument::members`]): a group of ten thousand
//! would be a long document to write for one of them.

pub(crate) mod members;
pub(crate) mod primary;
mod read;
mod rules;
pub(crate) mod value;

pub(crate) use read::{attributes_of, mended};
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
    /// Reads the resource of a POST or PUT.
    ///
    /// Names and URIs are case-insensitive. Unknown attributes and those that only the server can write are ignored (RFC
    /// 7644, section 3.5.1), `password` is dropped. What identity providers are known to send otherwise than the RFCs
    /// have it is understood; `notes` says what that was.
    ///
    /// # Errors
    /// `invalidValue` or `invalidSyntax` that names the attribute and what is expected: a value of a wrong type, another
    /// kind of resource, a required attribute missing, a text that is too long, too many values, a resource that is too large.
    pub fn read(body: Map<String, Value>, kind: ResourceType, notes: &mut Normalizations) -> Result<Self, ScimError> {
        read::read(body, kind, notes)
    }

    /// A document that [`ResourceDocument::into_map`] gave.
    pub const fn from_stored(kind: ResourceType, attributes: Map<String, Value>) -> Self {
        Self { kind, attributes, members: None }
    }

    /// The document with changed attributes.
    ///
    /// # Errors
    /// `invalidValue` where they break a rule of the schema.
    pub(crate) fn changed(&self, attributes: Map<String, Value>) -> Result<Self, ScimError> {
        rules::check(&attributes, self.kind, rules::size(&self.attributes))?;
        Ok(Self { kind: self.kind, attributes, members: None })
    }

    /// The resource type.
    pub const fn kind(&self) -> ResourceType {
        self.kind
    }

    /// Its attributes.
    pub const fn as_map(&self) -> &Map<String, Value> {
        &self.attributes
    }

    /// Its attributes, to be stored.
    pub fn into_map(self) -> Map<String, Value> {
        self.attributes
    }

    /// The URIs of the schemas that its attributes belong to, the core one first.
    pub fn schemas(&self) -> Vec<&'static str> {
        let has = |id: &str| id == self.kind.core().id || self.attributes.contains_key(id);
        self.kind.schemas().iter().map(|schema| schema.id).filter(|id| has(id)).collect()
    }

    /// The text of an attribute, of the first value where there are several.
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

    /// A User's email addresses, as sent; those without an address left out.
    pub fn emails(&self) -> Vec<Email> {
        let values = self.attributes.get("emails").and_then(Value::as_array);
        let email = |value: &Value| {
            let kind = value.get("type").and_then(Value::as_str).map(str::to_owned);
            let address = value.get("value").and_then(Value::as_str).filter(|text| !text.trim().is_empty())?;
            Some(Email { value: address.to_owned(), kind, primary: primary::is_primary(value) })
        };
        values.into_iter().flatten().filter_map(email).collect()
    }

    /// The formatted name, else given and family name.
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
