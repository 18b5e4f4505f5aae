//! The columns of a member that its SCIM document determines.

use domain::{UnixMs, person_name::PersonName, user_name::Renames, validation::text};
use scim::{ResourceDocument, ResourceType, resource::Email};
use serde_json::{Map, Value, json};
use store::{MemberSource, MemberStatus, MemberWrite, StoreError};

/// The columns that are derived from a document, and the document.
pub(crate) struct MemberColumns {
    pub(crate) user_name: String,
    /// The sign-in address: the primary (else work, else first) address, else the userName if it is one.
    pub(crate) email: Option<String>,
    /// The other addresses.
    pub(crate) other_emails: Vec<String>,
    /// Never empty.
    pub(crate) display_name: String,
    pub(crate) external_id: Option<String>,
    /// The document without `active`, in its stored form.
    pub(crate) attributes: Map<String, Value>,
    pub(crate) active: Option<bool>,
}

impl MemberColumns {
    /// # Errors
    /// `invalidValue`: there is no userName, or a text cannot be kept.
    pub(crate) fn of(document: ResourceDocument) -> Result<Self, scim::ScimError> {
        let missing = || scim::ScimError::invalid_value("userName is required");
        let user_name = document.user_name().ok_or_else(missing)?.to_owned();
        let mut emails = document.emails();
        let email = take_sign_in_address(&mut emails).or_else(|| text::email(&user_name).ok());
        let visible = |name: &str| Some(name.trim()).filter(|name| !name.is_empty()).map(str::to_owned);
        let display_name = document
            .display_name()
            .and_then(visible)
            .or_else(|| document.formatted_name().as_deref().and_then(visible))
            .unwrap_or_else(|| user_name.clone());
        let external_id = document.external_id().map(str::to_owned);
        let active = document.active();
        let mut attributes = document.into_map();
        attributes.remove("active");
        check_storable(&attributes)?;
        let other_emails = emails.into_iter().map(|email| email.value).collect();
        Ok(Self { user_name, email, other_emails, display_name, external_id, attributes, active })
    }

    /// From stored attributes and the value of `active`, which is stored apart.
    ///
    /// # Errors
    /// See [`MemberColumns::of`].
    pub(crate) fn from_attributes(
        mut attributes: Map<String, Value>,
        active: Option<bool>,
    ) -> Result<Self, scim::ScimError> {
        if let Some(active) = active {
            attributes.insert("active".into(), active.into());
        }
        Self::of(ResourceDocument::from_stored(ResourceType::User, attributes))
    }

    /// The row of a member with this document. `active_present`: whether `active` is part of the resource.
    pub(crate) fn write<'a>(
        &'a self,
        document: &'a str,
        (status, active_present): (MemberStatus, bool),
        source: MemberSource,
        renames: Renames,
        now: UnixMs,
    ) -> MemberWrite<'a> {
        MemberWrite {
            user_name: &self.user_name,
            email: self.email.as_deref(),
            other_emails: &self.other_emails,
            display_name: &self.display_name,
            external_id: self.external_id.as_deref(),
            document,
            status,
            active_present,
            source,
            renames,
            now,
        }
    }

    /// The document for the database.
    pub(crate) fn document(&self) -> String {
        Value::Object(self.attributes.clone()).to_string()
    }
}

/// Checks that the database can store the values. PostgreSQL's text has no NUL character.
///
/// # Errors
/// `invalidValue` that names the attribute.
fn check_storable(attributes: &Map<String, Value>) -> Result<(), scim::ScimError> {
    match attributes.iter().find(|(_, value)| has_nul(value)) {
        None => Ok(()),
        Some((name, _)) => Err(nul_in(name)),
    }
}

/// The error about a value with a NUL character.
pub(crate) fn nul_in(name: &str) -> scim::ScimError {
    scim::ScimError::invalid_value(format!("{name} contains a NUL character, which can't be stored"))
}

/// Recurses as deep as the schema of the document.
fn has_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(values) => values.iter().any(has_nul),
        Value::Object(parts) => parts.values().any(has_nul),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Removes and returns the sign-in address.
fn take_sign_in_address(emails: &mut Vec<Email>) -> Option<String> {
    let is_work = |email: &Email| email.kind.as_deref().is_some_and(|kind| kind.eq_ignore_ascii_case("work"));
    let at = emails
        .iter()
        .position(|email| email.primary)
        .or_else(|| emails.iter().position(is_work))
        .or(if emails.is_empty() { None } else { Some(0) })?;
    Some(emails.remove(at).value)
}

/// Parses a stored document.
pub(crate) fn stored(text: &str, active: Option<bool>) -> Result<ResourceDocument, StoreError> {
    let corrupt = |_| StoreError::Corrupt("column document".into());
    let mut attributes: Map<String, Value> = serde_json::from_str(text).map_err(corrupt)?;
    if let Some(active) = active {
        attributes.insert("active".into(), active.into());
    }
    Ok(ResourceDocument::from_stored(ResourceType::User, attributes))
}

/// The document of a member that is created manually.
pub(crate) fn document_of(name: &str, email: &str) -> String {
    new_document(email, name, Some(email))
}

/// The document of a new member with this userName.
pub(crate) fn new_document(user_name: &str, name: &str, email: Option<&str>) -> String {
    // The address has no type, because none is known. The name has parts, because providers filter by them.
    let PersonName { given, family } = PersonName::split(name);
    let mut document = json!({
        "userName": user_name,
        "displayName": name,
        "name": {"formatted": name, "givenName": given, "familyName": family},
    });
    if let (Some(email), Some(attributes)) = (email, document.as_object_mut()) {
        attributes.insert("emails".into(), json!([{"value": email, "primary": true}]));
    }
    document.to_string()
}

/// The names of the attributes that differ.
pub(crate) fn differences(before: &Map<String, Value>, after: &Map<String, Value>) -> Vec<String> {
    let mut names = Vec::new();
    let both = before.keys().chain(after.keys().filter(|name| !before.contains_key(*name)));
    for name in both {
        match (before.get(name), after.get(name)) {
            (a, b) if a == b => {}
            // The attributes of an extension are listed instead of its URI.
            (a, b) if name.starts_with("urn:") => {
                let none = Map::new();
                let parts = |value: Option<&Value>| value.and_then(Value::as_object).unwrap_or(&none).clone();
                names.extend(differences(&parts(a), &parts(b)));
            }
            _ => names.push(name.clone()),
        }
    }
    names
}
