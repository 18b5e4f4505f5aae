//! Which identity provider a request comes from: recognized from what it sends.

use crate::UnixMs;
use serde::{Deserialize, Serialize};

/// A program that sends requests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScimClient {
    /// Okta.
    Okta,
    /// Microsoft Entra ID, called Azure AD before.
    Entra,
    /// OneLogin.
    OneLogin,
    /// JumpCloud.
    JumpCloud,
    /// PingOne or PingFederate.
    Ping,
    /// Rollcall itself, testing.
    SelfTest,
    /// Anyone else.
    #[default]
    Unknown,
}

/// How many requests identity providers sent in an hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HourlyRequests {
    /// The start of the hour.
    pub at: UnixMs,
    /// All requests.
    pub requests: i64,
    /// The requests that failed.
    pub failures: i64,
}

/// Who sent a request, as far as its key tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestOrigin {
    /// Anyone who has the key of an identity provider.
    #[default]
    Provider,
    /// Rollcall itself, testing.
    SelfTest,
    /// Someone who named a key without having it.
    Unproven,
}

impl RequestOrigin {
    /// The stable name in the database.
    pub const fn name(self) -> &'static str {
        match self {
            RequestOrigin::Provider => "provider",
            RequestOrigin::SelfTest => "self_test",
            RequestOrigin::Unproven => "unproven",
        }
    }

    /// By its stable name; a name that no one knows proves nothing.
    pub fn parse(name: &str) -> Self {
        [RequestOrigin::Provider, RequestOrigin::SelfTest]
            .into_iter()
            .find(|origin| origin.name() == name)
            .unwrap_or(RequestOrigin::Unproven)
    }
}

/// What a request shows of its sender.
#[derive(Clone, Copy, Debug, Default)]
pub struct ClientTrace<'a> {
    /// `User-Agent`.
    pub user_agent: Option<&'a str>,
    /// Whose key it is.
    pub origin: RequestOrigin,
    /// Path and query, decoded.
    pub path: &'a str,
    /// The body: JSON, without line breaks between its tokens.
    pub body: Option<&'a str>,
}

/// Names that stand in a `User-Agent`, in lower case.
const NAMES: [(&str, ScimClient); 9] = [
    ("okta", ScimClient::Okta),
    ("azure ad", ScimClient::Entra),
    ("microsoft", ScimClient::Entra),
    ("entra", ScimClient::Entra),
    ("onelogin", ScimClient::OneLogin),
    ("jumpcloud", ScimClient::JumpCloud),
    ("pingfederate", ScimClient::Ping),
    ("pingone", ScimClient::Ping),
    ("ping identity", ScimClient::Ping),
];

/// Says a `User-Agent` nothing about the product? Proxies and libraries put such in.
const LIBRARIES: [&str; 5] = ["go-http-client", "java/", "okhttp", "apache-httpclient", "python-requests"];

impl ScimClient {
    /// Every client.
    pub const ALL: [ScimClient; 7] = [
        ScimClient::Okta,
        ScimClient::Entra,
        ScimClient::OneLogin,
        ScimClient::JumpCloud,
        ScimClient::Ping,
        ScimClient::SelfTest,
        ScimClient::Unknown,
    ];

    /// Who sent this? First by what it calls itself, then by the shapes that only one product sends.
    pub fn recognise(trace: ClientTrace<'_>) -> Self {
        if trace.origin == RequestOrigin::SelfTest {
            return ScimClient::SelfTest;
        }
        let agent = trace.user_agent.unwrap_or_default().to_lowercase();
        if let Some((_, client)) = NAMES.iter().find(|(name, _)| agent.contains(name)) {
            return *client;
        }
        let is_nameless = agent.is_empty() || LIBRARIES.iter().any(|library| agent.starts_with(library));
        if is_nameless { by_shape(trace) } else { ScimClient::Unknown }
    }

    /// The stable name in the database.
    pub const fn name(self) -> &'static str {
        match self {
            ScimClient::Okta => "okta",
            ScimClient::Entra => "entra",
            ScimClient::OneLogin => "onelogin",
            ScimClient::JumpCloud => "jumpcloud",
            ScimClient::Ping => "ping",
            ScimClient::SelfTest => "self_test",
            ScimClient::Unknown => "unknown",
        }
    }

    /// By its stable name; a name that no one knows is [`ScimClient::Unknown`].
    pub fn parse(name: &str) -> Self {
        Self::ALL.into_iter().find(|client| client.name() == name).unwrap_or_default()
    }

    /// As sentences begin with it.
    pub const fn label(self) -> &'static str {
        match self {
            ScimClient::Okta => "Okta",
            ScimClient::Entra => "Entra ID",
            ScimClient::OneLogin => "OneLogin",
            ScimClient::JumpCloud => "JumpCloud",
            ScimClient::Ping => "Ping",
            ScimClient::SelfTest => "Rollcall’s self-test",
            ScimClient::Unknown => "An unknown client",
        }
    }
}

/// What only one product sends.
fn by_shape(trace: ClientTrace<'_>) -> ScimClient {
    let path = trace.path.to_ascii_lowercase();
    let body = trace.body.unwrap_or_default();
    // The flag of Entra's tenant URL, its own schema of groups, its capital operations.
    let is_entra = path.contains("aadoptscim062020")
        || body.contains("schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM")
        || ["\"op\":\"Add\"", "\"op\":\"Replace\"", "\"op\":\"Remove\""].iter().any(|op| body.contains(op))
        || looked_for(&path).is_some_and(is_guid);
    if is_entra {
        return ScimClient::Entra;
    }
    match after(body, "\"externalId\":\"").and_then(|rest| rest.split('"').next()) {
        // Okta's ids of users, and JumpCloud's.
        Some(id) if id.starts_with("00u") && id.len() == 20 && is_alphanumeric(id) => ScimClient::Okta,
        Some(id) if id.len() == 24 && id.bytes().all(|byte| byte.is_ascii_hexdigit()) => ScimClient::JumpCloud,
        _ => ScimClient::Unknown,
    }
}

/// The userName of `userName eq "..."`: Entra ID tests a connection with one that no one has, a GUID.
fn looked_for(path: &str) -> Option<&str> {
    after(path, "filter=username eq \"").and_then(|rest| rest.split('"').next())
}

fn after<'a>(text: &'a str, mark: &str) -> Option<&'a str> {
    text.split_once(mark).map(|(_, rest)| rest)
}

fn is_guid(text: &str) -> bool {
    let lengths = text.split('-').map(str::len);
    lengths.eq([8, 4, 4, 4, 12]) && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}

fn is_alphanumeric(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}
