//! Bodies that are encoded (RFC 9110, section 8.4). Nothing of that is understood here: a few compressed bytes could become
//! more than there is memory.

use axum::http::{HeaderMap, header};

/// The most characters of an encoding's name that are repeated to the client.
const NAMED: usize = 40;

/// What the body is encoded with; `None`: it is not. Only what could be the name of an encoding is repeated.
pub(crate) fn of(headers: &HeaderMap) -> Option<String> {
    let named = headers.get_all(header::CONTENT_ENCODING).iter().map(|value| value.to_str().unwrap_or("?"));
    let named = named.collect::<Vec<_>>().join(", ");
    let is_plain = named.split(',').all(|name| name.trim().is_empty() || name.trim().eq_ignore_ascii_case("identity"));
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ',' | ' ');
    (!is_plain).then(|| named.chars().take(NAMED).map(|c| if is_name(c) { c } else { '?' }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_named_and_nothing_else_is_repeated() {
        for (sent, named) in [
            (&[] as &[&str], None),
            (&["identity"], None),
            (&[""], None),
            (&["gzip"], Some("gzip")),
            (&["Identity, br"], Some("Identity, br")),
            (&["gzip", "deflate"], Some("gzip, deflate")),
            (&["<script>"], Some("?script?")),
        ] {
            let mut headers = HeaderMap::new();
            for value in sent {
                headers.append(header::CONTENT_ENCODING, value.parse().unwrap());
            }
            assert_eq!(of(&headers).as_deref(), named, "{sent:?}");
        }
    }
}
