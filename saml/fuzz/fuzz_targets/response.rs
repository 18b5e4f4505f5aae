//! A posted response: nothing panics, nothing verifies without a key, and a report never names a person.
#![no_main]

use libfuzzer_sys::fuzz_target;
use saml::{Expectation, SigningCertificate};
use std::sync::LazyLock;

/// A certificate whose private key is deleted, so no input verifies.
static CERTIFICATES: LazyLock<Vec<SigningCertificate>> = LazyLock::new(|| {
    let pem = include_str!("../../../domain/tests/fixtures/valid.pem");
    SigningCertificate::read(pem).into_iter().collect()
});

fuzz_target!(|octets: &[u8]| {
    let _ = saml::post::read(octets);
    let expectation = Expectation {
        entity_id: "https://rollcall.test/sso/m1/saml/metadata",
        acs: "https://rollcall.test/sso/m1/saml/acs",
        idp_entity_id: "https://idp.test/",
        certificates: &CERTIFICATES,
        decryption: None,
        request_id: None,
        authenticated_since: None,
        now: 1_780_272_123_000,
    };
    assert!(saml::verify(octets, &expectation).is_err());
    let report = saml::report(octets, &expectation);
    assert!(!report.passed() && report.subject.is_none());
});
