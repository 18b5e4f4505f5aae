//! The claims about a person (Core 1.0, section 5).

use crate::json::{self, Object};
use serde_json::{Map, Value};
use std::fmt;

/// Claims that a verified token or the UserInfo response contains. `Debug` shows their names only.
#[derive(Clone, PartialEq)]
pub struct Claims(Object);

/// What the provider states about the claim `email`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmailVerification {
    /// `email_verified` is `true` or `"true"`.
    Verified,
    /// It is `false` or `"false"`.
    Unverified,
    /// It is absent.
    Absent,
    /// It is another value.
    Invalid,
}

impl Claims {
    pub(crate) const fn new(object: Object) -> Self {
        Self(object)
    }

    pub(crate) const fn object(&self) -> &Object {
        &self.0
    }

    /// All claims.
    pub const fn as_map(&self) -> &Map<String, Value> {
        &self.0
    }

    /// A claim that is not null.
    pub fn get(&self, name: &str) -> Option<&Value> {
        json::member(&self.0, name)
    }

    /// A claim that is a string.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Value::as_str)
    }

    /// A claim that is a list of strings, or one string.
    pub fn texts(&self, name: &str) -> Vec<&str> {
        match self.get(name) {
            Some(Value::String(text)) => vec![text],
            Some(Value::Array(values)) => values.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        }
    }

    /// What `email_verified` states.
    pub fn email_verification(&self) -> EmailVerification {
        match self.get("email_verified") {
            Some(Value::Bool(true)) => EmailVerification::Verified,
            Some(Value::Bool(false)) => EmailVerification::Unverified,
            Some(Value::String(text)) if text == "true" => EmailVerification::Verified,
            Some(Value::String(text)) if text == "false" => EmailVerification::Unverified,
            Some(_) => EmailVerification::Invalid,
            None => EmailVerification::Absent,
        }
    }

    /// Whether the claim is left out and must be fetched elsewhere (Core 1.0, section 5.6.2). Entra ID does so with
    /// `groups` of people in more than 200 groups.
    pub fn is_distributed(&self, name: &str) -> bool {
        self.get("_claim_names").and_then(Value::as_object).is_some_and(|names| names.contains_key(name))
    }
}

impl fmt::Debug for Claims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Claims")?;
        f.debug_set().entries(self.0.keys()).finish()
    }
}
