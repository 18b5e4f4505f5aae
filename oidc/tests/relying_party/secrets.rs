//! Secrets are not shown.

use crate::provider::{ACCESS_TOKEN, Expected, NONCE, OTHER, PROVIDER, Token, verify};
use oidc::{
    AuthorizationCode, Callback, CallbackExpectation, ClientAuthentication, ClientCredentials, ClientSecret,
    CodeVerifier, Issuer, SignInSecrets, SignatureAlgorithm, StateParameter, TokenRequest, TokenResponse,
};
use serde_json::json;

const CANARY: &str = "canary-7f3a";

#[test]
fn debug_shows_no_secret() {
    let secret = ClientSecret::new(CANARY);
    let client = |authentication| ClientCredentials { client_id: "rollcall", client_secret: &secret, authentication };
    let (code, verifier) = (AuthorizationCode::new(CANARY), CodeVerifier::new(CANARY));
    let body = json!({ "access_token": CANARY, "id_token": CANARY, "token_type": "Bearer" }).to_string();
    let secrets = SignInSecrets::from_random(&[[1; 32]; 3]);
    let shown = [
        format!("{:?}", client(ClientAuthentication::Basic)),
        format!("{:?}", TokenRequest::authorization_code(&client(ClientAuthentication::Basic), &code, "r", &verifier)),
        format!("{:?}", TokenRequest::authorization_code(&client(ClientAuthentication::Post), &code, "r", &verifier)),
        format!("{:?}", TokenResponse::parse(200, body.as_bytes()).unwrap()),
        format!("{:?}", Callback::parse(&format!("state={CANARY}&code={CANARY}")).unwrap()),
        format!("{secrets:?}"),
    ];
    for text in &shown {
        assert!(text.contains("[redacted]"), "{text}");
        assert!(!text.contains(CANARY) && !text.contains(secrets.state.expose()), "{text}");
        assert!(!text.contains("Y2FuYXJ5"), "the secret in base64: {text}");
    }
}

#[test]
fn an_empty_secret_matches_nothing() {
    assert!(StateParameter::new("s1").matches("s1"));
    for (expected, received) in [("", ""), ("s1", ""), ("", "s1"), ("s1", "s2"), ("s1", "s11")] {
        assert!(!StateParameter::new(expected).matches(received), "{expected:?} {received:?}");
    }
}

#[test]
fn errors_and_facts_show_no_secret() {
    let token = Token::id_token(SignatureAlgorithm::Rs256);
    for (altered, provider) in [
        (token.claim("nonce", CANARY), &PROVIDER),
        (token.claim("at_hash", CANARY), &PROVIDER),
        (token.clone(), &OTHER),
    ] {
        let raw = altered.sign(provider);
        let report = Expected::default().report(&raw, &PROVIDER.key_set());
        let error = verify(&raw).unwrap_err();
        for text in [format!("{error} {error:?} {:?}", error.facts()), format!("{report:?}")] {
            for secret in [CANARY, NONCE, ACCESS_TOKEN, raw.rsplit('.').next().unwrap()] {
                assert!(!text.contains(secret), "{text}");
            }
        }
    }
    let issuer = Issuer::parse("https://idp.test").unwrap();
    let state = StateParameter::new("s1");
    let expectation = CallbackExpectation { state: Some(&state), issuer: &issuer, iss_parameter_supported: true };
    for query in [format!("state={CANARY}&code={CANARY}"), format!("state=s1&code={CANARY}")] {
        let error = Callback::parse(&query).unwrap().authorization_code(&expectation).unwrap_err();
        assert!(!format!("{error} {error:?} {:?}", error.facts()).contains(CANARY));
    }
}
