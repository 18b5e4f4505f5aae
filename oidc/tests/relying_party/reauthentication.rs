//! Step-up (rule 11).

use crate::provider::{Expected, NOW, SECONDS, Token};
use oidc::{Issuer, SignatureAlgorithm};
use serde_json::json;

#[test]
fn o40_the_authentication_must_not_be_older_than_the_request() {
    let requested_at = NOW - 30_000;
    let expected = Expected { reauthentication_requested_at: Some(requested_at), ..Expected::default() };
    let token = Token::id_token(SignatureAlgorithm::Es256);
    for (auth_time, code) in [
        (json!(SECONDS), "ok"),
        (json!(SECONDS - 90), "ok"),
        (json!(SECONDS - 91), "oidc_auth_time_old"),
        (json!(SECONDS - 3600), "oidc_auth_time_old"),
        (json!(0), "oidc_auth_time_old"),
        (json!(SECONDS + 60), "ok"),
        (json!(SECONDS + 61), "oidc_auth_time_future"),
        (json!(null), "oidc_auth_time_missing"),
        (json!(SECONDS.to_string()), "oidc_claims"),
    ] {
        assert_eq!(expected.code(&token.claim("auth_time", auth_time.clone())), code, "{auth_time}");
    }
    // `iat` never replaces it.
    assert_eq!(expected.code(&token), "oidc_auth_time_missing");
    // A sign-in does not need it.
    assert_eq!(Expected::default().code(&token.claim("auth_time", 0)), "ok");
}

#[test]
fn google_cannot_ask_for_the_password_again() {
    assert!(!Issuer::parse("https://accounts.google.com").unwrap().can_reauthenticate());
    assert!(Issuer::parse("https://acme.okta.com").unwrap().can_reauthenticate());
}
