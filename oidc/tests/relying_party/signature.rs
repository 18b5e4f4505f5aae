//! Signatures of ID tokens (rules 6 and 7).

use crate::provider::{
    CLIENT_ID, Expected, OTHER, PROVIDER, SUBJECT, Token, base64url, code, compact, key_set, kid, verify,
};
use base64ct::{Base64UrlUnpadded, Encoding as _};
use oidc::{KeySet, OidcError, SignatureAlgorithm};
use ring::hmac;
use serde_json::{Value, json};

const RS256: SignatureAlgorithm = SignatureAlgorithm::Rs256;
const ES256: SignatureAlgorithm = SignatureAlgorithm::Es256;

#[test]
fn nine_algorithms_are_accepted() {
    for algorithm in SignatureAlgorithm::ALL {
        let id_token = verify(&Token::id_token(algorithm).sign(&PROVIDER)).unwrap();
        assert_eq!(id_token.subject(), SUBJECT, "{algorithm:?}");
    }
}

#[test]
fn a_token_of_other_keys_is_refused() {
    for algorithm in SignatureAlgorithm::ALL {
        let result = verify(&Token::id_token(algorithm).sign(&OTHER));
        assert_eq!(code(&result), "oidc_signature", "{algorithm:?}");
        assert!(result.unwrap_err().needs_fresh_keys());
    }
}

#[test]
fn o13_unsigned_tokens_are_refused() {
    let token = Token::id_token(RS256);
    for (alg, error) in [
        ("none", "oidc_alg_none"),
        ("None", "oidc_alg_none"),
        ("nOnE", "oidc_alg_none"),
        ("", "oidc_alg_none"),
        ("rs256", "oidc_alg"),
        ("RS256 ", "oidc_alg"),
        ("ES256K", "oidc_alg"),
        ("ES512", "oidc_alg"),
        ("RSA-OAEP", "oidc_alg"),
    ] {
        let altered = token.header("alg", alg).sign(&PROVIDER);
        let unsigned = format!("{}.", altered.rsplit_once('.').unwrap().0);
        assert_eq!((code(&verify(&altered)), code(&verify(&unsigned))), (error, error), "{alg:?}");
    }
    let unsigned = format!("{}.", token.sign(&PROVIDER).rsplit_once('.').unwrap().0);
    assert_eq!(code(&verify(&unsigned)), "oidc_signature");
    for alg in [json!(null), json!(1), json!(["RS256"])] {
        assert_eq!(code(&verify(&token.header("alg", alg).sign(&PROVIDER))), "oidc_token_header");
    }
}

#[test]
fn o14_o15_symmetric_signatures_are_refused_by_name() {
    let public_key = PROVIDER.jwk("rsa").to_string();
    for secret in ["the client secret", public_key.as_str()] {
        for (alg, algorithm) in
            [("HS256", hmac::HMAC_SHA256), ("HS384", hmac::HMAC_SHA384), ("HS512", hmac::HMAC_SHA512)]
        {
            let token = Token::id_token(RS256).header("alg", alg);
            let input = format!("{}.{}", base64url(token.header.to_string()), base64url(token.claims.to_string()));
            let tag = hmac::sign(&hmac::Key::new(algorithm, secret.as_bytes()), input.as_bytes());
            let token = format!("{input}.{}", base64url(tag));
            assert_eq!(verify(&token), Err(OidcError::AlgorithmSymmetric(alg.to_owned())));
            // A key set with the same secret changes nothing.
            let oct = json!({ "keys": [{ "kty": "oct", "kid": "rsa", "alg": alg, "k": base64url(secret) }] });
            assert_eq!(code(&Expected::default().verify(&token, &key_set(&oct))), "oidc_alg_symmetric");
        }
    }
}

#[test]
fn o16_the_algorithm_must_fit_the_key() {
    for (header, key) in
        [("RS256", "p256"), ("ES256", "rsa"), ("ES384", "p256"), ("EdDSA", "p256"), ("PS256", "ed25519")]
    {
        let token = Token::id_token(RS256).header("alg", header).header("kid", key).sign(&PROVIDER);
        assert_eq!(code(&verify(&token)), "oidc_key_unsuitable", "{header} with {key}");
    }
    // An algorithm of the same key type.
    for (header, algorithm) in [("PS256", RS256), ("RS384", RS256), ("RS256", SignatureAlgorithm::Ps256)] {
        let token = Token::id_token(algorithm).header("alg", header).sign(&PROVIDER);
        assert_eq!(code(&verify(&token)), "oidc_signature", "{header}");
    }
}

#[test]
fn o16_ecdsa_signatures_of_zeros_or_in_der_are_refused() {
    for (algorithm, length) in [(ES256, 32), (SignatureAlgorithm::Es384, 48), (SignatureAlgorithm::EdDsa, 32)] {
        let token = Token::id_token(algorithm).sign(&PROVIDER);
        let (input, signature) = token.rsplit_once('.').unwrap();
        let mut one = vec![0; 2 * length];
        one[2 * length - 1] = 1;
        let mut order = vec![0xff; 2 * length];
        order[0] = 0;
        let der = der(&Base64UrlUnpadded::decode_vec(signature).unwrap());
        for forged in
            [vec![0; 2 * length], one, order, der, Vec::new(), vec![0; 2 * length - 1], vec![0; 2 * length + 1]]
        {
            let forged = format!("{input}.{}", base64url(forged));
            assert_eq!(code(&verify(&forged)), "oidc_signature", "{algorithm:?}");
        }
    }
}

/// The same numbers as in a certificate: a SEQUENCE of two INTEGERs.
fn der(signature: &[u8]) -> Vec<u8> {
    let integer = |bytes: &[u8]| [vec![0x02, bytes.len() as u8 + 1, 0], bytes.to_vec()].concat();
    let (r, s) = signature.split_at(signature.len() / 2);
    let content = [integer(r), integer(s)].concat();
    [vec![0x30, content.len() as u8], content].concat()
}

#[test]
fn o17_o18_o19_keys_and_addresses_in_the_header_are_never_read() {
    let own = OTHER.jwk("rsa");
    for (name, value) in [
        ("jwk", own.clone()),
        ("jku", json!("https://evil.test/jwks.json")),
        ("x5u", json!("https://evil.test/certificate.pem")),
        ("x5c", json!(["MIIB"])),
        ("x5t", json!("AAAA")),
    ] {
        let token = Token::id_token(RS256).header(name, value);
        assert_eq!(code(&verify(&token.sign(&OTHER))), "oidc_signature", "{name}");
        assert_eq!(
            code(&verify(&token.with(|token| drop(token.header.as_object_mut().unwrap().remove("kid"))).sign(&OTHER))),
            "oidc_signature",
            "{name}"
        );
        // They do no harm beside a valid signature.
        assert_eq!(code(&verify(&token.sign(&PROVIDER))), "ok", "{name}");
    }
}

#[test]
fn o20_critical_and_unencoded_payloads_are_refused() {
    let token = Token::id_token(RS256);
    for (name, value) in [
        ("crit", json!(["b64"])),
        ("crit", json!([])),
        ("crit", json!("exp")),
        ("crit", json!(null)),
        ("b64", json!(false)),
        ("b64", json!(true)),
    ] {
        assert_eq!(code(&verify(&token.header(name, value.clone()).sign(&PROVIDER))), "oidc_crit", "{name} {value}");
    }
    // The payload as it is, signed in that form.
    let claims = token.claims.to_string().replace('.', " ");
    let input = format!("{}.{claims}", base64url(token.header("b64", false).header.to_string()));
    let token = format!("{input}.{}", base64url(PROVIDER.sign(RS256, input.as_bytes())));
    assert_eq!(code(&verify(&token)), "oidc_crit");
}

#[test]
fn o21_a_kid_is_only_compared() {
    for kid in ["x".repeat(10_240).as_str(), "../../../../dev/null", "' OR 1=1 --", "RSA", "rsa ", ""] {
        let error = verify(&Token::id_token(RS256).header("kid", kid).sign(&PROVIDER)).unwrap_err();
        assert_eq!(error.code(), "oidc_key_unknown", "{kid}");
        assert!(error.to_string().len() < 1000);
    }
    for kid in [json!(1), json!(["rsa"]), json!({})] {
        assert_eq!(code(&verify(&Token::id_token(RS256).header("kid", kid).sign(&PROVIDER))), "oidc_token_header");
    }
}

#[test]
fn o22_a_rotated_key_needs_fresh_keys() {
    let token = Token::id_token(ES256).header("kid", "2026").sign(&OTHER);
    let error = verify(&token).unwrap_err();
    assert_eq!(error.code(), "oidc_key_unknown");
    assert!(error.needs_fresh_keys());
    let mut rotated = OTHER.jwks();
    rotated["keys"][1]["kid"] = json!("2026");
    assert_eq!(code(&Expected::default().verify(&token, &key_set(&rotated))), "ok");
}

#[test]
fn other_errors_need_no_fresh_keys() {
    for token in [
        Token::id_token(ES256).claim("aud", "other"),
        Token::id_token(ES256).header("alg", "none"),
        Token::id_token(ES256).header("kid", "unknown").header("typ", "at+jwt"),
    ] {
        assert!(!verify(&token.sign(&PROVIDER)).unwrap_err().needs_fresh_keys());
    }
}

#[test]
fn without_a_kid_every_key_that_fits_is_tried_up_to_20() {
    for algorithm in SignatureAlgorithm::ALL {
        let token = Token::id_token(algorithm).with(|token| drop(token.header.as_object_mut().unwrap().remove("kid")));
        assert_eq!(code(&verify(&token.sign(&PROVIDER))), "ok", "{algorithm:?}");
    }
    let token = Token::id_token(RS256).with(|token| drop(token.header.as_object_mut().unwrap().remove("kid")));
    let after = |others: usize| {
        let mut keys = vec![OTHER.jwk("rsa"); others];
        keys.push(PROVIDER.jwk("rsa"));
        code(&Expected::default().verify(&token.sign(&PROVIDER), &key_set(&json!({ "keys": keys }))))
    };
    assert_eq!((after(19), after(20)), ("ok", "oidc_signature"));
    assert_eq!(code(&Expected::default().verify(&token.sign(&PROVIDER), &KeySet::default())), "oidc_key_missing");
}

#[test]
fn use_alg_and_key_ops_of_a_key_must_fit() {
    let verify_with = |name: &str, value: Value| {
        let mut jwks = json!({ "keys": [PROVIDER.jwk("rsa")] });
        jwks["keys"][0][name] = value;
        code(&Expected::default().verify(&Token::id_token(RS256).sign(&PROVIDER), &key_set(&jwks)))
    };
    for (name, value) in
        [("alg", json!("RS256")), ("use", json!(null)), ("key_ops", json!(["verify"])), ("x5c", json!([1]))]
    {
        assert_eq!(verify_with(name, value.clone()), "ok", "{name} {value}");
    }
    for (name, value) in [
        ("alg", json!("RS512")),
        ("alg", json!("RSA-OAEP")),
        ("alg", json!("HS256")),
        ("alg", json!(1)),
        ("use", json!("enc")),
        ("use", json!("")),
        ("key_ops", json!(["encrypt"])),
        ("kty", json!("EC")),
        ("kty", json!("oct")),
    ] {
        assert_eq!(verify_with(name, value.clone()), "oidc_key_unsuitable", "{name} {value}");
    }
}

#[test]
fn encrypted_tokens_are_refused_by_name() {
    let part = base64url("x");
    let token = format!("{}.{part}.{part}.{part}.{part}", base64url(r#"{"alg":"RSA-OAEP","enc":"A256GCM"}"#));
    assert_eq!(verify(&token), Err(OidcError::TokenEncrypted));
}

#[test]
fn other_serializations_are_refused() {
    let token = Token::id_token(RS256).sign(&PROVIDER);
    let parts: Vec<_> = token.split('.').collect();
    for (altered, error) in [
        (String::new(), "oidc_token_serialization"),
        ("x".to_owned(), "oidc_token_serialization"),
        (parts[..2].join("."), "oidc_token_serialization"),
        (format!("{token}.{}", parts[2]), "oidc_token_serialization"),
        (format!("{token}......"), "oidc_token_serialization"),
        (format!("{token}="), "oidc_token_encoding"),
        (format!("{token}\n"), "oidc_token_encoding"),
        (format!(" {token}"), "oidc_token_encoding"),
        (format!("{}=.{}.{}", parts[0], parts[1], parts[2]), "oidc_token_encoding"),
        (format!(".{}.{}", parts[1], parts[2]), "oidc_token_header"),
        (format!("{}..{}", parts[0], parts[2]), "oidc_signature"),
        (format!("{}.{}.{}", base64url("[]"), parts[1], parts[2]), "oidc_token_header"),
        ("x".repeat(256 * 1024 + 1), "oidc_token_too_large"),
        (json!({ "payload": parts[1], "signatures": [] }).to_string(), "oidc_token_serialization"),
    ] {
        assert_eq!(code(&verify(&altered)), error, "{:.80}", altered);
    }
}

#[test]
fn repeated_members_of_header_and_claims_are_refused() {
    let token = Token::id_token(RS256);
    let (header, claims) = (token.header.to_string(), token.claims.to_string());
    assert_eq!(code(&verify(&compact(&PROVIDER, RS256, &header, &claims))), "ok");
    let twice = header.replace('{', r#"{"alg":"none","#);
    assert_eq!(code(&verify(&compact(&PROVIDER, RS256, &twice, &claims))), "oidc_token_header");
    for name in ["sub", "nonce", "aud", "email", "x"] {
        let twice = claims.replacen('{', &format!("{{\"{name}\":\"{CLIENT_ID}\",\"{name}\":\"{CLIENT_ID}\","), 1);
        assert_eq!(code(&verify(&compact(&PROVIDER, RS256, &header, &twice))), "oidc_claims", "{name}");
    }
}

#[test]
fn claims_that_are_no_json_object_are_refused() {
    let header = json!({ "alg": "RS256", "kid": kid(RS256) }).to_string();
    for claims in ["", "[]", "null", "\"sub\"", "{\"sub\":", "<html>"] {
        assert_eq!(code(&verify(&compact(&PROVIDER, RS256, &header, claims))), "oidc_claims", "{claims}");
    }
}
