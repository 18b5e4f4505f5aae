//! Errors as data for pages.

use crate::provider::{Expected, PROVIDER, Token};
use oidc::{
    Document, DocumentError, FactValue, Facts, KeySet, OidcError, SignatureAlgorithm, SubjectError, TokenResponse,
};
use std::collections::BTreeSet;

fn facts(expected: impl Into<Option<FactValue>>, received: impl Into<Option<FactValue>>) -> Facts {
    Facts { expected: expected.into(), received: received.into() }
}

#[test]
fn errors_have_what_was_compared() {
    let text = |text: &str| FactValue::from(text);
    for (error, expected) in [
        (OidcError::TokenStatus(302), facts(FactValue::Number(200), FactValue::Number(302))),
        (OidcError::TokenType("DPoP".to_owned()), facts(text("Bearer"), text("DPoP"))),
        (OidcError::AlgorithmSymmetric("HS256".to_owned()), facts(None, text("HS256"))),
        (OidcError::TokenSerialization(2), facts(FactValue::Number(3), FactValue::Number(2))),
        (OidcError::Subject(SubjectError::TooLong(256)), facts(FactValue::Number(255), FactValue::Number(256))),
        (OidcError::EndpointMissing { name: "jwks_uri" }, facts(text("jwks_uri"), None)),
        (
            OidcError::InvalidClient { description: Some("AADSTS7000215".to_owned()) },
            facts(None, text("AADSTS7000215")),
        ),
        (OidcError::Expired { expired_at: 1, now: 2 }, facts(FactValue::Time(2), FactValue::Time(1))),
        (
            OidcError::HostedDomain { expected: vec!["acme.test".to_owned()], received: "evil.test".to_owned() },
            facts(FactValue::List(vec!["acme.test".to_owned()]), text("evil.test")),
        ),
        (DocumentError::Html.of(Document::TokenResponse), facts(text("JSON"), text("HTML"))),
        (DocumentError::MissingMember("sub").of(Document::Claims), facts(text("sub"), None)),
        (OidcError::Nonce, facts(None, None)),
        (OidcError::StateUnknown, facts(None, None)),
    ] {
        assert_eq!(error.facts(), expected, "{error}");
    }
}

#[test]
fn facts_are_stored_and_read_as_json() {
    let facts = Facts::new("a", FactValue::Time(1));
    let json = serde_json::to_string(&facts).unwrap();
    assert_eq!(json, r#"{"expected":{"text":"a"},"received":{"time":1}}"#);
    assert_eq!(serde_json::from_str::<Facts>(&json).unwrap(), facts);
}

#[test]
fn received_text_in_errors_is_cut_and_one_line() {
    let long = format!("{}\n<b>\u{202e}", "x".repeat(150)).repeat(100);
    let token = Token::id_token(SignatureAlgorithm::EdDsa);
    let verify = |token: &Token| Expected::default().verify(&token.sign(&PROVIDER), &PROVIDER.key_set()).unwrap_err();
    let mut errors: Vec<OidcError> =
        ["iss", "aud", "azp"].map(|name| verify(&token.claim(name, long.as_str()))).to_vec();
    errors.extend(["alg", "kid"].map(|name| verify(&token.header(name, long.as_str()))));
    errors.push(verify(&token.header("typ", format!("{long}+jwt"))));
    errors.push(verify(&token.header("crit", serde_json::json!([long]))));
    let body = serde_json::json!({ "error": long, "error_description": long }).to_string();
    errors.push(TokenResponse::parse(400, body.as_bytes()).unwrap_err());
    errors.push(KeySet::parse(serde_json::json!({ "keys": long }).to_string().as_bytes()).unwrap_err());
    for error in &errors {
        let line = error.to_string();
        assert!(line.chars().count() < 800, "{line}");
        assert!(!line.contains(['\n', '\u{202e}']), "{line}");
    }
    let codes: BTreeSet<_> = errors.iter().map(OidcError::code).collect();
    assert_eq!(codes.len(), errors.len(), "{codes:?}");
}
