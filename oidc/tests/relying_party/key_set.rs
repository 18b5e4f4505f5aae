//! Key sets (rule 6).

use crate::provider::{Expected, PROVIDER, Token, base64url, code, key_set};
use base64ct::{Base64, Base64UrlUnpadded, Encoding as _};
use oidc::{KeyDefect, KeySet, KeyType, SignatureAlgorithm};
use serde_json::{Value, json};

fn defects(keys: Value) -> Vec<KeyDefect> {
    key_set(&json!({ "keys": keys })).skipped().iter().map(|key| key.defect.clone()).collect()
}

fn with(kid: &str, alter: impl FnOnce(&mut Value)) -> Value {
    let mut key = PROVIDER.jwk(kid);
    alter(&mut key);
    key
}

fn bytes(key: &Value, name: &str) -> Vec<u8> {
    Base64UrlUnpadded::decode_vec(key[name].as_str().unwrap()).unwrap()
}

/// Whether the altered keys verify a token.
fn verifies(algorithm: SignatureAlgorithm, keys: Value) -> bool {
    let token = Token::id_token(algorithm).sign(&PROVIDER);
    code(&Expected::default().verify(&token, &key_set(&json!({ "keys": keys })))) == "ok"
}

#[test]
fn four_kinds_of_keys_are_read() {
    let keys = PROVIDER.key_set();
    let types: Vec<_> = keys.keys().iter().map(|key| (key.kid().unwrap(), key.key_type())).collect();
    assert_eq!(
        types,
        [("rsa", KeyType::Rsa), ("p256", KeyType::P256), ("p384", KeyType::P384), ("ed25519", KeyType::Ed25519)]
    );
}

#[test]
fn members_may_be_padded_or_plain_base64_with_or_without_leading_zeros() {
    type Spelling = fn(&[u8]) -> String;
    let spellings: [(&str, Spelling); 4] = [
        ("unpadded", |bytes| base64url(bytes)),
        ("padded", |bytes| Base64::encode_string(bytes).replace('+', "-").replace('/', "_")),
        ("plain", Base64::encode_string),
        ("zero first", |bytes| base64url([&[0], bytes].concat())),
    ];
    for (name, spell) in spellings {
        for (kid, members, algorithm) in [
            ("rsa", ["n", "e"], SignatureAlgorithm::Rs256),
            ("p256", ["x", "y"], SignatureAlgorithm::Es256),
            ("p384", ["x", "y"], SignatureAlgorithm::Es384),
        ] {
            let key = with(kid, |key| {
                for member in members {
                    key[member] = json!(spell(&bytes(key, member)));
                }
            });
            assert!(verifies(algorithm, json!([key])), "{kid} {name}");
        }
    }
}

#[test]
fn a_coordinate_without_its_leading_zero_is_padded() {
    // One key in 256 has such a coordinate.
    use ring::{
        rand::SystemRandom,
        signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _},
    };
    let random = SystemRandom::new();
    let key = std::iter::repeat_with(|| {
        let key = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, key.as_ref(), &random).unwrap()
    })
    .find(|key| key.public_key().as_ref()[1] == 0)
    .unwrap();
    let point = key.public_key().as_ref();
    let keys = json!({ "keys": [{
        "kty": "EC", "crv": "P-256", "kid": "p256", "x": base64url(&point[2..33]), "y": base64url(&point[33..]),
    }] });
    let token = Token::id_token(SignatureAlgorithm::Es256);
    let input = format!("{}.{}", base64url(token.header.to_string()), base64url(token.claims.to_string()));
    let token = format!("{input}.{}", base64url(key.sign(&random, input.as_bytes()).unwrap()));
    assert_eq!(code(&Expected::default().verify(&token, &key_set(&keys))), "ok");
}

#[test]
fn a_key_that_cannot_be_read_is_skipped_and_not_the_set() {
    for (key, defect) in [
        (json!(null), KeyDefect::NotAnObject),
        (json!("x"), KeyDefect::NotAnObject),
        (json!({}), KeyDefect::Member("kty")),
        (json!({ "kty": 1 }), KeyDefect::Member("kty")),
        (json!({ "kty": "rsa" }), KeyDefect::Type("rsa".to_owned())),
        (json!({ "kty": "AKP" }), KeyDefect::Type("AKP".to_owned())),
        (json!({ "kty": "oct", "k": "AAAA" }), KeyDefect::Symmetric),
        (with("rsa", |key| key["kid"] = json!(1)), KeyDefect::Member("kid")),
        (with("rsa", |key| key["n"] = json!("not base64!")), KeyDefect::Member("n")),
        (with("rsa", |key| key["e"] = json!(65537)), KeyDefect::Member("e")),
        (with("rsa", |key| key["n"] = json!("")), KeyDefect::RsaBits(0)),
        (with("rsa", |key| key["n"] = json!(base64url([0xc1; 128]))), KeyDefect::RsaBits(1024)),
        (with("rsa", |key| key["n"] = json!(base64url([0x7f; 256]))), KeyDefect::RsaBits(2047)),
        (with("rsa", |key| key["n"] = json!(base64url([0xc1; 1025]))), KeyDefect::RsaBits(8200)),
        (with("rsa", |key| key["e"] = json!("AQ")), KeyDefect::RsaExponent),
        (with("rsa", |key| key["e"] = json!("")), KeyDefect::RsaExponent),
        (with("rsa", |key| key["e"] = json!(base64url([2]))), KeyDefect::RsaExponent),
        (with("rsa", |key| key["e"] = json!(base64url([0xff; 5]))), KeyDefect::RsaExponent),
        (with("rsa", |key| key["e"] = json!(base64url([0xff; 200]))), KeyDefect::RsaExponent),
        (with("p256", |key| key["crv"] = json!("secp256k1")), KeyDefect::Curve("secp256k1".to_owned())),
        (with("p256", |key| key["x"] = json!(base64url([1; 33]))), KeyDefect::Member("x")),
        (with("p256", |key| key["y"] = json!(null)), KeyDefect::Member("y")),
        (with("ed25519", |key| key["x"] = json!(base64url([1; 31]))), KeyDefect::Member("x")),
        (with("ed25519", |key| key["crv"] = json!("X25519")), KeyDefect::Curve("X25519".to_owned())),
        (with("rsa", |key| key["use"] = json!("enc")), KeyDefect::Use),
        (with("rsa", |key| key["key_ops"] = json!(["sign"])), KeyDefect::Use),
        (with("rsa", |key| key["key_ops"] = json!("verify")), KeyDefect::Member("key_ops")),
    ] {
        assert_eq!(defects(json!([key.clone()])), [defect], "{key}");
        assert!(verifies(SignatureAlgorithm::Es384, json!([key, PROVIDER.jwk("p384")])));
    }
}

#[test]
fn a_point_that_is_not_on_the_curve_verifies_nothing() {
    // Short coordinates are padded, so this is a key of P-384.
    assert!(!verifies(SignatureAlgorithm::Es384, json!([with("p256", |key| key["crv"] = json!("P-384"))])));
    for (x, y) in [([0; 32], [0; 32]), ([1; 32], [1; 32]), ([0xff; 32], [0xff; 32])] {
        let key = with("p256", |key| {
            key["x"] = json!(base64url(x));
            key["y"] = json!(base64url(y));
        });
        assert!(!verifies(SignatureAlgorithm::Es256, json!([key])));
    }
}

#[test]
fn o24_large_sets_are_refused_and_duplicates_are_accepted() {
    let sets = |count: usize, size: usize| {
        let keys = vec![json!({ "kty": "oct", "k": "x".repeat(size) }); count];
        KeySet::parse(json!({ "keys": keys }).to_string().as_bytes())
    };
    assert_eq!(code(&sets(100, 1)), "ok");
    assert_eq!(code(&sets(101, 1)), "oidc_key_set");
    assert_eq!(code(&sets(1000, 1)), "oidc_key_set");
    assert_eq!(code(&sets(1, 10 * 1024 * 1024)), "oidc_key_set");
    let duplicates = json!([PROVIDER.jwk("rsa"), PROVIDER.jwk("rsa"), { "kty": "oct", "kid": "rsa", "k": "AAAA" }]);
    assert!(verifies(SignatureAlgorithm::Rs256, duplicates));
}

#[test]
fn other_documents_are_refused() {
    for body in ["", "{}", "[]", "<html>", r#"{"keys":null}"#, r#"{"keys":{}}"#, r#"{"error":"not found"}"#] {
        assert_eq!(code(&KeySet::parse(body.as_bytes())), "oidc_key_set", "{body}");
    }
    let twice = PROVIDER.jwks().to_string().replacen("\"kid\"", "\"kid\":\"x\",\"kid\"", 1);
    assert_eq!(code(&KeySet::parse(twice.as_bytes())), "oidc_key_set");
    assert_eq!(code(&KeySet::parse(format!("\u{feff}{}", PROVIDER.jwks()).as_bytes())), "ok");
    assert_eq!(KeySet::parse(br#"{"keys":[]}"#).unwrap(), KeySet::default());
}
