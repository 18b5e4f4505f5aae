//! The setup guides.

use crate::model::Connection;
use crate::return_to;
use domain::{UnixMs, scim_client::ScimClient};
use serde::{Deserialize, Serialize};

/// The choice of a guide.
#[derive(Clone, Copy, Debug)]
pub struct GuideList;

domain::names! {
    /// The provider that a guide is for, in the order of the list. The names are in URLs.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum Guide {
        Okta = "okta",
        Entra = "entra",
        OneLogin = "onelogin",
        JumpCloud = "jumpcloud",
        Ping = "ping",
        Other = "other",
    }
}

impl Guide {
    /// The guide's page.
    pub fn path(self, slug: &str) -> String {
        [&return_to::guides_path(slug), "/", self.name()].concat()
    }

    pub const fn label(self) -> &'static str {
        match self {
            Guide::Okta => "Okta",
            Guide::Entra => "Entra ID",
            Guide::OneLogin => "OneLogin",
            Guide::JumpCloud => "JumpCloud",
            Guide::Ping => "Ping",
            Guide::Other => "Another provider",
        }
    }

    pub const fn provider(self) -> &'static str {
        match self {
            Guide::Other => "your provider",
            named => named.label(),
        }
    }

    /// Did another provider send the last request? An unrecognised client may be this provider.
    pub fn is_elsewhere(self, connection: Option<&Connection>) -> bool {
        let client = connection.map_or(ScimClient::Unknown, |last| last.client);
        client != ScimClient::Unknown && self.client().is_some_and(|expected| client != expected)
    }

    /// The client that the provider is recognized as.
    const fn client(self) -> Option<ScimClient> {
        match self {
            Guide::Okta => Some(ScimClient::Okta),
            Guide::Entra => Some(ScimClient::Entra),
            Guide::OneLogin => Some(ScimClient::OneLogin),
            Guide::JumpCloud => Some(ScimClient::JumpCloud),
            Guide::Ping => Some(ScimClient::Ping),
            Guide::Other => None,
        }
    }
}

/// A guide with the team's data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuidePage {
    pub guide: Guide,
    pub base_url: String,
    /// Can providers reach the URL?
    pub reach: Reach,
    pub scim_on: bool,
    /// The member who turned SCIM provisioning on, and the time, if the log contains it.
    pub turned_on: Option<(String, UnixMs)>,
    /// The working keys: name and hint.
    pub keys: Vec<(String, String)>,
    /// The connection so far.
    pub connection: Option<Connection>,
}

/// What a guide is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reach {
    /// Yes, as far as the URL shows.
    Public,
    /// The URL is only valid on this machine.
    Local,
    /// Keys would be sent without encryption.
    NotHttps,
}

/// The progress of the wait for the first request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GuideProgress {
    /// No request came yet.
    Nothing,
    /// A request came, and was rejected.
    Refused,
    /// A request succeeded.
    Connected,
    /// A request created a member.
    Member,
}

impl GuideProgress {
    /// The progress as of the last request.
    pub fn of(connection: Option<&Connection>) -> Self {
        match connection {
            None => GuideProgress::Nothing,
            Some(Connection { first_member: Some(_), .. }) => GuideProgress::Member,
            // Providers look for a member before they create it.
            Some(last) if last.failed && !last.answer.starts_with("404") => GuideProgress::Refused,
            Some(_) => GuideProgress::Connected,
        }
    }

    /// A short id of the current content of a guide's page.
    pub fn mark(guide: Guide, connection: Option<&Connection>) -> String {
        let name = match GuideProgress::of(connection) {
            GuideProgress::Nothing => "nothing",
            GuideProgress::Refused => "refused",
            GuideProgress::Connected => "connected",
            GuideProgress::Member => "member",
        };
        [name, if guide.is_elsewhere(connection) { "-elsewhere" } else { "" }].concat()
    }
}
