//! Provider metadata (rules 1 and 2).

use crate::provider::{ISSUER, code};
use oidc::{
    ClientAuthentication, Issuer, IssuerDifference, MetadataCheck, MetadataReport, OidcError, ProviderMetadata,
};
use serde_json::{Value, json};

fn document() -> Value {
    json!({
        "issuer": ISSUER,
        "authorization_endpoint": "https://idp.test/authorize?tenant=acme",
        "token_endpoint": "https://idp.test/token",
        "jwks_uri": "https://keys.idp.test/jwks",
        "userinfo_endpoint": "https://idp.test/userinfo",
        "end_session_endpoint": "https://idp.test/logout",
        "response_types_supported": ["code", "id_token"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        "id_token_signing_alg_values_supported": ["none", "HS256", "RS256"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
        "unknown": { "nested": [1, 2] },
    })
}

fn read(document: &Value) -> Result<ProviderMetadata, OidcError> {
    MetadataReport::read(document.to_string().as_bytes(), &Issuer::parse(ISSUER).unwrap()).into_metadata()
}

fn with(name: &str, value: Value) -> Value {
    let mut document = document();
    document[name] = value;
    document
}

#[test]
fn the_document_has_the_endpoints_and_the_client_authentication() {
    let metadata = read(&document()).unwrap();
    assert_eq!(metadata.authorization_endpoint.as_str(), "https://idp.test/authorize?tenant=acme");
    assert_eq!(metadata.token_endpoint.as_str(), "https://idp.test/token");
    assert_eq!(metadata.jwks_uri.as_str(), "https://keys.idp.test/jwks");
    assert_eq!(metadata.userinfo_endpoint.as_ref().unwrap().as_str(), "https://idp.test/userinfo");
    assert_eq!(metadata.end_session_endpoint.as_ref().unwrap().as_str(), "https://idp.test/logout");
    assert!(metadata.authorization_response_iss_parameter_supported);
    assert_eq!(ClientAuthentication::choose(&metadata), Ok(ClientAuthentication::Basic));
}

#[test]
fn only_three_endpoints_are_required() {
    let smallest = json!({
        "issuer": ISSUER,
        "authorization_endpoint": "https://idp.test/a",
        "token_endpoint": "https://idp.test/t",
        "jwks_uri": "https://idp.test/j",
        "userinfo_endpoint": null,
    });
    let metadata = read(&smallest).unwrap();
    assert_eq!((metadata.userinfo_endpoint.clone(), metadata.end_session_endpoint.clone()), (None, None));
    assert!(!metadata.authorization_response_iss_parameter_supported);
    assert_eq!(ClientAuthentication::choose(&metadata), Ok(ClientAuthentication::Basic));
    for name in ["authorization_endpoint", "token_endpoint", "jwks_uri"] {
        assert_eq!(read(&with(name, json!(null))), Err(OidcError::EndpointMissing { name }));
    }
}

#[test]
fn a_byte_order_mark_is_skipped() {
    let body = format!("\u{feff}{}", document());
    let report = MetadataReport::read(body.as_bytes(), &Issuer::parse(ISSUER).unwrap());
    assert_eq!(code(&report.into_metadata()), "ok");
}

#[test]
fn o38_an_issuer_that_differs_is_refused_and_offered() {
    for (configured, found, difference) in [
        (ISSUER, "https://idp.test/realms/acme/", IssuerDifference::FinalSlash),
        ("https://idp.test/realms/acme/", ISSUER, IssuerDifference::FinalSlash),
        (ISSUER, "https://idp.test/realms/ACME", IssuerDifference::LetterCase),
        (ISSUER, "https://other.test", IssuerDifference::Other),
        (
            "https://login.microsoftonline.com/contoso.com/v2.0",
            "https://login.microsoftonline.com/9c2f0a3e-1111-4111-8111-000000000001/v2.0",
            IssuerDifference::EntraTenant,
        ),
        (
            "https://login.microsoftonline.com/9c2f0a3e-1111-4111-8111-000000000001/v2.0",
            "https://sts.windows.net/9c2f0a3e-1111-4111-8111-000000000001/",
            IssuerDifference::EntraVersion1,
        ),
    ] {
        let body = with("issuer", json!(found)).to_string();
        let report = MetadataReport::read(body.as_bytes(), &Issuer::parse(configured).unwrap());
        assert_eq!(report.found_issuer(), Some(found));
        let (expected, received) = (configured.to_owned(), found.to_owned());
        assert_eq!(report.into_metadata(), Err(OidcError::MetadataIssuer { expected, received, difference }));
    }
}

#[test]
fn o36_a_placeholder_in_the_issuer_is_refused_and_not_offered() {
    let found = "https://login.microsoftonline.com/{tenantid}/v2.0";
    let body = with("issuer", json!(found)).to_string();
    let issuer = Issuer::parse("https://login.microsoftonline.com/9c2f0a3e-1111-4111-8111-000000000001/v2.0").unwrap();
    let report = MetadataReport::read(body.as_bytes(), &issuer);
    assert_eq!(report.found_issuer(), None);
    assert_eq!(report.into_metadata(), Err(OidcError::IssuerPlaceholder(found.to_owned())));
}

#[test]
fn o38_endpoints_are_https_urls() {
    for name in ["authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint", "end_session_endpoint"] {
        for url in [
            "http://idp.test/x",
            // Only a provider whose issuer is there may have endpoints there.
            "http://localhost:3100/x",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "//idp.test/x",
            "/x",
            "https:idp.test",
            "https://",
            "https://user:password@idp.test/x",
            "https://127.0.0.1#@idp.test",
            "https://idp.test/x#fragment",
            "https://idp.test/x y",
            "",
        ] {
            let received = url.to_owned();
            assert_eq!(read(&with(name, json!(url))), Err(OidcError::EndpointInvalid { name, received }));
        }
        for value in [json!(1), json!(["https://idp.test/x"]), json!({})] {
            assert_eq!(code(&read(&with(name, value))), "oidc_metadata", "{name}");
        }
    }
}

#[test]
fn other_documents_are_refused() {
    let issuer = Issuer::parse(ISSUER).unwrap();
    let large = document().to_string() + &" ".repeat(256 * 1024);
    for body in ["", "null", "[]", "<html></html>", "{\"issuer\":1}", "{}", &large] {
        assert_eq!(
            code(&MetadataReport::read(body.as_bytes(), &issuer).into_metadata()),
            "oidc_metadata",
            "{body:.20}"
        );
    }
    let twice = document().to_string().replacen('{', "{\"issuer\":\"https://evil.test\",", 1);
    assert_eq!(code(&MetadataReport::read(twice.as_bytes(), &issuer).into_metadata()), "oidc_metadata");
}

#[test]
fn o10_the_code_challenge_needs_no_advertisement() {
    for value in [json!(null), json!([]), json!(["plain"]), json!("S256")] {
        assert_eq!(code(&read(&with("code_challenge_methods_supported", value))), "ok");
    }
}

#[test]
fn client_authentication_is_that_of_the_metadata() {
    let choose = |value| {
        read(&with("token_endpoint_auth_methods_supported", value))
            .and_then(|metadata| ClientAuthentication::choose(&metadata))
    };
    for (value, expected) in [
        (json!(null), Ok(ClientAuthentication::Basic)),
        (json!(["client_secret_basic"]), Ok(ClientAuthentication::Basic)),
        (json!(["client_secret_post"]), Ok(ClientAuthentication::Post)),
        (json!(["private_key_jwt", "client_secret_post"]), Ok(ClientAuthentication::Post)),
        (json!(["none"]), Err("oidc_client_authentication")),
        (json!([]), Err("oidc_client_authentication")),
        (json!("client_secret_post"), Err("oidc_metadata")),
    ] {
        assert_eq!(choose(value.clone()).map_err(|error| error.code()), expected, "{value}");
    }
}

#[test]
fn the_report_lists_every_check() {
    let mut document = document();
    document["issuer"] = json!("https://other.test");
    document["jwks_uri"] = json!("http://idp.test/jwks");
    document["id_token_signing_alg_values_supported"] = json!(["HS256"]);
    let report = MetadataReport::read(document.to_string().as_bytes(), &Issuer::parse(ISSUER).unwrap());
    let failed: Vec<_> =
        report.results().iter().filter(|result| !result.is_passed()).map(|result| result.check).collect();
    assert_eq!(failed, [MetadataCheck::Issuer, MetadataCheck::JwksUri, MetadataCheck::SigningAlgorithms]);
    let names: Vec<_> = report.results().iter().map(|result| result.check.name()).collect();
    assert_eq!(
        names,
        [
            "document",
            "issuer",
            "authorization_endpoint",
            "token_endpoint",
            "jwks_uri",
            "userinfo_endpoint",
            "end_session_endpoint",
            "response_types_supported",
            "token_endpoint_auth_methods_supported",
            "id_token_signing_alg_values_supported",
            "code_challenge_methods_supported",
            "authorization_response_iss_parameter_supported",
        ]
    );
    assert_eq!(code(&report.into_metadata()), "oidc_metadata_issuer");
}

#[test]
fn lists_that_providers_keep_carelessly_refuse_no_sign_in() {
    assert_eq!(code(&read(&with("id_token_signing_alg_values_supported", json!(["HS256"])))), "ok");
    assert_eq!(code(&read(&with("response_types_supported", json!(["id_token"])))), "ok");
}
