//! Attacks S1 to S60. Each case starts from a response that is accepted unaltered.
//!
//! The server has the cases that need more than one response or a connection: S19 and S27 (no connection to a canary), S55 (a
//! response of another browser), S57 (replay; `Identity::assertion_id` and `Identity::expires` are its facts), and the
//! deflated GET of S59. `accepted.rs` has S31 and S32, which are accepted and read whole; `saml/src/post.rs` has the relay states of
//! S60. The tests of the feature `encryption` have the rest of S50 and S60.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use saml::{ResponseError, canonical::Canonicalization};
use support::{
    ACS, ENTITY_ID, ENVELOPED, EXCLUSIVE, Facts, IDP, KINDS, Kind, MINUTE, NOW, Provider, REQUEST_ID, RSA_SHA256,
    SECOND, Shape, assertion_of, at, audience, authn_statement, conditions, confirmation, confirmed, expectation,
    issuer, keys, name_id, signature_of, slice, status, transform, verify,
};

/// A change of the text after signing.
type Alter = Box<dyn Fn(&str) -> String>;

enum Attack {
    /// The signed text is changed.
    Alter(Alter),
    /// The provider itself signs other facts.
    Facts(Box<dyn Fn(&mut Facts)>),
    /// The provider itself signs in another shape.
    Shape(Box<dyn Fn(&mut Shape)>),
}

struct Case {
    name: &'static str,
    kinds: &'static [Kind],
    attack: Attack,
    codes: &'static [&'static str],
}

const A: &[Kind] = &[Kind::A];
const M: &[Kind] = &[Kind::M];
const B: &[Kind] = &[Kind::B];
const ASSERTION_SIGNED: &[Kind] = &[Kind::A, Kind::B];
const RESPONSE_SIGNED: &[Kind] = &[Kind::M, Kind::B];

fn alter(
    name: &'static str,
    kinds: &'static [Kind],
    codes: &'static [&'static str],
    change: impl Fn(&str) -> String + 'static,
) -> Case {
    Case { name, kinds, attack: Attack::Alter(Box::new(change)), codes }
}

fn facts(name: &'static str, codes: &'static [&'static str], change: impl Fn(&mut Facts) + 'static) -> Case {
    Case { name, kinds: &KINDS, attack: Attack::Facts(Box::new(change)), codes }
}

fn shape(name: &'static str, codes: &'static [&'static str], change: impl Fn(&mut Shape) + 'static) -> Case {
    Case { name, kinds: &KINDS, attack: Attack::Shape(Box::new(change)), codes }
}

fn run(cases: Vec<Case>) {
    let mut wrong = Vec::new();
    for case in cases {
        for kind in case.kinds {
            let mut provider = Provider::p256();
            let original = provider.response(*kind);
            assert!(verify(&original, provider.signer).is_ok(), "{} {kind:?}: the original", case.name);
            let altered = match &case.attack {
                Attack::Alter(change) => change(&original),
                Attack::Facts(change) => {
                    change(&mut provider.facts);
                    provider.response(*kind)
                }
                Attack::Shape(change) => {
                    change(&mut provider.shape);
                    provider.response(*kind)
                }
            };
            assert_ne!(altered, original, "{} {kind:?}: nothing was altered", case.name);
            let code = verify(&altered, provider.signer).map_or_else(|error| error.code(), |_| "accepted");
            if !case.codes.contains(&code) {
                wrong.push(format!("{} {kind:?}: {code}, not {:?}", case.name, case.codes));
            }
            // A report never reads a person from what was not verified.
            let certificates = provider.certificates();
            let report = saml::report(altered.as_bytes(), &expectation(&certificates));
            if report.passed() || (report.signatures.is_empty() && report.subject.is_some()) {
                wrong.push(format!("{} {kind:?}: the report differs", case.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// An unsigned assertion with another person and another id.
fn evil() -> String {
    evil_with("")
}

fn evil_with(inner: &str) -> String {
    let facts = Facts {
        assertion_attributes: "ID=\"_evil\" Version=\"2.0\"".to_owned(),
        name_ids: name_id("evil@acme.test"),
        ..Facts::default()
    };
    facts.assertion().replace("<saml:Subject>", &format!("{inner}<saml:Subject>"))
}

/// The text without the first signature in it.
fn bare(xml: &str) -> String {
    xml.replacen(signature_of(xml), "", 1)
}

/// A response with another id and an evil assertion, and `inner` before the assertion.
fn evil_response(inner: &str) -> String {
    let facts = Facts { name_ids: name_id("evil@acme.test"), ..Facts::default() };
    facts.response().replace("ID=\"_r1\"", "ID=\"_evil-r\"").replace("ID=\"_a1\"", "ID=\"_evil\"").replacen(
        "<samlp:Status>",
        &format!("{inner}<samlp:Status>"),
        1,
    )
}

#[test]
fn s1_to_s15_wrapping() {
    let count = &["saml_assertion_count"][..];
    run(vec![
        alter("S1 XSW1: evil response, the original in its signature", B, count, |xml| {
            let signature = signature_of(xml).to_owned();
            let original = bare(xml);
            evil_response(
                &signature.replace("</ds:Signature>", &format!("<ds:Object>{original}</ds:Object></ds:Signature>")),
            )
        }),
        alter("S2 XSW2: the original before the signature", B, &["saml_position"], |xml| {
            let signature = signature_of(xml).to_owned();
            evil_response(&format!("{}{signature}", bare(xml)))
        }),
        alter("S3 XSW3: evil before the signed one", &KINDS, count, |xml| {
            xml.replacen("<saml:Assertion", &format!("{}<saml:Assertion", evil()), 1)
        }),
        alter("S4: evil after the signed one", &KINDS, count, |xml| {
            xml.replacen("</samlp:Response>", &format!("{}</samlp:Response>", evil()), 1)
        }),
        alter("S5 XSW4: evil wraps the signed one", &KINDS, count, |xml| {
            let signed = assertion_of(xml).to_owned();
            xml.replacen(&signed, &evil_with(&signed), 1)
        }),
        alter("S6 XSW5: the signature moved to evil, the bare original appended", ASSERTION_SIGNED, count, |xml| {
            let signed = assertion_of(xml).to_owned();
            let evil = evil_with(signature_of(&signed));
            xml.replacen(&signed, &(evil + &bare(&signed)), 1)
        }),
        alter("S7 XSW6: the original in the moved signature", ASSERTION_SIGNED, count, |xml| {
            let signed = assertion_of(xml).to_owned();
            let signature = signature_of(&signed).to_owned();
            let object = format!("<ds:Object>{}</ds:Object></ds:Signature>", bare(&signed));
            xml.replacen(&signed, &evil_with(&signature.replace("</ds:Signature>", &object)), 1)
        }),
        alter("S8 XSW7: evil in Extensions", &KINDS, count, |xml| {
            let extensions = format!("<samlp:Extensions>{}</samlp:Extensions><samlp:Status>", evil());
            xml.replacen("<samlp:Status>", &extensions, 1)
        }),
        alter("S8: the signed one in Extensions, evil in place", &KINDS, count, |xml| {
            let signed = assertion_of(xml).to_owned();
            let extensions = format!("<samlp:Extensions>{signed}</samlp:Extensions><samlp:Status>");
            xml.replacen(&signed, &evil(), 1).replacen("<samlp:Status>", &extensions, 1)
        }),
        alter("S9 XSW8: the original in Object", ASSERTION_SIGNED, count, |xml| {
            let signed = assertion_of(xml).to_owned();
            let signature = signature_of(&signed).to_owned();
            let object = format!("<ds:Object>{signed}</ds:Object></ds:Signature>").replace(&signature, "");
            xml.replacen(&signed, &evil_with(&signature.replace("</ds:Signature>", &object)), 1)
        }),
        alter("S10: the signed one in Advice of evil", &KINDS, count, |xml| {
            let signed = assertion_of(xml).to_owned();
            xml.replacen(&signed, &evil_with(&format!("<saml:Advice>{signed}</saml:Advice>")), 1)
        }),
        alter("S11: two elements with one ID", &KINDS, &["saml_repeated_id"], |xml| {
            let extensions = "<samlp:Extensions><x ID=\"_a1\"/></samlp:Extensions><samlp:Status>";
            xml.replacen("<samlp:Status>", extensions, 1)
        }),
        alter("S11: evil with the ID of the signed one", &KINDS, &["saml_repeated_id"], |xml| {
            let copy = evil().replace("_evil", "_a1");
            xml.replacen("<saml:Assertion", &format!("{copy}<saml:Assertion"), 1)
        }),
        alter("S12: the same value in x:ID", &KINDS, &["saml_repeated_id"], |xml| {
            xml.replacen("<samlp:Status>", "<samlp:Status xmlns:x=\"urn:x\" x:ID=\"_a1\">", 1)
        }),
        alter("S12: in Id", &KINDS, &["saml_repeated_id"], |xml| {
            xml.replacen("<samlp:Status>", "<samlp:Status Id=\"_a1\">", 1)
        }),
        alter("S12: in id", &KINDS, &["saml_repeated_id"], |xml| {
            xml.replacen("<samlp:Status>", "<samlp:Status id=\"_r1\">", 1)
        }),
        alter("S12: in xml:id", &KINDS, &["saml_repeated_id"], |xml| {
            xml.replacen("<samlp:Status>", "<samlp:Status xml:id=\"_a1\">", 1)
        }),
        alter("S13: the signed one in StatusDetail, evil in place", &KINDS, count, |xml| {
            let signed = assertion_of(xml).to_owned();
            let detail = format!("<samlp:StatusDetail>{signed}</samlp:StatusDetail></samlp:Status>");
            xml.replacen(&signed, &evil(), 1).replacen("</samlp:Status>", &detail, 1)
        }),
        alter("S14: evil in EncryptedAssertion as a plain child", &KINDS, count, |xml| {
            let encrypted = format!("<saml:EncryptedAssertion>{}</saml:EncryptedAssertion></samlp:Response>", evil());
            xml.replacen("</samlp:Response>", &encrypted, 1)
        }),
        alter("S14: the signed one in EncryptedAssertion, in place", ASSERTION_SIGNED, count, |xml| {
            let signed = assertion_of(xml).to_owned();
            xml.replacen(&signed, &format!("<saml:EncryptedAssertion>{signed}</saml:EncryptedAssertion>"), 1)
        }),
        alter("S15: an assertion of another namespace", &KINDS, count, |xml| {
            let other = "<x:Assertion xmlns:x=\"urn:oasis:names:tc:SAML:1.0:assertion\"/></samlp:Status>";
            xml.replacen("</samlp:Status>", other, 1)
        }),
        alter("S15: an assertion of version 1.1 beside it", &KINDS, &["saml_position"], |xml| {
            let other = "<x:Assertions xmlns:x=\"urn:oasis:names:tc:SAML:1.0:assertion\"/><samlp:Status>";
            xml.replacen("<samlp:Status>", other, 1)
        }),
        facts("S15: the assertion itself of version 1.1", &["saml_not_a_response"], |facts| {
            facts.assertion_attributes = "ID=\"_a1\" Version=\"1.1\"".to_owned();
        }),
        facts("S15: the response of version 1.1", &["saml_not_a_response"], |facts| {
            facts.response_attributes = format!("Version=\"1.1\" InResponseTo=\"{REQUEST_ID}\"");
        }),
    ]);
}

#[test]
fn s16_to_s24_references_and_values() {
    let wrong_shape = &["saml_signature_shape"][..];
    let uri = |name, uri: &'static str| shape(name, wrong_shape, move |shape| shape.uri = uri.to_owned());
    let in_value = |name, kinds, from: &'static str, to: &'static str, codes| {
        alter(name, kinds, codes, move |xml: &str| xml.replacen(from, to, 1))
    };
    run(vec![
        uri("S16: an empty URI", "URI=\"\""),
        uri("S17: no URI", ""),
        uri("S17: no URI but an id", "Id=\"_x-{id}\""),
        uri("S18: xpointer(/)", "URI=\"#xpointer(/)\""),
        uri("S18: xpointer(id())", "URI=\"#xpointer(id('{id}'))\""),
        uri("S19: http", "URI=\"http://canary.test/#{id}\""),
        uri("S19: https", "URI=\"https://canary.test/{id}\""),
        uri("S19: file", "URI=\"file:///etc/passwd\""),
        uri("S19: the id without #", "URI=\"{id}\""),
        shape("S20: two references", wrong_shape, |shape| shape.references = "{reference}{reference}".to_owned()),
        shape("S20: no reference", wrong_shape, |shape| shape.references = String::new()),
        shape("S20: a reference of another type", wrong_shape, |shape| shape.uri.push_str(" Type=\"urn:x\"")),
        alter("S21: two SignedInfo", &KINDS, wrong_shape, |xml| {
            let signed_info = slice(xml, "<ds:SignedInfo>", "</ds:SignedInfo>");
            xml.replacen(signed_info, &signed_info.repeat(2), 1)
        }),
        alter("S21: two SignatureValue", &KINDS, wrong_shape, |xml| {
            let value = slice(xml, "<ds:SignatureValue>", "</ds:SignatureValue>");
            xml.replacen(value, &value.repeat(2), 1)
        }),
        in_value("S22: a comment in DigestValue", &KINDS, "<ds:DigestValue>", "<ds:DigestValue><!--x-->", wrong_shape),
        in_value(
            "S22: a comment in SignatureValue",
            &KINDS,
            "</ds:SignatureValue>",
            "<!----></ds:SignatureValue>",
            wrong_shape,
        ),
        in_value(
            "S22: a comment between elements",
            &KINDS,
            "<ds:SignatureValue>",
            "<!--x--><ds:SignatureValue>",
            wrong_shape,
        ),
        in_value("S22: text between elements", &KINDS, "<ds:SignatureValue>", "x<ds:SignatureValue>", wrong_shape),
        shape("S23: two DigestValue", wrong_shape, |shape| shape.digest_value = shape.digest_value.repeat(2)),
        shape("S23: an empty DigestValue", wrong_shape, |shape| {
            shape.digest_value = "<ds:DigestValue></ds:DigestValue>".to_owned();
        }),
        shape("S23: a DigestValue of one byte", &["saml_digest"], |shape| {
            shape.digest_value = "<ds:DigestValue>AA==</ds:DigestValue>".to_owned();
        }),
        shape("S23: a DigestValue cut short", &["saml_digest", "saml_signature_shape"], |shape| {
            shape.digest_value =
                "<ds:DigestValue>AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=</ds:DigestValue>".to_owned();
        }),
        alter("S24: a signature of length 0", &KINDS, wrong_shape, |xml| {
            xml.replacen(slice(xml, "<ds:SignatureValue>", "</ds:SignatureValue>"), "<ds:SignatureValue/>", 1)
        }),
        alter("S24: a signature of zeros", &KINDS, &["saml_signature"], |xml| {
            let zeros = format!("<ds:SignatureValue>{}AA==</ds:SignatureValue>", "AAAA".repeat(21));
            xml.replacen(slice(xml, "<ds:SignatureValue>", "</ds:SignatureValue>"), &zeros, 1)
        }),
    ]);
}

#[test]
fn s25_to_s34_documents_and_identifiers() {
    let doctype = &["saml_doctype"][..];
    let head = |name, codes, head: &'static str| alter(name, &KINDS, codes, move |xml: &str| format!("{head}{xml}"));
    let identifier = |name, codes, value: String| facts(name, codes, move |facts| facts.name_ids = name_id(&value));
    run(vec![
        alter("S25: a relative namespace makes the canonical form empty", &KINDS, &["saml_xml"], |xml| {
            xml.replacen("<samlp:Response ", "<samlp:Response xmlns:x=\"relative\" ", 1)
        }),
        alter("S25: in the assertion", &KINDS, &["saml_xml"], |xml| {
            xml.replacen("<saml:Assertion ", "<saml:Assertion xmlns:x=\"./x\" ", 1)
        }),
        head("S26: DOCTYPE", doctype, "<!DOCTYPE Response []>"),
        head("S26: an empty DOCTYPE", doctype, "<!DOCTYPE x>"),
        head("S27: XXE with file", doctype, "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>"),
        head("S27: XXE with http", doctype, "<!DOCTYPE x SYSTEM \"http://canary.test/\">"),
        head(
            "S28: entity expansion",
            doctype,
            "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;\">]>",
        ),
        head("S28: parameter entity", doctype, "<!DOCTYPE x [<!ENTITY % p SYSTEM \"http://canary.test/\">%p;]>"),
        identifier("S28: an entity that is not declared", &["saml_xml"], "ada&amp;&#97;".to_owned())
            .with(|xml| xml.replacen("&#97;", "&e;", 1)),
        head("S29: attribute defaults", doctype, "<!DOCTYPE x [<!ATTLIST Assertion ID CDATA \"_a1\">]>"),
        head("S29: default namespace", doctype, "<!DOCTYPE x [<!ATTLIST Response xmlns CDATA \"urn:x\">]>"),
        alter("S30: a processing instruction in NameID", &KINDS, &["saml_xml"], |xml| {
            xml.replacen("ada@acme.test</saml:NameID>", "ada@acme.test<?x y?></saml:NameID>", 1)
        }),
        identifier("S33: a line end", &["saml_name_id"], "ada\n@acme.test".to_owned()),
        identifier("S33: white space around it", &["saml_name_id"], " ada@acme.test".to_owned()),
        identifier("S33: a carriage return", &["saml_name_id"], "ada@acme.test&#13;".to_owned()),
        identifier("S33: bidi marks", &["saml_name_id"], "ada\u{202E}@acme.test".to_owned()),
        identifier("S33: 10,000 characters", &["saml_name_id"], "a".repeat(10_000)),
        identifier("S33: one byte too many", &["saml_name_id"], "a".repeat(1_025)),
        alter("S33: a NUL reference", &KINDS, &["saml_xml"], |xml| {
            xml.replacen("ada@acme.test</saml:NameID>", "ada@acme.test&#0;</saml:NameID>", 1)
        }),
        identifier("S34: empty", &["saml_name_id"], String::new()),
        facts("S34: twice", &["saml_malformed"], |facts| {
            facts.name_ids = name_id("ada@acme.test") + &name_id("evil@acme.test");
        }),
        facts("S34: missing", &["saml_missing"], |facts| facts.name_ids = String::new()),
        facts("S34: with an element", &["saml_malformed"], |facts| {
            facts.name_ids = name_id("ada@acme.test<x/>");
        }),
        facts("S34: of another namespace", &["saml_missing"], |facts| {
            facts.name_ids = "<x:NameID xmlns:x=\"urn:x\">ada@acme.test</x:NameID>".to_owned();
        }),
    ]);
}

impl Case {
    /// Changes the text after the attack, too.
    fn with(self, change: impl Fn(&str) -> String + 'static) -> Self {
        let Attack::Facts(facts) = self.attack else { panic!("only facts") };
        let attack = Attack::Alter(Box::new(move |_| {
            let mut provider = Provider::p256();
            facts(&mut provider.facts);
            change(&provider.response(Kind::A))
        }));
        Case { attack, ..self }
    }
}

#[test]
fn s35_to_s40_algorithms() {
    let wrong_shape = &["saml_signature_shape"][..];
    let transforms =
        |name, transforms: String| shape(name, wrong_shape, move |shape| shape.transforms = transforms.clone());
    let (enveloped, exclusive) = (transform(ENVELOPED), transform(EXCLUSIVE));
    let xslt = "http://www.w3.org/TR/1999/REC-xslt-19991116";
    let xpath = "http://www.w3.org/TR/1999/REC-xpath-19991116";
    let method = |name, codes, uri: &'static str| {
        shape(name, codes, move |shape| shape.signature_method = format!("<ds:SignatureMethod Algorithm=\"{uri}\"/>"))
    };
    let canonicalization = |name, codes, uri: &'static str| {
        shape(name, codes, move |shape| {
            shape.canonicalization = format!("<ds:CanonicalizationMethod Algorithm=\"{uri}\"/>");
        })
    };
    let algorithm = &["saml_algorithm"][..];
    run(vec![
        transforms("S35: XSLT", format!("{enveloped}<ds:Transform Algorithm=\"{xslt}\"><x/></ds:Transform>")),
        transforms(
            "S36: XPath",
            format!("{enveloped}<ds:Transform Algorithm=\"{xpath}\"><ds:XPath>1</ds:XPath></ds:Transform>"),
        ),
        transforms("S36: XPath Filter 2", enveloped.clone() + &transform("http://www.w3.org/2002/06/xmldsig-filter2")),
        transforms("S37: other order", exclusive.clone() + &enveloped),
        transforms("S37: three", enveloped.clone() + &exclusive + &exclusive),
        transforms("S37: none", String::new()),
        transforms("S37: only one", enveloped.clone()),
        transforms("S37: base64", enveloped.clone() + &transform("http://www.w3.org/2000/09/xmldsig#base64")),
        transforms(
            "S38: a transform with comments",
            enveloped.clone() + &transform(&format!("{EXCLUSIVE}WithComments")),
        ),
        transforms(
            "S38: an inclusive transform",
            enveloped + &transform("http://www.w3.org/TR/2001/REC-xml-c14n-20010315"),
        ),
        canonicalization("S38: with comments", algorithm, "http://www.w3.org/2001/10/xml-exc-c14n#WithComments"),
        canonicalization(
            "S38: inclusive with comments",
            algorithm,
            "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments",
        ),
        canonicalization("S38: C14N 1.1", algorithm, "http://www.w3.org/2006/12/xml-c14n11"),
        canonicalization("S38: unknown", algorithm, "urn:x"),
        shape("S58: a long PrefixList", wrong_shape, |shape| {
            let list = "a ".repeat(65);
            shape.canonicalization = format!(
                "<ds:CanonicalizationMethod Algorithm=\"{EXCLUSIVE}\"><ec:InclusiveNamespaces xmlns:ec=\"{EXCLUSIVE}\" \
                 PrefixList=\"{list}\"/></ds:CanonicalizationMethod>"
            );
        }),
        method("S39: HMAC-SHA1", &["saml_sha1"], "http://www.w3.org/2000/09/xmldsig#hmac-sha1"),
        method("S39: HMAC-SHA256", algorithm, "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"),
        method("S40: RSA-SHA1", &["saml_sha1"], "http://www.w3.org/2000/09/xmldsig#rsa-sha1"),
        method("S40: ECDSA-SHA1", &["saml_sha1"], "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha1"),
        method("S40: RSA-MD5", algorithm, "http://www.w3.org/2001/04/xmldsig-more#rsa-md5"),
        method("S41: DSA", &["saml_sha1"], "http://www.w3.org/2000/09/xmldsig#dsa-sha1"),
        method("S41: DSA-SHA256", algorithm, "http://www.w3.org/2009/xmldsig11#dsa-sha256"),
        shape("S40: digest SHA-1", &["saml_sha1"], |shape| {
            shape.digest_method = "<ds:DigestMethod Algorithm=\"http://www.w3.org/2000/09/xmldsig#sha1\"/>".to_owned();
        }),
        shape("S40: digest MD5", algorithm, |shape| {
            shape.digest_method =
                "<ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#md5\"/>".to_owned();
        }),
        shape("S39: HMACOutputLength", wrong_shape, |shape| {
            let close = "><ds:HMACOutputLength>1</ds:HMACOutputLength></ds:SignatureMethod>";
            shape.signature_method = shape.signature_method.replace("/>", close);
        }),
    ]);
}

#[test]
fn s39_a_public_key_is_no_secret() {
    // Signed with HMAC-SHA256, with the certificate and with the key as secret.
    let signer = keys::rsa();
    for secret in [signer.pem.as_bytes().to_vec(), keys::pem_body(&signer.pem)] {
        let mut provider = Provider::new(signer, RSA_SHA256);
        let original = provider.response(Kind::A);
        assert!(verify(&original, signer).is_ok());
        provider.shape.signature_method =
            "<ds:SignatureMethod Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#hmac-sha256\"/>".to_owned();
        let xml = provider.response(Kind::A);
        let document = roxmltree::Document::parse(&xml).unwrap();
        let signed_info = document.descendants().find(|node| node.tag_name().name() == "SignedInfo").unwrap();
        let octets = saml::canonical::canonicalize(signed_info, &Canonicalization::Exclusive(Vec::new()), None);
        let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, &secret);
        let value = base64(ring::hmac::sign(&key, octets.as_bytes()).as_ref());
        let forged = format!("<ds:SignatureValue>{value}</ds:SignatureValue>");
        let xml = xml.replacen(slice(&xml, "<ds:SignatureValue>", "</ds:SignatureValue>"), &forged, 1);
        assert_eq!(verify(&xml, signer).unwrap_err().code(), "saml_algorithm");
    }
}

fn base64(bytes: &[u8]) -> String {
    use base64ct::{Base64, Encoding};
    Base64::encode_string(bytes)
}

#[test]
fn s41_weak_keys_are_refused_when_they_are_pinned() {
    use saml::{CertificateError, SigningCertificate};
    let read = |pem: &str| SigningCertificate::read(pem).map(|certificate| certificate.key_name().to_owned());
    let rsa_1024 = keys::certificate("rsa1024", &["-newkey", "rsa:1024"]);
    assert_eq!(read(&rsa_1024), Err(CertificateError::KeySize { bits: 1_024 }));
    let ed25519 = keys::certificate("ed25519", &["-newkey", "ed25519"]);
    assert_eq!(read(&ed25519), Err(CertificateError::UnsupportedKey));
    let p521 = keys::certificate("p521", &["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-521"]);
    assert_eq!(read(&p521), Err(CertificateError::UnsupportedKey));
    assert_eq!(read(&keys::rsa().pem), Ok("RSA 2048".to_owned()));
    assert_eq!(read(&keys::p256().pem), Ok("ECDSA P-256".to_owned()));
    assert_eq!(read(&keys::p384().pem), Ok("ECDSA P-384".to_owned()));
}

#[test]
fn s42_an_ecdsa_signature_in_der_is_refused() {
    use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair};
    let signer = keys::p256();
    let xml = Provider::p256().response(Kind::A);
    assert!(verify(&xml, signer).is_ok());
    let document = roxmltree::Document::parse(&xml).unwrap();
    let signed_info = document.descendants().find(|node| node.tag_name().name() == "SignedInfo").unwrap();
    let octets = saml::canonical::canonicalize(signed_info, &Canonicalization::Exclusive(Vec::new()), None);
    let pkcs8 = keys::pem_body(&std::fs::read_to_string(&signer.key_file).unwrap());
    let random = ring::rand::SystemRandom::new();
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &pkcs8, &random).unwrap();
    let value = base64(pair.sign(&random, octets.as_bytes()).unwrap().as_ref());
    let der = format!("<ds:SignatureValue>{value}</ds:SignatureValue>");
    let xml = xml.replacen(slice(&xml, "<ds:SignatureValue>", "</ds:SignatureValue>"), &der, 1);
    assert_eq!(verify(&xml, signer).unwrap_err().code(), "saml_signature");
}

#[test]
fn s43_to_s47_only_the_keys_of_the_method_verify() {
    let signature = ResponseError::Signature { certificates: 1 };
    let key_info = |inner: &str| format!("<ds:KeyInfo>{inner}</ds:KeyInfo>");
    let certificate = base64(&keys::pem_body(&keys::other().pem));
    for kind in KINDS {
        // S43, S45, S46, S47: another key is not trusted, and KeyInfo is not read.
        for after in [
            String::new(),
            key_info(&format!("<ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data>")),
            key_info("<ds:KeyValue><ds:RSAKeyValue/></ds:KeyValue>"),
            key_info("<ds:RetrievalMethod URI=\"http://canary.test/\"/>"),
        ] {
            let mut provider = Provider::new(keys::other(), support::ECDSA_SHA256);
            provider.shape.after = after.clone();
            let xml = provider.response(kind);
            assert!(verify(&xml, keys::other()).is_ok());
            assert_eq!(verify(&xml, keys::p256()), Err(signature.clone()));
            // S44: the right key verifies, regardless of KeyInfo.
            let mut provider = Provider::p256();
            provider.shape.after = after;
            assert!(verify(&provider.response(kind), keys::p256()).is_ok());
        }
        let xml = Provider::p256().response(kind);
        assert_eq!(verify(&xml, keys::rsa()), Err(signature.clone()));
        let none = saml::verify(xml.as_bytes(), &expectation(&[]));
        assert_eq!(none, Err(ResponseError::Signature { certificates: 0 }));
    }
    // One signature of the provider does not make up for the other.
    let mut provider = Provider::p256();
    provider.between = |xml| xml.replace("_s1", "_s2");
    assert_eq!(verify(&provider.response(Kind::B), keys::p256()).unwrap_err(), ResponseError::Digest);
}

#[test]
fn s48_to_s50_unsigned_and_changed() {
    run(vec![
        alter("S48: the signature removed", &[Kind::A, Kind::M], &["saml_unsigned"], bare),
        alter("S48: both removed", B, &["saml_unsigned"], |xml| bare(&bare(xml))),
        alter("S48: the inner one removed", B, &["saml_digest"], |xml| {
            let signed = assertion_of(xml).to_owned();
            xml.replacen(&signed, &bare(&signed), 1)
        }),
        alter("S48: an empty signature", &KINDS, &["saml_signature_shape"], |xml| {
            xml.replacen(signature_of(xml), "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"/>", 1)
        }),
        alter("S48: a second signature", &KINDS, &["saml_position", "saml_repeated_id"], |xml| {
            xml.replacen(signature_of(xml), &signature_of(xml).repeat(2), 1)
        }),
        alter("S48: the signature elsewhere", A, &["saml_position"], |xml| {
            let signature = signature_of(xml).to_owned();
            bare(xml).replacen("<saml:Subject>", &format!("<saml:Subject>{signature}"), 1)
        }),
        alter("S48: the signature of the assertion at the response", A, &["saml_signature_shape"], |xml| {
            let signature = signature_of(xml).to_owned();
            bare(xml).replacen("<samlp:Status>", &format!("{signature}<samlp:Status>"), 1)
        }),
        alter("S49: another person", &KINDS, &["saml_digest"], |xml| {
            xml.replacen("ada@acme.test</saml:NameID>", "adb@acme.test</saml:NameID>", 1)
        }),
        alter("S49: another attribute", &KINDS, &["saml_digest"], |xml| xml.replacen(">admins<", ">owners<", 1)),
        alter("S49: another digest", &KINDS, &["saml_signature"], |xml| {
            let value = slice(xml, "<ds:DigestValue>", "</ds:DigestValue>");
            let digest = base64(&[7; 32]);
            xml.replacen(value, &format!("<ds:DigestValue>{digest}</ds:DigestValue>"), 1)
        }),
        alter("S49: white space in the response", RESPONSE_SIGNED, &["saml_digest"], |xml| {
            xml.replacen("<samlp:Status>", " <samlp:Status>", 1)
        }),
        alter("S50: encrypted and unsigned", &KINDS, &["saml_encrypted", "saml_unsigned"], |xml| {
            let mut xml = bare(xml);
            if xml.contains("<ds:Signature ") {
                xml = bare(&xml);
            }
            let plain = assertion_of(&xml).to_owned();
            xml.replacen(&plain, "<saml:EncryptedAssertion/>", 1)
        }),
    ]);
}

#[test]
fn s51_to_s54_parties_addresses_and_requests() {
    let wrong_issuer = &["saml_issuer"][..];
    let wrong_audience = &["saml_audience"][..];
    let request = &["saml_request"][..];
    let of_response =
        |name, value: String| facts(name, wrong_issuer, move |facts| facts.response_issuer = issuer(&value));
    let of_assertion = |name, value: String| facts(name, wrong_issuer, move |facts| facts.issuer = issuer(&value));
    let condition = |name, codes, inner: String| {
        facts(name, codes, move |facts| facts.conditions = conditions("", &at(NOW + MINUTE), &inner))
    };
    let recipient = |name, recipient: String| {
        facts(name, &["saml_recipient"], move |facts| {
            facts.confirmations = confirmed(&recipient, REQUEST_ID, NOW + MINUTE);
        })
    };
    let destination = |name, destination: String| {
        facts(name, &["saml_destination"], move |facts| facts.destination = format!("Destination=\"{destination}\""))
    };
    run(vec![
        of_response("S51: the response's", "https://evil.test".to_owned()),
        of_response("S51: the response's with a slash", format!("{IDP}/")),
        of_assertion("S51: the assertion's", "https://evil.test".to_owned()),
        of_assertion("S51: the assertion's with a slash", format!("{IDP}/")),
        of_assertion("S51: the assertion's in another case", IDP.replace("idp", "IDP")),
        of_assertion("S51: the assertion's with white space", format!(" {IDP}")),
        facts("S51: both", wrong_issuer, |facts| {
            facts.issuer = issuer("https://evil.test");
            facts.response_issuer = issuer("https://evil.test");
        }),
        facts("S51: twice", &["saml_malformed"], |facts| facts.issuer.push_str(&issuer("https://evil.test"))),
        condition("S52: another audience", wrong_audience, audience("https://other.test")),
        condition("S52: none", wrong_audience, String::new()),
        condition("S52: an empty restriction", wrong_audience, "<saml:AudienceRestriction/>".to_owned()),
        condition(
            "S52: two restrictions, one of which is another",
            wrong_audience,
            audience(ENTITY_ID) + &audience("urn:x"),
        ),
        condition("S52: with a slash", wrong_audience, audience(&format!("{ENTITY_ID}/"))),
        condition("S52: with white space", wrong_audience, audience(&format!("{ENTITY_ID} "))),
        condition("S52: an unknown condition", &["saml_condition"], audience(ENTITY_ID) + "<saml:Condition/>"),
        recipient("S53: another recipient", "https://rollcall.test/sso/m2/saml/acs".to_owned()),
        recipient("S53: a recipient in another case", ACS.replace("rollcall", "Rollcall")),
        facts("S53: no recipient", &["saml_recipient"], |facts| {
            facts.confirmations =
                confirmation(&format!("InResponseTo=\"{REQUEST_ID}\" NotOnOrAfter=\"{}\"", at(NOW + MINUTE)));
        }),
        destination("S53: another destination", "https://other.test/".to_owned()),
        destination("S53: another scheme", ACS.replace("https", "http")),
        destination("S53: another port", ACS.replace(".test/", ".test:8443/")),
        destination("S53: the default port", ACS.replace(".test/", ".test:443/")),
        destination("S53: another path", ACS.replace("m1", "m2")),
        destination("S53: an empty destination", String::new()),
        facts("S54: another request", request, |facts| {
            facts.response_attributes = "Version=\"2.0\" InResponseTo=\"_other\"".to_owned();
            facts.confirmations = confirmed(ACS, "_other", NOW + MINUTE);
        }),
        facts("S54: the response differs", request, |facts| {
            facts.response_attributes = "Version=\"2.0\" InResponseTo=\"_other\"".to_owned();
        }),
        facts("S54: the confirmation differs", request, |facts| {
            facts.confirmations = confirmed(ACS, "_other", NOW + MINUTE);
        }),
        facts("S54: missing in the confirmation", request, |facts| {
            facts.confirmations = confirmation(&format!("Recipient=\"{ACS}\" NotOnOrAfter=\"{}\"", at(NOW + MINUTE)));
        }),
        facts("S54: missing in both", &["saml_unsolicited"], |facts| {
            facts.response_attributes = "Version=\"2.0\"".to_owned();
            facts.confirmations = confirmation(&format!("Recipient=\"{ACS}\" NotOnOrAfter=\"{}\"", at(NOW + MINUTE)));
        }),
        facts("S54: empty in both", &["saml_unsolicited"], |facts| {
            facts.response_attributes = "Version=\"2.0\" InResponseTo=\"\"".to_owned();
            facts.confirmations = confirmed(ACS, "", NOW + MINUTE);
        }),
        facts("rule 10: no confirmation", &["saml_confirmation"], |facts| facts.confirmations = String::new()),
        facts("rule 10: two bearer confirmations", &["saml_confirmation"], |facts| {
            facts.confirmations = facts.confirmations.repeat(2);
        }),
        facts("rule 10: another method", &["saml_confirmation"], |facts| {
            facts.confirmations = facts.confirmations.replace("cm:bearer", "cm:sender-vouches");
        }),
        facts("rule 10: NotBefore in the confirmation", &["saml_confirmation"], |facts| {
            let from = format!("<saml:SubjectConfirmationData NotBefore=\"{}\"", at(NOW - MINUTE));
            facts.confirmations = facts.confirmations.replace("<saml:SubjectConfirmationData", &from);
        }),
    ]);
}

#[test]
fn s56_times() {
    let (early, late) = (&["saml_not_yet_valid"][..], &["saml_expired"][..]);
    let condition = |name, codes, from: String, until: String| {
        facts(name, codes, move |facts| facts.conditions = conditions(&from, &until, &audience(ENTITY_ID)))
    };
    let confirmed_until = |name, codes, until: i64| {
        facts(name, codes, move |facts| facts.confirmations = confirmed(ACS, REQUEST_ID, until))
    };
    let issued = |name, codes, time: String| facts(name, codes, move |facts| facts.issue_instant = time.clone());
    let year_9999 = 253_402_300_799_000;
    run(vec![
        condition("61 s early", early, at(NOW + 61 * SECOND), at(NOW + 5 * MINUTE)),
        condition("61 s late", late, "".to_owned(), at(NOW - 61 * SECOND)),
        condition("60 s late", late, "".to_owned(), at(NOW - 60 * SECOND)),
        condition("5 min early", early, at(NOW + 5 * MINUTE), at(NOW + 9 * MINUTE)),
        condition("5 min late", late, "".to_owned(), at(NOW - 5 * MINUTE)),
        condition("no NotOnOrAfter", &["saml_missing"], at(NOW), "".to_owned()),
        condition("year 9999", &["saml_valid_too_long"], at(NOW), at(year_9999)),
        condition("without zone", &["saml_time"], "".to_owned(), "2026-06-01T00:05:00".to_owned()),
        condition("NotBefore without zone", &["saml_time"], "2026-06-01T00:00:00".to_owned(), at(NOW + MINUTE)),
        facts("no Conditions", &["saml_missing"], |facts| facts.conditions = String::new()),
        confirmed_until("confirmation 61 s late", late, NOW - 61 * SECOND),
        confirmed_until("confirmation 5 min late", late, NOW - 5 * MINUTE),
        confirmed_until("confirmation until year 9999", &["saml_valid_too_long"], year_9999),
        facts("confirmation without NotOnOrAfter", &["saml_missing"], |facts| {
            facts.confirmations = confirmation(&format!("Recipient=\"{ACS}\" InResponseTo=\"{REQUEST_ID}\""));
        }),
        issued("issued in 61 s", early, at(NOW + 61 * SECOND)),
        issued("issued in the year 9999", early, at(year_9999)),
        issued("issued more than 10 min ago", late, at(NOW - 10 * MINUTE - 1)),
        issued("issued without zone", &["saml_time"], "2026-06-01T00:02:03".to_owned()),
        facts("session ended", late, |facts| {
            let end = format!(" SessionNotOnOrAfter=\"{}\"", at(NOW - MINUTE));
            facts.authn_statement = authn_statement(&at(NOW), &end);
        }),
        facts("no AuthnStatement", &["saml_missing"], |facts| facts.authn_statement = String::new()),
        facts("AuthnInstant without zone", &["saml_time"], |facts| {
            facts.authn_statement = authn_statement("2026-06-01T00:02:03", "");
        }),
    ]);
    // The refusal names the difference.
    let mut provider = Provider::p256();
    provider.facts.conditions = conditions(&at(NOW + 61 * SECOND), &at(NOW + 5 * MINUTE), &audience(ENTITY_ID));
    let error = verify(&provider.response(Kind::A), provider.signer).unwrap_err();
    assert_eq!(error, ResponseError::NotYetValid { element: "NotBefore", received: NOW + 61 * SECOND, seconds: 61 });
}

#[test]
fn s58_s59_sizes_and_encodings() {
    let provider = Provider::p256();
    let xml = provider.response(Kind::A);
    let padded = |length: usize| xml.clone() + &" ".repeat(length - xml.len());
    assert!(verify(&padded(256 * 1024), provider.signer).is_ok());
    assert_eq!(verify(&padded(256 * 1024 + 1), provider.signer).unwrap_err().code(), "saml_too_long");

    let with = |inner: &str| xml.replacen("<samlp:Status>", &format!("{inner}<samlp:Status>"), 1);
    let attributes: String = (0..20_000).map(|i| format!(" a{i}=''")).collect();
    let namespaces: String = (0..8_000).map(|i| format!(" xmlns:n{i}='u:'")).collect();
    for inner in [
        format!("{}{}", "<x>".repeat(33), "</x>".repeat(33)),
        "<x>".repeat(50_000),
        "<x/>".repeat(2_000),
        format!("<x{attributes}/>"),
        format!("<x{namespaces}/>"),
    ] {
        assert_eq!(verify(&with(&inner), provider.signer).unwrap_err().code(), "saml_limit");
    }

    let refused = |octets: &[u8]| saml::verify(octets, &expectation(&provider.certificates())).unwrap_err().code();
    let utf16: Vec<u8> = xml.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let utf16_with_mark: Vec<u8> = [0xFF, 0xFE].into_iter().chain(utf16.clone()).collect();
    let with_mark: Vec<u8> = [0xEF, 0xBB, 0xBF].into_iter().chain(xml.bytes()).collect();
    let latin_1 =
        xml.replace("ada@", "\u{e4}da@").chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect::<Vec<_>>();
    for octets in [
        utf16,
        utf16_with_mark,
        with_mark,
        latin_1,
        format!("<?xml version=\"1.0\" encoding=\"UTF-16\"?>{xml}").into_bytes(),
        format!("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>{xml}").into_bytes(),
        format!("<?xml version=\"1.0\" encoding=\"UTF-7\"?>{xml}").into_bytes(),
    ] {
        assert_eq!(refused(&octets), "saml_encoding");
    }
    assert!(verify(&format!("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n{xml}"), provider.signer).is_ok());
    assert_eq!(refused(b""), "saml_xml");
    assert_eq!(refused(b"hello"), "saml_xml");
    assert_eq!(refused(b"<html/>"), "saml_not_a_response");
    assert_eq!(saml::post::decode("not base64!").unwrap_err().code(), "saml_base64");
    assert_eq!(saml::post::read(b"SAMLResponse=YQ==&SAMLResponse=YQ==").unwrap_err().code(), "saml_form");
}

#[test]
fn s60_other_statuses_are_refused_and_shown() {
    run(vec![facts("S60: a status other than success, with an assertion", &["saml_status"], |facts| {
        facts.status = status("Responder", "");
    })]);
    run(vec![
        facts("S60: two statuses", &["saml_malformed"], |facts| facts.status.push_str(&status("Responder", ""))),
        facts("S60: no status", &["saml_missing"], |facts| facts.status = String::new()),
        alter("S60: another status after signing", M, &["saml_status"], |xml| {
            xml.replacen("status:Success", "status:Requester", 1)
        }),
    ]);
    let message = format!("<samlp:StatusMessage><![CDATA[<b>]]>{}</samlp:StatusMessage>", "x".repeat(300));
    let code = "<samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Responder\">\
        <samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:AuthnFailed\"/></samlp:StatusCode>";
    let facts = Facts { status: format!("<samlp:Status>{code}{message}</samlp:Status>"), ..Facts::default() };
    let xml = facts.response().replace(&facts.assertion(), "");
    assert_eq!(
        verify(&xml, keys::p256()).unwrap_err(),
        ResponseError::Status {
            code: "Responder".to_owned(),
            subcode: Some("AuthnFailed".to_owned()),
            message: Some("<b>".to_owned() + &"x".repeat(197)),
        }
    );
}
