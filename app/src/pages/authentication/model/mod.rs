//! The Authentication page, and what was just done there.

mod dialog;
mod returned_form;

pub use dialog::Dialog;
pub use returned_form::{ReturnedForm, VALUE_MAX};

use domain::{UnixMs, id::MethodId, key::ScimKey, sso::SsoMethod};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authentication {
    /// The SSO methods, the oldest first.
    pub methods: Vec<SsoMethod>,
    /// The time of the last sign-in through each method, if there was one.
    pub last_sign_ins: Vec<(MethodId, UnixMs)>,
    pub scim_on: bool,
    /// The SCIM base URL, for the identity provider's console.
    pub base_url: String,
    /// Usable keys, the newest first, then those that ended in the last 90 days.
    pub keys: Vec<ScimKey>,
    /// The connection to the provider, as HTML that the server rendered.
    pub health: String,
    /// The operator's contact for questions about the plan.
    pub contact: Option<String>,
    /// The time of this data, for "2 min ago".
    pub now: UnixMs,
    /// A submitted form that was refused: its dialog, values and errors.
    pub returned: Option<ReturnedForm>,
    /// The result of the last form.
    pub notice: Option<Notice>,
    /// The id of the key that the result is about.
    pub notice_subject: Option<String>,
}

domain::names! {
    /// The result of the last form. The page contains the sentences, so a forged URL can only show one of these.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    pub enum Notice {
        ScimOn = "scim-on",
        ScimOff = "scim-off",
        MethodAdded = "method-added",
        MethodSaved = "method-saved",
        MethodDeleted = "method-deleted",
        KeptOne = "kept-one",
        KeyRevoked = "key-revoked",
        OverlapChanged = "overlap-changed",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notices_come_from_a_closed_list() {
        for known in Notice::ALL {
            assert_eq!(Notice::from_name(known.name()), Some(known));
        }
        for strange in ["", "<b>", "turn-on"] {
            assert_eq!(Notice::from_name(strange), None, "{strange}");
        }
    }
}
