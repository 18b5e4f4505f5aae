//! Addresses of identity providers.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use domain::validation::{
    field_error::FieldError,
    url::{https_url, issuer},
};

fn checked(typed: &str) -> Result<String, FieldError> {
    https_url(typed, "the sign-in URL")
}

#[test]
fn https_urls_are_accepted() {
    let (host, longest) =
        (format!("https://{}com/", "label.".repeat(41)), format!("https://idp.example/{}", "p".repeat(2028)));
    for good in [
        "https://idp.example.com",
        "https://idp.example.com/",
        "https://idp.example.com/app/exk1/sso/saml?RelayState=a%20b&x[]=1#top",
        "https://idp.example.com?tenant=1",
        "https://idp.example.com:8443/sso",
        "https://idp.example.com.:443/sso",
        "https://adfs/adfs/ls/",
        "https://localhost:65535/",
        "https://127.0.0.1:1/sso",
        "https://[::1]/sso",
        "https://[2001:db8::7]:8443/sso",
        "https://[::ffff:192.0.2.1]",
        "https://xn--bcher-kva.example/",
        "https://my_idp.internal/",
        "https://0x7f.example/",
        "https://idp.example.com/@ada",
        "https://idp.example.com/a:b//c",
        &host,
        &longest,
    ] {
        assert_eq!(checked(good).as_deref(), Ok(good));
        assert_eq!(checked(&format!("  {good}\n")).as_deref(), Ok(good));
    }
    assert_eq!(checked("HTTPS://IDP.Example.com/SSO").as_deref(), Ok("https://IDP.Example.com/SSO"));
}

#[test]
fn other_schemes_get_the_https_error() {
    for typed in
        ["http://idp.example.com/sso", "HTTP://idp.example.com", "ftp://idp.example.com", "javascript://x/%0aalert(1)"]
    {
        assert_eq!(checked(typed), Err(FieldError::NotHttps), "{typed}");
    }
    assert_eq!(FieldError::NotHttps.to_string(), "The URL must start with https:// because people sign in through it.");
}

#[test]
fn other_text_gets_the_url_error() {
    for typed in [
        "idp.example.com/sso",
        "okta",
        "//idp.example.com",
        "https:idp.example.com",
        "https:/idp.example.com",
        "https://",
        "https:///sso",
        "https://?x",
        "https://#x",
        "https://:443",
        "://idp.example.com",
        "1https://idp.example.com",
        "ht tps://idp.example.com",
        // user name and password
        "https://ada@idp.example.com",
        "https://ada:secret@idp.example.com/",
        "https://idp.example.com:443@evil.example/",
        "https://@idp.example.com",
        // ports
        "https://idp.example.com:",
        "https://idp.example.com:0",
        "https://idp.example.com:65536",
        "https://idp.example.com:+443",
        "https://idp.example.com:-1",
        "https://idp.example.com:https",
        "https://idp.example.com:443:443",
        // addresses
        "https://::1/",
        "https://[::1/",
        "https://::1]/",
        "https://[]/",
        "https://[::1]x/",
        "https://[::1]:/",
        "https://[::1]:0/",
        "https://[fe80::1%25eth0]/",
        "https://[1.2.3.4]/",
        "https://1.2.3/",
        "https://1.2.3.256/",
        "https://1234567/",
        // names
        "https://idp..example.com",
        "https://.example.com",
        "https://idp.example.com..",
        "https://.",
        "https://-idp.example.com",
        "https://idp-.example.com",
        "https://idp!.example.com",
        "https://%69dp.example.com",
        "https://bücher.example",
        // what browsers and programs read differently
        "https://idp.example.com\\@evil.example",
        "https://idp.example.com/a b",
        "https://idp.example.com/<script>",
        "https://idp.example.com/\"x\"",
        "https://idp.example.com/ünï",
        "https://idp.example.com/\u{A0}x",
    ] {
        assert_eq!(checked(typed), Err(FieldError::NotAUrl), "{typed}");
    }
    let label = format!("https://{}.com", "l".repeat(64));
    let name = format!("https://{}com", "label.".repeat(42));
    assert_eq!([checked(&label), checked(&name)], [Err(FieldError::NotAUrl), Err(FieldError::NotAUrl)]);
}

#[test]
fn empty_too_long_and_invisible_values_are_refused() {
    assert_eq!(checked(" ").unwrap_err().to_string(), "Enter the sign-in URL.");
    let long = format!("https://idp.example/{}", "p".repeat(2029));
    assert_eq!(checked(&long), Err(FieldError::TooLong { max: 2048, actual: 2049 }));
    for typed in
        ["https://idp.exa\u{200B}mple.com", "https://idp.example.com/\u{202E}x", "https://idp.example.com/\n/x"]
    {
        assert_eq!(checked(typed), Err(FieldError::InvisibleCharacters));
    }
}

#[test]
fn an_issuer_ends_with_its_path() {
    for good in [
        "https://accounts.google.com",
        "https://login.example.com/tenant/v2.0",
        "https://acme.okta.com/oauth2/default/",
    ] {
        assert_eq!(issuer(good).as_deref(), Ok(good));
    }
    for typed in ["https://idp.example.com?tenant=1", "https://idp.example.com/#top", "https://idp.example.com/?"] {
        assert_eq!(issuer(typed), Err(FieldError::IssuerNotPlain));
    }
    assert_eq!(issuer("http://idp.example.com"), Err(FieldError::NotHttps));
    assert_eq!(issuer("").unwrap_err().to_string(), "Enter the issuer.");
}

#[cfg(not(target_arch = "wasm32"))]
mod properties {
    use super::checked;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_text_never_panics(text in any::<String>()) {
            let _ = checked(&text);
            let _ = checked(&format!("https://{text}"));
        }

        #[test]
        fn every_accepted_url_is_plain_https(rest in "[a-z0-9:@./?#\\[\\]\\\\ %_-]{0,30}") {
            if let Ok(url) = checked(&format!("https://{rest}")) {
                let authority = url.strip_prefix("https://").unwrap().split(['/', '?', '#']).next().unwrap();
                prop_assert!(!authority.is_empty());
                prop_assert!(!authority.contains('@'));
                prop_assert!(url.bytes().all(|b| b.is_ascii_graphic() && b != b'\\'));
                prop_assert_eq!(checked(&url), Ok(url));
            }
        }

        #[test]
        fn any_host_port_and_path_are_accepted(
            host in prop_oneof!["[a-z]{1,9}(\\.[a-z]{1,9}){0,3}", any::<std::net::Ipv4Addr>().prop_map(|a| a.to_string()),
                any::<std::net::Ipv6Addr>().prop_map(|a| format!("[{a}]"))],
            port in prop::option::of(1u16..),
            path in "(/[a-zA-Z0-9._~-]{0,8}){0,4}",
        ) {
            let port = port.map(|port| format!(":{port}")).unwrap_or_default();
            let url = format!("https://{host}{port}{path}");
            prop_assert_eq!(checked(&url), Ok(url));
        }
    }
}
