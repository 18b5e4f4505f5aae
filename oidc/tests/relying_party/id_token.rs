//! Claims of ID tokens (rule 8).

use crate::provider::{
    CLIENT_ID, Expected, ISSUER, NONCE, NOW, OTHER, PROVIDER, SECONDS, Token, at_hash, code, verify,
};
use oidc::{Issuer, IssuerDifference, NonceParameter, OidcError, SignatureAlgorithm};
use ring::digest;
use serde_json::{Value, json};

const ES256: SignatureAlgorithm = SignatureAlgorithm::Es256;

fn token() -> Token {
    Token::id_token(ES256)
}

/// Each value of a claim with the code of its error, or `ok`. Null removes the claim.
fn table(name: &str, rows: &[(Value, &str)]) {
    for (value, expected) in rows {
        let altered = if value.is_null() { token().without(name) } else { token().claim(name, value.clone()) };
        let shown: String = value.to_string().chars().take(80).collect();
        assert_eq!(Expected::default().code(&altered), *expected, "{name}: {shown}");
    }
    assert_eq!(Expected::default().code(&token()), "ok");
}

#[test]
fn o11_o12_the_nonce_must_be_that_of_the_sign_in() {
    table(
        "nonce",
        &[
            (json!(NONCE), "ok"),
            (json!(null), "oidc_nonce_missing"),
            (json!(""), "oidc_nonce"),
            (json!("that-of-an-earlier-sign-in"), "oidc_nonce"),
            (json!(format!("{NONCE} ")), "oidc_nonce"),
            (json!(NONCE.to_uppercase()), "oidc_nonce"),
            (json!([NONCE]), "oidc_claims"),
            (json!(1), "oidc_claims"),
        ],
    );
}

#[test]
fn o9_the_code_of_another_sign_in_is_refused_by_its_nonce() {
    let token = token().sign(&PROVIDER);
    let victim = Expected { nonce: NonceParameter::new("the-nonce-of-the-victim"), ..Expected::default() };
    assert_eq!(code(&victim.verify(&token, &PROVIDER.key_set())), "oidc_nonce");
    assert_eq!(code(&verify(&token)), "ok");
}

#[test]
fn o25_the_issuer_is_compared_byte_for_byte() {
    let row = |iss: &str, difference| {
        let result = verify(&token().claim("iss", iss).sign(&PROVIDER));
        let expected = ISSUER.to_owned();
        assert_eq!(result, Err(OidcError::Issuer { expected, received: iss.to_owned(), difference }));
    };
    row("https://idp.test/realms/acme/", IssuerDifference::FinalSlash);
    row("https://IDP.test/realms/acme", IssuerDifference::LetterCase);
    row("https://idp.test/realms/Acme", IssuerDifference::LetterCase);
    row("https://idp.test/realms/globex", IssuerDifference::Other);
    row("https://idp.test:443/realms/acme", IssuerDifference::Other);
    row("http://idp.test/realms/acme", IssuerDifference::Other);
    row("idp.test/realms/acme", IssuerDifference::Other);
    row("", IssuerDifference::Other);
    table(
        "iss",
        &[
            (json!(null), "oidc_claims"),
            (json!([ISSUER]), "oidc_claims"),
            (json!({}), "oidc_claims"),
            (json!("x".repeat(10_000)), "oidc_iss"),
        ],
    );
}

#[test]
fn o26_the_audience_must_have_the_client_id() {
    table(
        "aud",
        &[
            (json!(CLIENT_ID), "ok"),
            (json!([CLIENT_ID]), "ok"),
            (json!([CLIENT_ID, CLIENT_ID]), "ok"),
            (json!(null), "oidc_claims"),
            (json!(""), "oidc_aud"),
            (json!([]), "oidc_aud"),
            (json!("other"), "oidc_aud"),
            (json!(["other"]), "oidc_aud"),
            (json!("ROLLCALL"), "oidc_aud"),
            (json!(format!("{CLIENT_ID} other")), "oidc_aud"),
            (json!(1), "oidc_claims"),
            (json!([CLIENT_ID, 1]), "oidc_claims"),
            (json!([[CLIENT_ID]]), "oidc_claims"),
            (json!({ CLIENT_ID: true }), "oidc_claims"),
        ],
    );
}

#[test]
fn o27_o28_the_authorized_party_must_be_the_client() {
    table(
        "azp",
        &[
            (json!(CLIENT_ID), "ok"),
            (json!("other"), "oidc_azp"),
            (json!(""), "oidc_azp"),
            (json!([CLIENT_ID]), "oidc_claims"),
        ],
    );
    let several = token().claim("aud", json!([CLIENT_ID, "other"]));
    for (azp, expected) in [(None, "oidc_azp_missing"), (Some(CLIENT_ID), "ok"), (Some("other"), "oidc_azp")] {
        let altered = azp.map_or_else(|| several.clone(), |azp| several.claim("azp", azp));
        assert_eq!(Expected::default().code(&altered), expected, "{azp:?}");
    }
}

#[test]
fn o29_times_have_a_leeway_of_60_seconds() {
    table(
        "exp",
        &[
            (json!(SECONDS - 59), "ok"),
            (json!(SECONDS - 60), "oidc_exp"),
            (json!(SECONDS - 61), "oidc_exp"),
            (json!(SECONDS as f64 - 59.5), "ok"),
            (json!(null), "oidc_claims"),
            (json!((SECONDS + 300).to_string()), "oidc_claims"),
            (json!("2099-01-01T00:00:00Z"), "oidc_claims"),
            (json!(NOW), "oidc_claims"),
            (json!(-1), "oidc_claims"),
            (json!(1e300), "oidc_claims"),
            (json!(true), "oidc_claims"),
        ],
    );
    table(
        "iat",
        &[
            (json!(SECONDS + 60), "ok"),
            (json!(SECONDS + 61), "oidc_iat_future"),
            (json!(SECONDS - 600), "ok"),
            (json!(SECONDS - 601), "oidc_iat_old"),
            (json!(SECONDS - 660), "oidc_iat_old"),
            (json!(SECONDS as f64 + 0.25), "ok"),
            (json!(null), "oidc_claims"),
            (json!(SECONDS.to_string()), "oidc_claims"),
        ],
    );
    table(
        "nbf",
        &[
            (json!(SECONDS), "ok"),
            (json!(SECONDS + 60), "ok"),
            (json!(SECONDS + 61), "oidc_nbf"),
            (json!(SECONDS as f64 + 60.5), "oidc_nbf"),
            (json!(SECONDS.to_string()), "oidc_claims"),
        ],
    );
}

#[test]
fn the_error_of_a_time_has_the_difference_of_the_clocks() {
    let token = token().claim("iat", SECONDS + 3600).sign(&PROVIDER);
    assert_eq!(verify(&token).unwrap_err().clock_difference(), Some(3_600_000));
}

#[test]
fn o30_the_subject_has_1_to_255_bytes() {
    table(
        "sub",
        &[
            (json!("x".repeat(255)), "ok"),
            (json!("ü".repeat(127)), "ok"),
            (json!(" Ada "), "ok"),
            (json!(null), "oidc_sub"),
            (json!(""), "oidc_sub"),
            (json!(248_289_761_001_i64), "oidc_sub"),
            (json!(["x"]), "oidc_sub"),
            (json!("x".repeat(256)), "oidc_sub"),
            (json!("ü".repeat(128)), "oidc_sub"),
            (json!("a\0b"), "oidc_sub"),
            (json!("a\nb"), "oidc_sub"),
        ],
    );
    assert_eq!(verify(&token().claim("sub", " Ada ").sign(&PROVIDER)).unwrap().subject(), " Ada ");
}

#[test]
fn o32_the_token_of_another_client_is_refused() {
    let other = token().claim("aud", "another-client").claim("azp", "another-client");
    assert_eq!(Expected::default().code(&other), "oidc_aud");
}

#[test]
fn o33_access_and_logout_tokens_are_no_id_tokens() {
    for (typ, expected) in [
        ("JWT", "ok"),
        ("jwt", "ok"),
        ("application/jwt", "ok"),
        ("at+jwt", "oidc_typ"),
        ("AT+JWT", "oidc_typ"),
        ("application/at+jwt", "oidc_typ"),
        ("logout+jwt", "oidc_typ"),
        ("secevent+jwt", "oidc_typ"),
        ("dpop+jwt", "oidc_typ"),
    ] {
        assert_eq!(Expected::default().code(&token().header("typ", typ)), expected, "{typ}");
    }
    assert_eq!(Expected::default().code(&token().header("typ", 1)), "oidc_token_header");
    assert_eq!(
        Expected::default().code(&token().with(|token| drop(token.header.as_object_mut().unwrap().remove("typ")))),
        "ok"
    );
    // Without `typ`, the missing nonce tells them apart.
    let events = json!({ "http://schemas.openid.net/event/backchannel-logout": {} });
    assert_eq!(Expected::default().code(&token().claim("events", events).without("nonce")), "oidc_nonce_missing");
}

#[test]
fn o34_the_token_of_another_tenant_is_refused_whatever_its_email_is() {
    let tenant = |guid: &str| format!("https://login.microsoftonline.com/{guid}/v2.0");
    let (own, other) = (tenant("9c2f0a3e-1111-4111-8111-000000000001"), tenant("9c2f0a3e-2222-4222-8222-000000000002"));
    let expected = Expected { issuer: Issuer::parse(&own).unwrap(), ..Expected::default() };
    assert_eq!(expected.code(&token().claim("iss", own.as_str())), "ok");
    // Entra ID signs the tokens of all tenants with the same keys.
    let error =
        expected.verify(&token().claim("iss", other.as_str()).sign(&PROVIDER), &PROVIDER.key_set()).unwrap_err();
    let difference = IssuerDifference::EntraTenant;
    assert_eq!(error, OidcError::Issuer { expected: own, received: other, difference });
}

#[test]
fn the_hash_of_the_access_token_is_checked_if_present() {
    for (algorithm, hash) in [
        (SignatureAlgorithm::Rs256, &digest::SHA256),
        (SignatureAlgorithm::Ps384, &digest::SHA384),
        (SignatureAlgorithm::Rs512, &digest::SHA512),
        (ES256, &digest::SHA256),
        (SignatureAlgorithm::Es384, &digest::SHA384),
        (SignatureAlgorithm::EdDsa, &digest::SHA512),
    ] {
        let token = Token::id_token(algorithm);
        assert_eq!(Expected::default().code(&token.claim("at_hash", at_hash(hash))), "ok", "{algorithm:?}");
        for wrong in [json!("AAAAAAAAAAAAAAAAAAAAAA"), json!(""), json!(format!("{}=", at_hash(hash)))] {
            assert_eq!(Expected::default().code(&token.claim("at_hash", wrong)), "oidc_at_hash", "{algorithm:?}");
        }
        assert_eq!(Expected::default().code(&token.claim("at_hash", 1)), "oidc_claims");
    }
}

#[test]
fn google_may_omit_the_scheme_of_its_issuer_and_must_send_hd() {
    let google = Expected { issuer: Issuer::parse("https://accounts.google.com").unwrap(), ..Expected::default() };
    let token = token().claim("iss", "https://accounts.google.com").claim("hd", "acme.test");
    assert_eq!(google.code(&token), "ok");
    assert_eq!(google.code(&token.claim("iss", "accounts.google.com")), "ok");
    assert_eq!(google.code(&token.claim("iss", "http://accounts.google.com")), "oidc_iss");
    // A personal account has no `hd`.
    assert_eq!(google.code(&token.without("hd")), "oidc_hd_missing");
    assert_eq!(google.code(&token.claim("hd", "")), "oidc_hd_missing");
    assert_eq!(google.code(&token.claim("hd", json!(["acme.test"]))), "oidc_claims");
    // No other provider may omit the scheme.
    let other = Expected { issuer: Issuer::parse("https://idp.test").unwrap(), ..Expected::default() };
    assert_eq!(other.code(&token.claim("iss", "idp.test")), "oidc_iss");
    assert_eq!(Expected::default().code(&token.claim("iss", "accounts.google.com")), "oidc_iss");
}

#[test]
fn the_hosted_domain_must_be_one_of_the_method() {
    let issuer = Issuer::parse("https://accounts.google.com").unwrap();
    let hosted_domains = vec!["acme.test".to_owned(), "acme.example".to_owned()];
    let google = Expected { issuer, hosted_domains, ..Expected::default() };
    let token = token().claim("iss", "https://accounts.google.com");
    for (domain, expected) in [
        ("acme.test", "ok"),
        ("ACME.example", "ok"),
        ("evil.test", "oidc_hd"),
        ("sub.acme.test", "oidc_hd"),
        ("acme.test.evil.test", "oidc_hd"),
    ] {
        assert_eq!(google.code(&token.claim("hd", domain)), expected, "{domain}");
    }
    assert_eq!(google.code(&token), "oidc_hd_missing");
}

#[test]
fn the_first_check_that_fails_names_the_error() {
    let wrong = token().claim("iss", "x").claim("aud", "x").without("sub").without("nonce");
    assert_eq!(Expected::default().code(&wrong), "oidc_iss");
    assert_eq!(code(&verify(&wrong.sign(&OTHER))), "oidc_signature");
}
