//! The error message (RFC 7644, section 3.12).

use serde::{Serialize, Serializer, ser::SerializeStruct};
use std::{borrow::Cow, fmt};

/// The URI that marks a message as an error.
pub const SCHEMA: &str = "urn:ietf:params:scim:api:messages:2.0:Error";

/// The error type of a request (RFC 7644, section 3.12, table 9; RFC 9865, section 2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum ScimType {
    /// The filter cannot be read, or the attribute cannot be filtered by that operator.
    InvalidFilter,
    /// The filter matches more resources than the server returns.
    TooMany,
    /// Another resource has this value already.
    Uniqueness,
    /// The attribute cannot be changed in this way.
    Mutability,
    /// The body is not the JSON that the request needs.
    InvalidSyntax,
    /// The path of a PATCH operation cannot be read.
    InvalidPath,
    /// The path of a PATCH operation matches nothing.
    NoTarget,
    /// A value is missing, or is not valid for the attribute or parameter.
    InvalidValue,
    /// The protocol version is not supported.
    #[serde(rename = "invalidVers")]
    InvalidVersion,
    /// The URL would contain a secret.
    Sensitive,
    /// The cursor does not belong to this query (RFC 9865, section 2.1).
    InvalidCursor,
    /// The cursor has expired (RFC 9865, section 2.1).
    ExpiredCursor,
    /// The count is not valid with a cursor (RFC 9865, section 2.1).
    InvalidCount,
}

/// The error of a request. `Display` is the detail, for the admin who reads the identity provider's log. It never
/// contains a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScimError {
    status: u16,
    scim_type: Option<ScimType>,
    detail: Cow<'static, str>,
}

impl ScimError {
    /// An error without a `scimType`. `status` is the HTTP status of the response.
    pub fn new(status: u16, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { status, scim_type: None, detail: detail.into() }
    }

    /// A value or parameter is not valid.
    pub fn invalid_value(detail: impl Into<Cow<'static, str>>) -> Self {
        Self { scim_type: Some(ScimType::InvalidValue), ..Self::new(400, detail) }
    }

    /// The filter is not valid.
    pub fn invalid_filter(detail: impl Into<Cow<'static, str>>) -> Self {
        Self { scim_type: Some(ScimType::InvalidFilter), ..Self::new(400, detail) }
    }

    /// The path of a PATCH operation cannot be read.
    pub fn invalid_path(detail: impl Into<Cow<'static, str>>) -> Self {
        Self { scim_type: Some(ScimType::InvalidPath), ..Self::new(400, detail) }
    }

    /// The path of a PATCH operation matches nothing.
    pub fn no_target(detail: impl Into<Cow<'static, str>>) -> Self {
        Self { scim_type: Some(ScimType::NoTarget), ..Self::new(400, detail) }
    }

    /// The body is not the JSON that the request needs.
    pub fn invalid_syntax(detail: impl Into<Cow<'static, str>>) -> Self {
        Self { scim_type: Some(ScimType::InvalidSyntax), ..Self::new(400, detail) }
    }

    /// The attribute cannot be changed in this way.
    pub fn mutability(detail: impl Into<Cow<'static, str>>) -> Self {
        Self { scim_type: Some(ScimType::Mutability), ..Self::new(400, detail) }
    }

    /// Another resource has this value already.
    pub fn uniqueness(detail: impl Into<Cow<'static, str>>) -> Self {
        Self { scim_type: Some(ScimType::Uniqueness), ..Self::new(409, detail) }
    }

    /// The filter matches more resources than the server returns.
    pub fn too_many(detail: impl Into<Cow<'static, str>>) -> Self {
        Self { scim_type: Some(ScimType::TooMany), ..Self::new(400, detail) }
    }

    /// The URL would contain a secret.
    pub fn sensitive(detail: impl Into<Cow<'static, str>>) -> Self {
        Self { scim_type: Some(ScimType::Sensitive), ..Self::new(403, detail) }
    }

    /// The cursor does not belong to this query (RFC 9865, section 2.1).
    pub fn invalid_cursor(detail: impl Into<Cow<'static, str>>) -> Self {
        Self { scim_type: Some(ScimType::InvalidCursor), ..Self::new(400, detail) }
    }

    /// The cursor has expired (RFC 9865, section 2.1).
    pub fn expired_cursor(detail: impl Into<Cow<'static, str>>) -> Self {
        Self { scim_type: Some(ScimType::ExpiredCursor), ..Self::new(400, detail) }
    }

    /// The count is not valid with a cursor (RFC 9865, section 2.1).
    pub fn invalid_count(detail: impl Into<Cow<'static, str>>) -> Self {
        Self { scim_type: Some(ScimType::InvalidCount), ..Self::new(400, detail) }
    }

    /// The client is not authenticated.
    pub fn unauthorized(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(401, detail)
    }

    /// The client is known, but may not do this.
    pub fn forbidden(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(403, detail)
    }

    /// The resource does not meet a condition of the request (RFC 7644, section 3.14).
    pub(crate) fn precondition_failed(detail: &'static str) -> Self {
        Self::new(412, detail)
    }

    /// The body has more bytes or operations than the server accepts (RFC 7644, section 3.7.4).
    pub fn too_large(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(413, detail)
    }

    /// The same error with `place` and a colon before the detail, for one of several operations.
    #[must_use]
    pub fn at(mut self, place: impl fmt::Display) -> Self {
        self.detail = format!("{place}: {}", self.detail).into();
        self
    }

    /// [`ScimError::at`] an operation of several, where the first is 1.
    pub(crate) fn in_operation(self, number: Option<usize>) -> Self {
        match number {
            Some(number) => self.at(format_args!("operation {number}")),
            None => self,
        }
    }

    /// The client has no such resource: it never existed, was deleted, or belongs to another team. The responses are
    /// identical.
    pub fn resource_not_found(id: &str) -> Self {
        Self::new(404, format!("Resource {id} not found"))
    }

    /// The HTTP status of the response.
    pub const fn status(&self) -> u16 {
        self.status
    }

    /// The error type, if the RFC defines one.
    pub const fn scim_type(&self) -> Option<ScimType> {
        self.scim_type
    }
}

impl fmt::Display for ScimError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.detail)
    }
}

impl std::error::Error for ScimError {}

impl Serialize for ScimError {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut message = serializer.serialize_struct("Error", 4)?;
        message.serialize_field("schemas", &[SCHEMA])?;
        // A string (RFC 7644, section 3.12).
        message.serialize_field("status", &self.status.to_string())?;
        match self.scim_type {
            Some(kind) => message.serialize_field("scimType", &kind)?,
            None => message.skip_field("scimType")?,
        }
        message.serialize_field("detail", &self.detail)?;
        message.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(error: &ScimError) -> String {
        serde_json::to_string_pretty(error).unwrap()
    }

    #[test]
    fn the_status_is_a_string_and_a_missing_scim_type_is_left_out() {
        insta::assert_snapshot!(json(&ScimError::resource_not_found("2819c223")), @r#"
        {
          "schemas": [
            "urn:ietf:params:scim:api:messages:2.0:Error"
          ],
          "status": "404",
          "detail": "Resource 2819c223 not found"
        }
        "#);
    }

    #[test]
    fn every_scim_type_has_the_name_of_the_rfc() {
        insta::assert_snapshot!(json(&ScimError::invalid_value("count is not a number")), @r#"
        {
          "schemas": [
            "urn:ietf:params:scim:api:messages:2.0:Error"
          ],
          "status": "400",
          "scimType": "invalidValue",
          "detail": "count is not a number"
        }
        "#);
    }

    #[test]
    fn every_scim_type_of_table_9() {
        use ScimType::*;
        let all = [
            InvalidFilter,
            TooMany,
            Uniqueness,
            Mutability,
            InvalidSyntax,
            InvalidPath,
            NoTarget,
            InvalidValue,
            InvalidVersion,
            Sensitive,
            InvalidCursor,
            ExpiredCursor,
            InvalidCount,
        ];
        assert_eq!(
            serde_json::to_string(&all).unwrap(),
            r#"["invalidFilter","tooMany","uniqueness","mutability","invalidSyntax","invalidPath","noTarget","invalidValue","invalidVers","sensitive","invalidCursor","expiredCursor","invalidCount"]"#
        );
    }

    #[test]
    fn a_detail_with_quotes_and_controls_stays_json() {
        let error = ScimError::resource_not_found("\"\u{0}\\\n");
        let read: serde_json::Value = serde_json::from_str(&json(&error)).unwrap();
        assert_eq!(read["detail"], "Resource \"\u{0}\\\n not found");
    }
}
