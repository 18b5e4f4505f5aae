//! Token requests and responses (rule 5).

use crate::provider::code;
use base64ct::{Base64, Encoding as _};
use oidc::{
    AuthorizationCode, ClientAuthentication, ClientCredentials, ClientSecret, CodeVerifier, OidcError, TokenRequest,
    TokenResponse,
};
use serde_json::json;

const SECRET: &str = "a+b/c%d:e f=g&h~ü";

fn request(authentication: ClientAuthentication) -> TokenRequest {
    TokenRequest::authorization_code(
        &ClientCredentials { client_id: "roll:call", client_secret: &ClientSecret::new(SECRET), authentication },
        &AuthorizationCode::new("c+1&x"),
        "https://rollcall.test/sso/m1/oidc/callback",
        &CodeVerifier::new("v1"),
    )
}

fn form(request: &TokenRequest) -> Vec<(String, String)> {
    url::form_urlencoded::parse(request.body.expose().as_bytes()).into_owned().collect()
}

fn pairs<const N: usize>(pairs: [(&str, &str); N]) -> Vec<(String, String)> {
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec()
}

#[test]
fn basic_authentication_form_encodes_id_and_secret() {
    let request = request(ClientAuthentication::Basic);
    let header = request.authorization.as_ref().unwrap().expose();
    let credentials = Base64::decode_vec(header.strip_prefix("Basic ").unwrap()).unwrap();
    assert_eq!(String::from_utf8(credentials).unwrap(), "roll%3Acall:a%2Bb%2Fc%25d%3Ae+f%3Dg%26h%7E%C3%BC");
    assert_eq!(
        form(&request),
        pairs([
            ("grant_type", "authorization_code"),
            ("code", "c+1&x"),
            ("redirect_uri", "https://rollcall.test/sso/m1/oidc/callback"),
            ("code_verifier", "v1"),
        ])
    );
}

#[test]
fn post_authentication_has_no_header() {
    let request = request(ClientAuthentication::Post);
    assert!(request.authorization.is_none());
    assert_eq!(form(&request)[4..], pairs([("client_id", "roll:call"), ("client_secret", SECRET)]));
}

#[test]
fn each_method_has_another_and_a_name() {
    for method in ClientAuthentication::ALL {
        assert_ne!(method.other(), method);
        assert_eq!(ClientAuthentication::parse(method.name()), Some(method));
    }
    assert_eq!(ClientAuthentication::parse("none"), None);
}

#[test]
fn a_token_response_has_both_tokens() {
    for token_type in ["Bearer", "bearer", "BEARER"] {
        let body = json!({
            "access_token": "a1", "id_token": "i1", "token_type": token_type, "expires_in": 300, "refresh_token": null,
        });
        let response = TokenResponse::parse(200, body.to_string().as_bytes()).unwrap();
        assert_eq!((response.access_token.expose(), response.id_token.expose()), ("a1", "i1"));
    }
}

#[test]
fn o39_other_responses_are_refused() {
    let valid = json!({ "access_token": "a1", "id_token": "i1", "token_type": "Bearer" }).to_string();
    let twice = valid.replacen('{', "{\"id_token\":\"i2\",", 1);
    for (status, body, expected) in [
        (200, valid.as_str(), "ok"),
        (201, valid.as_str(), "oidc_token_status"),
        (302, "", "oidc_token_status"),
        (302, valid.as_str(), "oidc_token_status"),
        (400, valid.as_str(), "oidc_token_status"),
        (502, "<html>Bad gateway</html>", "oidc_token_status"),
        (200, "<!doctype html><title>Sign in</title>", "oidc_token_response"),
        (200, "", "oidc_token_response"),
        (200, "access_token=a1&token_type=bearer", "oidc_token_response"),
        (200, twice.as_str(), "oidc_token_response"),
        (200, r#"{"access_token":"a1","id_token":"i1","token_type":"DPoP"}"#, "oidc_token_type"),
        (200, r#"{"access_token":"a1","id_token":"i1"}"#, "oidc_token_response"),
        (200, r#"{"access_token":"a1","token_type":"Bearer"}"#, "oidc_token_response"),
        (200, r#"{"id_token":"i1","token_type":"Bearer"}"#, "oidc_token_response"),
        (200, r#"{"access_token":"a1","id_token":{},"token_type":"Bearer"}"#, "oidc_token_response"),
    ] {
        assert_eq!(code(&TokenResponse::parse(status, body.as_bytes())), expected, "{status} {body}");
    }
    let large = format!("{valid}{}", " ".repeat(256 * 1024));
    assert_eq!(code(&TokenResponse::parse(200, large.as_bytes())), "oidc_token_response");
}

#[test]
fn errors_are_named_and_some_suggest_the_other_client_authentication() {
    for (status, body, expected, other) in [
        (401, r#"{"error":"invalid_client"}"#, "oidc_invalid_client", true),
        (400, r#"{"error":"invalid_client","error_description":"AADSTS7000215"}"#, "oidc_invalid_client", true),
        (200, r#"{"error":"invalid_client"}"#, "oidc_invalid_client", true),
        (401, "", "oidc_token_status", true),
        (400, r#"{"error":"unauthorized_client"}"#, "oidc_token_refused", true),
        (400, r#"{"error":"invalid_grant"}"#, "oidc_invalid_grant", false),
        (400, r#"{"error":"invalid_request"}"#, "oidc_token_refused", false),
        (400, r#"{"error":1}"#, "oidc_token_status", false),
        (500, "", "oidc_token_status", false),
    ] {
        let error = TokenResponse::parse(status, body.as_bytes()).unwrap_err();
        assert_eq!((error.code(), error.suggests_other_client_authentication()), (expected, other), "{body}");
    }
    let error = TokenResponse::parse(400, br#"{"error":"invalid_grant","error_description":"expired"}"#).unwrap_err();
    assert_eq!(error, OidcError::InvalidGrant { description: Some("expired".to_owned()) });
}
