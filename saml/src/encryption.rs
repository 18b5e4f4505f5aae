//! XML Encryption 1.1: RSA-OAEP with AES-GCM or AES-CBC.
//!
//! Shape and algorithms are checked before anything is decrypted. After that, a failure is noticed only by what is read:
//! a key that cannot be unwrapped is replaced by another one, and wrong padding by none. The caller reports every failure
//! after the checks as one error.

use crate::{
    decryption::{Decryption, DecryptionKey},
    document, names,
    request_key::RequestKeyError,
    response_error::{ResponseError, excerpt},
};
use aes::cipher::{BlockModeDecrypt, KeyIvInit, block_padding::NoPadding};
use base64ct::{Base64, Encoding};
use ring::{
    aead::{AES_128_GCM, AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    digest,
    rand::SecureRandom,
};
use roxmltree::Node;
use rsa::{
    Oaep, PrivateKey,
    pkcs8::{DecodePrivateKey, EncodePrivateKey},
    rand_core::{TryCryptoRng, TryRng},
};
use sha1::Sha1;
use sha2::Sha256;

/// The length of new keys in bits.
const KEY_BITS: usize = 2_048;
/// The block of AES in bytes.
const BLOCK: usize = 16;

/// How the content is encrypted.
#[derive(Clone, Copy)]
enum Content {
    Aes128Gcm,
    Aes256Gcm,
    Aes128Cbc,
    Aes256Cbc,
}

/// Hash and mask generation function of RSA-OAEP.
#[derive(Clone, Copy)]
enum Transport {
    Sha1,
    Sha1MaskSha256,
    Sha256,
    Sha256MaskSha1,
}

/// Creates an RSA key of 2,048 bits: PKCS #8 in DER. The result is secret.
///
/// # Errors
/// [`RequestKeyError`]: the source of random numbers failed.
pub fn generate_rsa(random: &dyn SecureRandom) -> Result<Vec<u8>, RequestKeyError> {
    let key = PrivateKey::new(&mut RandomSource(random), KEY_BITS).map_err(|_| RequestKeyError)?;
    Ok(key.to_pkcs8_der().map_err(|_| RequestKeyError)?.as_bytes().to_vec())
}

impl DecryptionKey {
    /// Reads PKCS #8 in DER.
    ///
    /// # Errors
    /// [`RequestKeyError`]: it is not an RSA key.
    pub fn from_pkcs8(pkcs8: &[u8]) -> Result<Self, RequestKeyError> {
        PrivateKey::from_pkcs8_der(pkcs8).map(|key| Self { key }).map_err(|_| RequestKeyError)
    }
}

/// Decrypts the content of `EncryptedAssertion`. The result may be any octets.
///
/// # Errors
/// [`ResponseError::EncryptionShape`] and [`ResponseError::Algorithm`], which do not depend on the keys.
pub(crate) fn decrypt(encrypted: Node<'_, '_>, decryption: &Decryption<'_>) -> Result<Vec<u8>, ResponseError> {
    let data = only(encrypted.children(), "EncryptedData")?;
    // The key is inside of the data, or beside it.
    let wrapped = only(encrypted.descendants(), "EncryptedKey")?;
    let content = content(data)?;
    let transport = transport(wrapped)?;
    let (wrapped, octets) = (cipher_value(wrapped)?, cipher_value(data)?);
    let unwrapped = decryption.keys.iter().filter_map(|key| unwrap(key, transport, &wrapped, decryption.random)).next();
    let substitute = digest::digest(&digest::SHA256, &wrapped);
    let key = unwrapped.filter(|key| key.len() == content.key_length());
    let key = key.unwrap_or_else(|| substitute.as_ref().iter().copied().take(content.key_length()).collect());
    Ok(content.open(&key, &octets).unwrap_or_default())
}

fn unwrap(key: &DecryptionKey, transport: Transport, wrapped: &[u8], random: &dyn SecureRandom) -> Option<Vec<u8>> {
    let random = &mut RandomSource(random);
    let key = &key.key;
    match transport {
        Transport::Sha1 => key.decrypt_blinded(random, Oaep::<Sha1>::new(), wrapped),
        Transport::Sha256 => key.decrypt_blinded(random, Oaep::<Sha256>::new(), wrapped),
        Transport::Sha1MaskSha256 => key.decrypt_blinded(random, Oaep::<Sha1, Sha256>::new_with_mgf_hash(), wrapped),
        Transport::Sha256MaskSha1 => key.decrypt_blinded(random, Oaep::<Sha256, Sha1>::new_with_mgf_hash(), wrapped),
    }
    .ok()
}

impl Content {
    const fn key_length(self) -> usize {
        match self {
            Content::Aes128Gcm | Content::Aes128Cbc => 16,
            Content::Aes256Gcm | Content::Aes256Cbc => 32,
        }
    }

    fn open(self, key: &[u8], octets: &[u8]) -> Option<Vec<u8>> {
        match self {
            Content::Aes128Gcm | Content::Aes256Gcm => {
                let algorithm = if self.key_length() == 16 { &AES_128_GCM } else { &AES_256_GCM };
                let (nonce, sealed) = octets.split_at_checked(NONCE_LEN)?;
                let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
                let mut opened = sealed.to_vec();
                let key = LessSafeKey::new(UnboundKey::new(algorithm, key).ok()?);
                let length = key.open_in_place(nonce, Aad::empty(), &mut opened).ok()?.len();
                opened.truncate(length);
                Some(opened)
            }
            Content::Aes128Cbc => open_cbc::<cbc::Decryptor<aes::Aes128>>(key, octets),
            Content::Aes256Cbc => open_cbc::<cbc::Decryptor<aes::Aes256>>(key, octets),
        }
    }
}

/// The last byte is the length of the padding, whose other bytes are arbitrary (XML Encryption 1.1, section 5.2).
fn open_cbc<D: BlockModeDecrypt + KeyIvInit>(key: &[u8], octets: &[u8]) -> Option<Vec<u8>> {
    let (iv, blocks) = octets.split_at_checked(BLOCK)?;
    let mut opened = blocks.to_vec();
    D::new_from_slices(key, iv).ok()?.decrypt_padded::<NoPadding>(&mut opened).ok()?;
    let padding = usize::from(*opened.last()?);
    if (1..=BLOCK).contains(&padding) {
        opened.truncate(opened.len().saturating_sub(padding));
    }
    Some(opened)
}

fn content(data: Node<'_, '_>) -> Result<Content, ResponseError> {
    match method(data)?.1 {
        "http://www.w3.org/2009/xmlenc11#aes128-gcm" => Ok(Content::Aes128Gcm),
        "http://www.w3.org/2009/xmlenc11#aes256-gcm" => Ok(Content::Aes256Gcm),
        "http://www.w3.org/2001/04/xmlenc#aes128-cbc" => Ok(Content::Aes128Cbc),
        "http://www.w3.org/2001/04/xmlenc#aes256-cbc" => Ok(Content::Aes256Cbc),
        other => Err(not_accepted(other)),
    }
}

fn transport(wrapped: Node<'_, '_>) -> Result<Transport, ResponseError> {
    let (method, uri) = method(wrapped)?;
    let parameter = |namespace, name| {
        let element = document::named(method, namespace, name).next();
        element.and_then(|element| document::attribute(element, "Algorithm"))
    };
    if document::named(method, names::ENCRYPTION, "OAEPparams").next().is_some() {
        return Err(shape("OAEPparams are not accepted"));
    }
    let digest = parameter(names::SIGNATURE, "DigestMethod").unwrap_or("http://www.w3.org/2000/09/xmldsig#sha1");
    let mask = match uri {
        "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p" => None,
        "http://www.w3.org/2009/xmlenc11#rsa-oaep" => parameter(names::ENCRYPTION_1_1, "MGF"),
        other => return Err(not_accepted(other)),
    };
    let mask = mask.unwrap_or("http://www.w3.org/2009/xmlenc11#mgf1sha1");
    match (digest, mask) {
        ("http://www.w3.org/2000/09/xmldsig#sha1", "http://www.w3.org/2009/xmlenc11#mgf1sha1") => Ok(Transport::Sha1),
        ("http://www.w3.org/2000/09/xmldsig#sha1", "http://www.w3.org/2009/xmlenc11#mgf1sha256") => {
            Ok(Transport::Sha1MaskSha256)
        }
        ("http://www.w3.org/2001/04/xmlenc#sha256", "http://www.w3.org/2009/xmlenc11#mgf1sha1") => {
            Ok(Transport::Sha256MaskSha1)
        }
        ("http://www.w3.org/2001/04/xmlenc#sha256", "http://www.w3.org/2009/xmlenc11#mgf1sha256") => {
            Ok(Transport::Sha256)
        }
        _ => Err(not_accepted(&format!("{digest} {mask}"))),
    }
}

/// `EncryptionMethod` and its identifier.
fn method<'a, 'i>(parent: Node<'a, 'i>) -> Result<(Node<'a, 'i>, &'a str), ResponseError> {
    let method = only(parent.children(), "EncryptionMethod")?;
    let uri = document::attribute(method, "Algorithm").ok_or_else(|| shape("EncryptionMethod has no Algorithm"))?;
    Ok((method, uri))
}

/// `CipherData/CipherValue`. `CipherReference` is not accepted.
fn cipher_value(parent: Node<'_, '_>) -> Result<Vec<u8>, ResponseError> {
    let value = only(only(parent.children(), "CipherData")?.children(), "CipherValue")?;
    let text = document::text(value).unwrap_or_default();
    let base64: String = text.split_ascii_whitespace().collect();
    Base64::decode_vec(&base64).map_err(|_| shape("CipherValue is not base64"))
}

fn only<'a, 'i>(nodes: impl Iterator<Item = Node<'a, 'i>>, name: &'static str) -> Result<Node<'a, 'i>, ResponseError> {
    let mut nodes = nodes.filter(|node| document::is(*node, names::ENCRYPTION, name));
    match (nodes.next(), nodes.next()) {
        (Some(node), None) => Ok(node),
        _ => Err(shape("an element is missing, or there more than once")),
    }
}

fn shape(problem: &'static str) -> ResponseError {
    ResponseError::EncryptionShape { problem }
}

fn not_accepted(uri: &str) -> ResponseError {
    ResponseError::Algorithm { received: excerpt(uri) }
}

/// ring's source of random numbers, as the crate rsa takes it.
struct RandomSource<'a>(&'a dyn SecureRandom);

impl TryRng for RandomSource<'_> {
    type Error = RequestKeyError;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
        self.0.fill(bytes).map_err(|_| RequestKeyError)
    }
}

impl TryCryptoRng for RandomSource<'_> {}
