//! Which identity provider a request comes from.
#![allow(clippy::unwrap_used)]

use domain::scim_client::{ClientTrace, RequestOrigin, ScimClient};

fn of(user_agent: &str, path: &str, body: &str) -> ScimClient {
    ScimClient::recognise(ClientTrace {
        user_agent: Some(user_agent).filter(|agent| !agent.is_empty()),
        origin: RequestOrigin::Provider,
        path,
        body: Some(body).filter(|body| !body.is_empty()),
    })
}

#[test]
fn clients_are_recognized_by_user_agent() {
    for (agent, client) in [
        ("Okta SCIM Client 1.0.0", ScimClient::Okta),
        ("okta scim client 1.2.3", ScimClient::Okta),
        ("Microsoft Azure AD SCIM provisioning 1.0.0", ScimClient::Entra),
        ("Azure AD", ScimClient::Entra),
        ("OneLogin SCIM", ScimClient::OneLogin),
        ("JumpCloud/1.0", ScimClient::JumpCloud),
        ("PingFederate/12.0", ScimClient::Ping),
        ("PingOne", ScimClient::Ping),
        ("curl/8.5.0", ScimClient::Unknown),
        ("Apache-HttpClient/4.5", ScimClient::Unknown),
        ("", ScimClient::Unknown),
    ] {
        assert_eq!(of(agent, "/scim/v2/Users", ""), client, "{agent}");
    }
}

#[test]
fn clients_are_recognized_by_their_requests() {
    let path = "/scim/v2/Users";
    for (path, body, client) in [
        ("/scim/v2/Users?aadOptscim062020&count=1", "", ScimClient::Entra),
        ("/scim/v2/Users?filter=userName eq \"9a1f6c1e-51c8-4a5e-8f0c-5ca1ab1e0000\"", "", ScimClient::Entra),
        ("/scim/v2/Users?filter=userName eq \"ada@acme.test\"", "", ScimClient::Unknown),
        (path, r#"{"Operations":[{"op":"Replace","path":"active","value":"False"}]}"#, ScimClient::Entra),
        (path, r#"{"Operations":[{"op":"replace","path":"active","value":false}]}"#, ScimClient::Unknown),
        (
            path,
            r#"{"schemas":["http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"]}"#,
            ScimClient::Entra,
        ),
        (path, r#"{"userName":"ada","externalId":"00ujl29u0le5T6Aj10h7"}"#, ScimClient::Okta),
        (path, r#"{"userName":"ada","externalId":"5f9d88b2c1a4e0001c3d2a1b"}"#, ScimClient::JumpCloud),
        (path, r#"{"userName":"ada","externalId":"00u"}"#, ScimClient::Unknown),
    ] {
        assert_eq!(of("", path, body), client, "{path} {body}");
        assert_eq!(of("Go-http-client/2.0", path, body), client, "{path} {body}");
        assert_eq!(of("curl/8.5.0", path, body), ScimClient::Unknown, "it says that it is something else");
    }
}

#[test]
fn a_self_test_is_recognized_by_its_key() {
    let test = |origin| {
        ScimClient::recognise(ClientTrace {
            user_agent: Some("Okta SCIM Client 1.0.0"),
            origin,
            ..ClientTrace::default()
        })
    };
    assert_eq!(test(RequestOrigin::SelfTest), ScimClient::SelfTest);
    assert_eq!((test(RequestOrigin::Provider), test(RequestOrigin::Unproven)), (ScimClient::Okta, ScimClient::Okta));
    for origin in [RequestOrigin::Provider, RequestOrigin::SelfTest, RequestOrigin::Unproven] {
        assert_eq!(RequestOrigin::parse(origin.name()), origin);
    }
    assert_eq!(RequestOrigin::parse("newer"), RequestOrigin::Unproven);
}

#[test]
fn every_name_can_be_parsed() {
    for client in ScimClient::ALL {
        assert_eq!(ScimClient::parse(client.name()), client);
    }
    assert_eq!(ScimClient::parse("newer"), ScimClient::Unknown);
}
