//! Return addresses: local paths only, so that no link to Rollcall can lead to another site.

use percent_encoding::percent_decode_str;

/// The longest accepted address, in bytes. It holds a form to be shown again, with its certificate.
const MAX: usize = 16 * 1024;

/// The address, if it is local: path, query and fragment, in the characters that RFC 3986 allows. Browsers read `//host`,
/// `/\host` and `/<tab>/host` as other sites, so each of these is rejected, even when it is percent-encoded.
pub fn local(address: &str) -> Option<&str> {
    if address.len() > MAX || !address.starts_with('/') || !address.bytes().all(is_plain) {
        return None;
    }
    let path = address.split(['?', '#']).next().unwrap_or_default();
    // A decoder in between may turn `%2F` into `/`, once or twice. The decoded path must still be local.
    let mut decoded = path.to_owned();
    for _ in 0..3 {
        if !is_local_path(&decoded) {
            return None;
        }
        decoded = percent_decode_str(&decoded).decode_utf8_lossy().into_owned();
    }
    is_local_path(&decoded).then_some(address)
}

/// Like [`local`], and "/" for anything else.
pub fn local_or_root(address: Option<&str>) -> &str {
    address.and_then(local).unwrap_or("/")
}

/// Whether the byte is visible ASCII that may be part of an address.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_graphic() && !matches!(byte, b'\\' | b'"' | b'<' | b'>' | b'^' | b'`' | b'{' | b'|' | b'}')
}

/// Whether the path begins with one slash, and has no character that browsers drop or read as another slash.
fn is_local_path(path: &str) -> bool {
    path.starts_with('/')
        && !path.contains("//")
        && !path.chars().any(|c| c == '\\' || c.is_control())
        && !path.split('/').any(|segment| segment == "." || segment == "..")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn local_paths_are_accepted_unchanged() {
        for path in [
            "/",
            "/teams/acme",
            "/teams/acme/settings/authentication?dialog=add-method&name=Okta%20%26%20co",
            "/teams/acme/settings/activity?before=0193-a#older",
            "/sign-in?next=%2Fteams%2Facme",
            "/teams/acme/settings/authentication?dialog=add-method&issuer=https%3A%2F%2Fidp.example.com",
            "/teams/50%25",
            "/teams/100%",
        ] {
            assert_eq!(local(path), Some(path), "{path}");
        }
    }

    #[test]
    fn all_other_addresses_are_rejected() {
        for address in [
            "",
            "teams/acme",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "\\/evil.example",
            "\\\\evil.example",
            "https://evil.example",
            "https:evil.example",
            "javascript:alert(1)",
            "data:text/html,x",
            " /teams",
            "/teams ",
            "/\t/evil.example",
            "/\n/evil.example",
            "/teams\r\nSet-Cookie: a=b",
            "/%0d%0aSet-Cookie:%20a=b",
            "/%2Fevil.example",
            "/%2fevil.example",
            "/%5Cevil.example",
            "/%5cevil.example",
            "/%09/evil.example",
            "/%252Fevil.example",
            "/%25252Fevil.example",
            "/%255Cevil.example",
            "/.//evil.example",
            "/..//evil.example",
            "/teams/../../evil",
            "/teams/%2e%2e/x",
            "/./evil.example",
            "/teams//acme",
            "/\u{2028}evil",
            "/\u{FF0F}evil.example",
            "/<script>",
            "?next=/",
            "#x",
            "@evil.example",
        ] {
            assert_eq!(local(address), None, "{address:?}");
        }
        assert_eq!(local(&format!("/{}", "a".repeat(MAX))), None);
        assert_eq!(local_or_root(Some("//evil.example")), "/");
        assert_eq!(local_or_root(None), "/");
    }

    /// Whether a browser leaves the site (WHATWG URL, roughly): browsers drop tabs and line ends, and read a backslash as a
    /// slash.
    fn leaves_the_site(address: &str) -> bool {
        let path: String = address
            .trim_matches(|c: char| c <= ' ')
            .chars()
            .filter(|c| !matches!(c, '\t' | '\n' | '\r'))
            .map(|c| if c == '\\' { '/' } else { c })
            .collect();
        !path.starts_with('/') || path.starts_with("//")
    }

    proptest! {
        #[test]
        fn accepted_addresses_stay_on_this_site(address in "[/\\\\.%a-z0-9:?#@ \\t\\r\\n2fF5cC]{0,40}") {
            if let Some(path) = local(&address) {
                prop_assert!(!leaves_the_site(path));
                prop_assert!(!leaves_the_site(&percent_decode_str(path.split(['?', '#']).next().unwrap_or_default()).decode_utf8_lossy()));
                prop_assert!(path.bytes().all(|b| b.is_ascii_graphic()), "a header can hold it");
            }
        }

        #[test]
        fn no_text_causes_a_panic(address in "\\PC{0,60}") {
            let _ = local(&address);
        }
    }
}
