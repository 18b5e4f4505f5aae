//! The form of an SSO method, and the rules for its fields.

use super::{METADATA_MAX, Protocol, SsoProvider, https_url, issuer};
use crate::{
    UnixMs,
    validation::{
        certificate,
        field_error::{Field, FieldError, FieldErrors},
        text,
    },
};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The values of the form for an SSO method. The browser sends the same struct that the server reads, and both check it
/// with [`MethodForm::check`].
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MethodForm {
    /// [`SsoProvider::name`].
    pub provider: String,
    /// [`Protocol::name`]. Empty means the provider's default.
    pub protocol: String,
    /// The method's name.
    pub name: String,
    /// SAML.
    pub entity_id: String,
    /// SAML.
    pub sign_in_url: String,
    /// SAML.
    pub certificate: String,
    /// SAML: metadata XML, which replaces the three fields above.
    pub metadata: String,
    /// OpenID Connect.
    pub issuer: String,
    /// OpenID Connect.
    pub client_id: String,
    /// OpenID Connect. If it is empty while editing, the stored secret is kept.
    pub client_secret: String,
    /// "Configure later": only provider and name are checked. In a form the value is "true" or absent.
    #[serde(deserialize_with = "flag")]
    pub later: bool,
}

/// A checkbox or button of a form: "true" or "on" is yes. A boolean is read as it is.
fn flag<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Flag {
        Bool(bool),
        Text(String),
    }
    Ok(match Flag::deserialize(deserializer)? {
        Flag::Bool(flag) => flag,
        Flag::Text(text) => matches!(text.as_str(), "true" | "on"),
    })
}

impl fmt::Debug for MethodForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MethodForm").field("provider", &self.provider).field("name", &self.name).finish_non_exhaustive()
    }
}

/// A valid form.
#[derive(Clone, PartialEq, Eq)]
pub struct CheckedMethod {
    /// Who provides the sign-in.
    pub provider: SsoProvider,
    /// The protocol.
    pub protocol: Protocol,
    /// The name, trimmed.
    pub name: String,
    /// The settings; `None` for "Configure later", and until the metadata is parsed.
    pub settings: Option<CheckedSettings>,
}

impl fmt::Debug for CheckedMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CheckedMethod")
            .field("provider", &self.provider)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// Valid settings. Not `Debug`, because they contain a secret.
#[derive(Clone, PartialEq, Eq)]
pub enum CheckedSettings {
    /// All SAML fields, from the form or from the metadata.
    Saml {
        /// The identity provider's entity id.
        entity_id: String,
        /// Where sign-in starts.
        sign_in_url: String,
        /// The certificate, PEM, normalized.
        certificate: String,
        /// The time of expiry.
        certificate_expires: UnixMs,
    },
    /// All OpenID Connect fields.
    Oidc {
        /// The issuer.
        issuer: String,
        /// The client id.
        client_id: String,
        /// The secret; `None` keeps the stored one.
        client_secret: Option<String>,
    },
}

/// The state that a form is checked against.
#[derive(Clone, Copy, Debug)]
pub struct MethodContext<'a> {
    /// The names of the team's other methods.
    pub other_names: &'a [&'a str],
    /// Does the method have a stored client secret?
    pub has_secret: bool,
    /// The current time, for certificates.
    pub now: UnixMs,
}

impl MethodForm {
    /// Checks every field. For metadata XML, only size and shape are checked here, and the result has no settings. The
    /// server parses the XML into the three SAML fields, empties `metadata`, and calls this function again: see
    /// [`MethodForm::uses_metadata`].
    ///
    /// # Errors
    /// The errors of the fields.
    pub fn check(&self, context: &MethodContext<'_>) -> Result<CheckedMethod, FieldErrors> {
        let mut errors = FieldErrors::default();
        let provider =
            errors.check(Field::Provider, SsoProvider::from_name(&self.provider).ok_or(FieldError::NotAnOption));
        let name = errors.check(Field::Name, method_name(&self.name, context.other_names));
        let protocol = self.effective_protocol();
        if provider.is_some() && protocol.is_none() {
            errors.push(Field::Provider, FieldError::NotAnOption);
        }
        let settings = match protocol {
            Some(_) if self.later => None,
            Some(Protocol::Saml) => self.check_saml(context.now, &mut errors),
            Some(Protocol::Oidc) => self.check_oidc(context.has_secret, &mut errors),
            None => None,
        };
        match (provider, protocol, name) {
            (Some(provider), Some(protocol), Some(name)) if errors.is_empty() => {
                Ok(CheckedMethod { provider, protocol, name, settings })
            }
            _ => Err(errors),
        }
    }

    /// Must the server parse the metadata XML into the SAML fields before the form is complete?
    pub fn uses_metadata(&self) -> bool {
        !self.later && self.effective_protocol() == Some(Protocol::Saml) && !self.metadata.trim().is_empty()
    }

    /// The selected protocol, or the provider's default; `None` if the provider does not support the selected one.
    pub fn effective_protocol(&self) -> Option<Protocol> {
        let offered = SsoProvider::from_name(&self.provider)?.protocols();
        match self.protocol.as_str() {
            "" => offered.first().copied(),
            typed => Protocol::from_name(typed).filter(|protocol| offered.contains(protocol)),
        }
    }

    fn check_saml(&self, now: UnixMs, errors: &mut FieldErrors) -> Option<CheckedSettings> {
        if !self.metadata.trim().is_empty() {
            errors.check(Field::Metadata, metadata_shape(&self.metadata));
            return None;
        }
        if [&self.entity_id, &self.sign_in_url, &self.certificate].iter().all(|field| field.trim().is_empty()) {
            errors.push(Field::EntityId, FieldError::MetadataOrFields);
            return None;
        }
        let entity_id = errors.check(Field::EntityId, text::bounded(&self.entity_id, "the entity ID", 1024));
        let sign_in_url = errors.check(Field::SignInUrl, https_url(&self.sign_in_url, "the sign-in URL"));
        let certificate = errors.check(Field::Certificate, certificate::check(&self.certificate, now));
        let certificate = certificate?;
        Some(CheckedSettings::Saml {
            entity_id: entity_id?,
            sign_in_url: sign_in_url?,
            certificate: certificate.pem,
            certificate_expires: certificate.not_after,
        })
    }

    fn check_oidc(&self, has_secret: bool, errors: &mut FieldErrors) -> Option<CheckedSettings> {
        let issuer = errors.check(Field::Issuer, issuer(&self.issuer));
        let client_id = errors.check(Field::ClientId, text::bounded(&self.client_id, "the client ID", 512));
        let client_secret = if self.client_secret.trim().is_empty() && has_secret {
            Some(None)
        } else {
            errors.check(Field::ClientSecret, text::bounded(&self.client_secret, "the client secret", 1024)).map(Some)
        };
        Some(CheckedSettings::Oidc { issuer: issuer?, client_id: client_id?, client_secret: client_secret? })
    }
}

/// Checks an SSO method's name: 1 to 64 visible characters, unique in the team (ignoring case).
///
/// # Errors
/// Those of [`text::name`], and [`FieldError::MethodNameTaken`].
pub fn method_name(typed: &str, others: &[&str]) -> Result<String, FieldError> {
    let name = text::name(typed, "a name")?;
    let folded = text::fold(&name);
    if others.iter().any(|other| text::fold(other) == folded) {
        return Err(FieldError::MethodNameTaken);
    }
    Ok(name)
}

/// Checks the shape of SAML metadata of an identity provider (OASIS saml-metadata-2.0-os). The server parses it.
///
/// # Errors
/// [`FieldError::TooLong`] (in bytes), [`FieldError::NotMetadata`].
pub fn metadata_shape(xml: &str) -> Result<(), FieldError> {
    if xml.len() > METADATA_MAX {
        return Err(FieldError::TooLong { max: METADATA_MAX, actual: xml.len() });
    }
    let why = if !xml.trim_start_matches('\u{FEFF}').trim_start().starts_with('<') {
        "it isn't XML"
    } else if xml.contains("<!DOCTYPE") {
        "it has a DOCTYPE, which isn't allowed"
    } else if !xml.contains("EntityDescriptor") {
        "it has no EntityDescriptor"
    } else if !xml.contains("IDPSSODescriptor") {
        // A common mistake: the metadata of the service provider.
        "it has no IDPSSODescriptor"
    } else {
        return Ok(());
    };
    Err(FieldError::NotMetadata(why.to_owned()))
}
