//! Recognition of the identity provider that sent a request.

use crate::UnixMs;
use serde::{Deserialize, Serialize};

crate::names! {
    /// The program that sent a request. The names are in the database.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum ScimClient {
        /// Okta.
        Okta = "okta",
        /// Microsoft Entra ID, formerly Azure AD.
        Entra = "entra",
        /// OneLogin.
        OneLogin = "onelogin",
        /// JumpCloud.
        JumpCloud = "jumpcloud",
        /// PingOne or PingFederate.
        Ping = "ping",
        /// A self-test of Rollcall.
        SelfTest = "self_test",
        /// Any other program.
        #[default]
        Unknown = "unknown",
    }
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

crate::names! {
    /// The origin of a request, as far as its key proves it. The names are in the database.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum RequestOrigin {
        /// A program with an identity provider's key.
        #[default]
        Provider = "provider",
        /// A self-test of Rollcall.
        SelfTest = "self_test",
        /// A program that sent the id of a key, but not its secret.
        Unproven = "unproven",
    }
}

impl RequestOrigin {
    /// Parses the stable name. An unknown name proves nothing.
    pub fn parse(name: &str) -> Self {
        Self::from_name(name).unwrap_or(RequestOrigin::Unproven)
    }
}

/// The parts of a request by which a client is recognized.
#[derive(Clone, Copy, Debug, Default)]
pub struct ClientTrace<'a> {
    /// `User-Agent`.
    pub user_agent: Option<&'a str>,
    /// The origin of the request.
    pub origin: RequestOrigin,
    /// Path and query, decoded.
    pub path: &'a str,
    /// The body: JSON, without line breaks between its tokens.
    pub body: Option<&'a str>,
}

/// Parts of a `User-Agent` in lower case.
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

/// Libraries and proxies whose `User-Agent` does not name the product.
const LIBRARIES: [&str; 5] = ["go-http-client", "java/", "okhttp", "apache-httpclient", "python-requests"];

impl ScimClient {
    /// Recognizes the client, first by its `User-Agent`, then by features of the request that only one product has.
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

    /// Parses the stable name. An unknown name is [`ScimClient::Unknown`].
    pub fn parse(name: &str) -> Self {
        Self::from_name(name).unwrap_or_default()
    }

    /// The label, as the first word of a sentence.
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

/// Recognizes a client by features of the request that only one product has.
fn by_shape(trace: ClientTrace<'_>) -> ScimClient {
    let path = trace.path.to_ascii_lowercase();
    let body = trace.body.unwrap_or_default();
    // The flag in Entra's tenant URL, its own schema of groups, its capitalized operations.
    let is_entra = path.contains("aadoptscim062020")
        || body.contains("schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM")
        || ["\"op\":\"Add\"", "\"op\":\"Replace\"", "\"op\":\"Remove\""].iter().any(|op| body.contains(op))
        || looked_for(&path).is_some_and(is_guid);
    if is_entra {
        return ScimClient::Entra;
    }
    match after(body, "\"externalId\":\"").and_then(|rest| rest.split('"').next()) {
        // The ids of Okta's and JumpCloud's users.
        Some(id) if id.starts_with("00u") && id.len() == 20 && is_alphanumeric(id) => ScimClient::Okta,
        Some(id) if id.len() == 24 && id.bytes().all(|byte| byte.is_ascii_hexdigit()) => ScimClient::JumpCloud,
        _ => ScimClient::Unknown,
    }
}

/// The userName in `userName eq "..."`. Entra ID tests a connection with a GUID that no member has.
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
