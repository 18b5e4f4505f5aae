//! How a method identifies people and finds the member at their first sign-in, and the form that an admin fills in.

use super::{LinkAttribute, LinkRule, Protocol};
use crate::validation::{
    field_error::{Field, FieldError, FieldErrors},
    text,
};

/// The name under which the attributes of an assertion have the NameID.
pub const NAME_ID: &str = "NameID";

/// Upper bound of the name of a claim or attribute, in characters.
const CLAIM_MAX: usize = 255;

impl LinkRule {
    /// The claim or SAML attribute that the first sign-in compares.
    pub fn claim_name(&self, protocol: Protocol) -> &str {
        self.claim.as_deref().unwrap_or(default_claim(protocol, self.attribute))
    }
}

/// The claim or SAML attribute that is compared with a member's attribute if the method names none.
pub const fn default_claim(protocol: Protocol, attribute: LinkAttribute) -> &'static str {
    match (protocol, attribute) {
        (Protocol::Saml, _) => NAME_ID,
        (Protocol::Oidc, LinkAttribute::UserName) => "preferred_username",
        (Protocol::Oidc, LinkAttribute::Email) => "email",
        (Protocol::Oidc, LinkAttribute::ExternalId) => "sub",
    }
}

/// The claim or SAML part that identifies a person if the method names none.
pub const fn default_identifier(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Saml => NAME_ID,
        Protocol::Oidc => "sub",
    }
}

/// Checks the name of a claim or SAML attribute. Empty text is the default.
///
/// # Errors
/// Those of [`text::bounded`].
pub fn claim(typed: &str) -> Result<Option<String>, FieldError> {
    if typed.trim().is_empty() {
        return Ok(None);
    }
    text::bounded(typed, "a claim", CLAIM_MAX).map(Some)
}

/// The values of the form "Match people".
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LinkRuleForm {
    /// The claim or SAML attribute to compare. Empty: the default.
    pub claim: String,
    /// [`LinkAttribute::name`].
    pub attribute: String,
    /// Does an email address count without `email_verified`?
    pub trusts_email: bool,
    /// Is a person without a match added to the team?
    pub creates_members: bool,
    /// The claim or SAML attribute that identifies a person. Empty: the default.
    pub identifier: String,
}

impl LinkRuleForm {
    /// Checks every field. Returns the member's attribute.
    ///
    /// # Errors
    /// The errors of the fields.
    pub fn check(&self) -> Result<LinkAttribute, FieldErrors> {
        let mut errors = FieldErrors::default();
        errors.check(Field::Identifier, claim(&self.identifier));
        errors.check(Field::Claim, claim(&self.claim));
        let attribute = LinkAttribute::from_name(&self.attribute).ok_or(FieldError::NotAnOption);
        match errors.check(Field::Attribute, attribute) {
            Some(attribute) if errors.is_empty() => Ok(attribute),
            _ => Err(errors),
        }
    }
}
