//! `application/x-www-form-urlencoded`: the queries of addresses and the bodies of forms.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Everything but the unreserved characters (RFC 3986, section 2.3). A space is `%20` and not `+`, so that a value can be part of
/// a path, too, and of an address inside of another one.
const RESERVED: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Reads names and values. What is not UTF-8 becomes U+FFFD.
pub fn parse(query: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

/// Writes names and values.
pub fn write(pairs: &[(String, String)]) -> String {
    let pairs: Vec<String> = pairs.iter().map(|(name, value)| [&encode(name), "=", &encode(value)].concat()).collect();
    pairs.join("&")
}

/// Appends a name and a value to the query of an address.
pub fn push(path: &mut String, name: &str, value: &str) {
    path.push(if path.contains('?') { '&' } else { '?' });
    path.push_str(&encode(name));
    path.push('=');
    path.push_str(&encode(value));
}

/// Percent-encodes a value for any place in an address.
pub fn encode(text: &str) -> String {
    utf8_percent_encode(text, &RESERVED).to_string()
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
