//! The Authentication page: what it is told, its dialogs, and what was just done there.

use crate::error::AppError;
use domain::Error;
use domain::{
    UnixMs,
    id::MethodId,
    key::{KeyId, ScimKey},
    sso::SsoMethod,
    validation::field_error::{Field, FieldError},
};
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

/// A form that came back, refused or after signing in again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnedForm {
    /// The dialog it belongs to.
    pub dialog: Dialog,
    /// What was typed, by field name; secrets are never part of it.
    pub typed: Vec<(String, String)>,
    /// What is wrong; `None` when the form only has to be sent again.
    pub failure: Option<AppError>,
}

impl ReturnedForm {
    /// What was typed into a field.
    pub fn value(&self, field: Field) -> Option<&str> {
        self.typed.iter().find(|(name, _)| name == field.name()).map(|(_, value)| value.as_str())
    }

    /// What is wrong with a field.
    pub fn problem(&self, field: Field) -> Option<&FieldError> {
        match &self.failure {
            Some(AppError::Domain(Error::Invalid(problems))) => problems.of(field),
            _ => None,
        }
    }
}

/// A dialog of the Authentication page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Dialog {
    /// "Turn on SCIM provisioning?"
    TurnOn,
    /// "Turn off SCIM provisioning?"
    TurnOff,
    /// "Add authentication method".
    AddMethod,
    /// Edit one method.
    EditMethod(MethodId),
    /// Delete one method.
    DeleteMethod(MethodId),
    /// Enable a second method while SCIM provisioning is on.
    EnableMethod(MethodId),
    /// "Choose the SSO method to keep".
    KeepOne,
    /// "Generate SCIM API key".
    GenerateKey,
    /// Roll one key.
    RollKey(KeyId),
    /// Move the end of a rolled key's overlap.
    OverlapKey(KeyId),
    /// The same, to end it now.
    EndKey(KeyId),
    /// Revoke one key.
    RevokeKey(KeyId),
}

impl Dialog {
    /// The dialog's `id` in the HTML, and its name in `?dialog=`.
    pub fn id(&self) -> String {
        let (kind, id) = match self {
            Dialog::TurnOn => ("turn-on", None),
            Dialog::TurnOff => ("turn-off", None),
            Dialog::AddMethod => ("add-method", None),
            Dialog::EditMethod(id) => ("edit-method", Some(id.as_str())),
            Dialog::DeleteMethod(id) => ("delete-method", Some(id.as_str())),
            Dialog::EnableMethod(id) => ("enable-method", Some(id.as_str())),
            Dialog::KeepOne => ("keep-one", None),
            Dialog::GenerateKey => ("generate-key", None),
            Dialog::RollKey(id) => ("roll-key", Some(id.as_str())),
            Dialog::OverlapKey(id) => ("overlap-key", Some(id.as_str())),
            Dialog::EndKey(id) => ("end-key", Some(id.as_str())),
            Dialog::RevokeKey(id) => ("revoke-key", Some(id.as_str())),
        };
        id.map_or_else(|| kind.to_owned(), |id| [kind, ".", id].concat())
    }

    /// From the name in `?dialog=`.
    pub fn parse(text: &str) -> Option<Self> {
        let (kind, id) = text.split_once('.').unwrap_or((text, ""));
        Some(match (kind, id) {
            ("turn-on", "") => Dialog::TurnOn,
            ("turn-off", "") => Dialog::TurnOff,
            ("add-method", "") => Dialog::AddMethod,
            ("keep-one", "") => Dialog::KeepOne,
            ("generate-key", "") => Dialog::GenerateKey,
            (_, "") => return None,
            ("edit-method", id) => Dialog::EditMethod(MethodId::new(id)),
            ("delete-method", id) => Dialog::DeleteMethod(MethodId::new(id)),
            ("enable-method", id) => Dialog::EnableMethod(MethodId::new(id)),
            ("roll-key", id) => Dialog::RollKey(KeyId::new(id)),
            ("overlap-key", id) => Dialog::OverlapKey(KeyId::new(id)),
            ("end-key", id) => Dialog::EndKey(KeyId::new(id)),
            ("revoke-key", id) => Dialog::RevokeKey(KeyId::new(id)),
            _ => return None,
        })
    }
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
