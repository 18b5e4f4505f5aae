//! What was asked for, as people read it: path and query decoded, without what is secret.

use super::redact::{HIDDEN, names_password};
use axum::http::Uri;
use domain::key;
use percent_encoding::percent_decode_str;

/// The longest that is kept, in characters.
const MAX: usize = 1_000;

/// Parameters whose values are kept, in lower case. Nobody knows what else stands in a query.
const KNOWN: [&str; 10] = [
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

/// What people and groups are looked for by, in lower case.
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
pub(super) fn shown(uri: &Uri) -> String {
    let mut text = decoded(uri.path());
    let mut separator = '?';
    for pair in uri.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty()) {
        text.push(separator);
        separator = '&';
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (name, value) = (decoded(&name.replace('+', " ")), decoded(&value.replace('+', " ")));
        let is_kept = KNOWN.contains(&name.to_ascii_lowercase().as_str()) && !names_password(&value);
        text.push_str(&name);
        if !value.is_empty() {
            text.push('=');
            text.push_str(if is_kept { &value } else { HIDDEN });
        }
        if text.len() > MAX * 4 {
            break;
        }
    }
    clean(&text, MAX)
}

/// What the filter looks for, if it compares one attribute with one text: `userName eq "ada"`.
pub(super) fn looked_for(uri: &Uri) -> Option<String> {
    let filter = uri.query()?.split('&').find_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        name.eq_ignore_ascii_case("filter").then(|| decoded(&value.replace('+', " ")))
    })?;
    searched(&filter)
}

/// The same, of a filter by itself.
pub(super) fn searched(filter: &str) -> Option<String> {
    let (attribute, rest) = filter.split_once('"')?;
    let (value, rest) = rest.split_once('"')?;
    let mut words = attribute.split_whitespace();
    let names = words.next().is_some_and(|name| NAMING.contains(&name.to_ascii_lowercase().as_str()));
    let is_equal = words.next().is_some_and(|operator| operator.eq_ignore_ascii_case("eq"));
    let is_one =
        names && is_equal && rest.trim().is_empty() && !value.is_empty() && attribute.split_whitespace().count() == 2;
    (is_one && !names_password(attribute)).then(|| clean(value, 200))
}

/// Percent-decoded. What is not UTF-8 is replaced, what is no percent-encoding stays.
fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// A text of the client's, so that it can be stored and shown: one line without control characters and without keys, not
/// longer than `max` characters.
pub(super) fn clean(text: &str, max: usize) -> String {
    let text = key::redact(text);
    let mut kept: String = text
        .chars()
        .take(max)
        .map(|c| if domain::validation::text::is_invisible(c) { char::REPLACEMENT_CHARACTER } else { c })
        .collect();
    if text.chars().nth(max).is_some() {
        kept.push('…');
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table() {
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
            assert_eq!(shown(&sent.parse().unwrap()), text);
        }
        let long = shown(&format!("/Users?filter={}", "%41".repeat(5_000)).parse().unwrap());
        assert_eq!(long.chars().count(), MAX + 1);
    }

    #[test]
    fn what_is_looked_for() {
        for (filter, found) in [
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
            assert_eq!(looked_for(&uri).as_deref(), found, "{filter}");
        }
    }
}
