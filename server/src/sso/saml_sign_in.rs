//! A sign-in with SAML 2.0: the request, and what the response says about the person.

use super::{
    identity::{SsoIdentity, SsoRefusal},
    request::{SsoPurpose, SsoRequest},
};
use domain::{
    UnixMs,
    sso::{NAME_ID, Settings, SsoFailure},
};
use saml::{AuthnRequest, Expectation, Identity, ResponseError, ServiceProvider, SigningCertificate};
use store::SsoMethodRow;

/// Separates the qualifiers of a NameID from its value. XML cannot contain it.
const UNIT_SEPARATOR: &str = "\u{1F}";

/// A sign-in with one method.
pub struct SamlSignIn<'a> {
    method: &'a SsoMethodRow,
    /// The identity provider's entity id.
    idp_entity_id: &'a str,
    sign_in_url: &'a str,
    certificates: Vec<SigningCertificate>,
    /// Our entity id, which is the address of our metadata.
    entity_id: String,
    acs: String,
    now: UnixMs,
}

/// How the browser carries the request to the identity provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SamlRequest {
    /// HTTP-Redirect: an address.
    Redirect(String),
    /// HTTP-POST: a form.
    Post {
        /// Where the form is sent.
        action: String,
        /// Its fields.
        fields: Vec<(String, String)>,
    },
}

/// The addresses of a method, which the identity provider has to know.
pub struct SamlAddresses {
    /// The entity id, which is the address of the metadata.
    pub entity_id: String,
    /// The assertion consumer service.
    pub acs: String,
}

impl SamlAddresses {
    pub fn new(public_url: &str, method: &str) -> Self {
        let at = |path: &str| [public_url, "/sso/", method, "/saml/", path].concat();
        Self { entity_id: at("metadata"), acs: at("acs") }
    }

    /// Our metadata.
    pub fn metadata(&self) -> String {
        ServiceProvider { entity_id: &self.entity_id, acs: &self.acs, certificates: &[], encryption_certificate: None }
            .metadata()
    }
}

impl<'a> SamlSignIn<'a> {
    /// # Errors
    /// [`SsoFailure::NotEnabled`]: the method has no settings of SAML, or certificates that cannot be read.
    pub fn new(public_url: &str, method: &'a SsoMethodRow, now: UnixMs) -> Result<Self, SsoRefusal> {
        let Some(Settings::Saml { entity_id, sign_in_url, certificate, .. }) = &method.method.settings else {
            return Err(SsoFailure::NotEnabled.into());
        };
        let SamlAddresses { entity_id: own_entity_id, acs } = SamlAddresses::new(public_url, method.method.id.as_str());
        let certificates = SigningCertificate::read(certificate).map_err(|error| {
            tracing::error!(%error, method = method.method.id.as_str(), "a signing certificate can't be used");
            SsoRefusal::from(SsoFailure::NotEnabled)
        })?;
        Ok(Self {
            method,
            idp_entity_id: entity_id,
            sign_in_url,
            certificates: vec![certificates],
            entity_id: own_entity_id,
            acs,
            now,
        })
    }

    /// The request to the identity provider.
    ///
    /// # Errors
    /// The request cannot be written.
    pub fn request(&self, request: &SsoRequest) -> Result<SamlRequest, SsoRefusal> {
        let authn_request = AuthnRequest {
            id: &request.id,
            issue_instant: request.at,
            destination: self.sign_in_url,
            entity_id: &self.entity_id,
            acs: &self.acs,
            force_authn: request.purpose == SsoPurpose::StepUp,
        };
        let failed = |_| SsoRefusal::from(SsoFailure::NotEnabled);
        // The relay state is not needed, because the response names the request. Some providers want one.
        let relay_state = relay_state(&request.id);
        if self.method.uses_post {
            let parameter = authn_request.post_parameter(None).map_err(failed)?;
            let fields = vec![("SAMLRequest".to_owned(), parameter), ("RelayState".to_owned(), relay_state.to_owned())];
            Ok(SamlRequest::Post { action: self.sign_in_url.to_owned(), fields })
        } else {
            authn_request.redirect_url(relay_state, None).map(SamlRequest::Redirect).map_err(failed)
        }
    }

    /// Verifies a response, except whether this browser asked for it, because a form of another site carries no cookie.
    ///
    /// # Errors
    /// The reason to refuse.
    pub fn verify(&self, octets: &[u8]) -> Result<Identity, SsoRefusal> {
        let expectation = Expectation {
            entity_id: &self.entity_id,
            acs: &self.acs,
            idp_entity_id: self.idp_entity_id,
            certificates: &self.certificates,
            request_id: None,
            authenticated_since: None,
            decryption: None,
            now: self.now,
        };
        saml::verify(octets, &expectation).map_err(|error| of(&error))
    }

    /// Who the person is.
    ///
    /// # Errors
    /// The response has no usable identifier.
    pub fn identity(&self, identity: &Identity) -> Result<SsoIdentity, SsoRefusal> {
        let name_id = &identity.name_id;
        let attributes = identity.attributes.iter().map(|one| (one.name.clone(), one.values.clone()));
        let claims: Vec<(String, Vec<String>)> =
            [(NAME_ID.to_owned(), vec![name_id.value.clone()])].into_iter().chain(attributes).collect();
        let unusable = |name: &str, expected: &str, received: String| {
            SsoRefusal::from(SsoFailure::BadResponse).with_fact(name, Some(expected.to_owned()), Some(received))
        };
        let subject = match &self.method.subject_attribute {
            Some(name) => match claims.iter().find(|(claim, _)| claim == name).map(|(_, values)| values.as_slice()) {
                Some([value]) => value.clone(),
                _ => {
                    let names: Vec<&str> = claims.iter().map(|(name, _)| name.as_str()).collect();
                    return Err(unusable(name, "one value", names.join(", ")));
                }
            },
            None if name_id.is_transient() => {
                return Err(unusable("NameID format", "a lasting one", "transient".to_owned()));
            }
            None => match (&name_id.name_qualifier, &name_id.sp_name_qualifier) {
                (None, None) => name_id.value.clone(),
                (name, sp) => {
                    let parts =
                        [name.as_deref().unwrap_or_default(), sp.as_deref().unwrap_or_default(), &name_id.value];
                    parts.join(UNIT_SEPARATOR)
                }
            },
        };
        Ok(SsoIdentity {
            subject,
            claims,
            authenticated_at: Some(identity.authn_instant),
            session_ends_at: identity.session_not_on_or_after,
            provider_session: identity.session_index.clone(),
        })
    }
}

/// A relay state has at most 80 bytes (SAML bindings, section 3.4.3).
fn relay_state(id: &str) -> &str {
    id.get(..33).unwrap_or(id)
}

/// The refusal of a response that breaks a rule.
pub fn of(error: &ResponseError) -> SsoRefusal {
    use ResponseError as E;
    tracing::debug!(code = error.code(), %error, "a response of an identity provider was refused");
    let failure = match error {
        E::Status { .. } => SsoFailure::Refused,
        E::Unsolicited => SsoFailure::NotAsked,
        E::Request(_) => SsoFailure::OtherBrowser,
        E::Unsigned
        | E::SignatureShape { .. }
        | E::Sha1 { .. }
        | E::Algorithm { .. }
        | E::Signature { .. }
        | E::Digest => SsoFailure::BadSignature,
        E::Issuer(_) | E::Destination(_) | E::Recipient(_) | E::Audience(_) => SsoFailure::NotForUs,
        E::NotYetValid { .. } | E::Expired { .. } | E::AuthenticationAge(_) => SsoFailure::Clock,
        _ => SsoFailure::BadResponse,
    };
    let (expected, received) =
        error.comparison().map_or((remedy(error), Some(error.to_string())), |one| (Some(one.expected), one.received));
    let mut refusal = SsoRefusal::from(failure).with_fact(error.code(), expected, received);
    refusal.clock_difference = match error {
        E::NotYetValid { seconds, .. } => Some(*seconds),
        E::Expired { seconds, .. } => Some(-*seconds),
        _ => None,
    };
    if let E::Status { code, subcode, message } = error {
        refusal.detail = Some(subcode.clone().unwrap_or_else(|| code.clone()));
        if let Some(message) = message {
            refusal = refusal.with_fact("StatusMessage", None, Some(message.clone()));
        }
    }
    refusal
}

/// What an admin has to change in the provider.
fn remedy(error: &ResponseError) -> Option<String> {
    let text = match error {
        ResponseError::Encrypted => "no encryption: turn off assertion encryption in the provider",
        ResponseError::Sha1 { .. } => "SHA-256: choose it as the signature algorithm in the provider",
        _ => return None,
    };
    Some(text.to_owned())
}
