//! The configured issuer (rule 1).

use crate::provider::code;
use oidc::Issuer;

#[test]
fn the_metadata_is_at_the_issuer_without_one_final_slash() {
    for (issuer, url) in [
        ("https://idp.test", "https://idp.test/.well-known/openid-configuration"),
        ("https://idp.test/", "https://idp.test/.well-known/openid-configuration"),
        ("https://idp.test/a/", "https://idp.test/a/.well-known/openid-configuration"),
        ("https://idp.test/a//", "https://idp.test/a//.well-known/openid-configuration"),
        ("https://idp.test:8443/realms/x", "https://idp.test:8443/realms/x/.well-known/openid-configuration"),
    ] {
        let parsed = Issuer::parse(issuer).unwrap();
        assert_eq!((parsed.as_str(), parsed.configuration_url()), (issuer, url.to_owned()));
    }
}

#[test]
fn issuers_are_https_urls_of_one_tenant() {
    for (text, expected) in [
        ("https://login.microsoftonline.com/9c2f0a3e-1111-4111-8111-000000000001/v2.0", "ok"),
        ("https://login.microsoftonline.com/contoso.onmicrosoft.com/v2.0", "ok"),
        ("https://oauth.id.jumpcloud.com/", "ok"),
        ("https://login.microsoftonline.com/{tenantid}/v2.0", "oidc_issuer_placeholder"),
        ("https://{yourDomain}.okta.com", "oidc_issuer_placeholder"),
        ("https://login.microsoftonline.com/common/v2.0", "oidc_issuer_shared"),
        ("https://login.microsoftonline.com/organizations/v2.0", "oidc_issuer_shared"),
        ("https://login.microsoftonline.us/consumers/v2.0", "oidc_issuer_shared"),
        ("https://login.microsoftonline.com/", "oidc_issuer_shared"),
        ("", "oidc_issuer_invalid"),
        ("idp.test", "oidc_issuer_invalid"),
        ("http://localhost:3100", "ok"),
        ("http://localhost", "ok"),
        ("http://localhost.idp.test", "oidc_issuer_invalid"),
        ("http://localhost@idp.test", "oidc_issuer_invalid"),
        ("http://127.0.0.1", "oidc_issuer_invalid"),
        ("http://idp.test", "oidc_issuer_invalid"),
        ("https:idp.test", "oidc_issuer_invalid"),
        ("https:///idp.test", "oidc_issuer_invalid"),
        ("https://", "oidc_issuer_invalid"),
        ("https://a@idp.test", "oidc_issuer_invalid"),
        ("https://@idp.test", "oidc_issuer_invalid"),
        ("https://public\\@127.0.0.1", "oidc_issuer_invalid"),
        ("https://idp.test/?a=b", "oidc_issuer_invalid"),
        ("https://idp.test/?", "oidc_issuer_invalid"),
        ("https://idp.test/#a", "oidc_issuer_invalid"),
        ("https://idp.test/ ", "oidc_issuer_invalid"),
        ("https://idp.test/\n", "oidc_issuer_invalid"),
        ("https://idp.test:65536", "oidc_issuer_invalid"),
        ("file:///etc/passwd", "oidc_issuer_invalid"),
    ] {
        assert_eq!(code(&Issuer::parse(text)), expected, "{text:?}");
    }
    assert_eq!(code(&Issuer::parse(&format!("https://idp.test/{}", "x".repeat(1024)))), "oidc_issuer_invalid");
}
