//! Logged addresses: path and query of a request, decoded and without secrets.

use super::redact::{HIDDEN, names_password};
use axum::http::Uri;
use domain::key;
use percent_encoding::percent_decode_str;

/// Upper bound of a logged address, in characters.
const MAX: usize = 1_000;

/// Parameters whose values are logged, in lower case. Any other value could be a secret.
const PUBLIC: [&str; 10] = [
    "aadoptscim062020",
    "attributes",
    "count",
    "cursor",
    "excludedattributes",
    "filter",
    "sortby",
    "sortorder",
    "startindex",
    "version",
];

/// Attributes that identify a member or a group, in lower case.
const NAMING: [&str; 9] = [
    "displayname",
    "emails",
    "emails.value",
    "externalid",
    "id",
    "name.familyname",
    "name.formatted",
    "name.givenname",
    "username",
];

/// Path and query.
pub(super) fn decoded(uri: &Uri) -> String {
    let mut text = percent_decode_str(uri.path()).decode_utf8_lossy().into_owned();
    let mut separator = '?';
    for (name, value) in form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()) {
        text.push(separator);
        separator = '&';
        let is_public = PUBLIC.contains(&name.to_ascii_lowercase().as_str()) && !names_password(&value);
        text.push_str(&name);
        if !value.is_empty() {
            text.push('=');
            text.push_str(if is_public { &value } else { HIDDEN });
        }
        if text.len() > MAX * 4 {
            break;
        }
    }
    clean(&text, MAX)
}

/// The value that the filter searches for, if it compares one naming attribute with one text: `userName eq "ada"`.
pub(super) fn search_value(uri: &Uri) -> Option<String> {
    let (_, filter) =
        form_urlencoded::parse(uri.query()?.as_bytes()).find(|(name, _)| name.eq_ignore_ascii_case("filter"))?;
    search_value_of(&filter)
}

/// As [`search_value`], of a filter by itself.
pub(super) fn search_value_of(filter: &str) -> Option<String> {
    let (attribute, rest) = filter.split_once('"')?;
    let (value, rest) = rest.split_once('"')?;
    let mut words = attribute.split_whitespace();
    let names = words.next().is_some_and(|name| NAMING.contains(&name.to_ascii_lowercase().as_str()));
    let is_equal = words.next().is_some_and(|operator| operator.eq_ignore_ascii_case("eq"));
    let is_one =
        names && is_equal && rest.trim().is_empty() && !value.is_empty() && attribute.split_whitespace().count() == 2;
    (is_one && !names_password(attribute)).then(|| clean(value, 200))
}

/// Makes a text of the client safe to store and show: one line of at most `max` characters, without control characters and
/// without keys.
pub(super) fn clean(text: &str, max: usize) -> String {
    let text = key::redact(text);
    let mut cleaned: String = text
        .chars()
        .take(max)
        .map(|c| if domain::validation::text::is_invisible(c) { char::REPLACEMENT_CHARACTER } else { c })
        .collect();
    if text.chars().nth(max).is_some() {
        cleaned.push('…');
    }
    cleaned
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_decoded_and_secrets_hidden() {
        for (sent, text) in [
            ("/scim/v2/Users", "/scim/v2/Users"),
            ("/Users?filter=userName%20eq%20%22ada%2Bx%22&count=1", "/Users?filter=userName eq \"ada+x\"&count=1"),
            ("/Users?FILTER=a+eq+b", "/Users?FILTER=a eq b"),
            ("/Users?filter=Password%20eq%20%22SECRET%22&count=1", "/Users?filter=•••&count=1"),
            ("/Users?filter=p%61ssword+eq+%22SECRET%22", "/Users?filter=•••"),
            ("/Users?aadOptscim062020", "/Users?aadOptscim062020"),
            ("/Users?access_token=SECRET&x", "/Users?access_token=•••&x"),
            ("/Users?&&", "/Users"),
            ("/Users/%00%0a%E2%80%AEx%zz%", "/Users/\u{FFFD}\u{FFFD}\u{FFFD}x%zz%"),
            ("/Users/%FF", "/Users/\u{FFFD}"),
            ("/Users/rc_scim_0123456789ab_SECRET", "/Users/rc_scim_•••"),
        ] {
            assert_eq!(decoded(&sent.parse().unwrap()), text);
        }
        let long = decoded(&format!("/Users?filter={}", "%41".repeat(5_000)).parse().unwrap());
        assert_eq!(long.chars().count(), MAX + 1);
    }

    #[test]
    fn the_search_value_is_read_from_a_simple_filter() {
        for (filter, value) in [
            ("userName%20eq%20%22ada%40acme.test%22", Some("ada@acme.test")),
            ("externalId+eq+%22a+b%22", Some("a b")),
            ("nope+eq+%22a%22", None),
            ("userName+ne+%22a%22", None),
            ("userName+eq+%22a%22+and+active+eq+true", None),
            ("emails%5Btype+eq+%22work%22%5D.value+eq+%22x%22", None),
            ("userName+pr", None),
            ("password+eq+%22SECRET%22", None),
            ("userName+eq+%22%22", None),
        ] {
            let uri = format!("/Users?count=1&filter={filter}").parse().unwrap();
            assert_eq!(search_value(&uri).as_deref(), value, "{filter}");
        }
    }
}
