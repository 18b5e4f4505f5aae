//! Pasted certificates.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use domain::{
    format::date::date,
    validation::{
        certificate::{self, Certificate},
        field_error::FieldError,
    },
};

/// 18 November 2025, 14:02:11 UTC.
const NOW: i64 = 1_763_474_531_000;

// Self-signed by `openssl ca -selfsign -startdate .. -enddate ..`. The private keys were deleted.
/// RSA, 2020-01-01 to 2049-12-31: both ends as UTCTime.
const VALID: &str = include_str!("fixtures/valid.pem");
/// P-256, 2020-01-01 to 2120-01-01: the end as GeneralizedTime.
const LONG: &str = include_str!("fixtures/long.pem");
/// P-256, 2014-01-05 09:30:00 to 2024-01-05 09:30:00.
const EXPIRED: &str = include_str!("fixtures/expired.pem");
/// P-256, 2060-03-01 to 2070-03-01: both ends as GeneralizedTime.
const FUTURE: &str = include_str!("fixtures/future.pem");
/// P-256, version 1, 2020-01-01 to 2030-12-31.
const V1: &str = include_str!("fixtures/v1.pem");

const EXPIRED_AT: i64 = 1_704_447_000_000;

fn refused(typed: &str) -> FieldError {
    certificate::check(typed, NOW).unwrap_err()
}

/// The text between the markers, in one line.
fn body(pem: &str) -> String {
    pem.lines().filter(|line| !line.starts_with('-')).collect()
}

fn block(label: &str, body: &str) -> String {
    format!("-----BEGIN {label}-----\n{body}\n-----END {label}-----\n")
}

#[test]
fn a_valid_certificate_is_returned_unchanged() {
    for (pem, end) in [(VALID, "31 Dec 2049"), (LONG, "1 Jan 2120"), (V1, "31 Dec 2030")] {
        let good = certificate::check(pem, NOW).unwrap();
        assert_eq!(good.pem, pem);
        assert_eq!(date(good.not_after), end);
    }
}

#[test]
fn untidy_pastes_result_in_the_same_pem() {
    let body = body(VALID);
    let narrow: String =
        body.as_bytes().chunks(48).map(|line| format!("  {}\r\n", str::from_utf8(line).unwrap())).collect();
    for untidy in [
        VALID.replace('\n', "\r\n"),
        VALID.replace('\n', " "),
        VALID.replace('\n', "\\n"),
        format!("\u{FEFF}{VALID}"),
        format!("Bag Attributes\nsubject=CN = idp.example.com\n\n{VALID}\n\n"),
        block("CERTIFICATE", &body),
        block("CERTIFICATE", &narrow),
        block("X509 CERTIFICATE", &body),
        format!("{}{VALID}", block("PUBLIC KEY", "AAAA")),
    ] {
        assert_eq!(certificate::check(&untidy, NOW).unwrap().pem, VALID, "{untidy}");
    }
}

#[test]
fn other_text_gets_the_pem_error() {
    assert_eq!(refused(""), FieldError::Missing("the certificate".into()));
    assert_eq!(refused(" \n\t"), FieldError::Missing("the certificate".into()));
    for text in [
        "certificate",
        "MIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBa",
        &body(VALID),
        "-----BEGIN CERTIFICATE-----",
        "-----BEGIN CERTIFICATE",
        "-----BEGIN -----BEGIN ",
        "----BEGIN CERTIFICATE----\nAAAA\n----END CERTIFICATE----",
        VALID.split_once("-----END").unwrap().0,
        "<md:EntityDescriptor/>",
    ] {
        assert_eq!(refused(text), FieldError::NotPem, "{text}");
    }
}

#[test]
fn a_private_key_is_recognized_also_beside_a_certificate() {
    for label in ["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "OPENSSH PRIVATE KEY"] {
        let key = block(label, "AAAA");
        assert_eq!(refused(&key), FieldError::PrivateKey);
        assert_eq!(refused(&format!("{VALID}{key}")), FieldError::PrivateKey);
        assert_eq!(refused(&format!("{key}{VALID}")), FieldError::PrivateKey);
    }
    assert_eq!(refused("-----BEGIN PRIVATE KEY-----\nAAAA"), FieldError::PrivateKey);
}

#[test]
fn several_certificates_are_counted() {
    assert_eq!(refused(&format!("{VALID}{LONG}")), FieldError::ManyCertificates(2));
    assert_eq!(refused(&VALID.repeat(3)), FieldError::ManyCertificates(3));
}

#[test]
fn pem_around_something_else_is_not_a_certificate() {
    let truncated = body(VALID).split_at(400).0.to_owned();
    let trailing = format!("{}AAAA", body(V1).trim_end_matches('='));
    for text in [
        block("CERTIFICATE", ""),
        block("CERTIFICATE", "AAAA"),
        block("CERTIFICATE", "not base64!"),
        block("CERTIFICATE", "Proc-Type: 4,ENCRYPTED"),
        block("CERTIFICATE", &truncated),
        block("CERTIFICATE", &trailing),
        // SEQUENCE { SEQUENCE {} SEQUENCE {} BIT STRING }
        block("CERTIFICATE", "MAgwADAAAwEA"),
        block("CERTIFICATE REQUEST", &body(VALID)),
        block("PUBLIC KEY", "AAAA"),
        block("PKCS7", "AAAA"),
        block("", "AAAA"),
    ] {
        assert_eq!(refused(&text), FieldError::NotACertificate, "{text}");
    }
}

#[test]
fn an_expired_or_future_certificate_is_refused_with_its_date() {
    assert_eq!(refused(EXPIRED), FieldError::CertificateExpired("5 Jan 2024".into()));
    assert_eq!(refused(FUTURE), FieldError::CertificateNotYetValid("1 Mar 2060".into()));
    assert_eq!(
        refused(EXPIRED).to_string(),
        "This certificate expired on 5 Jan 2024. Download the current one from your provider."
    );
}

#[test]
fn the_validity_includes_both_ends() {
    let starts_at = certificate::check(EXPIRED, EXPIRED_AT).map(|good| good.not_after - 3_652 * domain::DAY).unwrap();
    for (now, good) in [(starts_at - 1, false), (starts_at, true), (EXPIRED_AT, true), (EXPIRED_AT + 1, false)] {
        assert_eq!(certificate::check(EXPIRED, now).is_ok(), good, "at {now}");
    }
}

#[test]
fn metadata_contains_base64_without_markers() {
    let good = Certificate { pem: VALID.into(), not_after: 2_524_607_999_000 };
    let body = body(VALID);
    for text in [body.clone(), format!("\n      {}\n      {}\n    ", &body[..700], &body[700..]), VALID.into()] {
        assert_eq!(certificate::from_base64(&text, NOW).unwrap(), good);
    }
    for (text, problem) in [
        ("", FieldError::Missing("the certificate".into())),
        ("certificate", FieldError::NotACertificate),
        ("AAAA", FieldError::NotACertificate),
        (FUTURE, FieldError::CertificateNotYetValid("1 Mar 2060".into())),
    ] {
        assert_eq!(certificate::from_base64(text, NOW).unwrap_err(), problem);
    }
}

#[test]
fn the_size_is_bounded() {
    let long = "A".repeat(certificate::MAX + 1);
    let problem = FieldError::TooLong { max: certificate::MAX, actual: certificate::MAX + 1 };
    assert_eq!(refused(&long), problem);
    assert_eq!(certificate::from_base64(&long, NOW).unwrap_err(), problem);
    assert_eq!(refused(&"A".repeat(certificate::MAX)), FieldError::NotPem);
    assert_eq!(refused(&"-----BEGIN ".repeat(5_000)), FieldError::NotPem);
}

#[cfg(not(target_arch = "wasm32"))]
mod properties {
    use super::{EXPIRED_AT, LONG, NOW, V1, VALID, block};
    use base64ct::{Base64, Encoding};
    use domain::validation::certificate;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_text_never_panics(text in any::<String>(), now in any::<i64>()) {
            let _ = certificate::check(&text, now);
            let _ = certificate::check(&block("CERTIFICATE", &text), now);
            let _ = certificate::from_base64(&text, now);
        }

        #[test]
        fn any_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300), now in any::<i64>()) {
            let _ = certificate::from_base64(&Base64::encode_string(&bytes), now);
        }

        #[test]
        fn a_changed_byte_never_panics(at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<bool>()) {
            let mut der = Base64::decode_vec(&super::body(LONG)).unwrap();
            let at = at.index(der.len());
            der[at] = byte;
            if cut {
                der.truncate(at);
            }
            let _ = certificate::from_base64(&Base64::encode_string(&der), NOW);
        }

        #[test]
        fn checking_a_certificate_twice_changes_nothing(pem in prop::sample::select(vec![VALID, LONG, V1]), width in 1usize..200) {
            let lines: Vec<String> =
                super::body(pem).as_bytes().chunks(width).map(|line| String::from_utf8_lossy(line).into_owned()).collect();
            let good = certificate::check(&block("CERTIFICATE", &lines.join("\r\n")), EXPIRED_AT).unwrap();
            prop_assert_eq!(&good.pem, pem);
            prop_assert_eq!(certificate::check(&good.pem, EXPIRED_AT).unwrap(), good);
        }
    }
}
