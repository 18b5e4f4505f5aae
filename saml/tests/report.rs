//! The report of a connection test: it continues after a failed check, and it signs nobody in.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use saml::{Expectation, ResponseCheck, report};
use support::{ACS, ENTITY_ID, IDP, KINDS, Kind, NAME_ID, NOW, Provider, SECOND, expectation, keys, status};

#[test]
fn a_good_response_passes_every_check() {
    let provider = Provider::p256();
    let certificates = provider.certificates();
    for kind in KINDS {
        let report = report(provider.response(kind).as_bytes(), &expectation(&certificates));
        assert!(report.passed(), "{report:#?}");
        assert_eq!(report.subject.unwrap().name_id.value, NAME_ID);
        assert_eq!(report.signatures[0].certificate, 0);
        let checks: Vec<_> = report.results.iter().map(|result| result.check).collect();
        assert_eq!(
            checks,
            [
                ResponseCheck::Document,
                ResponseCheck::Status,
                ResponseCheck::Signature,
                ResponseCheck::ResponseIssuer,
                ResponseCheck::Issuer,
                ResponseCheck::Destination,
                ResponseCheck::SubjectConfirmation,
                ResponseCheck::Recipient,
                ResponseCheck::Audience,
                ResponseCheck::Conditions,
                ResponseCheck::Request,
                ResponseCheck::Validity,
                ResponseCheck::ConfirmationValidity,
                ResponseCheck::IssueInstant,
                ResponseCheck::Session,
                ResponseCheck::Authentication,
                ResponseCheck::Subject,
            ]
        );
    }
}

#[test]
fn every_wrong_setting_is_shown_at_once_with_expected_and_received() {
    let provider = Provider::p256();
    let certificates = provider.certificates();
    let wrong = Expectation {
        entity_id: "urn:other",
        acs: "https://internal:8080/acs",
        idp_entity_id: "https://idp.test/other",
        now: NOW + 90 * SECOND,
        ..expectation(&certificates)
    };
    let report = report(provider.response(Kind::B).as_bytes(), &wrong);
    assert!(!report.passed());
    let failed: Vec<_> = report
        .results
        .iter()
        .filter(|result| result.error.is_some())
        .map(|result| (result.check, result.expected.as_deref().unwrap(), result.received.as_deref().unwrap()))
        .collect();
    assert_eq!(
        failed,
        [
            (ResponseCheck::ResponseIssuer, "https://idp.test/other", IDP),
            (ResponseCheck::Issuer, "https://idp.test/other", IDP),
            (ResponseCheck::Destination, "https://internal:8080/acs", ACS),
            (ResponseCheck::Recipient, "https://internal:8080/acs", ACS),
            (ResponseCheck::Audience, "urn:other", ENTITY_ID),
        ]
    );
    assert_eq!(report.clock_difference, Some(90 * SECOND));
    // The signature was verified, so the person may be shown.
    assert_eq!(report.subject.unwrap().name_id.value, NAME_ID);
}

#[test]
fn nobody_is_read_without_a_verified_signature() {
    let provider = Provider::p256();
    let others = [keys::other().certificate(), keys::rsa().certificate()];
    for kind in KINDS {
        let report = report(provider.response(kind).as_bytes(), &expectation(&others));
        assert!(!report.passed() && report.subject.is_none() && report.signatures.is_empty());
        let failed: Vec<_> = report.results.iter().filter(|result| result.error.is_some()).collect();
        assert_eq!(failed.len(), 1);
        assert_eq!(failed[0].check, ResponseCheck::Signature);
        // Addresses, parties and times are compared nevertheless.
        let audience = report.results.iter().find(|result| result.check == ResponseCheck::Audience).unwrap();
        assert_eq!(audience.received.as_deref(), Some(ENTITY_ID));
        assert!(!format!("{report:?}").contains(NAME_ID), "{kind:?}");
    }
}

#[test]
fn a_report_ends_where_nothing_more_can_be_read() {
    let certificates = [keys::p256().certificate()];
    let checks = |octets: &[u8]| {
        let report = report(octets, &expectation(&certificates));
        report
            .results
            .into_iter()
            .map(|result| (result.check, result.error.map(|error| error.code())))
            .collect::<Vec<_>>()
    };
    assert_eq!(checks(b"hello"), [(ResponseCheck::Document, Some("saml_xml"))]);
    let mut provider = Provider::p256();
    provider.facts.status = status("Requester", "");
    assert_eq!(checks(provider.response(Kind::A).as_bytes()), [(ResponseCheck::Status, Some("saml_status"))]);
}
