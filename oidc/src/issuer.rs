//! The issuer of a method: an identifier that is compared byte for byte, and the base of the metadata's address.

use crate::{
    endpoint::{https_url, localhost_url},
    error::OidcError,
    excerpt::excerpt,
    issuer_difference::{entra_tenant, is_template},
};

const GOOGLE: &str = "https://accounts.google.com";

/// The issuer that an admin configured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issuer(String);

impl Issuer {
    /// Parses an issuer (Discovery 1.0, section 3).
    ///
    /// # Errors
    /// The issuer is neither an https URL nor on `http://localhost`, has a user, query or fragment, contains a placeholder, or is one of those that
    /// tenants of Entra ID share.
    pub fn parse(text: &str) -> Result<Self, OidcError> {
        if is_template(text) {
            return Err(OidcError::IssuerPlaceholder(excerpt(text)));
        }
        let url = https_url(text).or_else(|| localhost_url(text));
        if url.is_none_or(|url| url.query().is_some()) || text.len() > 1024 {
            return Err(OidcError::IssuerInvalid(excerpt(text)));
        }
        if entra_tenant(text).is_some_and(|tenant| ["", "common", "organizations", "consumers"].contains(&tenant)) {
            return Err(OidcError::IssuerShared(excerpt(text)));
        }
        Ok(Self(text.to_owned()))
    }

    /// The issuer as it was entered.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The address of the metadata (Discovery 1.0, section 4). One final slash is removed first.
    pub fn configuration_url(&self) -> String {
        format!("{}/.well-known/openid-configuration", self.0.strip_suffix('/').unwrap_or(&self.0))
    }

    /// Whether the provider is on this machine, without TLS.
    pub(crate) fn is_local(&self) -> bool {
        self.0.starts_with("http://")
    }

    /// Whether this is Google's issuer. All its customers share it, so the claim `hd` names the organization.
    pub fn is_google(&self) -> bool {
        self.0 == GOOGLE
    }

    /// Whether the provider can ask for the password again. Google ignores `prompt=login`.
    pub fn can_reauthenticate(&self) -> bool {
        !self.is_google()
    }

    /// Whether the claim `iss` names this issuer. Google also sends its issuer without the scheme (OpenID Connect of
    /// Google, "Validating an ID token").
    pub(crate) fn is_named_by(&self, iss: &str) -> bool {
        iss == self.0 || self.is_google() && iss == "accounts.google.com"
    }
}
