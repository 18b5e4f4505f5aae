//! Authorization requests (rule 3).

use oidc::{AuthorizationRequest, Endpoint, SignInSecrets, StateParameter, state_digest};
use proptest::prelude::*;
use std::collections::BTreeMap;

const RANDOM: [[u8; 32]; 3] = [[0; 32], [0xff; 32], [7; 32]];

fn endpoint(url: &str) -> Endpoint {
    Endpoint::parse("authorization_endpoint", url, false).unwrap()
}

fn request<'a>(endpoint: &'a Endpoint, secrets: &'a SignInSecrets) -> AuthorizationRequest<'a> {
    AuthorizationRequest {
        authorization_endpoint: endpoint,
        client_id: "rollcall",
        redirect_uri: "https://rollcall.test/sso/m1/oidc/callback",
        secrets,
        login_hint: None,
        hosted_domain: None,
        reauthenticate: false,
        select_account: false,
    }
}

/// The query of a URL. No parameter is repeated.
fn query(url: &str) -> BTreeMap<String, String> {
    let (_, query) = url.split_once('?').unwrap();
    let pairs: Vec<_> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let parameters: BTreeMap<_, _> = pairs.iter().cloned().collect();
    assert_eq!(parameters.len(), pairs.len(), "{query}");
    parameters
}

#[test]
fn a_request_has_code_pkce_state_and_nonce() {
    let (endpoint, secrets) = (endpoint("https://idp.test/authorize"), SignInSecrets::from_random(&RANDOM));
    let url = request(&endpoint, &secrets).url();
    assert!(url.starts_with("https://idp.test/authorize?"));
    let parameters = query(&url);
    let expected: BTreeMap<_, _> = [
        ("response_type", "code"),
        ("client_id", "rollcall"),
        ("redirect_uri", "https://rollcall.test/sso/m1/oidc/callback"),
        ("scope", "openid email profile"),
        ("state", secrets.state.expose()),
        ("nonce", secrets.nonce.expose()),
        ("code_challenge", parameters["code_challenge"].as_str()),
        ("code_challenge_method", "S256"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into();
    assert_eq!(parameters, expected);
}

#[test]
fn the_code_challenge_is_that_of_rfc_7636_appendix_b() {
    let mut secrets = SignInSecrets::from_random(&RANDOM);
    secrets.code_verifier = oidc::CodeVerifier::new("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
    let url = request(&endpoint("https://idp.test/"), &secrets).url();
    assert_eq!(query(&url)["code_challenge"], "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

#[test]
fn secrets_have_32_bytes_each() {
    let secrets = SignInSecrets::from_random(&RANDOM);
    let texts = [secrets.state.expose(), secrets.nonce.expose(), secrets.code_verifier.expose()];
    assert_eq!(texts.map(str::len), [43; 3]);
    assert_eq!(texts[0], "A".repeat(43));
    assert!(texts[0] != texts[1] && texts[1] != texts[2] && texts[0] != texts[2]);
}

#[test]
fn hints_and_reauthentication_are_added() {
    let (endpoint, secrets) = (endpoint("https://idp.test/"), SignInSecrets::from_random(&RANDOM));
    let url = AuthorizationRequest {
        login_hint: Some("ada+test@acme.test"),
        hosted_domain: Some("acme.test"),
        reauthenticate: true,
        select_account: false,
        ..request(&endpoint, &secrets)
    }
    .url();
    let parameters = query(&url);
    for (name, value) in
        [("login_hint", "ada+test@acme.test"), ("hd", "acme.test"), ("prompt", "login"), ("max_age", "0")]
    {
        assert_eq!(parameters[name], value);
    }
    assert!(!parameters.contains_key("response_mode"));
}

#[test]
fn the_query_of_the_endpoint_is_kept() {
    let (endpoint, secrets) =
        (endpoint("https://idp.test/authorize?p=b2c_1&x=%20"), SignInSecrets::from_random(&RANDOM));
    let url = request(&endpoint, &secrets).url();
    assert!(url.starts_with("https://idp.test/authorize?p=b2c_1&x=%20&response_type=code&"), "{url}");
}

#[test]
fn the_name_of_the_cookie_depends_on_the_state() {
    // echo -n abc | sha256sum
    assert_eq!(state_digest(&StateParameter::new("abc")), "ba7816bf");
}

proptest! {
    #[test]
    fn the_url_round_trips(client_id in "\\PC{1,40}", login_hint in any::<String>(), random: [[u8; 32]; 3]) {
        let (endpoint, secrets) = (endpoint("https://idp.test/a?b=c"), SignInSecrets::from_random(&random));
        let request = AuthorizationRequest {
            client_id: &client_id, login_hint: Some(&login_hint), ..request(&endpoint, &secrets)
        };
        let url = request.url();
        prop_assert!(url.is_ascii());
        let parsed = url::Url::parse(&url).unwrap();
        prop_assert_eq!(parsed.as_str(), &url);
        let parameters = query(&url);
        prop_assert_eq!(&parameters["b"], "c");
        prop_assert_eq!(&parameters["client_id"], &client_id);
        prop_assert_eq!(&parameters["login_hint"], &login_hint);
        prop_assert_eq!(&parameters["state"], secrets.state.expose());
        prop_assert_eq!(&parameters["nonce"], secrets.nonce.expose());
    }
}

/// The provider's own page offers other accounts.
#[test]
fn another_account_can_be_chosen() {
    for (endpoint, prompt) in
        [("https://idp.test/authorize", "login"), ("https://accounts.google.com/o/oauth2/v2/auth", "select_account")]
    {
        let (endpoint, secrets) = (self::endpoint(endpoint), SignInSecrets::from_random(&RANDOM));
        let request = AuthorizationRequest { select_account: true, ..request(&endpoint, &secrets) };
        let url = request.url();
        assert!(url.contains(&format!("&prompt={prompt}")) && !url.contains("max_age"), "{url}");
    }
}
