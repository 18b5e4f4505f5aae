//! The test of a connection: every check, and no claims of a token that was not verified.

use crate::provider::{CLIENT_ID, Expected, ISSUER, NOW, OTHER, PROVIDER, SECONDS, SUBJECT, Token};
use oidc::{FactValue, Facts, SignatureAlgorithm, TokenCheck};

fn failed(results: &[oidc::CheckResult<TokenCheck>]) -> Vec<TokenCheck> {
    results.iter().filter(|result| !result.is_passed()).map(|result| result.check).collect()
}

#[test]
fn every_failed_check_is_listed_with_what_was_compared() {
    let token = Token::id_token(SignatureAlgorithm::Es256)
        .claim("iss", "https://other.test")
        .claim("aud", "another-client")
        .claim("exp", SECONDS - 3600)
        .without("nonce");
    let report = Expected::default().report(&token.sign(&PROVIDER), &PROVIDER.key_set());
    assert_eq!(
        failed(report.results()),
        [TokenCheck::Issuer, TokenCheck::Audience, TokenCheck::ExpirationTime, TokenCheck::Nonce]
    );
    let facts = |check| report.results().iter().find(|result| result.check == check).unwrap().facts.clone();
    assert_eq!(facts(TokenCheck::Issuer), Facts::new(ISSUER, "https://other.test"));
    assert_eq!(facts(TokenCheck::Audience), Facts::new(CLIENT_ID, vec!["another-client".to_owned()]));
    let times = Facts { expected: Some(FactValue::Time(NOW)), received: Some(FactValue::Time(NOW - 3_600_000)) };
    assert_eq!(facts(TokenCheck::ExpirationTime), times);
    assert_eq!(facts(TokenCheck::Algorithm), Facts::received("ES256"));
    assert_eq!(facts(TokenCheck::Key), Facts::received("p256"));
    assert_eq!(facts(TokenCheck::Subject), Facts::received(SUBJECT));
    assert_eq!(report.claims().unwrap().text("email"), Some("ada@acme.test"));
    assert_eq!(report.into_id_token().unwrap_err().code(), "oidc_iss");
}

#[test]
fn a_token_that_passes_has_no_failed_check() {
    let report =
        Expected::default().report(&Token::id_token(SignatureAlgorithm::Rs256).sign(&PROVIDER), &PROVIDER.key_set());
    assert_eq!(failed(report.results()), []);
    let names: Vec<_> = report.results().iter().map(|result| result.check.name()).collect();
    assert_eq!(
        names.join(" "),
        "serialization alg crit typ kid signature iss aud azp exp iat nbf nonce sub at_hash hd"
    );
    assert_eq!(report.into_id_token().unwrap().subject(), SUBJECT);
}

#[test]
fn the_key_of_the_signature_is_named_even_if_the_token_has_no_kid() {
    let token = Token::id_token(SignatureAlgorithm::Es384).with(|token| {
        token.header.as_object_mut().unwrap().remove("kid");
    });
    let report = Expected::default().report(&token.sign(&PROVIDER), &PROVIDER.key_set());
    let facts = |check| report.results().iter().find(|result| result.check == check).unwrap().facts.clone();
    assert_eq!(facts(TokenCheck::Key), Facts::default());
    assert_eq!(facts(TokenCheck::Signature), Facts::received("p384"));
}

#[test]
fn claims_are_shown_only_after_the_signature_was_verified() {
    let token = Token::id_token(SignatureAlgorithm::Rs256);
    for (altered, signer, last) in [
        (token.clone(), &OTHER, TokenCheck::Signature),
        (token.header("alg", "HS256"), &PROVIDER, TokenCheck::Kind),
        (token.header("alg", "none"), &PROVIDER, TokenCheck::Kind),
        (token.header("kid", "unknown"), &PROVIDER, TokenCheck::Key),
        (token.header("crit", "x"), &PROVIDER, TokenCheck::Key),
    ] {
        let report = Expected::default().report(&altered.sign(signer), &PROVIDER.key_set());
        assert_eq!(report.claims(), None);
        assert_eq!(report.results().last().unwrap().check, last);
        assert!(!format!("{report:?}").contains("acme.test"));
    }
}

#[test]
fn a_token_of_another_kind_is_checked_further() {
    let token = Token::id_token(SignatureAlgorithm::Rs256).header("typ", "at+jwt").claim("aud", "api");
    let report = Expected::default().report(&token.sign(&PROVIDER), &PROVIDER.key_set());
    assert_eq!(failed(report.results()), [TokenCheck::Kind, TokenCheck::Audience]);
    assert!(report.claims().is_some());
    assert_eq!(report.into_id_token().unwrap_err().code(), "oidc_typ");
}
