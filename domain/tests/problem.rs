//! The words for what is wrong.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use domain::problem::{Field, Problem, Problems};

const FIELDS: [Field; 14] = [
    Field::Name,
    Field::Provider,
    Field::EntityId,
    Field::SignInUrl,
    Field::Certificate,
    Field::Metadata,
    Field::Issuer,
    Field::ClientId,
    Field::ClientSecret,
    Field::Expiry,
    Field::Overlap,
    Field::Confirmation,
    Field::Email,
    Field::Password,
];

#[test]
fn a_field_has_one_name_everywhere() {
    for field in FIELDS {
        assert_eq!(serde_json::to_value(field).unwrap(), field.name());
        assert_eq!(field.is_secret(), matches!(field, Field::ClientSecret | Field::Password));
    }
}

#[test]
fn every_problem_is_one_or_two_sentences() {
    for problem in [
        Problem::Missing("a name".into()),
        Problem::TooLong { max: 64, actual: 65 },
        Problem::InvisibleCharacters,
        Problem::KeyNameTaken,
        Problem::MethodNameTaken,
        Problem::NotAnOption,
        Problem::NotAUrl,
        Problem::NotHttps,
        Problem::IssuerNotPlain,
        Problem::NotPem,
        Problem::PrivateKey,
        Problem::NotACertificate,
        Problem::ManyCertificates(2),
        Problem::CertificateExpired("5 Jan 2024".into()),
        Problem::CertificateNotYetValid("5 Jan 2030".into()),
        Problem::MetadataOrFields,
        Problem::NotMetadata("it is not XML".into()),
        Problem::NotConfirmed("Acme".into()),
        Problem::NotAnEmail,
        Problem::PasswordTooShort(15),
        Problem::PasswordCommon,
        Problem::PasswordPersonal,
        Problem::WrongPassword,
    ] {
        let said = problem.to_string();
        assert!(said.starts_with(char::is_uppercase) && said.ends_with('.'), "{said}");
        let json = serde_json::to_string(&problem).unwrap();
        assert_eq!(serde_json::from_str::<Problem>(&json).unwrap(), problem);
    }
}

#[test]
fn problems_keep_values_and_collect_the_rest() {
    let mut problems = Problems::default();
    assert_eq!(problems.check(Field::Name, Ok("Okta")), Some("Okta"));
    assert!(problems.is_empty());
    assert_eq!(problems.check::<()>(Field::Name, Err(Problem::KeyNameTaken)), None);
    assert_eq!(problems, Problems::one(Field::Name, Problem::KeyNameTaken));
    let json = serde_json::to_string(&problems).unwrap();
    assert_eq!(json, r#"[["name","key_name_taken"]]"#);
    assert_eq!(serde_json::from_str::<Problems>(&json).unwrap(), problems);
}
