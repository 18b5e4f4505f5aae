//! Base64 (RFC 4648): certificates in resources, cursors in URLs.

const URL: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Is it base64, in the alphabet of section 4 or of section 5, with its padding or without? Line breaks are not.
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
    let mut text = String::with_capacity(bytes.len().div_ceil(3).saturating_mul(4));
    for chunk in bytes.chunks(3) {
        let byte = |i: usize| u32::from(chunk.get(i).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for i in 0..=chunk.len() as u32 {
            let digit = bits >> (18 - 6 * i) & 63;
            text.extend(URL.get(digit as usize).map(|b| char::from(*b)));
        }
    }
    text
}

/// What [`encode_url`] encoded; `None` for everything else.
pub(crate) fn decode_url(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    for chunk in text.as_bytes().chunks(4) {
        let mut bits = 0u32;
        for digit in chunk {
            let digit = URL.iter().position(|b| b == digit)?;
            bits = bits << 6 | u32::try_from(digit).ok()?;
        }
        let (count, spare) = match chunk.len() {
            4 => (3, 0),
            3 => (2, 2),
            2 => (1, 4),
            _ => return None,
        };
        // What no byte needs is zero, so that every text has one spelling only.
        if bits & ((1 << spare) - 1) != 0 {
            return None;
        }
        let bits = bits >> spare;
        bytes.extend((0..count).rev().filter_map(|i| u8::try_from(bits >> (8 * i) & 255).ok()));
    }
    Some(bytes)
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
    fn what_is_base64() {
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
        fn there_and_back(bytes: Vec<u8>) {
            let text = encode_url(&bytes);
            prop_assert!(is_base64(&text));
            prop_assert_eq!(decode_url(&text), Some(bytes));
        }

        #[test]
        fn one_spelling_only(text in "[A-Za-z0-9_=-]{0,9}") {
            if let Some(bytes) = decode_url(&text) {
                prop_assert_eq!(encode_url(&bytes), text);
            }
        }
    }
}
