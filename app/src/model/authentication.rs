//! The Authentication page: its data, its dialogs, and the results of its forms.

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

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authentication {
    /// The SSO methods, the oldest first.
    pub methods: Vec<SsoMethod>,
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

/// A submitted form that was refused, or that continues after a sign-in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnedForm {
    /// The form's dialog.
    pub dialog: Dialog,
    /// The values by field name, without secrets.
    pub values: Vec<(String, String)>,
    /// The error; `None` if the form only has to be sent again.
    pub failure: Option<AppError>,
}

impl ReturnedForm {
    pub fn value(&self, field: Field) -> Option<&str> {
        self.values.iter().find(|(name, _)| name == field.name()).map(|(_, value)| value.as_str())
    }

    pub fn error(&self, field: Field) -> Option<&FieldError> {
        match &self.failure {
            Some(AppError::Domain(Error::Invalid(errors))) => errors.of(field),
            _ => None,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Dialog {
    /// "Turn on SCIM provisioning?"
    TurnOn,
    /// "Turn off SCIM provisioning?"
    TurnOff,
    /// "Add authentication method".
    AddMethod,
    EditMethod(MethodId),
    DeleteMethod(MethodId),
    /// Enable a second method while SCIM provisioning is on.
    EnableMethod(MethodId),
    /// "Choose the SSO method to keep".
    KeepOne,
    /// "Generate SCIM API key".
    GenerateKey,
    RollKey(KeyId),
    /// Change the end of a rolled key's overlap.
    OverlapKey(KeyId),
    /// End a rolled key's overlap now.
    EndKey(KeyId),
    RevokeKey(KeyId),
}

impl Dialog {
    /// The `id` of the dialog, and its name in `?dialog=`.
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

/// The result of the last form. The page contains the sentences, so a forged URL can only show one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Notice {
    ScimOn,
    ScimOff,
    MethodAdded,
    MethodSaved,
    MethodDeleted,
    KeptOne,
    KeyRevoked,
    OverlapChanged,
}

impl Notice {
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

    pub fn parse(name: &str) -> Option<Self> {
        Notice::ALL.into_iter().find(|notice| notice.name() == name)
    }
}
