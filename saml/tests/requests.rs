//! Authentication requests, their bindings, and the key that signs them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use base64ct::{Base64, Encoding};
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey},
};
use saml::{
    AuthnRequest, CertificateSubject, RequestKey, RequestSigner, SigningCertificate, request_id,
    request_key::{fingerprint, generate},
};
use support::{ACS, ENTITY_ID, NOW, keys};

const REQUEST: AuthnRequest<'_> = AuthnRequest {
    id: "_5f0c1a",
    issue_instant: NOW,
    destination: "https://idp.test/sso",
    entity_id: ENTITY_ID,
    acs: ACS,
    force_authn: false,
};

fn parameter(url: &str, name: &str) -> String {
    let (_, query) = url.split_once('?').unwrap();
    let mut values = form_urlencoded::parse(query.as_bytes()).filter(|(found, _)| found == name);
    let value = values.next().unwrap().1.into_owned();
    assert!(values.next().is_none());
    value
}

fn inflated(url: &str) -> String {
    let deflated = Base64::decode_vec(&parameter(url, "SAMLRequest")).unwrap();
    String::from_utf8(miniz_oxide::inflate::decompress_to_vec(&deflated).unwrap()).unwrap()
}

#[test]
fn a_request_names_what_it_must_and_nothing_else() {
    let xml = inflated(&REQUEST.redirect_url("abc", None).unwrap());
    assert_eq!(
        xml,
        "<samlp:AuthnRequest xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" \
         xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"_5f0c1a\" Version=\"2.0\" \
         IssueInstant=\"2026-06-01T00:02:03.000Z\" Destination=\"https://idp.test/sso\" \
         AssertionConsumerServiceURL=\"https://rollcall.test/sso/m1/saml/acs\" \
         ProtocolBinding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\">\
         <saml:Issuer>https://rollcall.test/sso/m1/saml/metadata</saml:Issuer></samlp:AuthnRequest>"
    );
    let forced = AuthnRequest { force_authn: true, ..REQUEST }.redirect_url("abc", None).unwrap();
    assert!(inflated(&forced).contains(" ForceAuthn=\"true\">"));
}

#[test]
fn values_are_escaped() {
    let request = AuthnRequest { destination: "https://idp.test/sso?a=1&b=\"<>", entity_id: "urn:<&>", ..REQUEST };
    let url = request.redirect_url("abc", None).unwrap();
    assert!(url.starts_with("https://idp.test/sso?a=1&b=\"<>&SAMLRequest="));
    let xml = inflated(&url);
    let document = roxmltree::Document::parse(&xml).unwrap();
    assert_eq!(document.root_element().attribute("Destination"), Some(request.destination));
    assert_eq!(document.root_element().first_element_child().unwrap().text(), Some("urn:<&>"));
}

#[test]
fn a_request_id_is_an_xml_id() {
    assert_eq!(request_id([0x0F; 20]), format!("_{}", "0f".repeat(20)));
}

#[test]
fn the_signature_of_a_redirect_covers_the_query_as_sent() {
    let random = SystemRandom::new();
    for signer in [keys::rsa(), keys::p256()] {
        let pkcs8 = keys::pem_body(&std::fs::read_to_string(&signer.key_file).unwrap());
        let key = RequestKey::from_pkcs8(&pkcs8, &random).unwrap();
        let request = AuthnRequest { destination: "https://idp.test/sso?tenant=1#top", ..REQUEST };
        let url = request.redirect_url("abc_-", Some(RequestSigner { key: &key, random: &random })).unwrap();
        let (location, query) = url.split_once("&SAMLRequest=").unwrap();
        assert_eq!(location, "https://idp.test/sso?tenant=1");
        let (signed, _) = query.split_once("&Signature=").unwrap();
        let signed = format!("SAMLRequest={signed}");
        let names: Vec<_> = signed.split('&').map(|pair| pair.split('=').next().unwrap()).collect();
        assert_eq!(names, ["SAMLRequest", "RelayState", "SigAlg"]);
        assert_eq!(parameter(&url, "SigAlg"), key.algorithm().uri());
        let signature = Base64::decode_vec(&parameter(&url, "Signature")).unwrap();
        assert!(verify_with_openssl(signer, signed.as_bytes(), &signature));
        assert!(!verify_with_openssl(signer, format!("{signed}x").as_bytes(), &signature));
    }
}

/// `openssl dgst` takes ECDSA signatures in DER, so ring verifies these.
fn verify_with_openssl(signer: &keys::Signer, message: &[u8], signature: &[u8]) -> bool {
    if let keys::Pair::Ecdsa(pair) = &signer.pair {
        use ring::signature::KeyPair;
        let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, pair.public_key().as_ref());
        return key.verify(message, signature).is_ok();
    }
    let folder = keys::folder();
    std::fs::write(folder.join("message"), message).unwrap();
    std::fs::write(folder.join("signature"), signature).unwrap();
    let run = |arguments: &[&str]| {
        std::process::Command::new("openssl").args(arguments).current_dir(&folder).output().unwrap()
    };
    let key = run(&["x509", "-in", signer.certificate_file.to_str().unwrap(), "-pubkey", "-noout"]).stdout;
    std::fs::write(folder.join("public.pem"), key).unwrap();
    run(&["dgst", "-sha256", "-verify", "public.pem", "-signature", "signature", "message"]).status.success()
}

#[test]
fn a_created_key_has_a_certificate_that_verifies_itself() {
    let random = SystemRandom::new();
    let subject = CertificateSubject {
        common_name: "Rollcall: acme, Okta",
        not_before: NOW,
        not_after: NOW + 3_650 * 86_400_000,
        serial_number: [0xFF; 16],
    };
    let rsa = keys::pem_body(&std::fs::read_to_string(&keys::rsa().key_file).unwrap());
    for pkcs8 in [generate(&random).unwrap(), rsa] {
        let key = RequestKey::from_pkcs8(&pkcs8, &random).unwrap();
        let der = key.self_signed(&subject, &random).unwrap();
        let certificate = SigningCertificate::read(&Base64::encode_string(&der)).unwrap();
        assert_eq!(certificate.fingerprint(), fingerprint(&der));
        assert_eq!((certificate.not_before(), certificate.not_after()), (NOW, subject.not_after));
        let file = keys::folder().join("self-signed.pem");
        std::fs::write(&file, certificate.pem()).unwrap();
        let file = file.to_str().unwrap();
        let output = std::process::Command::new("openssl")
            .args(["verify", "-attime", "1780300000", "-check_ss_sig", "-x509_strict", "-CAfile", file, file])
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success() || text.contains("CA cert"), "{text}");
        assert!(!format!("{key:?}").contains("[") && format!("{key:?}").starts_with("RequestKey("));
        // The key of the certificate verifies signatures of the key.
        let signature = key.sign(b"message", &random).unwrap();
        assert_ne!(signature, key.sign(b"other", &random).unwrap());
    }
    assert!(RequestKey::from_pkcs8(b"no key", &random).is_err());
    let p384 = keys::pem_body(&std::fs::read_to_string(&keys::p384().key_file).unwrap());
    assert!(RequestKey::from_pkcs8(&p384, &random).is_err());
}
