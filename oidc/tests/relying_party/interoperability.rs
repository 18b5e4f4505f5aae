//! Tokens and keys of another implementation.

use crate::provider::{CLIENT_ID, Expected, ISSUER, NONCE, SECONDS, SUBJECT, code, key_set, node};
use serde_json::{Value, json};

#[test]
fn tokens_of_openssl_are_accepted_with_keys_of_2048_bits_or_more() {
    let claims = json!({
        "iss": ISSUER, "aud": [CLIENT_ID], "azp": CLIENT_ID, "sub": SUBJECT, "nonce": NONCE,
        "iat": SECONDS, "exp": SECONDS + 300,
    });
    let output: Value = serde_json::from_str(&node(&["tokens", &claims.to_string()])).unwrap();
    let keys = key_set(&output);
    assert_eq!((keys.keys().len(), keys.skipped().len()), (4, 1), "{:?}", keys.skipped());
    let tokens = output["tokens"].as_array().unwrap();
    assert_eq!(tokens.len(), 10);
    for token in tokens {
        let result = Expected::default().verify(token["token"].as_str().unwrap(), &keys);
        let expected = if token["kid"] == "rsa1024" { "oidc_key_unsuitable" } else { "ok" };
        assert_eq!(code(&result), expected, "{} with {}", token["alg"], token["kid"]);
        if let Err(error) = result {
            assert!(error.to_string().contains("RsaBits(1024)"), "{error}");
        }
    }
}
