//! Claims of a verified token.

use crate::provider::{PROVIDER, Token, verify};
use oidc::{EmailVerification, SignatureAlgorithm};
use serde_json::json;

#[test]
fn o35_an_email_is_verified_only_by_true() {
    for (value, expected) in [
        (json!(true), EmailVerification::Verified),
        (json!("true"), EmailVerification::Verified),
        (json!(false), EmailVerification::Unverified),
        (json!("false"), EmailVerification::Unverified),
        (json!(null), EmailVerification::Absent),
        (json!(1), EmailVerification::Invalid),
        (json!("True"), EmailVerification::Invalid),
        (json!("1"), EmailVerification::Invalid),
        (json!(["true"]), EmailVerification::Invalid),
    ] {
        let token = Token::id_token(SignatureAlgorithm::EdDsa).claim("email_verified", value.clone());
        assert_eq!(verify(&token.sign(&PROVIDER)).unwrap().claims().email_verification(), expected, "{value}");
    }
    let absent = verify(&Token::id_token(SignatureAlgorithm::EdDsa).sign(&PROVIDER)).unwrap();
    assert_eq!(absent.claims().email_verification(), EmailVerification::Absent);
}

#[test]
fn claims_are_read_by_name() {
    let token = Token::id_token(SignatureAlgorithm::EdDsa)
        .claim("https://acme.test/department", "R&D")
        .claim("groups", json!(["a", 1, "b"]))
        .claim("sid", "session-1")
        .claim("_claim_names", json!({ "roles": "src1" }));
    let id_token = verify(&token.sign(&PROVIDER)).unwrap();
    let claims = id_token.claims();
    assert_eq!(claims.text("email"), Some("ada@acme.test"));
    assert_eq!(claims.text("https://acme.test/department"), Some("R&D"));
    assert_eq!(claims.text("groups"), None);
    assert_eq!((claims.texts("groups"), claims.texts("email")), (vec!["a", "b"], vec!["ada@acme.test"]));
    assert_eq!((claims.is_distributed("roles"), claims.is_distributed("groups")), (true, false));
    assert_eq!(id_token.session_id(), Some("session-1"));
}
