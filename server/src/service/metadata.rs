//! Parses SAML 2.0 metadata of an identity provider (OASIS saml-metadata-2.0-os) into the three fields of the form.
//!
//! It reads only the form's values: `EntityDescriptor/@entityID`, the `SingleSignOnService` of the `IDPSSODescriptor` and its
//! signing certificates. It resolves nothing: no DOCTYPE, and no entities but the five of XML.

use domain::{
    UnixMs, sso,
    validation::{
        certificate,
        field_error::{Field, FieldError, FieldErrors},
    },
};
use quick_xml::{
    XmlVersion,
    events::{BytesStart, Event},
    reader::Reader,
};

const DEPTH_MAX: usize = 64;
const REDIRECT: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";
const POST: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";

/// The values of the metadata.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityProvider {
    /// `EntityDescriptor/@entityID`.
    pub entity_id: String,
    /// The sign-in URL: the location of the HTTP-Redirect binding, else of the HTTP-POST binding.
    pub sign_in_url: String,
    /// The first valid signing certificate, PEM.
    pub certificate: String,
}

/// Parses metadata.
///
/// # Errors
/// One problem of [`Field::Metadata`] about the missing value.
pub fn read(xml: &str, now: UnixMs) -> Result<IdentityProvider, FieldErrors> {
    sso::metadata_shape(xml)
        .and_then(|()| scan(xml.trim_start_matches('\u{FEFF}')))
        .and_then(|elements| elements.finish(now))
        .map_err(|problem| FieldErrors::one(Field::Metadata, problem))
}

fn not_metadata(problem: impl Into<String>) -> FieldError {
    FieldError::NotMetadata(problem.into())
}

/// The elements of one identity provider.
#[derive(Default)]
struct ProviderElements {
    entity_id: Option<String>,
    redirect: Option<String>,
    post: Option<String>,
    certificates: Vec<String>,
}

/// The elements of the whole document.
#[derive(Default)]
struct MetadataElements {
    /// The `EntityDescriptor`s with an `IDPSSODescriptor`.
    providers: Vec<ProviderElements>,
}

fn scan(xml: &str) -> Result<MetadataElements, FieldError> {
    let mut reader = Reader::from_str(xml);
    let mut path: Vec<String> = Vec::new();
    let mut elements = MetadataElements::default();
    let mut entity_id = None;
    let mut for_signing = false;
    loop {
        match reader.read_event().map_err(|_| not_metadata("it isn't well-formed XML"))? {
            Event::Start(tag) => {
                open(&tag, &path, &mut elements, &mut entity_id, &mut for_signing)?;
                path.push(name_of(&tag));
                if path.len() > DEPTH_MAX {
                    return Err(not_metadata("it is nested too deeply"));
                }
            }
            Event::Empty(tag) => open(&tag, &path, &mut elements, &mut entity_id, &mut for_signing)?,
            Event::End(_) => {
                path.pop();
            }
            Event::Text(text) if in_certificate(&path, for_signing) => {
                elements.append_to_certificate(&text.xml_content(XmlVersion::Implicit1_0));
            }
            Event::CData(text) if in_certificate(&path, for_signing) => elements.append_to_certificate(&text),
            Event::DocType(_) => return Err(not_metadata("it has a DOCTYPE, which isn't allowed")),
            Event::Eof if path.is_empty() => return Ok(elements),
            Event::Eof => return Err(not_metadata("it's cut off")),
            _ => {}
        }
    }
}

fn open(
    tag: &BytesStart<'_>,
    path: &[String],
    elements: &mut MetadataElements,
    entity_id: &mut Option<String>,
    for_signing: &mut bool,
) -> Result<(), FieldError> {
    let within_provider = path.iter().any(|name| name == "IDPSSODescriptor");
    match name_of(tag).as_str() {
        "EntityDescriptor" => *entity_id = attribute(tag, "entityID")?,
        "IDPSSODescriptor" => {
            elements.providers.push(ProviderElements { entity_id: entity_id.clone(), ..ProviderElements::default() })
        }
        "KeyDescriptor" => {
            // Without `use`, a key serves for both purposes (saml-metadata, section 2.4.1.1).
            *for_signing = within_provider && attribute(tag, "use")?.is_none_or(|purpose| purpose == "signing");
        }
        "X509Certificate" if within_provider && *for_signing && path.iter().any(|name| name == "KeyDescriptor") => {
            if let Some(provider) = elements.providers.last_mut() {
                provider.certificates.push(String::new());
            }
        }
        "SingleSignOnService" if within_provider => {
            let location = attribute(tag, "Location")?;
            if let Some(provider) = elements.providers.last_mut() {
                match attribute(tag, "Binding")?.as_deref() {
                    Some(REDIRECT) => provider.redirect = provider.redirect.take().or(location),
                    Some(POST) => provider.post = provider.post.take().or(location),
                    _ => {}
                }
            }
        }
        _ => {}
    }
    Ok(())
}

/// Whether this text is a provider's signing certificate, and not that of the document's XML signature.
fn in_certificate(path: &[String], for_signing: bool) -> bool {
    let within = |ancestor: &str| path.iter().any(|name| name == ancestor);
    for_signing
        && path.last().is_some_and(|name| name == "X509Certificate")
        && within("KeyDescriptor")
        && within("IDPSSODescriptor")
}

fn name_of(tag: &BytesStart<'_>) -> String {
    tag.local_name().as_ref().to_owned()
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Result<Option<String>, FieldError> {
    let unreadable = |_| not_metadata("it isn't well-formed XML");
    let Some(attribute) = tag.try_get_attribute(name).map_err(unreadable)? else {
        return Ok(None);
    };
    let value = attribute.normalized_value(XmlVersion::Implicit1_0);
    Ok(Some(value.map_err(|_| not_metadata("it isn't well-formed XML"))?.trim().to_owned()))
}

impl MetadataElements {
    /// Appends a piece of a certificate, because comments split a text into pieces.
    fn append_to_certificate(&mut self, text: &str) {
        if let Some(certificate) = self.providers.last_mut().and_then(|provider| provider.certificates.last_mut()) {
            certificate.push_str(text);
        }
    }

    fn finish(self, now: UnixMs) -> Result<IdentityProvider, FieldError> {
        let mut providers = self.providers;
        let count = providers.len();
        let provider = match (providers.pop(), count) {
            (Some(provider), 1) => provider,
            (None, _) => return Err(not_metadata("it has no IDPSSODescriptor")),
            _ => {
                return Err(not_metadata(format!(
                    "it describes {count} identity providers, but only one is supported"
                )));
            }
        };
        let entity_id = provider.entity_id.filter(|id| !id.is_empty());
        let sign_in_url = provider.redirect.or(provider.post);
        Ok(IdentityProvider {
            entity_id: entity_id.ok_or_else(|| not_metadata("it has no entityID"))?,
            sign_in_url: sign_in_url.ok_or_else(|| not_metadata("it has no SingleSignOnService"))?,
            certificate: signing_certificate(&provider.certificates, now)?,
        })
    }
}

/// The first usable certificate, or the problem of the first one.
fn signing_certificate(certificates: &[String], now: UnixMs) -> Result<String, FieldError> {
    let mut first_problem = None;
    for text in certificates {
        match certificate::from_base64(text, now) {
            Ok(certificate) => return Ok(certificate.pem),
            Err(problem) => first_problem = first_problem.or(Some(problem)),
        }
    }
    Err(first_problem.unwrap_or_else(|| not_metadata("it has no signing certificate")))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;

    const NOW: UnixMs = 1_780_000_000_000;

    fn certificate() -> String {
        include_str!("../../../domain/tests/fixtures/valid.pem")
            .lines()
            .filter(|line| !line.starts_with("-----"))
            .collect::<Vec<_>>()
            .join("\n        ")
    }

    fn metadata(inner: &str) -> String {
        format!(
            r#"<?xml version="1.0"?><md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://idp.example/saml?a=1&amp;b=2">{inner}</md:EntityDescriptor>"#
        )
    }

    fn provider(services: &str, keys: &str) -> String {
        metadata(&format!("<md:IDPSSODescriptor>{keys}{services}</md:IDPSSODescriptor>"))
    }

    fn key(purpose: &str, certificate: &str) -> String {
        format!(
            r#"<md:KeyDescriptor{purpose}><ds:KeyInfo xmlns:ds="d"><ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"#
        )
    }

    fn service(binding: &str, location: &str) -> String {
        format!(r#"<md:SingleSignOnService Binding="{binding}" Location="{location}"/>"#)
    }

    #[test]
    fn reads_entity_id_sign_in_url_and_certificate() {
        let services = service(POST, "https://idp.example/post") + &service(REDIRECT, "https://idp.example/redirect");
        let keys = key(r#" use="encryption""#, "AAAA") + &key(r#" use="signing""#, &certificate());
        let identity_provider = read(&provider(&services, &keys), NOW).unwrap();
        assert_eq!(identity_provider.entity_id, "https://idp.example/saml?a=1&b=2");
        assert_eq!(identity_provider.sign_in_url, "https://idp.example/redirect");
        assert!(identity_provider.certificate.starts_with("-----BEGIN CERTIFICATE-----\n"));
    }

    #[test]
    fn a_key_without_purpose_and_the_post_binding_are_accepted() {
        let xml = provider(&service(POST, "https://idp.example/post"), &key("", &certificate()));
        assert_eq!(read(&xml, NOW).unwrap().sign_in_url, "https://idp.example/post");
    }

    #[test]
    fn errors_name_the_missing_value() {
        let redirect = service(REDIRECT, "https://idp.example/sso");
        let signing = key("", &certificate());
        let cases = [
            ("hello".to_owned(), "it isn't XML"),
            ("<html></html>".to_owned(), "it has no EntityDescriptor"),
            ("<!DOCTYPE x><EntityDescriptor/>".to_owned(), "it has a DOCTYPE, which isn't allowed"),
            (metadata(""), "it has no IDPSSODescriptor"),
            (provider("", &signing), "it has no SingleSignOnService"),
            (provider(&redirect, ""), "it has no signing certificate"),
            ("<EntityDescriptor><IDPSSODescriptor>".to_owned(), "it's cut off"),
            ("<EntityDescriptor><IDPSSODescriptor/></Other>".to_owned(), "it isn't well-formed XML"),
            (format!("<EntityDescriptor><IDPSSODescriptor>{}", "<a>".repeat(80_000)), "it is nested too deeply"),
            (
                format!(
                    "<EntitiesDescriptor>{0}{0}</EntitiesDescriptor>",
                    metadata("<IDPSSODescriptor/>").split_at(21).1
                ),
                "it describes 2 identity providers, but only one is supported",
            ),
        ];
        for (xml, problem) in cases {
            let problems = read(&xml, NOW).unwrap_err();
            assert_eq!(problems.of(Field::Metadata), Some(&not_metadata(problem)), "{}", &xml[..xml.len().min(80)]);
        }
    }

    #[test]
    fn a_certificate_in_pieces_is_joined_and_that_of_a_signature_is_ignored() {
        let full_text = certificate();
        let (head, tail) = full_text.split_at(100);
        let pieces = format!("{head}<!-- half --><![CDATA[{tail}]]>");
        let keys = key(r#" use="signing""#, &pieces);
        let provider = provider(&service(REDIRECT, "https://idp.example/sso"), &keys);
        let signature = "<Signature><X509Certificate>AAAA</X509Certificate></Signature>";
        let xml = provider.replace("</md:EntityDescriptor>", &format!("{signature}</md:EntityDescriptor>"));
        assert!(read(&xml, NOW).unwrap().certificate.starts_with("-----BEGIN CERTIFICATE-----"));
    }

    #[test]
    fn an_expired_certificate_has_its_own_error() {
        let pem = include_str!("../../../domain/tests/fixtures/expired.pem");
        let body: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
        let xml = provider(&service(REDIRECT, "https://idp.example/sso"), &key("", &body));
        let problems = read(&xml, NOW).unwrap_err();
        assert!(matches!(problems.of(Field::Metadata), Some(FieldError::CertificateExpired(_))));
    }
}
