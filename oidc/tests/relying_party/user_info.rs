//! UserInfo responses (rule 10).

use crate::provider::{CLIENT_ID, ISSUER, NOW, OTHER, PROVIDER, Provider, SECONDS, SUBJECT, Token, code, verify};
use oidc::{Issuer, KeySet, OidcError, SignatureAlgorithm, UserInfo, UserInfoExpectation};
use serde_json::{Value, json};

const JWT: Option<&str> = Some("application/jwt; charset=utf-8");

fn parse(content_type: Option<&str>, body: &str) -> Result<UserInfo, OidcError> {
    let id_token = verify(&Token::id_token(SignatureAlgorithm::EdDsa).sign(&PROVIDER)).unwrap();
    let issuer = Issuer::parse(ISSUER).unwrap();
    let expectation = UserInfoExpectation { issuer: &issuer, client_id: CLIENT_ID, id_token: &id_token, now: NOW };
    let keys: KeySet = PROVIDER.key_set();
    UserInfo::parse(content_type, body.as_bytes(), &keys, &expectation)
}

fn signed(claims: Value, provider: &Provider) -> String {
    Token::id_token(SignatureAlgorithm::Rs256).with(|token| token.claims = claims).sign(provider)
}

#[test]
fn json_and_signed_responses_are_read() {
    let claims = json!({ "sub": SUBJECT, "email": "ada@acme.test" });
    for content_type in [None, Some("application/json"), Some("text/plain")] {
        assert_eq!(parse(content_type, &claims.to_string()).unwrap().claims().text("email"), Some("ada@acme.test"));
    }
    let claims = json!({ "sub": SUBJECT, "iss": ISSUER, "aud": CLIENT_ID, "email": "ada@acme.test" });
    for content_type in [JWT, Some("APPLICATION/JWT")] {
        let user_info = parse(content_type, &format!("{}\n", signed(claims.clone(), &PROVIDER))).unwrap();
        assert_eq!(user_info.claims().text("email"), Some("ada@acme.test"));
    }
}

#[test]
fn o31_a_response_about_another_subject_is_refused() {
    let error = OidcError::UserInfoSubject { expected: SUBJECT.to_owned(), received: "another".to_owned() };
    assert_eq!(parse(None, r#"{"sub":"another"}"#), Err(error.clone()));
    let claims = json!({ "sub": "another", "iss": ISSUER, "aud": CLIENT_ID });
    assert_eq!(parse(JWT, &signed(claims, &PROVIDER)), Err(error));
    for body in ["{}", r#"{"sub":""}"#, r#"{"sub":248289761001}"#] {
        assert_eq!(code(&parse(None, body)), "oidc_sub", "{body}");
    }
    let twice = format!("{{\"sub\":\"{SUBJECT}\",\"sub\":\"{SUBJECT}\"}}");
    for body in [twice.as_str(), "", "<html>", "[]"] {
        assert_eq!(code(&parse(None, body)), "oidc_userinfo", "{body}");
    }
}

#[test]
fn o31_a_response_that_is_signed_by_another_key_is_refused() {
    let claims = json!({ "sub": SUBJECT, "iss": ISSUER, "aud": CLIENT_ID });
    let error = parse(JWT, &signed(claims.clone(), &OTHER)).unwrap_err();
    assert_eq!((error.code(), error.needs_fresh_keys()), ("oidc_signature", true));
    // An unsigned body of that type is refused.
    assert_eq!(code(&parse(JWT, &claims.to_string())), "oidc_token_serialization");
}

#[test]
fn a_signed_response_needs_iss_and_aud() {
    let claims = json!({ "sub": SUBJECT, "iss": ISSUER, "aud": CLIENT_ID });
    for (name, value, expected) in [
        ("iss", json!(null), "oidc_claims"),
        ("iss", json!("https://evil.test"), "oidc_iss"),
        ("aud", json!(null), "oidc_claims"),
        ("aud", json!("other"), "oidc_aud"),
        ("exp", json!(SECONDS - 61), "oidc_exp"),
        ("exp", json!(SECONDS + 300), "ok"),
        ("iat", json!(SECONDS + 61), "oidc_iat_future"),
        ("nbf", json!(SECONDS + 61), "oidc_nbf"),
    ] {
        let mut altered = claims.clone();
        altered[name] = value.clone();
        assert_eq!(code(&parse(JWT, &signed(altered, &PROVIDER))), expected, "{name} {value}");
    }
}
