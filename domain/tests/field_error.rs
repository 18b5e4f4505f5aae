//! Field names and the sentences of field errors.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use domain::validation::field_error::{Field, FieldError, FieldErrors, choice, confirm};

const FIELDS: [Field; 19] = [
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
    Field::CurrentPassword,
    Field::Slug,
    Field::Role,
    Field::Member,
    Field::Id,
];

#[test]
fn a_choice_is_not_empty() {
    assert_eq!(choice(""), Err(FieldError::NotAnOption));
    assert_eq!(choice("0193-a"), Ok("0193-a"));
}

#[test]
fn a_field_has_one_name_everywhere() {
    for field in FIELDS {
        assert_eq!(serde_json::to_value(field).unwrap(), field.name());
        assert_eq!(field.is_secret(), field.name().ends_with("password") || field == Field::ClientSecret);
    }
}

#[test]
fn every_field_error_is_one_or_two_sentences() {
    for error in [
        FieldError::Missing("a name".into()),
        FieldError::TooLong { max: 64, actual: 65 },
        FieldError::InvisibleCharacters,
        FieldError::KeyNameTaken,
        FieldError::MethodNameTaken,
        FieldError::NotAnOption,
        FieldError::NotAUrl,
        FieldError::NotHttps,
        FieldError::IssuerNotPlain,
        FieldError::NotPem,
        FieldError::PrivateKey,
        FieldError::NotACertificate,
        FieldError::ManyCertificates(2),
        FieldError::CertificateExpired("5 Jan 2024".into()),
        FieldError::CertificateNotYetValid("5 Jan 2030".into()),
        FieldError::MetadataOrFields,
        FieldError::NotMetadata("it isn't XML".into()),
        FieldError::Unconfirmed("Acme".into()),
        FieldError::NotASlug,
        FieldError::NoRole,
        FieldError::NoMember,
        FieldError::TooManyMembers(200),
        FieldError::NotConfirmed("Acme".into()),
        FieldError::NotAnEmail,
        FieldError::PasswordTooShort(15),
        FieldError::PasswordCommon,
        FieldError::PasswordPersonal,
        FieldError::WrongPassword,
    ] {
        let sentence = error.to_string();
        assert!(sentence.starts_with(char::is_uppercase) && sentence.ends_with('.'), "{sentence}");
        let json = serde_json::to_string(&error).unwrap();
        assert_eq!(serde_json::from_str::<FieldError>(&json).unwrap(), error);
    }
}

#[test]
fn a_confirmation_must_match_the_name() {
    assert_eq!(confirm(" Acme ", "Acme"), Ok(()));
    assert_eq!(confirm(" ", "Acme"), Err(FieldError::Unconfirmed("Acme".into())));
    for wrong in ["acme", "Acme!", "Globex"] {
        let error = confirm(wrong, "Acme").unwrap_err();
        assert_eq!(error.to_string(), "That doesn't match. Type “Acme” to confirm.");
    }
}

#[test]
fn check_returns_valid_values_and_collects_errors() {
    let mut problems = FieldErrors::default();
    assert_eq!(problems.check(Field::Name, Ok("Okta")), Some("Okta"));
    assert!(problems.is_empty());
    assert_eq!(problems.check::<()>(Field::Name, Err(FieldError::KeyNameTaken)), None);
    assert_eq!(problems, FieldErrors::one(Field::Name, FieldError::KeyNameTaken));
    let json = serde_json::to_string(&problems).unwrap();
    assert_eq!(json, r#"[["name","key_name_taken"]]"#);
    assert_eq!(serde_json::from_str::<FieldErrors>(&json).unwrap(), problems);
}
