//! Callbacks (rule 4).

use crate::provider::{ISSUER, code};
use oidc::{AuthorizationCode, Callback, CallbackExpectation, Issuer, OidcError, StateParameter};

const ISS: &str = "iss=https%3A%2F%2Fidp.test%2Frealms%2Facme";

fn redeem(query: &str, state: Option<&str>, iss_parameter_supported: bool) -> Result<AuthorizationCode, OidcError> {
    let state = state.map(StateParameter::new);
    let issuer = Issuer::parse(ISSUER).unwrap();
    Callback::parse(query)?.authorization_code(&CallbackExpectation {
        state: state.as_ref(),
        issuer: &issuer,
        iss_parameter_supported,
    })
}

#[test]
fn a_callback_with_state_and_code_returns_the_code() {
    for query in [
        "state=s1&code=c%2B1",
        "code=c%2B1&state=s1&session_state=x&scope=openid",
        "code=c%2B1&state=s1&iss=https://idp.test/realms/acme",
    ] {
        assert_eq!(redeem(query, Some("s1"), false).unwrap().expose(), "c+1", "{query}");
    }
    assert_eq!(redeem(&format!("state=s1&code=c&{ISS}"), Some("s1"), true).unwrap().expose(), "c");
}

#[test]
fn o1_o2_o3_the_state_must_be_that_of_this_browser() {
    for (query, state, error) in [
        ("code=c", Some("s1"), OidcError::StateMissing),
        ("code=c&state=", Some("s1"), OidcError::StateMissing),
        ("", Some("s1"), OidcError::StateMissing),
        ("error=access_denied", Some("s1"), OidcError::StateMissing),
        ("code=c&state=unknown", Some("s1"), OidcError::StateUnknown),
        ("code=c&state=s1", None, OidcError::StateUnknown),
        ("code=c&state=s1", Some("that-of-another-browser"), OidcError::StateUnknown),
        ("code=c&state=S1", Some("s1"), OidcError::StateUnknown),
        ("code=c&state=s1%20", Some("s1"), OidcError::StateUnknown),
        ("error=access_denied&state=unknown", Some("s1"), OidcError::StateUnknown),
    ] {
        assert_eq!(redeem(query, state, true).map(drop), Err(error), "{query}");
    }
}

#[test]
fn o5_o6_the_iss_of_another_provider_is_refused() {
    for supported in [true, false] {
        for iss in
            ["https%3A%2F%2Fevil.test", "https%3A%2F%2Fidp.test%2Frealms%2Facme%2F", "HTTPS://idp.test/realms/acme"]
        {
            for rest in ["code=c", "error=access_denied"] {
                let result = redeem(&format!("state=s1&iss={iss}&{rest}"), Some("s1"), supported);
                assert_eq!(code(&result), "oidc_callback_iss", "{iss}");
            }
        }
    }
}

#[test]
fn o7_an_advertised_iss_is_required_except_beside_an_error() {
    assert_eq!(code(&redeem("state=s1&code=c", Some("s1"), true)), "oidc_callback_iss_missing");
    assert_eq!(code(&redeem("state=s1&code=c&iss=", Some("s1"), true)), "oidc_callback_iss_missing");
    assert_eq!(code(&redeem("state=s1&error=access_denied", Some("s1"), true)), "oidc_authorization_refused");
}

#[test]
fn o8_the_description_of_an_error_is_cut() {
    let markup = "<script>alert(1)</script>";
    let encoded: String = url::form_urlencoded::byte_serialize(markup.as_bytes()).collect();
    let query = format!("state=s1&error=access_denied&error_description={encoded}{}", "x".repeat(10_240));
    let Err(OidcError::AuthorizationRefused { error, description }) = redeem(&query, Some("s1"), false) else {
        panic!("refused");
    };
    let description = description.unwrap();
    assert_eq!(error, "access_denied");
    assert!(description.starts_with(markup) && description.ends_with("xx…"));
    assert_eq!(description.chars().count(), 201);
}

#[test]
fn an_error_comes_before_the_code() {
    assert_eq!(code(&redeem("state=s1&code=c&error=server_error", Some("s1"), false)), "oidc_authorization_refused");
    assert_eq!(code(&redeem("state=s1", Some("s1"), false)), "oidc_code_missing");
    assert_eq!(code(&redeem("state=s1&code=", Some("s1"), false)), "oidc_code_missing");
    assert_eq!(code(&redeem("state=s1&code=%00", Some("s1"), false)), "oidc_code_invalid");
    assert_eq!(code(&redeem("state=s1&code=%FF", Some("s1"), false)), "oidc_code_invalid");
}

#[test]
fn repeated_parameters_are_refused() {
    for query in
        ["state=s1&state=s1&code=c", "state=s1&code=c&code=d", "state=s1&code=c&%63ode=d", "code=c&x&state=s1&x"]
    {
        assert_eq!(code(&redeem(query, Some("s1"), false)), "oidc_callback_duplicate", "{query}");
    }
}

#[test]
fn long_queries_are_refused() {
    let query = |length: usize| format!("state=s1&code={}", "c".repeat(length - 14));
    assert_eq!(code(&redeem(&query(16 * 1024), Some("s1"), false)), "ok");
    assert_eq!(code(&redeem(&query(16 * 1024 + 1), Some("s1"), false)), "oidc_callback_too_long");
}
