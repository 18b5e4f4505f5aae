//! Encrypted assertions (the feature `encryption`).
#![cfg(feature = "encryption")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use aes::cipher::{BlockModeEncrypt, KeyIvInit, block_padding::NoPadding};
use base64ct::{Base64, Encoding};
use ring::{
    aead::{AES_128_GCM, AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey},
    rand::{SecureRandom, SystemRandom},
};
use rsa::{
    Oaep, PublicKey,
    pkcs8::DecodePrivateKey,
    rand_core::{TryCryptoRng, TryRng},
};
use saml::{Decryption, DecryptionKey, Expectation, Identity, ResponseError};
use std::sync::OnceLock;
use support::{KINDS, Kind, NAME_ID, Provider, assertion_of, expectation, keys, signature_of};

struct Random;

impl TryRng for Random {
    type Error = std::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        Ok(u32::from_le_bytes(random(4).try_into().unwrap()))
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        Ok(u64::from_le_bytes(random(8).try_into().unwrap()))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
        bytes.copy_from_slice(&random(bytes.len()));
        Ok(())
    }
}

impl TryCryptoRng for Random {}

fn random(length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    SystemRandom::new().fill(&mut bytes).unwrap();
    bytes
}

fn pkcs8() -> Vec<u8> {
    keys::pem_body(&std::fs::read_to_string(&keys::rsa().key_file).unwrap())
}

fn public_key() -> &'static PublicKey {
    static KEY: OnceLock<PublicKey> = OnceLock::new();
    KEY.get_or_init(|| rsa::PrivateKey::from_pkcs8_der(&pkcs8()).unwrap().to_public_key())
}

fn verify(xml: &str) -> Result<Identity, ResponseError> {
    static KEYS: OnceLock<[DecryptionKey; 1]> = OnceLock::new();
    let keys = KEYS.get_or_init(|| [DecryptionKey::from_pkcs8(&pkcs8()).unwrap()]);
    let random = SystemRandom::new();
    let certificates = [keys::p256().certificate()];
    let expectation =
        Expectation { decryption: Some(Decryption { keys, random: &random }), ..expectation(&certificates) };
    saml::verify(xml.as_bytes(), &expectation)
}

#[derive(Clone, Copy)]
struct Algorithms {
    content: &'static str,
    transport: &'static str,
    parameters: &'static str,
    beside: bool,
}

const SHA1: &str = "<ds:DigestMethod Algorithm=\"http://www.w3.org/2000/09/xmldsig#sha1\"/>";
const SHA256: &str = "<ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/>";
const MASK_SHA256: &str = "<xenc11:MGF xmlns:xenc11=\"http://www.w3.org/2009/xmlenc11#\" Algorithm=\"http://www.w3.org/2009/xmlenc11#mgf1sha256\"/>";
const GCM: &str = "http://www.w3.org/2009/xmlenc11#aes256-gcm";
const CBC: &str = "http://www.w3.org/2001/04/xmlenc#aes256-cbc";
const OAEP_MGF1P: &str = "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p";
const OAEP: &str = "http://www.w3.org/2009/xmlenc11#rsa-oaep";

const DEFAULT: Algorithms = Algorithms { content: GCM, transport: OAEP_MGF1P, parameters: "", beside: false };

fn seal(content: &str, key: &[u8], plain: &[u8]) -> Vec<u8> {
    if content.ends_with("gcm") {
        let algorithm = if key.len() == 16 { &AES_128_GCM } else { &AES_256_GCM };
        let nonce = random(12);
        let mut sealed = plain.to_vec();
        LessSafeKey::new(UnboundKey::new(algorithm, key).unwrap())
            .seal_in_place_append_tag(Nonce::try_assume_unique_for_key(&nonce).unwrap(), Aad::empty(), &mut sealed)
            .unwrap();
        return [nonce, sealed].concat();
    }
    let iv = random(16);
    let padding = 16 - plain.len() % 16;
    let mut padded = [plain, &random(padding - 1), &[u8::try_from(padding).unwrap()]].concat();
    let length = padded.len();
    if key.len() == 16 {
        cbc::Encryptor::<aes::Aes128>::new_from_slices(key, &iv)
            .unwrap()
            .encrypt_padded::<NoPadding>(&mut padded, length)
            .unwrap();
    } else {
        cbc::Encryptor::<aes::Aes256>::new_from_slices(key, &iv)
            .unwrap()
            .encrypt_padded::<NoPadding>(&mut padded, length)
            .unwrap();
    }
    [iv, padded].concat()
}

fn wrap(algorithms: Algorithms, key: &[u8]) -> Vec<u8> {
    let public = public_key();
    let is_256 = algorithms.parameters.contains("xmlenc#sha256");
    let mask_256 = algorithms.parameters.contains("mgf1sha256");
    match (is_256, mask_256) {
        (false, false) => public.encrypt(&mut Random, Oaep::<sha1::Sha1>::new(), key),
        (true, true) => public.encrypt(&mut Random, Oaep::<sha2::Sha256>::new(), key),
        (true, false) => public.encrypt(&mut Random, Oaep::<sha2::Sha256, sha1::Sha1>::new_with_mgf_hash(), key),
        (false, true) => public.encrypt(&mut Random, Oaep::<sha1::Sha1, sha2::Sha256>::new_with_mgf_hash(), key),
    }
    .unwrap()
}

fn encrypt(plain: &[u8], algorithms: Algorithms) -> String {
    let key = random(if algorithms.content.contains("128") { 16 } else { 32 });
    document(algorithms, &wrap(algorithms, &key), &seal(algorithms.content, &key, plain))
}

fn document(algorithms: Algorithms, wrapped: &[u8], sealed: &[u8]) -> String {
    let Algorithms { content, transport, parameters, beside } = algorithms;
    let key = format!(
        "<xenc:EncryptedKey><xenc:EncryptionMethod Algorithm=\"{transport}\">{parameters}</xenc:EncryptionMethod>\
         <xenc:CipherData><xenc:CipherValue>{}</xenc:CipherValue></xenc:CipherData></xenc:EncryptedKey>",
        Base64::encode_string(wrapped)
    );
    let (inside, beside) =
        if beside { ("<ds:RetrievalMethod URI=\"#_k\"/>", key.as_str()) } else { (key.as_str(), "") };
    format!(
        "<saml:EncryptedAssertion xmlns:xenc=\"http://www.w3.org/2001/04/xmlenc#\" \
         xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><xenc:EncryptedData \
         Type=\"http://www.w3.org/2001/04/xmlenc#Element\"><xenc:EncryptionMethod Algorithm=\"{content}\"/>\
         <ds:KeyInfo>{inside}</ds:KeyInfo><xenc:CipherData><xenc:CipherValue>{}</xenc:CipherValue></xenc:CipherData>\
         </xenc:EncryptedData>{beside}</saml:EncryptedAssertion>",
        Base64::encode_string(sealed)
    )
}

/// An assertion that is a document by itself.
fn alone(assertion: &str) -> String {
    assertion.replacen(
        "<saml:Assertion ",
        "<saml:Assertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" \
         xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" ",
        1,
    )
}

/// A response with an encrypted assertion: the assertion signed inside (A), the response signed outside (M), or both.
fn response(kind: Kind, change: impl Fn(&str) -> Vec<u8>, algorithms: Algorithms) -> String {
    let provider = Provider::p256();
    let mut xml = provider.facts.response();
    if kind != Kind::M {
        xml = provider.sign(&xml, "_a1");
    }
    let plain = assertion_of(&xml).to_owned();
    xml = xml.replace(&plain, &encrypt(&change(&alone(&plain)), algorithms));
    if kind == Kind::A { xml } else { provider.sign(&xml, "_r1") }
}

fn as_it_is(plain: &str) -> Vec<u8> {
    plain.as_bytes().to_vec()
}

#[test]
fn every_kind_and_algorithm_is_accepted() {
    for content in
        [GCM, CBC, "http://www.w3.org/2009/xmlenc11#aes128-gcm", "http://www.w3.org/2001/04/xmlenc#aes128-cbc"]
    {
        for kind in KINDS {
            for beside in [false, true] {
                let xml = response(kind, as_it_is, Algorithms { content, beside, ..DEFAULT });
                let identity = verify(&xml).unwrap();
                assert_eq!((identity.name_id.value.as_str(), identity.attributes.len()), (NAME_ID, 2));
                assert_eq!(identity.signatures.len(), if kind == Kind::B { 2 } else { 1 });
            }
        }
    }
    let both = format!("{SHA256}{MASK_SHA256}");
    let both: &'static str = both.leak();
    for (transport, parameters) in
        [(OAEP_MGF1P, SHA1), (OAEP_MGF1P, SHA256), (OAEP, ""), (OAEP, SHA256), (OAEP, MASK_SHA256), (OAEP, both)]
    {
        let xml = response(Kind::A, as_it_is, Algorithms { transport, parameters, ..DEFAULT });
        assert_eq!(verify(&xml).unwrap().name_id.value, NAME_ID, "{transport} {parameters}");
    }
}

#[test]
fn while_a_key_is_rolled_both_keys_decrypt() {
    let random = SystemRandom::new();
    let other = DecryptionKey::from_pkcs8(&keys::pem_body(&keys::rsa_pem("other-rsa"))).unwrap();
    let keys = [other, DecryptionKey::from_pkcs8(&pkcs8()).unwrap()];
    let certificates = [keys::p256().certificate()];
    let xml = response(Kind::A, as_it_is, DEFAULT);
    let verify = |keys: &[DecryptionKey]| {
        let decryption = Some(Decryption { keys, random: &random });
        saml::verify(xml.as_bytes(), &Expectation { decryption, ..expectation(&certificates) })
    };
    assert!(verify(&keys).is_ok());
    assert_eq!(verify(&keys[..1]), Err(ResponseError::Decryption));
    assert_eq!(verify(&[]), Err(ResponseError::Decryption));
    assert_eq!(saml::verify(xml.as_bytes(), &expectation(&certificates)), Err(ResponseError::Encrypted));
}

#[test]
fn algorithms_that_are_not_accepted_are_named_before_anything_is_decrypted() {
    for algorithms in [
        Algorithms { transport: "http://www.w3.org/2001/04/xmlenc#rsa-1_5", ..DEFAULT },
        Algorithms { content: "http://www.w3.org/2001/04/xmlenc#tripledes-cbc", ..DEFAULT },
        Algorithms { content: "http://www.w3.org/2001/04/xmlenc#aes192-cbc", ..DEFAULT },
        Algorithms {
            parameters: "<ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#md5\"/>",
            ..DEFAULT
        },
    ] {
        let wrapped = Provider::p256().facts.response();
        let plain = assertion_of(&wrapped).to_owned();
        let xml = wrapped.replace(&plain, &document(algorithms, b"x", b"x"));
        assert_eq!(verify(&xml).unwrap_err().code(), "saml_algorithm");
    }
    let parameters = Algorithms { parameters: "<xenc:OAEPparams>AA==</xenc:OAEPparams>", ..DEFAULT };
    assert_eq!(verify(&response(Kind::A, as_it_is, parameters)).unwrap_err().code(), "saml_encryption_shape");
    let xml = response(Kind::A, as_it_is, DEFAULT);
    let key = support::slice(&xml, "<xenc:EncryptedKey>", "</xenc:EncryptedKey>");
    for other in [String::new(), key.repeat(2), key.replace("CipherValue", "CipherReference")] {
        assert_eq!(verify(&xml.replace(key, &other)).unwrap_err().code(), "saml_encryption_shape");
    }
}

/// S14, S50, and rules 2 to 8 for the decrypted text: all failures are one.
#[test]
fn s50_whatever_is_wrong_inside_looks_alike() {
    type Change = fn(&str) -> Vec<u8>;
    let wrong: [(&str, Kind, Change); 13] = [
        ("unsigned inside and outside", Kind::A, |plain| plain.replace(signature_of(plain), "").into_bytes()),
        ("changed", Kind::A, |plain| plain.replace("ada@", "eve@").into_bytes()),
        ("empty", Kind::M, |_| Vec::new()),
        ("no XML", Kind::M, |_| b"hello".to_vec()),
        ("no UTF-8", Kind::M, |_| vec![0xC0; 40]),
        ("another element", Kind::M, |_| b"<x/>".to_vec()),
        ("a response", Kind::M, |_| Provider::p256().response(Kind::B).into_bytes()),
        ("two assertions", Kind::M, |plain| plain.repeat(2).into_bytes()),
        ("a nested assertion", Kind::B, |plain| {
            let nested =
                format!("<saml:Advice>{}</saml:Advice><saml:Subject>", alone(&Provider::p256().facts.assertion()));
            plain.replace("<saml:Subject>", &nested).into_bytes()
        }),
        ("a DOCTYPE", Kind::M, |plain| format!("<!DOCTYPE x>{plain}").into_bytes()),
        ("a relative namespace", Kind::M, |plain| {
            plain.replace("<saml:Subject>", "<saml:Subject xmlns:x=\"y\">").into_bytes()
        }),
        ("two equal ids", Kind::M, |plain| plain.replace("<saml:Subject>", "<saml:Subject ID=\"_a1\">").into_bytes()),
        ("encrypted twice", Kind::M, |plain| encrypt(plain.as_bytes(), DEFAULT).into_bytes()),
    ];
    for (name, kind, change) in wrong {
        assert_eq!(verify(&response(kind, change, DEFAULT)), Err(ResponseError::Decryption), "{name}");
    }
}

/// S60: altered CBC blocks, of a response whose signature is inside: one answer.
#[test]
fn s60_altered_blocks_get_one_answer() {
    let provider = Provider::p256();
    let xml = provider.sign(&provider.facts.response(), "_a1");
    let plain = assertion_of(&xml).to_owned();
    let key = random(32);
    let wrapped = wrap(DEFAULT, &key);
    let sealed = seal(CBC, &key, alone(&plain).as_bytes());
    let cbc = Algorithms { content: CBC, ..DEFAULT };
    let with = |sealed: &[u8]| verify(&xml.replace(&plain, &document(cbc, &wrapped, sealed)));
    assert!(with(&sealed).is_ok());
    let mut answers = 0;
    for attempt in 0..1_000 {
        let mut altered = sealed.clone();
        let index = (attempt * 97) % altered.len();
        altered[index] ^= u8::try_from(attempt % 255).unwrap() + 1;
        match with(&altered) {
            Err(ResponseError::Decryption) => answers += 1,
            // The random bytes of the padding are not part of the text.
            Ok(identity) => assert_eq!(identity.name_id.value, NAME_ID),
            Err(other) => panic!("{other:?}"),
        }
    }
    assert!(answers > 950);
    for length in [0, 1, 15, 16, 17, 32, sealed.len() - 1] {
        assert_eq!(with(&sealed[..length]), Err(ResponseError::Decryption));
    }
    // A wrapped key of another length, a wrapped key that is none.
    for other in [wrap(DEFAULT, &random(16)), random(256), Vec::new()] {
        let xml = xml.replace(&plain, &document(cbc, &other, &sealed));
        assert_eq!(verify(&xml), Err(ResponseError::Decryption));
    }
}

#[test]
fn a_created_rsa_key_signs_and_decrypts() {
    let random = SystemRandom::new();
    let pkcs8 = saml::generate_rsa(&random).unwrap();
    let key = saml::RequestKey::from_pkcs8(&pkcs8, &random).unwrap();
    assert_eq!(key.algorithm(), support::RSA_SHA256);
    assert!(DecryptionKey::from_pkcs8(&pkcs8).is_ok());
    assert_eq!(format!("{:?}", DecryptionKey::from_pkcs8(&pkcs8).unwrap()), "DecryptionKey");
}
