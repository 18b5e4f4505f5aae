//! Local URLs that bring a person back: after signing in, after verifying, and after a form without JavaScript.
//!
//! The submitted values are in the query. So it contains only the fields in [`CARRIED`], never a secret and never a
//! long value.

use crate::model::{Dialog, ReturnedForm};
use domain::validation::field_error::Field;

/// The longest value in a URL, in bytes. A certificate fits. Metadata XML usually does not.
pub const VALUE_MAX: usize = 4 * 1024;

/// The fields that a URL may contain. A client secret and a password are not among them.
const CARRIED: [&str; 16] = [
    Field::Name.name(),
    Field::Provider.name(),
    PROTOCOL,
    Field::EntityId.name(),
    Field::SignInUrl.name(),
    Field::Certificate.name(),
    Field::Metadata.name(),
    Field::Issuer.name(),
    Field::ClientId.name(),
    Field::Expiry.name(),
    Field::Overlap.name(),
    Field::Confirmation.name(),
    ID,
    ENABLED,
    CONFIRMED,
    LATER,
];

/// The name of the field with the team's slug, in every form of the Authentication page.
pub const TEAM: &str = "team";
/// The name of the field with the id of a method or key.
pub const ID: &str = "id";
/// The name of the field with an SSO method's protocol.
pub const PROTOCOL: &str = "protocol";
/// The name of the field for whether an SSO method shall be enabled.
pub const ENABLED: &str = "enabled";
/// The name of the field that confirms a second enabled SSO method.
pub const CONFIRMED: &str = "confirmed";
/// The name of the button "Configure later".
pub const LATER: &str = "later";

/// The name of the field with the `id` of the dialog to open.
pub const DIALOG: &str = "dialog";
/// The parameter with the result of the last form.
pub const DONE: &str = "done";

/// The header of a request that a page sends by itself. It does not renew the session.
pub const POLL: &str = "rollcall-poll";

/// The URL of a team's Authentication page.
pub fn authentication_path(slug: &str) -> String {
    format!("/teams/{}/settings/authentication", encode(slug))
}

/// The URL of a team's setup guides.
pub fn guides_path(slug: &str) -> String {
    authentication_path(slug) + "/guides"
}

/// The URL of the Authentication page with an open dialog and these values.
pub fn dialog_path(slug: &str, dialog: &Dialog, values: &[(String, String)]) -> String {
    let mut path = authentication_path(slug);
    push(&mut path, DIALOG, &dialog.id());
    for (name, value) in values.iter().filter(|(name, value)| is_carried(name, value)) {
        push(&mut path, name, value);
    }
    path
}

/// The URL of the sign-in page that continues to `next`, a local path.
pub fn sign_in_path(next: &str) -> String {
    let mut path = "/sign-in".to_owned();
    push(&mut path, "next", next);
    path
}

/// The URL of the verification page that continues to `next`, a local path.
pub fn verify_path(slug: &str, next: &str) -> String {
    let mut path = format!("/teams/{}/verify", encode(slug));
    push(&mut path, "next", next);
    path
}

/// Parses the query of the Authentication page (without "?"): a dialog to open, and its values.
pub fn returned(query: &str) -> Option<ReturnedForm> {
    let pairs = parse(query);
    let dialog = pairs.iter().find(|(name, _)| name == DIALOG).and_then(|(_, id)| Dialog::parse(id))?;
    let values = pairs.into_iter().filter(|(name, value)| is_carried(name, value)).collect();
    Some(ReturnedForm { dialog, values, failure: None })
}

/// The values of a form that may be rendered again: no secrets, and only known fields. Values keep their length.
pub fn without_secrets(values: Vec<(String, String)>) -> Vec<(String, String)> {
    values.into_iter().filter(|(name, _)| CARRIED.contains(&name.as_str())).collect()
}

/// Parses `application/x-www-form-urlencoded` pairs. Invalid UTF-8 becomes U+FFFD.
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

/// Writes `application/x-www-form-urlencoded` pairs.
pub fn write(pairs: &[(String, String)]) -> String {
    let pairs: Vec<String> = pairs.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
    pairs.join("&")
}

fn is_carried(name: &str, value: &str) -> bool {
    CARRIED.contains(&name) && !value.is_empty() && value.len() <= VALUE_MAX
}

fn push(path: &mut String, name: &str, value: &str) {
    path.push(if path.contains('?') { '&' } else { '?' });
    path.push_str(&encode(name));
    path.push('=');
    path.push_str(&encode(value));
}

/// Percent-encodes everything except the unreserved characters (RFC 3986, section 2.3), so that the result is valid
/// anywhere in a URL, also inside another one.
fn encode(text: &str) -> String {
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

/// Decodes percent-encoding; "+" is a space. A "%" without two hexadecimal digits stays as it is.
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
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::model::Notice;
    use domain::id::MethodId;

    fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
        list.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_dialog_survives_a_url() {
        let dialog = Dialog::EditMethod(MethodId::new("0193-a"));
        let values = pairs(&[
            ("name", "Okta & Söhne = 100 % +1?#"),
            ("certificate", "-----BEGIN CERTIFICATE-----\r\nMIIB+/=\r\n-----END CERTIFICATE-----"),
            ("issuer", "https://idp.example.com/a b"),
        ]);
        let path = dialog_path("acme", &dialog, &values);
        let (page, query) = path.split_once('?').unwrap();
        assert_eq!(page, "/teams/acme/settings/authentication");
        assert!(path.bytes().all(|byte| byte.is_ascii_graphic()), "{path}");
        assert_eq!(returned(query), Some(ReturnedForm { dialog, values, failure: None }));
    }

    #[test]
    fn secrets_long_values_and_unknown_fields_are_not_in_urls() {
        let long = "x".repeat(VALUE_MAX + 1);
        let values = pairs(&[
            ("client_secret", "hush"),
            ("password", "hush"),
            ("key", "hush"),
            ("team", "acme"),
            ("metadata", &long),
            ("entity_id", ""),
            ("name", "Okta"),
        ]);
        let path = dialog_path("acme", &Dialog::AddMethod, &values);
        assert_eq!(path, "/teams/acme/settings/authentication?dialog=add-method&name=Okta");
        let forged = "dialog=add-method&client_secret=hush&password=hush&name=Okta";
        assert_eq!(returned(forged).unwrap().values, pairs(&[("name", "Okta")]));
        let expected = without_secrets(values);
        assert_eq!(expected, pairs(&[("metadata", &long), ("entity_id", ""), ("name", "Okta")]));
    }

    #[test]
    fn no_secret_field_is_in_a_url() {
        for field in [Field::ClientSecret, Field::Password] {
            assert!(field.is_secret() && !CARRIED.contains(&field.name()));
        }
    }

    #[test]
    fn addresses_nest() {
        let next = dialog_path("acme", &Dialog::GenerateKey, &pairs(&[("name", "Okta & co")]));
        let path = verify_path("acme", &next);
        assert_eq!(
            path,
            "/teams/acme/verify?next=%2Fteams%2Facme%2Fsettings%2Fauthentication%3Fdialog%3Dgenerate-key%26name%3DOkta%2520%2526%2520co"
        );
        let (_, query) = path.split_once('?').unwrap();
        assert_eq!(parse(query), pairs(&[("next", &next)]));
        assert_eq!(sign_in_path("/teams/a"), "/sign-in?next=%2Fteams%2Fa");
    }

    #[test]
    fn a_slug_cannot_change_the_path() {
        assert_eq!(authentication_path("../x?y"), "/teams/..%2Fx%3Fy/settings/authentication");
    }

    #[test]
    fn notices_come_from_a_closed_list() {
        for known in Notice::ALL {
            assert_eq!(Notice::parse(known.name()), Some(known));
        }
        for strange in ["", "<b>", "turn-on"] {
            assert_eq!(Notice::parse(strange), None, "{strange}");
        }
    }

    #[test]
    fn invalid_queries_are_ignored() {
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
        for query in ["dialog=", "dialog=nothing", "dialog=edit-method.", "name=x"] {
            assert_eq!(returned(query), None, "{query}");
        }
    }

    #[test]
    fn writing_and_reading_agree() {
        let values = pairs(&[("name", "a b&c=d%e+f\u{1F600}"), ("id", "")]);
        assert_eq!(parse(&write(&values)), values);
    }
}
