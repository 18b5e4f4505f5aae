//! The dialogs of the Authentication page.

use domain::{id::MethodId, key::KeyId};
use serde::{Deserialize, Serialize};

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
