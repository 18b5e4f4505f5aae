//! Metadata: that of providers, which is imported, and that of the service provider.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use saml::{
    Binding, CertificateError, IdentityProviderMetadata, MetadataError, ServiceProvider, SignInLocation, XmlError,
    metadata,
};
use support::{ACS, ENTITY_ID, MINUTE, NOW, at, keys};

const REDIRECT: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";
const POST: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";
const MAX: usize = 1_000_000;

fn body(pem: &str) -> String {
    pem.lines().filter(|line| !line.starts_with('-')).collect::<Vec<_>>().join("\n      ")
}

fn key(purpose: &str, certificate: &str) -> String {
    format!(
        "<md:KeyDescriptor{purpose}><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate>\
         </ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
    )
}

fn service(binding: &str, url: &str) -> String {
    format!("<md:SingleSignOnService Binding=\"{binding}\" Location=\"{url}\"/>")
}

fn descriptor(attributes: &str, inner: &str) -> String {
    format!(
        "<md:IDPSSODescriptor{attributes} protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">{inner}\
         </md:IDPSSODescriptor>"
    )
}

fn entity(id: &str, attributes: &str, inner: &str) -> String {
    format!(
        "<md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" \
         xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" entityID=\"{id}\"{attributes}>{inner}</md:EntityDescriptor>"
    )
}

fn list(attributes: &str, inner: &str) -> String {
    format!(
        "<x:EntitiesDescriptor xmlns:x=\"urn:oasis:names:tc:SAML:2.0:metadata\"{attributes}>{inner}</x:EntitiesDescriptor>"
    )
}

fn complete(id: &str) -> String {
    let inner = key("", &body(&keys::p256().pem)) + &service(REDIRECT, "https://idp.test/sso");
    entity(id, "", &descriptor("", &inner))
}

fn import(xml: &str) -> Result<Vec<IdentityProviderMetadata>, MetadataError> {
    metadata::import(xml.as_bytes(), MAX, NOW)
}

#[test]
fn every_part_of_a_provider_is_read() {
    let keys = key(" use=\"encryption\"", "AAAA")
        + &key(" use=\"signing\"", &body(&keys::rsa().pem))
        + &key(" use=\"signing\"", &keys::p256().pem)
        + &key("", &body(&keys::rsa().pem))
        + &key("", "AAAA");
    let services = service("urn:oasis:names:tc:SAML:2.0:bindings:SOAP", "https://idp.test/soap")
        + &service(POST, "https://idp.test/post")
        + &service(REDIRECT, " https://idp.test/redirect?a=1&amp;b=2 ");
    let names = "<md:NameIDFormat>urn:a</md:NameIDFormat><md:NameIDFormat> urn:b </md:NameIDFormat>";
    let organization = "<md:Organization><md:OrganizationDisplayName xml:lang=\"en\">Acme</md:OrganizationDisplayName></md:Organization>";
    let until = format!(" validUntil=\"{}\"", at(NOW + MINUTE));
    let inner = descriptor(" WantAuthnRequestsSigned=\"true\"", &(keys + names + &services)) + organization;
    let xml = format!(
        "\u{FEFF}<?xml version=\"1.0\"?>\n<?xml-stylesheet x?>{}",
        entity("https://idp.test/a?b=1&amp;c", &until, &inner)
    );
    let [provider] = import(&xml).unwrap().try_into().unwrap();
    assert_eq!(provider.entity_id, "https://idp.test/a?b=1&c");
    assert_eq!(provider.display_name.as_deref(), Some("Acme"));
    let names: Vec<_> = provider.certificates.iter().map(saml::SigningCertificate::key_name).collect();
    assert_eq!(names, ["RSA 2048", "ECDSA P-256"]);
    assert!(matches!(provider.unusable_certificates.as_slice(), [CertificateError::Unreadable(_)]));
    assert_eq!(
        provider.sign_in_locations,
        [
            SignInLocation { binding: Binding::Redirect, url: "https://idp.test/redirect?a=1&b=2".to_owned() },
            SignInLocation { binding: Binding::Post, url: "https://idp.test/post".to_owned() },
        ]
    );
    assert_eq!(provider.name_id_formats, ["urn:a", "urn:b"]);
    assert!(provider.wants_signed_requests);
    assert_eq!(provider.valid_until, Some(NOW + MINUTE));
}

#[test]
fn a_federation_is_a_list_to_choose_from() {
    let expired =
        complete("urn:expired").replace("entityID=", &format!("validUntil=\"{}\" entityID=", at(NOW - MINUTE)));
    let service_provider = entity("urn:sp", "", "<md:SPSSODescriptor/>");
    let incomplete = entity("urn:incomplete", "", &descriptor("", ""));
    let inner = list("", &complete("urn:b")) + &expired + &service_provider + &incomplete;
    let xml = list("", &format!("{}{inner}", complete("urn:a")));
    let ids: Vec<_> = import(&xml).unwrap().into_iter().map(|provider| provider.entity_id).collect();
    assert_eq!(ids, ["urn:a", "urn:b"]);
}

#[test]
fn expired_metadata_is_refused_with_its_date() {
    let until = format!(" validUntil=\"{}\"", at(NOW));
    let expired = MetadataError::Expired { valid_until: NOW };
    for xml in [
        list(&until, &complete("urn:a")),
        list(&until, &(complete("urn:a") + &complete("urn:b"))),
        complete("urn:a").replace(" entityID", &format!("{until} entityID")),
        complete("urn:a").replace("<md:IDPSSODescriptor", &format!("<md:IDPSSODescriptor{until}")),
    ] {
        assert_eq!(import(&xml), Err(expired.clone()), "{xml}");
    }
    assert_eq!(expired.to_string(), "it was valid until 2026-06-01T00:02:03.000Z");
    let unreadable = complete("urn:a").replace(" entityID", " validUntil=\"2027-01-01\" entityID");
    assert_eq!(import(&unreadable), Err(MetadataError::ValidUntil));
}

#[test]
fn certificates_are_imported_regardless_of_their_dates() {
    let expired = include_str!("../../domain/tests/fixtures/expired.pem");
    let inner = key("", &body(expired)) + &service(POST, "https://idp.test/post");
    let [provider] = import(&entity("urn:a", "", &descriptor("", &inner))).unwrap().try_into().unwrap();
    assert_eq!(provider.certificates[0].not_after(), 1_704_447_000_000);
    assert!(provider.certificates[0].not_before() < provider.certificates[0].not_after());
    assert_eq!(provider.certificates[0].pem(), expired.replace("\r\n", "\n"));
}

#[test]
fn errors_name_what_is_missing() {
    let (signing, redirect) = (key("", &body(&keys::p256().pem)), service(REDIRECT, "https://idp.test/"));
    let one = |inner: &str| entity("urn:a", "", &descriptor("", inner));
    let weak = keys::certificate("weak", &["-newkey", "rsa:1024"]);
    let cases = [
        ("hello".to_owned(), MetadataError::Document(XmlError::NotWellFormed)),
        ("<!DOCTYPE html><html/>".to_owned(), MetadataError::Document(XmlError::Doctype)),
        ("<html/>".to_owned(), MetadataError::NotMetadata { root: "html".to_owned() }),
        ("<EntityDescriptor/>".to_owned(), MetadataError::NotMetadata { root: "EntityDescriptor".to_owned() }),
        (entity("urn:a", "", "<md:SPSSODescriptor/>"), MetadataError::NoProvider),
        (
            one(&(signing.clone() + &redirect)).replace("SAML:2.0:protocol", "SAML:1.1:protocol"),
            MetadataError::NoProvider,
        ),
        (list("", ""), MetadataError::NoProvider),
        (one(&signing), MetadataError::NoLocation),
        (one(&redirect), MetadataError::NoCertificate { problem: None }),
        (
            one(&(redirect.clone() + &key("", &body(&weak)))),
            MetadataError::NoCertificate { problem: Some(CertificateError::KeySize { bits: 1_024 }) },
        ),
        (entity(" ", "", &descriptor("", &(signing + &redirect))), MetadataError::NoEntityId),
    ];
    for (xml, error) in cases {
        assert_eq!(import(&xml), Err(error), "{xml}");
    }
    let long = complete("urn:a") + &" ".repeat(10_000_000);
    assert_eq!(import(&long), Err(MetadataError::TooLong { max: MAX }));
    let nested = list("", &format!("{}{}", "<a>".repeat(40), "</a>".repeat(40)));
    assert!(matches!(import(&nested), Err(MetadataError::Document(XmlError::TooLarge { .. }))));
}

#[test]
fn a_signature_of_the_metadata_is_ignored() {
    let signature = "<ds:Signature><ds:KeyInfo><ds:X509Data><ds:X509Certificate>AAAA</ds:X509Certificate></ds:X509Data>\
                     </ds:KeyInfo></ds:Signature><md:IDPSSODescriptor";
    let xml = complete("urn:a").replace("<md:IDPSSODescriptor", signature);
    let [provider] = import(&xml).unwrap().try_into().unwrap();
    assert_eq!((provider.certificates.len(), provider.unusable_certificates.len()), (1, 0));
}

#[test]
fn own_metadata_has_no_dates_and_every_certificate() {
    let certificates = [keys::pem_body(&keys::p256().pem), keys::pem_body(&keys::other().pem)];
    let own = ServiceProvider {
        entity_id: "https://rollcall.test/?a&b",
        acs: ACS,
        certificates: &certificates,
        encryption_certificate: None,
    };
    let xml = own.metadata();
    let document = roxmltree::Document::parse(&xml).unwrap();
    let root = document.root_element();
    assert_eq!(root.attribute("entityID"), Some(own.entity_id));
    let descriptor = root.first_element_child().unwrap();
    assert_eq!(descriptor.attribute("WantAssertionsSigned"), Some("true"));
    assert_eq!(descriptor.attribute("AuthnRequestsSigned"), Some("true"));
    let service = descriptor.last_element_child().unwrap();
    assert_eq!((service.attribute("Location"), service.attribute("Binding")), (Some(ACS), Some(POST)));
    assert_eq!(xml.matches("<md:KeyDescriptor use=\"signing\">").count(), 2);
    for absent in ["validUntil", "cacheDuration", "NameIDFormat", "encryption"] {
        assert!(!xml.contains(absent), "{absent}");
    }
    let unsigned =
        ServiceProvider { entity_id: ENTITY_ID, acs: ACS, certificates: &[], encryption_certificate: None }.metadata();
    assert!(unsigned.contains("AuthnRequestsSigned=\"false\"") && !unsigned.contains("KeyDescriptor"));
}
