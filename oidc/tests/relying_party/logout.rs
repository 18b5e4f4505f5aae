//! Sign-out (rule 12).

use crate::provider::{CLIENT_ID, ISSUER, NOW, OTHER, PROVIDER, Provider, SECONDS, SUBJECT, Token, code, kid, verify};
use oidc::{
    EndSessionRequest, Endpoint, Issuer, LogoutExpectation, LogoutToken, OidcError, RawIdToken, RawLogoutToken,
    SignatureAlgorithm, StateParameter, logout_token_parameter,
};
use serde_json::json;

const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

fn logout_token() -> Token {
    let algorithm = SignatureAlgorithm::Es256;
    Token {
        header: json!({ "alg": "ES256", "kid": kid(algorithm), "typ": "logout+jwt" }),
        claims: json!({
            "iss": ISSUER, "aud": CLIENT_ID, "iat": SECONDS, "exp": SECONDS + 120, "jti": "j1",
            "events": { EVENT: {} }, "sub": SUBJECT, "sid": "s1",
        }),
        algorithm,
    }
}

fn verify_logout(token: &Token, provider: &Provider) -> Result<LogoutToken, OidcError> {
    let issuer = Issuer::parse(ISSUER).unwrap();
    let expectation = LogoutExpectation { issuer: &issuer, client_id: CLIENT_ID, now: NOW };
    LogoutToken::verify(&RawLogoutToken::new(token.sign(provider)), &PROVIDER.key_set(), &expectation)
}

#[test]
fn the_end_session_request_has_the_hint_and_where_to_return() {
    let endpoint = Endpoint::parse("end_session_endpoint", "https://idp.test/logout?x=1", false).unwrap();
    let request = EndSessionRequest {
        end_session_endpoint: &endpoint,
        client_id: "roll call",
        id_token_hint: Some(&RawIdToken::new("a.b.c")),
        post_logout_redirect_uri: Some("https://rollcall.test/"),
        state: Some(&StateParameter::new("s1")),
    };
    assert_eq!(
        request.url(),
        "https://idp.test/logout?x=1&id_token_hint=a.b.c&client_id=roll+call\
         &post_logout_redirect_uri=https%3A%2F%2Frollcall.test%2F&state=s1"
    );
    let bare = EndSessionRequest { id_token_hint: None, post_logout_redirect_uri: None, state: None, ..request };
    assert_eq!(bare.url(), "https://idp.test/logout?x=1&client_id=roll+call");
}

#[test]
fn the_logout_token_is_in_the_form_exactly_once() {
    assert_eq!(logout_token_parameter(b"x=1&logout_token=a.b.c").unwrap().expose(), "a.b.c");
    for form in ["", "logout_token=", "logout_token", "token=a.b.c", "logout_token=a&logout_token=a"] {
        assert_eq!(code(&logout_token_parameter(form.as_bytes())), "oidc_logout_token_missing", "{form}");
    }
}

#[test]
fn a_logout_token_names_a_person_or_a_session() {
    let token = verify_logout(&logout_token(), &PROVIDER).unwrap();
    assert_eq!((token.subject(), token.session_id(), token.token_id()), (Some(SUBJECT), Some("s1"), "j1"));
    let token = verify_logout(&logout_token().without("sub"), &PROVIDER).unwrap();
    assert_eq!((token.subject(), token.session_id()), (None, Some("s1")));
    let token = verify_logout(&logout_token().without("sid"), &PROVIDER).unwrap();
    assert_eq!((token.subject(), token.session_id()), (Some(SUBJECT), None));
    assert_eq!(code(&verify_logout(&logout_token().without("sub").without("sid"), &PROVIDER)), "oidc_logout_subject");
}

#[test]
fn the_id_of_a_token_is_remembered_as_long_as_the_token_would_pass() {
    for (exp, valid_until) in [(120, NOW + 180_000), (86_400, NOW + 600_000)] {
        let token = verify_logout(&logout_token().claim("exp", SECONDS + exp), &PROVIDER).unwrap();
        assert_eq!(token.valid_until(), valid_until);
    }
}

#[test]
fn o40_other_logout_tokens_are_refused() {
    let token = logout_token();
    for (altered, expected) in [
        (token.clone(), "ok"),
        (token.header("typ", "JWT"), "ok"),
        (token.header("typ", "at+jwt"), "oidc_typ"),
        (token.header("alg", "none"), "oidc_alg_none"),
        (token.header("kid", "unknown"), "oidc_key_unknown"),
        (token.claim("nonce", "n1"), "oidc_nonce_forbidden"),
        (token.claim("nonce", json!(null)), "oidc_nonce_forbidden"),
        (token.without("events"), "oidc_logout_event"),
        (token.claim("events", json!({})), "oidc_logout_event"),
        (token.claim("events", json!([EVENT])), "oidc_logout_event"),
        (token.claim("events", json!({ EVENT: true })), "oidc_logout_event"),
        (token.claim("iss", "https://evil.test"), "oidc_iss"),
        (token.claim("aud", "other"), "oidc_aud"),
        (token.claim("exp", SECONDS - 61), "oidc_exp"),
        (token.without("exp"), "oidc_claims"),
        (token.claim("iat", SECONDS - 660), "oidc_iat_old"),
        (token.without("iat"), "oidc_claims"),
        (token.without("jti"), "oidc_claims"),
        (token.claim("jti", ""), "oidc_claims"),
        (token.claim("jti", 1), "oidc_claims"),
        (token.claim("sub", 1), "oidc_claims"),
        (token.claim("sid", "x".repeat(256)), "oidc_claims"),
    ] {
        assert_eq!(code(&verify_logout(&altered, &PROVIDER)), expected, "{} {}", altered.header, altered.claims);
    }
    assert_eq!(code(&verify_logout(&token, &OTHER)), "oidc_signature");
}

#[test]
fn an_id_token_is_no_logout_token_nor_the_other_way_round() {
    assert_eq!(code(&verify_logout(&Token::id_token(SignatureAlgorithm::Es256), &PROVIDER)), "oidc_nonce_forbidden");
    assert_eq!(code(&verify(&logout_token().sign(&PROVIDER))), "oidc_typ");
    assert_eq!(code(&verify(&logout_token().header("typ", "JWT").sign(&PROVIDER))), "oidc_nonce_missing");
}
