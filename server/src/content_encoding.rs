//! Encoded bodies (RFC 9110, section 8.4). They are rejected, because a few compressed bytes could expand to more than the
//! available memory.

use axum::http::{HeaderMap, header};

/// Upper bound of an encoding's name in the response, in characters.
const NAMED: usize = 40;

/// The content encoding. `None`: the body is not encoded. Characters that are not part of a name are removed.
pub(crate) fn of(headers: &HeaderMap) -> Option<String> {
    let names = headers.get_all(header::CONTENT_ENCODING).iter().map(|value| value.to_str().unwrap_or("?"));
    let names = names.collect::<Vec<_>>().join(", ");
    let is_plain = names.split(',').all(|name| name.trim().is_empty() || name.trim().eq_ignore_ascii_case("identity"));
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ',' | ' ');
    (!is_plain).then(|| names.chars().take(NAMED).map(|c| if is_name(c) { c } else { '?' }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_encodings_are_repeated() {
        for (values, expected) in [
            (&[] as &[&str], None),
            (&["identity"], None),
            (&[""], None),
            (&["gzip"], Some("gzip")),
            (&["Identity, br"], Some("Identity, br")),
            (&["gzip", "deflate"], Some("gzip, deflate")),
            (&["<script>"], Some("?script?")),
        ] {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(header::CONTENT_ENCODING, value.parse().unwrap());
            }
            assert_eq!(of(&headers).as_deref(), expected, "{values:?}");
        }
    }
}
