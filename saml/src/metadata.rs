//! Import of the metadata of identity providers (saml-metadata-2.0-os).
//!
//! The signature of metadata is not verified. An Admin pins what is imported, and a changed certificate is offered to the
//! Admin again.

use crate::{
    certificate::{CertificateError, SigningCertificate},
    document,
    document_error::XmlError,
    instant, names,
    prepass::{self, Limits},
};
use domain::UnixMs;
use roxmltree::Node;

/// How a request reaches a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binding {
    /// HTTP-Redirect.
    Redirect,
    /// HTTP-POST.
    Post,
}

/// An address for requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignInLocation {
    /// The binding.
    pub binding: Binding,
    /// The URL, as the provider wrote it.
    pub url: String,
}

/// One identity provider of the metadata.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityProviderMetadata {
    /// `EntityDescriptor/@entityID`.
    pub entity_id: String,
    /// A name for people, if there is one.
    pub display_name: Option<String>,
    /// Every usable signing certificate. Those that are not valid now are among them, because dates never refuse.
    pub certificates: Vec<SigningCertificate>,
    /// The problems of other signing certificates.
    pub unusable_certificates: Vec<CertificateError>,
    /// The addresses for requests: HTTP-Redirect first.
    pub sign_in_locations: Vec<SignInLocation>,
    /// Whether the provider demands signed requests.
    pub wants_signed_requests: bool,
    /// The formats of name identifiers that the provider offers.
    pub name_id_formats: Vec<String>,
    /// The earliest `validUntil` of the provider and its federation.
    pub valid_until: Option<UnixMs>,
}

/// Metadata that cannot be imported.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MetadataError {
    /// The text is longer than the caller accepts.
    #[error("it is longer than {max} bytes")]
    TooLong {
        /// The limit.
        max: usize,
    },
    /// The text is not XML as accepted here.
    #[error("it is not accepted as XML: {0}")]
    Document(XmlError),
    /// The root is neither `EntityDescriptor` nor `EntitiesDescriptor`, for example because it is a sign-in page.
    #[error("it has no EntityDescriptor but {root}")]
    NotMetadata {
        /// The name of the root.
        root: String,
    },
    /// No entity is an identity provider of SAML 2.0. Metadata of a service provider has this error.
    #[error("it has no IDPSSODescriptor")]
    NoProvider,
    /// The metadata is out of date.
    #[error("it was valid until {}", instant::format(*valid_until))]
    Expired {
        /// `validUntil`.
        valid_until: UnixMs,
    },
    /// `validUntil` cannot be read.
    #[error("validUntil is not a time in UTC")]
    ValidUntil,
    /// The only provider has no entity id.
    #[error("it has no entityID")]
    NoEntityId,
    /// The only provider has no address for HTTP-Redirect or HTTP-POST.
    #[error("it has no SingleSignOnService with HTTP-Redirect or HTTP-POST")]
    NoLocation,
    /// The only provider has no usable signing certificate.
    #[error("it has no usable signing certificate")]
    NoCertificate {
        /// The problem of the first one. `None`: there is none.
        problem: Option<CertificateError>,
    },
}

/// Reads the identity providers of a metadata document: one, or those of a federation to choose from.
///
/// Of several providers, those that are incomplete or out of date are left out.
///
/// # Errors
/// [`MetadataError`].
pub fn import(octets: &[u8], max: usize, now: UnixMs) -> Result<Vec<IdentityProviderMetadata>, MetadataError> {
    if octets.len() > max {
        return Err(MetadataError::TooLong { max });
    }
    // Files saved by Windows programs start with a byte order mark.
    let octets = octets.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(octets);
    let text = prepass::decode(octets).map_err(MetadataError::Document)?;
    let document = document::parse(text.trim_start(), &Limits::METADATA).map_err(MetadataError::Document)?;
    let root = document.root_element();
    if !is(root, "EntityDescriptor") && !is(root, "EntitiesDescriptor") {
        return Err(MetadataError::NotMetadata { root: root.tag_name().name().chars().take(40).collect() });
    }
    let descriptors: Vec<_> = root
        .descendants()
        .filter(|node| is(*node, "IDPSSODescriptor") && supports_saml_2(*node))
        .filter(|node| node.parent().is_some_and(|parent| is(parent, "EntityDescriptor")))
        .collect();
    let is_only = descriptors.len() == 1;
    let mut providers = Vec::new();
    let mut first_error = MetadataError::NoProvider;
    for descriptor in descriptors {
        match provider(descriptor, now) {
            Ok(provider) => providers.push(provider),
            Err(error) if is_only => return Err(error),
            Err(error) if first_error == MetadataError::NoProvider => first_error = error,
            Err(_) => {}
        }
    }
    if providers.is_empty() { Err(first_error) } else { Ok(providers) }
}

fn provider(descriptor: Node<'_, '_>, now: UnixMs) -> Result<IdentityProviderMetadata, MetadataError> {
    let valid_until = valid_until(descriptor)?;
    if let Some(valid_until) = valid_until.filter(|valid_until| *valid_until <= now) {
        return Err(MetadataError::Expired { valid_until });
    }
    let entity = descriptor.parent();
    let entity_id = entity.and_then(|entity| document::attribute(entity, "entityID")).unwrap_or_default().trim();
    if entity_id.is_empty() {
        return Err(MetadataError::NoEntityId);
    }
    let sign_in_locations = sign_in_locations(descriptor);
    if sign_in_locations.is_empty() {
        return Err(MetadataError::NoLocation);
    }
    let (certificates, unusable_certificates) = certificates(descriptor);
    if certificates.is_empty() {
        return Err(MetadataError::NoCertificate { problem: unusable_certificates.into_iter().next() });
    }
    let wants_signed_requests =
        matches!(document::attribute(descriptor, "WantAuthnRequestsSigned").map(str::trim), Some("true" | "1"));
    Ok(IdentityProviderMetadata {
        entity_id: entity_id.to_owned(),
        display_name: entity.and_then(display_name),
        certificates,
        unusable_certificates,
        sign_in_locations,
        wants_signed_requests,
        name_id_formats: named(descriptor, "NameIDFormat").filter_map(text).collect(),
        valid_until,
    })
}

/// The earliest `validUntil` of the descriptor, its entity and the lists around it.
fn valid_until(descriptor: Node<'_, '_>) -> Result<Option<UnixMs>, MetadataError> {
    let mut earliest = None;
    for until in descriptor.ancestors().filter_map(|node| document::attribute(node, "validUntil")) {
        let until = instant::parse(until.trim()).ok_or(MetadataError::ValidUntil)?;
        earliest = Some(earliest.map_or(until, |earliest: UnixMs| earliest.min(until)));
    }
    Ok(earliest)
}

fn supports_saml_2(descriptor: Node<'_, '_>) -> bool {
    document::attribute(descriptor, "protocolSupportEnumeration")
        .is_none_or(|protocols| protocols.split_ascii_whitespace().any(|protocol| protocol == names::PROTOCOL))
}

fn sign_in_locations(descriptor: Node<'_, '_>) -> Vec<SignInLocation> {
    let location = |binding, uri| {
        named(descriptor, "SingleSignOnService")
            .find(|service| document::attribute(*service, "Binding").map(str::trim) == Some(uri))
            .and_then(|service| document::attribute(service, "Location"))
            .map(|url| SignInLocation { binding, url: url.trim().to_owned() })
    };
    [location(Binding::Redirect, names::REDIRECT), location(Binding::Post, names::POST)].into_iter().flatten().collect()
}

/// The certificates of every key that may sign: those with the use `signing`, and those without a use.
fn certificates(descriptor: Node<'_, '_>) -> (Vec<SigningCertificate>, Vec<CertificateError>) {
    let (mut certificates, mut errors) = (Vec::new(), Vec::new());
    let texts = named(descriptor, "KeyDescriptor")
        .filter(|key| document::attribute(*key, "use").is_none_or(|purpose| purpose.trim() == "signing"))
        .flat_map(|key| key.descendants())
        .filter(|node| document::is(*node, names::SIGNATURE, "X509Certificate"))
        .filter_map(document::text);
    for text in texts {
        match SigningCertificate::read(&text) {
            // Some providers list one certificate for each binding.
            Ok(certificate) if certificates.contains(&certificate) => {}
            Ok(certificate) => certificates.push(certificate),
            Err(error) => errors.push(error),
        }
    }
    (certificates, errors)
}

/// `mdui:DisplayName`, else `OrganizationDisplayName`.
fn display_name(entity: Node<'_, '_>) -> Option<String> {
    let is_name = |name: &'static str| move |node: &Node<'_, '_>| node.tag_name().name() == name;
    let mut names = entity.descendants().filter(is_name("DisplayName"));
    let name = names.next().or_else(|| entity.descendants().find(is_name("OrganizationDisplayName")))?;
    text(name).map(|name| name.chars().take(200).collect())
}

fn text(node: Node<'_, '_>) -> Option<String> {
    document::text(node).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

fn is(node: Node<'_, '_>, name: &str) -> bool {
    document::is(node, names::METADATA, name)
}

fn named<'a, 'i>(node: Node<'a, 'i>, name: &'a str) -> impl Iterator<Item = Node<'a, 'i>> {
    document::named(node, names::METADATA, name)
}
