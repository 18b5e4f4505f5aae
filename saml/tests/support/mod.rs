//! A provider for the tests: its keys are created when the tests run, and its responses are really signed.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

pub mod documents;
pub mod keys;
pub mod oracle;

use base64ct::{Base64, Encoding};
use keys::Signer;
use saml::{
    Expectation, Hash, Identity, ResponseError, Scheme, SignatureAlgorithm, SigningCertificate,
    canonical::{Canonicalization, canonicalize},
    instant,
};

/// 1 June 2026, 00:02:03 UTC.
pub const NOW: i64 = 1_780_272_123_000;
pub const SECOND: i64 = 1_000;
pub const MINUTE: i64 = 60 * SECOND;

pub const ENTITY_ID: &str = "https://rollcall.test/sso/m1/saml/metadata";
pub const ACS: &str = "https://rollcall.test/sso/m1/saml/acs";
pub const IDP: &str = "https://idp.test/saml?tenant=1&region=eu";
pub const REQUEST_ID: &str = "_5f0c1a";
pub const NAME_ID: &str = "ada@acme.test";

pub const RSA_SHA256: SignatureAlgorithm = SignatureAlgorithm { scheme: Scheme::RsaPkcs1, hash: Hash::Sha256 };
pub const ECDSA_SHA256: SignatureAlgorithm = SignatureAlgorithm { scheme: Scheme::Ecdsa, hash: Hash::Sha256 };

/// What is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The assertion.
    A,
    /// The response (the message).
    M,
    /// Both.
    B,
}

pub const KINDS: [Kind; 3] = [Kind::A, Kind::M, Kind::B];

/// The text of a response before it is signed. Every field is XML.
#[derive(Clone, Debug)]
pub struct Facts {
    pub response_attributes: String,
    pub destination: String,
    pub response_issuer: String,
    pub status: String,
    pub assertion_attributes: String,
    pub issue_instant: String,
    pub issuer: String,
    pub name_ids: String,
    pub confirmations: String,
    pub conditions: String,
    pub authn_statement: String,
    pub attributes: String,
}

pub fn at(time: i64) -> String {
    instant::format(time)
}

pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

pub fn issuer(value: &str) -> String {
    format!("<saml:Issuer>{}</saml:Issuer>", escaped(value))
}

pub fn name_id(value: &str) -> String {
    format!("<saml:NameID Format=\"urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress\">{value}</saml:NameID>")
}

pub fn confirmation(attributes: &str) -> String {
    format!(
        "<saml:SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\">\
         <saml:SubjectConfirmationData {attributes}/></saml:SubjectConfirmation>"
    )
}

pub fn confirmed(recipient: &str, request_id: &str, until: i64) -> String {
    confirmation(&format!("Recipient=\"{recipient}\" InResponseTo=\"{request_id}\" NotOnOrAfter=\"{}\"", at(until)))
}

pub fn audience(entity_id: &str) -> String {
    format!("<saml:AudienceRestriction><saml:Audience>{entity_id}</saml:Audience></saml:AudienceRestriction>")
}

pub fn conditions(from: &str, until: &str, inner: &str) -> String {
    let attribute =
        |name: &str, value: &str| if value.is_empty() { String::new() } else { format!(" {name}=\"{value}\"") };
    format!(
        "<saml:Conditions{}{}>{inner}</saml:Conditions>",
        attribute("NotBefore", from),
        attribute("NotOnOrAfter", until)
    )
}

pub fn authn_statement(instant: &str, more: &str) -> String {
    format!(
        "<saml:AuthnStatement AuthnInstant=\"{instant}\" SessionIndex=\"_s1\"{more}><saml:AuthnContext>\
         <saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef>\
         </saml:AuthnContext></saml:AuthnStatement>"
    )
}

impl Default for Facts {
    fn default() -> Self {
        Self {
            response_attributes: format!("Version=\"2.0\" InResponseTo=\"{REQUEST_ID}\""),
            destination: format!("Destination=\"{ACS}\""),
            response_issuer: issuer(IDP),
            status: status("Success", ""),
            assertion_attributes: "ID=\"_a1\" Version=\"2.0\"".to_owned(),
            issue_instant: at(NOW),
            issuer: issuer(IDP),
            name_ids: name_id(NAME_ID),
            confirmations: confirmed(ACS, REQUEST_ID, NOW + 5 * MINUTE),
            conditions: conditions(&at(NOW - MINUTE), &at(NOW + 5 * MINUTE), &audience(ENTITY_ID)),
            authn_statement: authn_statement(&at(NOW), ""),
            attributes:
                "<saml:AttributeStatement><saml:Attribute Name=\"http://schemas.xmlsoap.org/ws/2005/05/identity/\
                         claims/emailaddress\" FriendlyName=\"mail\"><saml:AttributeValue xsi:type=\"xs:string\">\
                         ada@acme.test</saml:AttributeValue></saml:Attribute><saml:Attribute Name=\"groups\">\
                         <saml:AttributeValue>admins</saml:AttributeValue><saml:AttributeValue>staff &amp; more\
                         </saml:AttributeValue></saml:Attribute></saml:AttributeStatement>"
                    .to_owned(),
        }
    }
}

pub fn status(code: &str, inner: &str) -> String {
    format!(
        "<samlp:Status><samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:{code}\"/>{inner}</samlp:Status>"
    )
}

impl Facts {
    pub fn assertion(&self) -> String {
        format!(
            "<saml:Assertion {} IssueInstant=\"{}\">{}<saml:Subject>{}{}</saml:Subject>{}{}{}</saml:Assertion>",
            self.assertion_attributes,
            self.issue_instant,
            self.issuer,
            self.name_ids,
            self.confirmations,
            self.conditions,
            self.authn_statement,
            self.attributes
        )
    }

    pub fn response(&self) -> String {
        format!(
            "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" \
             xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" \
             xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" ID=\"_r1\" {} IssueInstant=\"{}\" {}>{}{}{}\
             </samlp:Response>",
            self.response_attributes,
            self.issue_instant,
            self.destination,
            self.response_issuer,
            self.status,
            self.assertion()
        )
    }
}

/// The shape of a signature. The provider signs whatever shape this has.
#[derive(Clone, Debug)]
pub struct Shape {
    pub canonicalization: String,
    pub signature_method: String,
    /// `{id}` is the id of the signed element.
    pub uri: String,
    pub transforms: String,
    pub digest_method: String,
    pub digest_value: String,
    /// Beside the reference in `SignedInfo`. `{reference}` is the reference itself.
    pub references: String,
    /// After `SignatureValue`.
    pub after: String,
    pub prefix_list: Vec<String>,
    pub signed_info_method: Canonicalization,
}

pub const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
pub const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";

pub fn transform(algorithm: &str) -> String {
    format!("<ds:Transform Algorithm=\"{algorithm}\"/>")
}

impl Shape {
    pub fn new(algorithm: SignatureAlgorithm) -> Self {
        Self {
            canonicalization: format!("<ds:CanonicalizationMethod Algorithm=\"{EXCLUSIVE}\"/>"),
            signature_method: format!("<ds:SignatureMethod Algorithm=\"{}\"/>", algorithm.uri()),
            uri: "URI=\"#{id}\"".to_owned(),
            transforms: transform(ENVELOPED) + &transform(EXCLUSIVE),
            digest_method: format!("<ds:DigestMethod Algorithm=\"{}\"/>", algorithm.hash.uri()),
            digest_value: "<ds:DigestValue>{digest}</ds:DigestValue>".to_owned(),
            references: "{reference}".to_owned(),
            after: String::new(),
            prefix_list: Vec::new(),
            signed_info_method: Canonicalization::Exclusive(Vec::new()),
        }
    }
}

/// XML 1.0, section 2.11.
pub fn line_ends(xml: &str) -> String {
    xml.replace("\r\n", "\n").replace('\r', "\n")
}

/// A provider with one key.
#[derive(Clone)]
pub struct Provider {
    pub signer: &'static Signer,
    pub algorithm: SignatureAlgorithm,
    pub facts: Facts,
    pub shape: Shape,
    /// Changes the response after the assertion was signed and before the response is.
    pub between: fn(String) -> String,
}

impl Provider {
    pub fn new(signer: &'static Signer, algorithm: SignatureAlgorithm) -> Self {
        Self { signer, algorithm, facts: Facts::default(), shape: Shape::new(algorithm), between: |xml| xml }
    }

    pub fn p256() -> Self {
        Self::new(keys::p256(), ECDSA_SHA256)
    }

    pub fn response(&self, kind: Kind) -> String {
        let mut xml = self.facts.response();
        if kind != Kind::M {
            xml = self.sign(&xml, "_a1");
        }
        xml = (self.between)(xml);
        if kind != Kind::A {
            xml = self.sign(&xml, "_r1");
        }
        xml
    }

    /// Signs the element with this id, and inserts the signature after its issuer.
    pub fn sign(&self, xml: &str, id: &str) -> String {
        let document = roxmltree::Document::parse(xml).unwrap();
        let element = document.descendants().find(|node| node.attribute("ID") == Some(id)).unwrap();
        let octets = canonicalize(element, &Canonicalization::Exclusive(self.shape.prefix_list.clone()), None);
        let digest = Base64::encode_string(&keys::digest(self.algorithm.hash, octets.as_bytes()));
        let start = element.range().start;
        let start_tag = start + xml[start..].find('>').unwrap() + 1;
        let has_issuer = xml[start_tag..].trim_start().starts_with("<saml:Issuer>");
        let issuer = "</saml:Issuer>";
        let at = if has_issuer { start + xml[start..].find(issuer).unwrap() + issuer.len() } else { start_tag };
        let shape = &self.shape;
        let reference = format!(
            "<ds:Reference {}><ds:Transforms>{}</ds:Transforms>{}{}</ds:Reference>",
            shape.uri.replace("{id}", id),
            shape.transforms,
            shape.digest_method,
            shape.digest_value.replace("{digest}", &digest),
        );
        let signed_info = format!(
            "<ds:SignedInfo>{}{}{}</ds:SignedInfo>",
            shape.canonicalization,
            shape.signature_method,
            shape.references.replace("{reference}", &reference)
        );
        let with = |value: &str| {
            format!(
                "{}<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">{signed_info}<ds:SignatureValue>{value}\
                 </ds:SignatureValue>{}</ds:Signature>{}",
                &xml[..at],
                shape.after,
                &xml[at..]
            )
        };
        // The context of SignedInfo matters for inclusive canonicalization.
        let unsigned = with("");
        let document = roxmltree::Document::parse(&unsigned).unwrap();
        let node = document
            .descendants()
            .find(|node| node.tag_name().name() == "SignedInfo" && node.range().start >= at)
            .unwrap();
        let octets = canonicalize(node, &shape.signed_info_method, None);
        with(&Base64::encode_string(&self.signer.sign(self.algorithm, octets.as_bytes())))
    }

    pub fn certificates(&self) -> Vec<SigningCertificate> {
        vec![self.signer.certificate()]
    }
}

pub fn expectation(certificates: &[SigningCertificate]) -> Expectation<'_> {
    Expectation {
        entity_id: ENTITY_ID,
        acs: ACS,
        idp_entity_id: IDP,
        certificates,
        decryption: None,
        request_id: Some(REQUEST_ID),
        authenticated_since: None,
        now: NOW,
    }
}

/// Verifies with the certificate of the key, as the tests expect it by default.
pub fn verify(xml: &str, signer: &'static Signer) -> Result<Identity, ResponseError> {
    saml::verify(xml.as_bytes(), &expectation(&[signer.certificate()]))
}

/// The element with this start, in the text.
pub fn slice<'a>(xml: &'a str, start: &str, end: &str) -> &'a str {
    let from = xml.find(start).unwrap();
    let to = from + xml[from..].find(end).unwrap() + end.len();
    &xml[from..to]
}

/// The assertion with its signature.
pub fn assertion_of(xml: &str) -> &str {
    slice(xml, "<saml:Assertion", "</saml:Assertion>")
}

/// The signature inside of a text.
pub fn signature_of(xml: &str) -> &str {
    slice(xml, "<ds:Signature ", "</ds:Signature>")
}
