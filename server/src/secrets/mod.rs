//! The server secret and its uses: hashing keys, encrypting client secrets.
//!
//! The secret is outside the database, so that a stolen database opens nothing and a forged backup creates no valid key. It has
//! 32 bytes. Every use has its own key, derived by HMAC-SHA-256 with a label (RFC 2104, RFC 6234).

mod invite_link;
mod plain_key;
mod source;

pub use invite_link::InviteToken;
pub use plain_key::PlainKey;

pub use source::{SecretSource, sqlite_file};

use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use domain::{
    id::MethodId,
    key::{self, KeyId},
};
use hmac::{Hmac, Mac};
use rand::{Rng as _, rand_core::UnwrapErr, rngs::SysRng};
use secrecy::SecretString;
use sha2::Sha256;
use std::{fmt, io, path::PathBuf};
use store::{Store, StoreError};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

/// The name of the check value in the table of settings.
const CHECK_NAME: &str = "secret_check";
const NONCE_LEN: usize = 24;

/// The server secret, ready for use. `Debug` prints the type's name only.
pub struct Secrets {
    key_hash: Hmac<Sha256>,
    account_hash: Hmac<Sha256>,
    device_cookie: Hmac<Sha256>,
    seal: Zeroizing<[u8; 32]>,
    check: String,
}

/// Why the server secret cannot be used. `Display` is one line for the operator, and never contains the secret.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The secret is missing, but the database was used with one.
    #[error(
        "server secret missing: this database was set up with one, but {} doesn't exist and ROLLCALL_SECRET isn't set; restore the file",
        path.display()
    )]
    Missing {
        /// The place that was searched.
        path: PathBuf,
    },
    /// The secret is not the one that the database was set up with.
    #[error("the server secret ({origin}) doesn't match the one this database was set up with")]
    Mismatch {
        /// The source of the secret.
        origin: String,
    },
    /// Other users can read the file.
    #[error("the secret file {} is readable by others (mode {mode:04o}); run chmod 600 on it", path.display())]
    Exposed {
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The secret is not 32 bytes in hexadecimal.
    #[error("the server secret ({origin}) isn't 64 hexadecimal digits")]
    Malformed {
        /// The source of the secret.
        origin: String,
    },
    /// The file cannot be read or created.
    #[error("the secret file {} can't be {doing}: {error}", path.display())]
    Io {
        path: PathBuf,
        /// "read" or "created".
        doing: &'static str,
        /// The system's error.
        error: io::Error,
    },
    /// The check value cannot be read or written.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// A sealed value cannot be opened: it was changed, or sealed in another context.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("a sealed value couldn't be opened: it was changed, or sealed for another purpose")]
pub struct Unsealable;

impl Secrets {
    /// Reads the secret, creates it on the first start, and compares it with the database's check value. The database must be
    /// migrated.
    ///
    /// # Errors
    /// [`SecretError`], whenever there is a doubt that the secret is the database's own.
    pub async fn load(source: &SecretSource, store: &Store) -> Result<Self, SecretError> {
        let check_value = store.setting_load(CHECK_NAME).await?;
        let may_create = check_value.is_none();
        let (bytes, origin) = source.read(may_create)?;
        let secrets = Self::from_bytes(&bytes);
        let check_value = match check_value {
            Some(check_value) => check_value,
            // Two processes that start at once both get here: the first one's value stays, and the second compares with it.
            None => store.setting_init(CHECK_NAME, &secrets.check).await?,
        };
        if bool::from(check_value.as_bytes().ct_eq(secrets.check.as_bytes())) {
            Ok(secrets)
        } else {
            Err(SecretError::Mismatch { origin })
        }
    }

    /// Derives all keys from the secret's 32 bytes.
    pub fn from_bytes(secret: &[u8; 32]) -> Self {
        let root = hmac(secret);
        Self {
            key_hash: hmac(&derive(&root, "scim api key")),
            account_hash: hmac(&derive(&root, "account hash")),
            device_cookie: hmac(&derive(&root, "device cookie")),
            seal: derive(&root, "seal"),
            check: hex(&*derive(&root, "check")),
        }
    }

    /// The stored form of a SCIM API key: HMAC-SHA-256 of the whole key, in hexadecimal. It is not a slow hash, because the key
    /// has 256 bits of randomness.
    pub fn key_hash(&self, whole_key: &str) -> String {
        hex(&mac(&self.key_hash, whole_key.as_bytes()))
    }

    /// Whether this is the stored key. The comparison takes constant time.
    pub fn key_matches(&self, whole_key: &str, stored_hex: &str) -> bool {
        self.key_hash(whole_key).as_bytes().ct_eq(stored_hex.as_bytes()).into()
    }

    /// A pseudonym of an account or an address, for logs, counters and cookies: 128 bits of an HMAC-SHA-256, in hexadecimal.
    /// Without the server secret, it cannot be computed from a guessed email.
    pub fn account_hash(&self, account: &str) -> String {
        hex(&mac(&self.account_hash, account.as_bytes())).chars().take(32).collect()
    }

    /// The signature of a device cookie: HMAC-SHA-256, in hexadecimal.
    pub fn device_signature(&self, content: &str) -> String {
        hex(&mac(&self.device_cookie, content.as_bytes()))
    }

    /// Whether this is the signature of the device cookie. The comparison takes constant time.
    pub fn device_signature_matches(&self, content: &str, signature_hex: &str) -> bool {
        self.device_signature(content).as_bytes().ct_eq(signature_hex.as_bytes()).into()
    }

    /// A new SCIM API key from the system's random generator.
    pub fn new_key(&self) -> (KeyId, PlainKey) {
        let secret = Zeroizing::new(random::<32>());
        let (id, full_text) = key::format(random(), *secret);
        (id, PlainKey::new(full_text))
    }

    /// Encrypts a text for the database (XChaCha20-Poly1305). `context` names its purpose and owner ("sso client secret of method
    /// ID"). Only the same context opens it, so that a sealed value cannot be moved to another row.
    pub fn seal(&self, context: &str, plain: &str) -> String {
        let nonce: [u8; NONCE_LEN] = random();
        let payload = Payload { msg: plain.as_bytes(), aad: context.as_bytes() };
        // Encryption only fails for texts of 256 GiB and more. The empty result cannot be opened, which is safe.
        let sealed = self.cipher().encrypt(&XNonce::from(nonce), payload).unwrap_or_default();
        format!("v1.{}.{}", hex(&nonce), hex(&sealed))
    }

    /// Decrypts a value that [`Secrets::seal`] sealed in the same context.
    ///
    /// # Errors
    /// [`Unsealable`], for all reasons.
    pub fn open(&self, context: &str, sealed: &str) -> Result<SecretString, Unsealable> {
        let (nonce, text) = sealed.strip_prefix("v1.").and_then(|rest| rest.split_once('.')).ok_or(Unsealable)?;
        let nonce: [u8; NONCE_LEN] = unhex(nonce).and_then(|bytes| bytes.try_into().ok()).ok_or(Unsealable)?;
        let text = unhex(text).ok_or(Unsealable)?;
        let payload = Payload { msg: &text, aad: context.as_bytes() };
        let plain = self.cipher().decrypt(&XNonce::from(nonce), payload).map_err(|_| Unsealable)?;
        String::from_utf8(plain).map(SecretString::from).map_err(|_| Unsealable)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&(*self.seal).into())
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets")
    }
}

/// The context in which the client secret of an SSO method is sealed.
pub fn client_secret_context(method: &MethodId) -> String {
    format!("sso_methods.client_secret:{method}")
}

/// Random bytes from the operating system. It panics if the system has none, because no other action is safe.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    UnwrapErr(SysRng).fill_bytes(&mut bytes);
    bytes
}

/// HMAC-SHA-256 with a 32-byte key, which is padded with zeros to the block's 64 bytes (RFC 2104, section 2).
fn hmac(key: &[u8; 32]) -> Hmac<Sha256> {
    let mut block = Zeroizing::new([0; 64]);
    for (to, from) in block.iter_mut().zip(key) {
        *to = *from;
    }
    <Hmac<Sha256> as hmac::KeyInit>::new(&(*block).into())
}

fn mac(keyed: &Hmac<Sha256>, message: &[u8]) -> [u8; 32] {
    let mut keyed = keyed.clone();
    keyed.update(message);
    keyed.finalize().into_bytes().into()
}

/// The key for one use. The label names the use and the version of the scheme.
fn derive(root: &Hmac<Sha256>, label: &str) -> Zeroizing<[u8; 32]> {
    Zeroizing::new(mac(root, format!("rollcall v1: {label}").as_bytes()))
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    use fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Bytes from hexadecimal. `None`: the text is not hexadecimal.
fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |c: u8| char::from(c).to_digit(16);
    let pairs = text.as_bytes().chunks(2);
    pairs
        .map(|pair| match pair {
            [high, low] => u8::try_from(digit(*high)? << 4 | digit(*low)?).ok(),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret as _;

    #[test]
    fn a_key_matches_only_its_own_hash_under_its_own_secret() {
        let secrets = Secrets::from_bytes(&[1; 32]);
        let other = Secrets::from_bytes(&[2; 32]);
        let (id, plain) = secrets.new_key();
        let hash = secrets.key_hash(plain.expose());
        assert_eq!(hash.len(), 64);
        assert_eq!(key::parse(plain.expose()), Some(id));
        assert!(secrets.key_matches(plain.expose(), &hash));
        assert!(!other.key_matches(plain.expose(), &hash));
        assert!(!secrets.key_matches(secrets.new_key().1.expose(), &hash));
        assert!(!secrets.key_matches(plain.expose(), ""));
    }

    #[test]
    fn padding_is_the_one_of_rfc_2104() {
        // RFC 4231, test case 2 has the key "Jefe". Padding it to 32 bytes first has no effect.
        let mut key = [0; 32];
        key[..4].copy_from_slice(b"Jefe");
        assert_eq!(
            hex(&mac(&hmac(&key), b"what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }

    #[test]
    fn a_sealed_text_opens_only_in_its_own_context() {
        let secrets = Secrets::from_bytes(&[1; 32]);
        let sealed = secrets.seal("method a", "s3cret ünïcode");
        assert_eq!(secrets.open("method a", &sealed).unwrap().expose_secret(), "s3cret ünïcode");
        assert_ne!(sealed, secrets.seal("method a", "s3cret ünïcode"), "every nonce is new");
        assert!(secrets.open("method b", &sealed).is_err());
        assert!(Secrets::from_bytes(&[2; 32]).open("method a", &sealed).is_err());
        let mut changed_value = sealed.clone().into_bytes();
        let last = changed_value.len() - 1;
        changed_value[last] = if changed_value[last] == b'0' { b'1' } else { b'0' };
        assert!(secrets.open("method a", &String::from_utf8(changed_value).unwrap()).is_err());
        for garbage in ["", "v1.", "v1..", "v1.00.00", "v2.x.y", "v1.é.é"] {
            assert!(secrets.open("method a", garbage).is_err(), "{garbage}");
        }
    }

    #[test]
    fn pseudonyms_and_signatures_need_the_secret() {
        let (secrets, other) = (Secrets::from_bytes(&[1; 32]), Secrets::from_bytes(&[2; 32]));
        assert_eq!(secrets.account_hash("ada@acme.test").len(), 32);
        assert_ne!(secrets.account_hash("ada@acme.test"), other.account_hash("ada@acme.test"));
        assert_ne!(secrets.account_hash("ada@acme.test"), secrets.account_hash("bob@acme.test"));
        let signature = secrets.device_signature("v1.x");
        assert!(secrets.device_signature_matches("v1.x", &signature));
        assert!(!secrets.device_signature_matches("v1.y", &signature));
        assert!(!secrets.device_signature_matches("v1.x", ""));
        assert!(!other.device_signature_matches("v1.x", &signature));
    }

    #[test]
    fn debug_hides_all_secrets() {
        let secrets = Secrets::from_bytes(&[7; 32]);
        assert_eq!(format!("{secrets:?}"), "Secrets");
        assert_eq!(format!("{:?}", secrets.new_key().1), "PlainKey");
    }
}
