//! Invites: the form on the Members page, and the page behind a link.

use crate::model::SubmittedForm;
use domain::UnixMs;
use serde::{Deserialize, Serialize};

/// The form that invites someone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InviteForm {
    /// Does its dialog stand open?
    pub open: bool,
    /// The form, as it came back.
    pub sent: SubmittedForm,
    /// Who has the address already: name, and id.
    pub taken: Option<(String, String)>,
    /// May the reader invite a Super Admin?
    pub may_invite_super_admins: bool,
    /// Where people come from while SCIM provisioning is on: "Okta", "your identity provider".
    pub provider: Option<String>,
}

impl InviteForm {
    /// The `id` of its dialog, and its name in addresses.
    pub const ID: &'static str = "invite";
    /// The name of the field with the email address.
    pub const EMAIL: &'static str = "email";
    /// The name of the field with the role. ("role" asks for members with a role.)
    pub const ROLE: &'static str = "as";
}

/// An invite that was not accepted yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingInvite {
    /// Who invited.
    pub invited_by: String,
    /// When.
    pub sent_at: UnixMs,
    /// Until when the link works.
    pub expires_at: UnixMs,
}

/// `/invite/{token}`. The token is no part of it: the form is sent to where the page is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum InvitePage {
    /// The link works.
    Open(Joining),
    /// Used, expired, canceled, or never there: all look the same.
    Gone,
    /// Too many attempts: wait this many seconds.
    Wait(i64),
}

/// What someone is invited to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Joining {
    /// The team's name.
    pub team: String,
    /// The email address that was invited.
    pub email: String,
    /// Who invited.
    pub invited_by: String,
    /// The form, as it came back.
    pub sent: SubmittedForm,
}
