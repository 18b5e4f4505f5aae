//! Invites: the form on the Members page, and the page behind a link.

use crate::{forms::INVITED_AS, model::SubmittedForm};
use domain::{UnixMs, validation::field_error::Field};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InviteForm {
    /// Is the dialog open?
    pub open: bool,
    pub submission: SubmittedForm,
    /// The name and id of the member who has the address already.
    pub existing_member: Option<(String, String)>,
    pub may_invite_super_admins: bool,
    /// The identity provider, while SCIM provisioning is on: "Okta", "your identity provider".
    pub provider: Option<String>,
}

impl InviteForm {
    /// The `id` of the dialog, and its name in URLs.
    pub const ID: &'static str = "invite";
    pub const EMAIL: &'static str = Field::Email.name();
    pub const ROLE: &'static str = INVITED_AS;
}

/// An open invite.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingInvite {
    pub invited_by: String,
    pub sent_at: UnixMs,
    pub expires_at: UnixMs,
}

/// An open invite.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum InvitePage {
    Open(Joining),
    /// Accepted, expired, cancelled or unknown: all look the same.
    Gone,
    /// Too many attempts: wait this many seconds.
    Wait(i64),
}

/// An open invite.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Joining {
    pub team: String,
    pub email: String,
    pub invited_by: String,
    pub submission: SubmittedForm,
}
