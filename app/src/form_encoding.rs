//! `application/x-www-form-urlencoded`: the queries of addresses and the bodies of forms.

/// Reads names and values, `application/x-www-form-urlencoded`. What is no UTF-8 becomes U+FFFD.
pub fn parse(query: &str) -> Vec<(String, String)> {
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name), decode(value))
        })
        .collect()
}

/// Writes names and values, `application/x-www-form-urlencoded`.
pub fn write(pairs: &[(String, String)]) -> String {
    let pairs: Vec<String> = pairs.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
    pairs.join("&")
}

/// Appends a name and a value to the query of an address.
pub fn push(path: &mut String, name: &str, value: &str) {
    path.push(if path.contains('?') { '&' } else { '?' });
    path.push_str(&encode(name));
    path.push('=');
    path.push_str(&encode(value));
}

/// Percent-encodes everything but the unreserved characters (RFC 3986, section 2.3), so that the result can stand
/// anywhere in an address, also inside of another one.
pub fn encode(text: &str) -> String {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let hex = |digit: u8| HEX.get(usize::from(digit)).copied().map(char::from).unwrap_or_default();
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            _ => out.extend(['%', hex(byte >> 4), hex(byte & 15)]),
        }
    }
    out
}

/// The reverse; "+" is a space. A "%" that starts nothing stands for itself.
fn decode(text: &str) -> String {
    let mut bytes = text.bytes();
    let mut out = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        let escaped = match byte {
            b'%' => {
                let mut ahead = bytes.clone();
                match (ahead.next().and_then(digit), ahead.next().and_then(digit)) {
                    (Some(high), Some(low)) => {
                        bytes = ahead;
                        Some(high << 4 | low)
                    }
                    _ => None,
                }
            }
            b'+' => Some(b' '),
            _ => None,
        };
        out.push(escaped.unwrap_or(byte));
    }
    String::from_utf8(out).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
        list.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn strange_queries_do_no_harm() {
        for (query, read) in [
            ("", vec![]),
            ("&&", vec![]),
            ("a", vec![("a", "")]),
            ("=b", vec![("", "b")]),
            ("a=b=c", vec![("a", "b=c")]),
            ("a=1+2%2B3", vec![("a", "1 2+3")]),
            ("a=%", vec![("a", "%")]),
            ("a=%4", vec![("a", "%4")]),
            ("a=%zz%41", vec![("a", "%zzA")]),
            ("a=%ff", vec![("a", "\u{FFFD}")]),
            ("a=%C3%A9", vec![("a", "é")]),
            ("a=%€", vec![("a", "%€")]),
        ] {
            assert_eq!(parse(query), pairs(&read), "{query}");
        }
    }

    #[test]
    fn writing_and_reading_agree() {
        let typed = pairs(&[("name", "a b&c=d%e+f\u{1F600}"), ("id", "")]);
        assert_eq!(parse(&write(&typed)), typed);
    }
}
