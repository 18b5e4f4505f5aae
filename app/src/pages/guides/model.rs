//! The setup guides.

use crate::model::Connection;
use crate::return_to;
use domain::{UnixMs, scim_client::ScimClient};
use serde::{Deserialize, Serialize};

/// The choice of a guide.
#[derive(Clone, Copy, Debug)]
pub struct GuideList;

/// What a guide is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Guide {
    /// Okta.
    Okta,
    /// Microsoft Entra ID.
    Entra,
    /// OneLogin.
    OneLogin,
    /// JumpCloud.
    JumpCloud,
    /// PingOne and PingFederate.
    Ping,
    /// Any other provider.
    Other,
}

impl Guide {
    /// Every guide, in the order in which they are offered.
    pub const ALL: [Guide; 6] =
        [Guide::Okta, Guide::Entra, Guide::OneLogin, Guide::JumpCloud, Guide::Ping, Guide::Other];

    /// The name in addresses.
    pub const fn name(self) -> &'static str {
        match self {
            Guide::Okta => "okta",
            Guide::Entra => "entra",
            Guide::OneLogin => "onelogin",
            Guide::JumpCloud => "jumpcloud",
            Guide::Ping => "ping",
            Guide::Other => "other",
        }
    }

    /// The guide's page.
    pub fn path(self, slug: &str) -> String {
        [&return_to::guides_path(slug), "/", self.name()].concat()
    }

    /// From the name in addresses.
    pub fn parse(name: &str) -> Option<Self> {
        Guide::ALL.into_iter().find(|guide| guide.name() == name)
    }

    /// As it is offered.
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

    /// In the middle of a sentence.
    pub const fn provider(self) -> &'static str {
        match self {
            Guide::Other => "your provider",
            named => named.label(),
        }
    }

    /// Did another provider send the last request? Anyone who is not recognized may be this one.
    pub fn is_elsewhere(self, connection: Option<&Connection>) -> bool {
        let client = connection.map_or(ScimClient::Unknown, |last| last.client);
        client != ScimClient::Unknown && self.client().is_some_and(|expected| client != expected)
    }

    /// Which client its provider is recognized as.
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

/// One guide, with what it needs of the team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuidePage {
    /// Which one.
    pub guide: Guide,
    /// The SCIM base URL.
    pub base_url: String,
    /// Can providers reach it?
    pub reach: Reach,
    /// Is SCIM provisioning on?
    pub scim_on: bool,
    /// Who turned it on, and when, as far as the log goes back.
    pub turned_on: Option<(String, UnixMs)>,
    /// The keys that work: name and hint.
    pub keys: Vec<(String, String)>,
    /// What came so far.
    pub connection: Option<Connection>,
}

/// Can providers reach Rollcall at its public URL?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reach {
    /// As far as one can tell from the address.
    Public,
    /// It is an address of this machine alone.
    Local,
    /// Keys would travel in clear.
    NotHttps,
}

/// What became of the wait for the first request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waiting {
    /// Nothing came yet.
    Nothing,
    /// Something came, and was refused.
    Refused,
    /// A request was answered.
    Connected,
    /// And a member was created.
    Member,
}

impl Waiting {
    /// As of the last request.
    pub fn of(connection: Option<&Connection>) -> Self {
        match connection {
            None => Waiting::Nothing,
            Some(Connection { first_member: Some(_), .. }) => Waiting::Member,
            // Someone who is not there is looked for before they are created.
            Some(last) if last.failed && !last.answer.starts_with("404") => Waiting::Refused,
            Some(_) => Waiting::Connected,
        }
    }

    /// A short name for what the page of a guide shows.
    pub fn mark(guide: Guide, connection: Option<&Connection>) -> String {
        let name = match Waiting::of(connection) {
            Waiting::Nothing => "nothing",
            Waiting::Refused => "refused",
            Waiting::Connected => "connected",
            Waiting::Member => "member",
        };
        [name, if guide.is_elsewhere(connection) { "-elsewhere" } else { "" }].concat()
    }
}
