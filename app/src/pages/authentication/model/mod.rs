//! The Authentication page, and what was just done there.

mod dialog;
mod returned_form;

pub use dialog::Dialog;
pub use returned_form::{ReturnedForm, VALUE_MAX};

use domain::{UnixMs, key::ScimKey, sso::SsoMethod};
use serde::{Deserialize, Serialize};

/// The Authentication page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authentication {
    /// The SSO methods, the oldest first.
    pub methods: Vec<SsoMethod>,
    /// Is SCIM provisioning on?
    pub scim_on: bool,
    /// The SCIM base URL, to paste into the identity provider.
    pub base_url: String,
    /// Usable keys, the newest first, then those that ended in the last 90 days.
    pub keys: Vec<ScimKey>,
    /// How the connection to the provider is: HTML that the server wrote, put in as it is.
    pub health: String,
    /// Whom to ask about the plan: the operator's contact line.
    pub contact: Option<String>,
    /// The time of this data, for "2 min ago".
    pub now: UnixMs,
    /// A form that came back: what to open, what was typed, what is wrong.
    pub returned: Option<ReturnedForm>,
    /// What was just done.
    pub notice: Option<Notice>,
    /// Which key that was about: its id.
    pub done_about: Option<String>,
}

/// What was just done. The words live in the page, so a forged address can at worst say one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Notice {
    /// SCIM provisioning is on.
    ScimOn,
    /// SCIM provisioning is off.
    ScimOff,
    /// A method was added.
    MethodAdded,
    /// A method was saved.
    MethodSaved,
    /// A method was deleted.
    MethodDeleted,
    /// One method was kept enabled, the others are not.
    KeptOne,
    /// A key was revoked.
    KeyRevoked,
    /// The end of an overlap was moved.
    OverlapChanged,
}

impl Notice {
    /// Every notice.
    pub const ALL: [Notice; 8] = [
        Notice::ScimOn,
        Notice::ScimOff,
        Notice::MethodAdded,
        Notice::MethodSaved,
        Notice::MethodDeleted,
        Notice::KeptOne,
        Notice::KeyRevoked,
        Notice::OverlapChanged,
    ];

    /// The name in `?done=`.
    pub const fn name(self) -> &'static str {
        match self {
            Notice::ScimOn => "scim-on",
            Notice::ScimOff => "scim-off",
            Notice::MethodAdded => "method-added",
            Notice::MethodSaved => "method-saved",
            Notice::MethodDeleted => "method-deleted",
            Notice::KeptOne => "kept-one",
            Notice::KeyRevoked => "key-revoked",
            Notice::OverlapChanged => "overlap-changed",
        }
    }

    /// From the name in `?done=`.
    pub fn parse(name: &str) -> Option<Self> {
        Notice::ALL.into_iter().find(|notice| notice.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notices_come_from_a_closed_list() {
        for known in Notice::ALL {
            assert_eq!(Notice::parse(known.name()), Some(known));
        }
        for strange in ["", "<b>", "turn-on"] {
            assert_eq!(Notice::parse(strange), None, "{strange}");
        }
    }
}
