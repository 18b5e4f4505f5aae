//! The format of a key: `rc_scim_<id:12><_><secret:43><crc:6>`.

use super::KeyId;

/// The regular expression of a key, for secret scanners.
pub const PATTERN: &str = "rc_scim_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}";
/// What every key starts with.
pub const PREFIX: &str = "rc_scim_";

const ID_LEN: usize = 12;
const SECRET_LEN: usize = 43;
const CRC_LEN: usize = 6;
const TAIL_LEN: usize = 4;
const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Formats a key from its random parts: 9 bytes for the id (71 bits are used) and 32 for the secret (all bits are
/// used).
///
/// Returns the id and the whole key.
pub fn format(id: [u8; 9], secret: [u8; 32]) -> (KeyId, String) {
    let id = base62(&id, ID_LEN);
    let mut key = format!("{PREFIX}{id}_{}", base62(&secret, SECRET_LEN));
    let crc = checksum(&key);
    key.push_str(&crc);
    (KeyId(id), key)
}

/// Parses a key's id after a check of format and checksum. The secret is not compared.
///
/// Returns `None` if the text is not a key.
pub fn parse(text: &str) -> Option<KeyId> {
    let (id, rest) = text.strip_prefix(PREFIX)?.split_once('_')?;
    let well_formed = id.len() == ID_LEN
        && rest.len() == SECRET_LEN + CRC_LEN
        && id.bytes().chain(rest.bytes()).all(|b| b.is_ascii_alphanumeric());
    if !well_formed {
        return None;
    }
    let (signed, crc) = text.split_at_checked(text.len().checked_sub(CRC_LEN)?)?;
    (crc == checksum(signed)).then(|| KeyId(id.to_owned()))
}

/// The last four characters of a key, which identify it in lists. They belong to the checksum, so they reveal no
/// character of the secret.
pub fn tail(key: &str) -> &str {
    key.len().checked_sub(TAIL_LEN).and_then(|at| key.get(at..)).unwrap_or_default()
}

/// CRC-32 (ISO-HDLC, as in zip) of the text before the checksum.
fn checksum(signed: &str) -> String {
    base62(&crc32fast::hash(signed.as_bytes()).to_be_bytes(), CRC_LEN)
}

/// `bytes` as a big-endian number in `width` base62 digits (the lowest ones).
fn base62(bytes: &[u8], width: usize) -> String {
    let mut number = bytes.to_vec();
    let mut digits = vec![b'0'; width];
    for digit in digits.iter_mut().rev() {
        let mut rest = 0u32;
        for byte in &mut number {
            let value = (rest << 8) | u32::from(*byte);
            *byte = (value / 62) as u8;
            rest = value % 62;
        }
        *digit = ALPHABET.get(rest as usize).copied().unwrap_or(b'0');
    }
    digits.into_iter().map(char::from).collect()
}
