//! Which identity provider a request comes from.
#![allow(clippy::unwrap_used)]

use domain::client::{Client, Origin, Trace};

fn of(user_agent: &str, path: &str, body: &str) -> Client {
    Client::recognise(Trace {
        user_agent: Some(user_agent).filter(|agent| !agent.is_empty()),
        origin: Origin::Provider,
        path,
        body: Some(body).filter(|body| !body.is_empty()),
    })
}

#[test]
fn by_what_it_calls_itself() {
    for (agent, client) in [
        ("Okta SCIM Client 1.0.0", Client::Okta),
        ("okta scim client 1.2.3", Client::Okta),
        ("Microsoft Azure AD SCIM provisioning 1.0.0", Client::Entra),
        ("Azure AD", Client::Entra),
        ("OneLogin SCIM", Client::OneLogin),
        ("JumpCloud/1.0", Client::JumpCloud),
        ("PingFederate/12.0", Client::Ping),
        ("PingOne", Client::Ping),
        ("curl/8.5.0", Client::Unknown),
        ("Apache-HttpClient/4.5", Client::Unknown),
        ("", Client::Unknown),
    ] {
        assert_eq!(of(agent, "/scim/v2/Users", ""), client, "{agent}");
    }
}

#[test]
fn by_what_only_one_sends() {
    let path = "/scim/v2/Users";
    for (path, body, client) in [
        ("/scim/v2/Users?aadOptscim062020&count=1", "", Client::Entra),
        ("/scim/v2/Users?filter=userName eq \"9a1f6c1e-51c8-4a5e-8f0c-5ca1ab1e0000\"", "", Client::Entra),
        ("/scim/v2/Users?filter=userName eq \"ada@acme.test\"", "", Client::Unknown),
        (path, r#"{"Operations":[{"op":"Replace","path":"active","value":"False"}]}"#, Client::Entra),
        (path, r#"{"Operations":[{"op":"replace","path":"active","value":false}]}"#, Client::Unknown),
        (
            path,
            r#"{"schemas":["http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"]}"#,
            Client::Entra,
        ),
        (path, r#"{"userName":"ada","externalId":"00ujl29u0le5T6Aj10h7"}"#, Client::Okta),
        (path, r#"{"userName":"ada","externalId":"5f9d88b2c1a4e0001c3d2a1b"}"#, Client::JumpCloud),
        (path, r#"{"userName":"ada","externalId":"00u"}"#, Client::Unknown),
    ] {
        assert_eq!(of("", path, body), client, "{path} {body}");
        assert_eq!(of("Go-http-client/2.0", path, body), client, "{path} {body}");
        assert_eq!(of("curl/8.5.0", path, body), Client::Unknown, "it says that it is something else");
    }
}

#[test]
fn a_self_test_is_told_by_its_key() {
    let test =
        |origin| Client::recognise(Trace { user_agent: Some("Okta SCIM Client 1.0.0"), origin, ..Trace::default() });
    assert_eq!(test(Origin::SelfTest), Client::SelfTest);
    assert_eq!((test(Origin::Provider), test(Origin::Unproven)), (Client::Okta, Client::Okta));
    for origin in [Origin::Provider, Origin::SelfTest, Origin::Unproven] {
        assert_eq!(Origin::parse(origin.name()), origin);
    }
    assert_eq!(Origin::parse("newer"), Origin::Unproven);
}

#[test]
fn names_come_back() {
    for client in Client::ALL {
        assert_eq!(Client::parse(client.name()), client);
    }
    assert_eq!(Client::parse("newer"), Client::Unknown);
}
