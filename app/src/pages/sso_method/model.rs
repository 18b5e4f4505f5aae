//! The page of an SSO method.

use crate::model::SubmittedForm;
use domain::{
    UnixMs,
    id::MemberId,
    sso::{LinkRule, SsoFailure, SsoMethod},
};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SsoMethodPage {
    pub method: SsoMethod,
    /// The addresses of Rollcall that the identity provider needs.
    pub addresses: SsoAddresses,
    /// The SHA-256 fingerprint of the signing certificate (SAML).
    pub fingerprint: Option<String>,
    /// The client authentication that the token endpoint accepted (OpenID Connect).
    pub token_auth: Option<String>,
    /// The rule for the first sign-in of a person.
    pub rule: LinkRule,
    /// The claim or SAML attribute that identifies a person; `None` is the default.
    pub identifier: Option<String>,
    pub usage: SsoUsage,
    /// The failed sign-ins of the last 24 hours by reason, the last one first.
    pub failures: Vec<SsoFailureCount>,
    /// Are there more failures than were counted?
    pub has_more_failures: bool,
    /// Was the form saved?
    pub is_saved: bool,
    /// The form as it came back.
    pub submission: Option<SubmittedForm>,
}

/// The addresses of a method.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SsoAddresses {
    /// Where a sign-in starts, for a tile.
    pub start: String,
    pub protocol: SsoProtocolAddresses,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SsoProtocolAddresses {
    Saml {
        /// The entity id, which is also the address of the metadata.
        entity_id: String,
        /// The assertion consumer service.
        acs: String,
    },
    Oidc {
        redirect_uri: String,
    },
}

/// Who can sign in through the method, as far as it is known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SsoUsage {
    /// The team's members.
    pub members: i64,
    /// The links, also of members who cannot sign in.
    pub links: i64,
    /// The active members with a link.
    pub linked: i64,
    pub deactivated: i64,
    /// The members who have not accepted their invite.
    pub invited: i64,
    /// The active break-glass members without a link.
    pub break_glass: i64,
    pub last: Option<LastSsoSignIn>,
}

impl SsoUsage {
    /// The active members who have never signed in through the method. Whether they can is unknown.
    pub fn never(&self) -> i64 {
        let known = self.linked + self.deactivated + self.invited + self.break_glass;
        (self.members - known).max(0)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastSsoSignIn {
    pub at: UnixMs,
    pub member: MemberId,
    /// The member's name; `None` if the member was removed.
    pub name: Option<String>,
}

/// The failed sign-ins with one reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SsoFailureCount {
    pub failure: SsoFailure,
    pub count: i64,
    pub last_at: UnixMs,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_of_no_known_group_have_never_signed_in() {
        let usage =
            SsoUsage { members: 48, linked: 40, deactivated: 2, invited: 1, break_glass: 1, ..SsoUsage::default() };
        assert_eq!(usage.never(), 4);
        assert_eq!(SsoUsage { members: 1, linked: 2, ..SsoUsage::default() }.never(), 0);
    }
}
