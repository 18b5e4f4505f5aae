//! Properties that hold for every input.

use crate::provider::{CLIENT_ID, Expected, ISSUER, NOW, PROVIDER, Token, base64url, compact, kid, verify};
use oidc::{
    Callback, Issuer, KeySet, LogoutExpectation, LogoutToken, MetadataReport, RawLogoutToken, SignatureAlgorithm,
    TokenResponse, UserInfo, UserInfoExpectation, cache_lifetime, logout_token_parameter,
};
use proptest::prelude::*;
use serde_json::json;

/// Runs every parser.
fn parse_everything(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let issuer = Issuer::parse(ISSUER).unwrap();
    let keys = PROVIDER.key_set();
    let _ = Issuer::parse(&text).map(|issuer| issuer.configuration_url());
    let _ = MetadataReport::read(bytes, &issuer).into_metadata();
    let _ = Callback::parse(&text);
    let _ = TokenResponse::parse(200, bytes);
    let _ = KeySet::parse(bytes);
    let _ = cache_lifetime(Some(&text));
    let _ = logout_token_parameter(bytes);
    let _ = verify(&text);
    let expectation = LogoutExpectation { issuer: &issuer, client_id: CLIENT_ID, now: NOW };
    let _ = LogoutToken::verify(&RawLogoutToken::new(text.as_ref()), &keys, &expectation);
    let id_token = verify(&Token::id_token(SignatureAlgorithm::EdDsa).sign(&PROVIDER)).unwrap();
    let expectation = UserInfoExpectation { issuer: &issuer, client_id: CLIENT_ID, id_token: &id_token, now: NOW };
    for content_type in [None, Some("application/jwt")] {
        let _ = UserInfo::parse(content_type, bytes, &keys, &expectation);
    }
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        parse_everything(&bytes);
    }

    #[test]
    fn arbitrary_json_never_panics(
        name in "(issuer|keys|iss|aud|exp|error|token_type|[a-z_]{1,8})",
        value in r#"(null|true|-?[0-9]{1,30}(\.[0-9]+)?(e[0-9]{1,3})?|"[^"\\]{0,30}"|\[[0-9,]{0,9}\]|\{\})"#,
    ) {
        parse_everything(format!("{{\"{name}\":{value},\"keys\":[{{\"kty\":\"RSA\",\"{name}\":{value}}}]}}").as_bytes());
    }

    #[test]
    fn arbitrary_headers_and_claims_never_panic(
        header in "\\PC{0,60}",
        claims in "\\PC{0,60}",
        name in "(iss|aud|azp|exp|iat|nbf|nonce|sub|at_hash|hd|auth_time)",
        number in any::<f64>(),
    ) {
        let algorithm = SignatureAlgorithm::EdDsa;
        let valid = json!({ "alg": "EdDSA", "kid": kid(algorithm) }).to_string();
        let _ = verify(&compact(&PROVIDER, algorithm, &header, &claims));
        let _ = verify(&compact(&PROVIDER, algorithm, &valid, &claims));
        let token = Token::id_token(algorithm).claim(&name, number);
        let expected = Expected { reauthentication_requested_at: Some(i64::MIN), now: i64::MAX, ..Expected::default() };
        let _ = expected.code(&token);
    }

    #[test]
    fn a_flipped_bit_of_a_signed_token_is_refused(which in 0usize..9, position in any::<prop::sample::Index>(), bit in 0u8..8) {
        let token = Token::id_token(SignatureAlgorithm::ALL[which]).sign(&PROVIDER);
        prop_assert!(verify(&token).is_ok());
        let mut bytes = token.into_bytes();
        let position = position.index(bytes.len());
        bytes[position] ^= 1 << bit;
        prop_assert!(verify(&String::from_utf8_lossy(&bytes)).is_err());
    }

    #[test]
    fn any_other_claims_with_the_same_signature_are_refused(name in "[a-z]{1,8}", value in any::<u32>()) {
        let token = Token::id_token(SignatureAlgorithm::Es256);
        let signed = token.sign(&PROVIDER);
        let (header, rest) = signed.split_once('.').unwrap();
        let (claims, signature) = rest.split_once('.').unwrap();
        let altered = base64url(token.claim(&name, value).claims.to_string());
        prop_assume!(altered != claims);
        let forged = format!("{header}.{altered}.{signature}");
        prop_assert!(verify(&forged).is_err());
    }
}

#[test]
fn every_flipped_bit_of_one_token_is_refused() {
    let token = Token::id_token(SignatureAlgorithm::EdDsa).sign(&PROVIDER);
    for position in 0..token.len() {
        for bit in 0..8 {
            let mut bytes = token.clone().into_bytes();
            bytes[position] ^= 1 << bit;
            assert!(verify(&String::from_utf8_lossy(&bytes)).is_err(), "byte {position}, bit {bit}");
        }
    }
}
