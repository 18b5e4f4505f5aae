//! Base64 (RFC 4648): tokens in its strict form, keys in the forms that providers publish.

use base64ct::{Base64UrlUnpadded, Encoding as _};

/// Base64url without padding.
pub(crate) fn encode_url(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}

/// The inverse of [`encode_url`]. `None` for every other text, because each part of a token has one spelling only
/// (RFC 7515, section 2).
pub(crate) fn decode_url(text: &str) -> Option<Vec<u8>> {
    Base64UrlUnpadded::decode_vec(text).ok()
}

/// A member of a key, in base64url or plain base64, padded or not.
pub(crate) fn decode_key_member(text: &str) -> Option<Vec<u8>> {
    let digits = text.trim_end_matches('=').replace('+', "-").replace('/', "_");
    decode_url(&digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_tokens_have_one_spelling() {
        assert_eq!(decode_url("-_8"), Some(vec![0xfb, 0xff]));
        for text in ["-_8=", "+/8", "-_9", "-_ 8", "-_8\n", "A", "ü"] {
            assert_eq!(decode_url(text), None, "{text}");
        }
    }

    #[test]
    fn members_of_keys_have_either_alphabet_with_or_without_padding() {
        for text in ["-_8", "-_8=", "+/8", "+/8="] {
            assert_eq!(decode_key_member(text), Some(vec![0xfb, 0xff]), "{text}");
        }
        for text in ["A", "-_ 8", "ü"] {
            assert_eq!(decode_key_member(text), None, "{text}");
        }
    }
}
