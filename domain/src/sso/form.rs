//! The form for an SSO method, and what each of its fields must be.

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

/// What the form for an SSO method holds, as typed. The same struct travels from the browser to the server function
/// and is checked by [`MethodForm::check`] on both sides.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MethodForm {
    /// [`SsoProvider::name`].
    pub provider: String,
    /// [`Protocol::name`]; empty means the provider's usual one.
    pub protocol: String,
    /// The method's name.
    pub name: String,
    /// SAML.
    pub entity_id: String,
    /// SAML.
    pub sign_in_url: String,
    /// SAML.
    pub certificate: String,
    /// SAML: metadata XML; where given, it takes the place of the three fields above.
    pub metadata: String,
    /// OpenID Connect.
    pub issuer: String,
    /// OpenID Connect.
    pub client_id: String,
    /// OpenID Connect. Left empty while editing: the stored one is kept.
    pub client_secret: String,
    /// "Configure later": only provider and name are looked at. In a form: "true", or absent.
    #[serde(deserialize_with = "flag")]
    pub later: bool,
}

/// A checkbox or button of a form: "true" or "on" is yes; a real boolean is taken as it is.
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

/// What a checked form says.
#[derive(Clone, PartialEq, Eq)]
pub struct CheckedMethod {
    /// Who provides the sign-in.
    pub provider: SsoProvider,
    /// How.
    pub protocol: Protocol,
    /// The name, trimmed.
    pub name: String,
    /// The settings; `None` for "Configure later", and as long as metadata has not been read.
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

/// The settings of a checked form. Not `Debug`: a secret is among them.
#[derive(Clone, PartialEq, Eq)]
pub enum CheckedSettings {
    /// All SAML fields, from the form or from its metadata.
    Saml {
        /// The identity provider's entity id.
        entity_id: String,
        /// Where sign-in starts.
        sign_in_url: String,
        /// The certificate, PEM, normalized.
        certificate: String,
        /// When it expires.
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

/// What is known beside the form when it is checked.
#[derive(Clone, Copy, Debug)]
pub struct MethodContext<'a> {
    /// The names of the team's other methods.
    pub other_names: &'a [&'a str],
    /// Is a client secret stored already (while editing)?
    pub has_secret: bool,
    /// The time, for certificates.
    pub now: UnixMs,
}

impl MethodForm {
    /// Checks every field. Metadata XML is only looked at from the outside here (size, shape): a form with it gives no
    /// settings. The server reads it with an XML parser into the three SAML fields, empties `metadata`, and checks
    /// again with this same function: see [`MethodForm::uses_metadata`].
    ///
    /// # Errors
    /// What is wrong, field by field.
    pub fn check(&self, known: &MethodContext<'_>) -> Result<CheckedMethod, FieldErrors> {
        let mut problems = FieldErrors::default();
        let provider =
            problems.check(Field::Provider, SsoProvider::parse(&self.provider).ok_or(FieldError::NotAnOption));
        let name = problems.check(Field::Name, method_name(&self.name, known.other_names));
        let protocol = self.chosen_protocol();
        if provider.is_some() && protocol.is_none() {
            problems.push(Field::Provider, FieldError::NotAnOption);
        }
        let settings = match protocol {
            Some(_) if self.later => None,
            Some(Protocol::Saml) => self.check_saml(known.now, &mut problems),
            Some(Protocol::Oidc) => self.check_oidc(known.has_secret, &mut problems),
            None => None,
        };
        match (provider, protocol, name) {
            (Some(provider), Some(protocol), Some(name)) if problems.is_empty() => {
                Ok(CheckedMethod { provider, protocol, name, settings })
            }
            _ => Err(problems),
        }
    }

    /// Do the SAML fields have to be read from the metadata XML before the form is complete?
    pub fn uses_metadata(&self) -> bool {
        !self.later && self.chosen_protocol() == Some(Protocol::Saml) && !self.metadata.trim().is_empty()
    }

    /// The protocol that was chosen, or the provider's usual one; `None` where they do not go together.
    pub fn chosen_protocol(&self) -> Option<Protocol> {
        let offered = SsoProvider::parse(&self.provider)?.protocols();
        match self.protocol.as_str() {
            "" => offered.first().copied(),
            typed => Protocol::parse(typed).filter(|protocol| offered.contains(protocol)),
        }
    }

    fn check_saml(&self, now: UnixMs, problems: &mut FieldErrors) -> Option<CheckedSettings> {
        if !self.metadata.trim().is_empty() {
            problems.check(Field::Metadata, metadata_shape(&self.metadata));
            return None;
        }
        if [&self.entity_id, &self.sign_in_url, &self.certificate].iter().all(|field| field.trim().is_empty()) {
            problems.push(Field::EntityId, FieldError::MetadataOrFields);
            return None;
        }
        let entity_id = problems.check(Field::EntityId, text::bounded(&self.entity_id, "the entity ID", 1024));
        let sign_in_url = problems.check(Field::SignInUrl, https_url(&self.sign_in_url, "the sign-in URL"));
        let certificate = problems.check(Field::Certificate, certificate::check(&self.certificate, now));
        let certificate = certificate?;
        Some(CheckedSettings::Saml {
            entity_id: entity_id?,
            sign_in_url: sign_in_url?,
            certificate: certificate.pem,
            certificate_expires: certificate.not_after,
        })
    }

    fn check_oidc(&self, has_secret: bool, problems: &mut FieldErrors) -> Option<CheckedSettings> {
        let issuer = problems.check(Field::Issuer, issuer(&self.issuer));
        let client_id = problems.check(Field::ClientId, text::bounded(&self.client_id, "the client ID", 512));
        let client_secret = if self.client_secret.trim().is_empty() && has_secret {
            Some(None)
        } else {
            problems.check(Field::ClientSecret, text::bounded(&self.client_secret, "the client secret", 1024)).map(Some)
        };
        Some(CheckedSettings::Oidc { issuer: issuer?, client_id: client_id?, client_secret: client_secret? })
    }
}

/// An SSO method's name: 1 to 64 visible characters, unlike the other methods' names (without regard to case).
///
/// # Errors
/// What [`text::name`] says, or [`FieldError::MethodNameTaken`].
pub fn method_name(typed: &str, others: &[&str]) -> Result<String, FieldError> {
    let name = text::name(typed, "a name")?;
    let folded = text::fold(&name);
    if others.iter().any(|other| text::fold(other) == folded) {
        return Err(FieldError::MethodNameTaken);
    }
    Ok(name)
}

/// Does this look like SAML metadata of an identity provider (OASIS saml-metadata-2.0-os)? Only from the outside: the
/// server parses it.
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
        // What people paste by mistake: the metadata of the other side.
        "it has no IDPSSODescriptor"
    } else {
        return Ok(());
    };
    Err(FieldError::NotMetadata(why.to_owned()))
}
