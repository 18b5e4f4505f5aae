//! A provider with keys that are generated for this run. No private key is stored in a file.

use base64ct::{Base64, Base64UrlUnpadded, Encoding as _};
use oidc::{
    AccessToken, IdToken, IdTokenExpectation, IdTokenReport, Issuer, KeySet, NonceParameter, OidcError, RawIdToken,
    SignatureAlgorithm,
};
use ring::{
    digest,
    rand::SystemRandom,
    rsa,
    signature::{self, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _},
};
use serde_json::{Value, json};
use std::{process::Command, sync::LazyLock};

/// 18 November 2025, 14:02:11 UTC.
pub(crate) const NOW: i64 = 1_763_474_531_000;
/// The same time in seconds.
pub(crate) const SECONDS: i64 = NOW / 1000;
pub(crate) const ISSUER: &str = "https://idp.test/realms/acme";
pub(crate) const CLIENT_ID: &str = "rollcall";
pub(crate) const NONCE: &str = "the-nonce-of-this-sign-in";
pub(crate) const ACCESS_TOKEN: &str = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";
pub(crate) const SUBJECT: &str = "248289761001";

/// The keys of the provider. Their `kid` is `rsa`, `p256`, `p384` and `ed25519`.
pub(crate) struct Provider {
    rsa: rsa::KeyPair,
    p256: EcdsaKeyPair,
    p384: EcdsaKeyPair,
    ed25519: Ed25519KeyPair,
    random: SystemRandom,
}

pub(crate) static PROVIDER: LazyLock<Provider> = LazyLock::new(Provider::new);
/// Another provider, or the same one before or after a rotation: it has the same `kid`s.
pub(crate) static OTHER: LazyLock<Provider> = LazyLock::new(Provider::new);

impl Provider {
    fn new() -> Self {
        let random = SystemRandom::new();
        let ecdsa = |algorithm| {
            let key = EcdsaKeyPair::generate_pkcs8(algorithm, &random).unwrap();
            EcdsaKeyPair::from_pkcs8(algorithm, key.as_ref(), &random).unwrap()
        };
        let p256 = ecdsa(&signature::ECDSA_P256_SHA256_FIXED_SIGNING);
        let p384 = ecdsa(&signature::ECDSA_P384_SHA384_FIXED_SIGNING);
        let ed25519 = Ed25519KeyPair::generate_pkcs8(&random).unwrap();
        let ed25519 = Ed25519KeyPair::from_pkcs8(ed25519.as_ref()).unwrap();
        Self { rsa: rsa_key(2048), p256, p384, ed25519, random }
    }

    /// The public keys, each with `kid`, `use` and without `alg`.
    pub(crate) fn jwks(&self) -> Value {
        let public: signature::RsaPublicKeyComponents<Vec<u8>> = self.rsa.public().into();
        let point = |key: &EcdsaKeyPair, length: usize| {
            let point = key.public_key().as_ref();
            (base64url(&point[1..=length]), base64url(&point[length + 1..]))
        };
        let (p256, p384) = (point(&self.p256, 32), point(&self.p384, 48));
        json!({ "keys": [
            { "kty": "RSA", "kid": "rsa", "use": "sig", "n": base64url(&public.n), "e": base64url(&public.e) },
            { "kty": "EC", "kid": "p256", "use": "sig", "crv": "P-256", "x": p256.0, "y": p256.1 },
            { "kty": "EC", "kid": "p384", "use": "sig", "crv": "P-384", "x": p384.0, "y": p384.1 },
            { "kty": "OKP", "kid": "ed25519", "use": "sig", "crv": "Ed25519",
              "x": base64url(self.ed25519.public_key().as_ref()) },
        ] })
    }

    /// One of the public keys.
    pub(crate) fn jwk(&self, kid: &str) -> Value {
        self.jwks()["keys"].as_array().unwrap().iter().find(|key| key["kid"] == kid).unwrap().clone()
    }

    pub(crate) fn key_set(&self) -> KeySet {
        key_set(&self.jwks())
    }

    pub(crate) fn sign(&self, algorithm: SignatureAlgorithm, message: &[u8]) -> Vec<u8> {
        let rsa = |padding| {
            let mut signature = vec![0; self.rsa.public().modulus_len()];
            self.rsa.sign(padding, &self.random, message, &mut signature).unwrap();
            signature
        };
        match algorithm {
            SignatureAlgorithm::Rs256 => rsa(&signature::RSA_PKCS1_SHA256),
            SignatureAlgorithm::Rs384 => rsa(&signature::RSA_PKCS1_SHA384),
            SignatureAlgorithm::Rs512 => rsa(&signature::RSA_PKCS1_SHA512),
            SignatureAlgorithm::Ps256 => rsa(&signature::RSA_PSS_SHA256),
            SignatureAlgorithm::Ps384 => rsa(&signature::RSA_PSS_SHA384),
            SignatureAlgorithm::Ps512 => rsa(&signature::RSA_PSS_SHA512),
            SignatureAlgorithm::Es256 => self.p256.sign(&self.random, message).unwrap().as_ref().to_vec(),
            SignatureAlgorithm::Es384 => self.p384.sign(&self.random, message).unwrap().as_ref().to_vec(),
            SignatureAlgorithm::EdDsa => self.ed25519.sign(message).as_ref().to_vec(),
        }
    }
}

/// A new RSA key of Node, because `ring` generates none.
fn rsa_key(bits: usize) -> rsa::KeyPair {
    let key = Base64::decode_vec(&node(&["rsa", &bits.to_string()])).unwrap();
    rsa::KeyPair::from_pkcs8(&key).unwrap()
}

/// The output of `node.mjs`.
pub(crate) fn node(arguments: &[&str]) -> String {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/relying_party/node.mjs");
    let output = Command::new("node").arg(script).args(arguments).output().expect("Node 20 or newer is installed");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The `kid` of the provider's key for an algorithm.
pub(crate) const fn kid(algorithm: SignatureAlgorithm) -> &'static str {
    match algorithm {
        SignatureAlgorithm::Es256 => "p256",
        SignatureAlgorithm::Es384 => "p384",
        SignatureAlgorithm::EdDsa => "ed25519",
        _ => "rsa",
    }
}

pub(crate) fn base64url(bytes: impl AsRef<[u8]>) -> String {
    Base64UrlUnpadded::encode_string(bytes.as_ref())
}

pub(crate) fn key_set(jwks: &Value) -> KeySet {
    KeySet::parse(jwks.to_string().as_bytes()).unwrap()
}

/// The value of `at_hash`.
pub(crate) fn at_hash(algorithm: &'static digest::Algorithm) -> String {
    let hash = digest::digest(algorithm, ACCESS_TOKEN.as_bytes());
    base64url(&hash.as_ref()[..hash.as_ref().len() / 2])
}

/// A token that a provider signs. Tests alter it before.
#[derive(Clone)]
pub(crate) struct Token {
    pub(crate) header: Value,
    pub(crate) claims: Value,
    pub(crate) algorithm: SignatureAlgorithm,
}

impl Token {
    /// An ID token that is accepted.
    pub(crate) fn id_token(algorithm: SignatureAlgorithm) -> Self {
        Self {
            header: json!({ "alg": algorithm.name(), "kid": kid(algorithm), "typ": "JWT" }),
            claims: json!({
                "iss": ISSUER,
                "aud": CLIENT_ID,
                "sub": SUBJECT,
                "nonce": NONCE,
                "iat": SECONDS,
                "exp": SECONDS + 300,
                "email": "ada@acme.test",
            }),
            algorithm,
        }
    }

    /// The same token with another header or other claims.
    pub(crate) fn with(&self, alter: impl FnOnce(&mut Self)) -> Self {
        let mut token = self.clone();
        alter(&mut token);
        token
    }

    pub(crate) fn without(&self, claim: &str) -> Self {
        self.with(|token| drop(token.claims.as_object_mut().unwrap().remove(claim)))
    }

    pub(crate) fn claim(&self, name: &str, value: impl Into<Value>) -> Self {
        self.with(|token| token.claims[name] = value.into())
    }

    pub(crate) fn header(&self, name: &str, value: impl Into<Value>) -> Self {
        self.with(|token| token.header[name] = value.into())
    }

    /// The token in its compact form.
    pub(crate) fn sign(&self, provider: &Provider) -> String {
        compact(provider, self.algorithm, &self.header.to_string(), &self.claims.to_string())
    }
}

pub(crate) fn compact(provider: &Provider, algorithm: SignatureAlgorithm, header: &str, claims: &str) -> String {
    let input = format!("{}.{}", base64url(header), base64url(claims));
    let signature = provider.sign(algorithm, input.as_bytes());
    format!("{input}.{}", base64url(signature))
}

/// What the tests expect. Each test changes what it is about.
pub(crate) struct Expected {
    pub(crate) issuer: Issuer,
    pub(crate) nonce: NonceParameter,
    pub(crate) hosted_domains: Vec<String>,
    pub(crate) reauthentication_requested_at: Option<i64>,
    pub(crate) now: i64,
}

impl Default for Expected {
    fn default() -> Self {
        Self {
            issuer: Issuer::parse(ISSUER).unwrap(),
            nonce: NonceParameter::new(NONCE),
            hosted_domains: Vec::new(),
            reauthentication_requested_at: None,
            now: NOW,
        }
    }
}

impl Expected {
    pub(crate) fn report(&self, token: &str, keys: &KeySet) -> IdTokenReport {
        IdTokenReport::read(
            &RawIdToken::new(token),
            keys,
            &IdTokenExpectation {
                issuer: &self.issuer,
                client_id: CLIENT_ID,
                nonce: &self.nonce,
                access_token: &AccessToken::new(ACCESS_TOKEN),
                hosted_domains: &self.hosted_domains,
                reauthentication_requested_at: self.reauthentication_requested_at,
                now: self.now,
            },
        )
    }

    pub(crate) fn verify(&self, token: &str, keys: &KeySet) -> Result<IdToken, OidcError> {
        self.report(token, keys).into_id_token()
    }

    /// The code of the error of a token that [`PROVIDER`] signs, or `ok`.
    pub(crate) fn code(&self, token: &Token) -> &'static str {
        code(&self.verify(&token.sign(&PROVIDER), &PROVIDER.key_set()))
    }
}

/// The code of an error, or `ok`.
pub(crate) fn code<T>(result: &Result<T, OidcError>) -> &'static str {
    result.as_ref().map_or_else(OidcError::code, |_| "ok")
}

/// Verifies a token with the keys of [`PROVIDER`].
pub(crate) fn verify(token: &str) -> Result<IdToken, OidcError> {
    Expected::default().verify(token, &PROVIDER.key_set())
}
