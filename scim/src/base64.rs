//! Base64 (RFC 4648): certificates in resources, cursors in URLs.

use base64ct::{Base64UrlUnpadded, Encoding as _};

/// Whether the text is base64 in the alphabet of section 4 or 5, padded or not. Line breaks are not accepted. Identity
/// providers mix these forms, but each decoder accepts only one of them.
pub(crate) fn is_base64(text: &str) -> bool {
    let digits = text.trim_end_matches('=');
    let padding = text.len().saturating_sub(digits.len());
    let is_digit = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'-' | b'_');
    digits.bytes().all(is_digit)
        && match digits.len() % 4 {
            0 => padding == 0,
            2 => matches!(padding, 0 | 2),
            3 => matches!(padding, 0 | 1),
            _ => false,
        }
}

/// Base64 for URLs (section 5), without padding.
pub(crate) fn encode_url(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}

/// The inverse of [`encode_url`]. `None` for every other text, because each value has one spelling only.
pub(crate) fn decode_url(text: &str) -> Option<Vec<u8>> {
    Base64UrlUnpadded::decode_vec(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn test_vectors_of_section_10() {
        for (bytes, text) in
            [("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("foobar", "Zm9vYmFy")]
        {
            assert_eq!(encode_url(bytes.as_bytes()), text);
            assert_eq!(decode_url(text).unwrap(), bytes.as_bytes());
        }
    }

    #[test]
    fn both_alphabets_are_accepted_with_or_without_padding() {
        for text in ["", "Zg==", "Zg", "Zm8=", "Zm9v", "+/+/", "-_-_"] {
            assert!(is_base64(text), "{text}");
        }
        for text in ["Z", "Zg=", "Zg===", "=", "Zm9v=", "Z g=", "Zg\n", "ü", "Z=g="] {
            assert!(!is_base64(text), "{text}");
        }
        for text in ["Z", "Zh", "Zg==", "+/", "Zm9v Zg"] {
            assert_eq!(decode_url(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn decoding_inverts_encoding(bytes: Vec<u8>) {
            let text = encode_url(&bytes);
            prop_assert!(is_base64(&text));
            prop_assert_eq!(decode_url(&text), Some(bytes));
        }

        #[test]
        fn each_value_has_one_spelling(text in "[A-Za-z0-9_=-]{0,9}") {
            if let Some(bytes) = decode_url(&text) {
                prop_assert_eq!(encode_url(&bytes), text);
            }
        }
    }
}
