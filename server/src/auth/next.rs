//! Where to go afterwards: local paths only, so that no link to Rollcall can send people elsewhere.

use percent_encoding::percent_decode_str;

/// The longest address that is followed, in bytes. It holds a form that came back, certificate and all.
const MAX: usize = 16 * 1024;

/// The address, if it is one of this site: path, query and fragment, in the characters that an address may have
/// (RFC 3986). Browsers read `//host`, `/\host` and `/<tab>/host` as other sites, so none of these passes, not even
/// percent-encoded.
pub fn local(address: &str) -> Option<&str> {
    if address.len() > MAX || !address.starts_with('/') || !address.bytes().all(is_plain) {
        return None;
    }
    let path = address.split(['?', '#']).next().unwrap_or_default();
    // A decoder in between may turn `%2F` into `/`, once or twice; what it makes of the path must still be local.
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

/// Visible ASCII without the characters that no address holds.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_graphic() && !matches!(byte, b'\\' | b'"' | b'<' | b'>' | b'^' | b'`' | b'{' | b'|' | b'}')
}

/// One slash at the start, and nothing that a browser would take for one, or drop.
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
    fn local_paths_pass_as_they_are() {
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
    fn everything_else_is_refused() {
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

    /// What a browser makes of an address, roughly (WHATWG URL): tabs and line ends go, a backslash is a slash.
    fn leaves_the_site(address: &str) -> bool {
        let seen: String = address
            .trim_matches(|c: char| c <= ' ')
            .chars()
            .filter(|c| !matches!(c, '\t' | '\n' | '\r'))
            .map(|c| if c == '\\' { '/' } else { c })
            .collect();
        !seen.starts_with('/') || seen.starts_with("//")
    }

    proptest! {
        #[test]
        fn whatever_passes_stays_on_this_site(address in "[/\\\\.%a-z0-9:?#@ \\t\\r\\n2fF5cC]{0,40}") {
            if let Some(path) = local(&address) {
                prop_assert!(!leaves_the_site(path));
                prop_assert!(!leaves_the_site(&percent_decode_str(path.split(['?', '#']).next().unwrap_or_default()).decode_utf8_lossy()));
                prop_assert!(path.bytes().all(|b| b.is_ascii_graphic()), "a header can hold it");
            }
        }

        #[test]
        fn nothing_makes_it_panic(address in "\\PC{0,60}") {
            let _ = local(&address);
        }
    }
}
