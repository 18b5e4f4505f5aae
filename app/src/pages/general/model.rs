//! The General page: the team itself.

use crate::model::SubmittedForm;
use domain::UnixMs;
use serde::{Deserialize, Serialize};

/// The General page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct General {
    /// When the team was made.
    pub created_at: UnixMs,
    /// How much the team stores, and how much it may.
    pub usage: Vec<Usage>,
    /// Whom to ask about the plan, and to delete the team.
    pub contact: Option<String>,
    /// Why the reader may not change the team.
    pub blocked: Option<String>,
    /// Why the reader may not decide who is break-glass.
    pub break_glass_blocked: Option<String>,
    /// Why the reader may not sign everyone out.
    pub everyone_blocked: Option<String>,
    /// Who is break-glass; no one, where the reader may not know.
    pub break_glass: Vec<BreakGlassMember>,
    /// Who could be, too.
    pub candidates: Vec<BreakGlassMember>,
    /// How many SCIM API keys work.
    pub keys: i64,
    /// What was just done.
    pub notice: Option<GeneralNotice>,
    /// Whom that was about.
    pub done_about: Option<String>,
    /// A form that came back.
    pub sent: Option<(GeneralForm, SubmittedForm)>,
}

impl General {
    /// A form as it came back, or an empty one.
    pub fn submitted(&self, form: GeneralForm) -> SubmittedForm {
        let returned = self.sent.as_ref().filter(|(which, _)| *which == form);
        returned.map(|(_, submitted)| submitted.clone()).unwrap_or_default()
    }

    /// Is the dialog of a form open? A form that changed nothing does not open it again.
    pub fn is_open(&self, form: GeneralForm) -> bool {
        self.sent.as_ref().is_some_and(|(which, submitted)| *which == form && submitted.unchanged.is_none())
    }
}

/// How much of something a team has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// What is counted.
    pub of: UsageOf,
    /// How much there is.
    pub used: i64,
    /// How much there may be; none: there is no limit.
    pub limit: Option<i64>,
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UsageOf {
    /// Members.
    Members,
    /// Groups.
    Groups,
    /// Bytes of stored data.
    Bytes,
}

/// Someone who is, or could be, a way in for emergencies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BreakGlassMember {
    /// Which member.
    pub id: String,
    /// The display name.
    pub name: String,
    /// The email address, else the userName.
    pub email: String,
    /// The highest role.
    pub role: String,
    /// Why the member is no way in at the moment.
    pub trouble: Option<String>,
}

/// A form of the General page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GeneralForm {
    /// The team's name.
    Name,
    /// The slug that its addresses hold.
    Slug,
    /// Mark a member as break-glass.
    Mark,
    /// Take such a mark away.
    Unmark,
    /// Sign everyone out.
    SignOut,
    /// Revoke every SCIM API key.
    RevokeKeys,
}

impl GeneralForm {
    /// Every form.
    pub const ALL: [GeneralForm; 6] = [
        GeneralForm::Name,
        GeneralForm::Slug,
        GeneralForm::Mark,
        GeneralForm::Unmark,
        GeneralForm::SignOut,
        GeneralForm::RevokeKeys,
    ];

    /// The name in addresses, and the `id` of its dialog.
    pub const fn name(self) -> &'static str {
        match self {
            GeneralForm::Name => "name",
            GeneralForm::Slug => "slug",
            GeneralForm::Mark => "mark",
            GeneralForm::Unmark => "unmark",
            GeneralForm::SignOut => "sign-out",
            GeneralForm::RevokeKeys => "revoke-keys",
        }
    }

    /// From the name.
    pub fn parse(name: &str) -> Option<Self> {
        GeneralForm::ALL.into_iter().find(|form| form.name() == name)
    }

    /// What is said when it is done.
    pub const fn done(self) -> GeneralNotice {
        match self {
            GeneralForm::Name => GeneralNotice::Renamed,
            GeneralForm::Slug => GeneralNotice::Moved,
            GeneralForm::Mark => GeneralNotice::Marked,
            GeneralForm::Unmark => GeneralNotice::Unmarked,
            GeneralForm::SignOut => GeneralNotice::EveryoneSignedOut,
            GeneralForm::RevokeKeys => GeneralNotice::KeysRevoked,
        }
    }
}

/// The names of the General page's fields.
pub mod general_field {
    /// The team's name.
    pub const NAME: &str = "name";
    /// The slug.
    pub const SLUG: &str = "slug";
    /// A member's id.
    pub const MEMBER: &str = "member";
    /// The team's name, typed to confirm.
    pub const CONFIRMATION: &str = "confirmation";
}

/// What was just done. The words live in the page, so a forged address can at worst say one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GeneralNotice {
    /// The name was changed.
    Renamed,
    /// The slug was changed.
    Moved,
    /// A member was marked.
    Marked,
    /// A mark was taken away.
    Unmarked,
    /// Everyone was signed out.
    EveryoneSignedOut,
    /// Every key was revoked.
    KeysRevoked,
}

impl GeneralNotice {
    /// Every notice.
    pub const ALL: [GeneralNotice; 6] = [
        GeneralNotice::Renamed,
        GeneralNotice::Moved,
        GeneralNotice::Marked,
        GeneralNotice::Unmarked,
        GeneralNotice::EveryoneSignedOut,
        GeneralNotice::KeysRevoked,
    ];

    /// The name in `?done=`.
    pub const fn name(self) -> &'static str {
        match self {
            GeneralNotice::Renamed => "renamed",
            GeneralNotice::Moved => "moved",
            GeneralNotice::Marked => "marked",
            GeneralNotice::Unmarked => "unmarked",
            GeneralNotice::EveryoneSignedOut => "everyone-signed-out",
            GeneralNotice::KeysRevoked => "keys-revoked",
        }
    }

    /// What people read. `about`: the name of the member whom it is about.
    pub fn words(self, about: Option<&str>) -> String {
        let name = about.unwrap_or("The member");
        match self {
            GeneralNotice::Renamed => "Team name changed.".to_owned(),
            GeneralNotice::Moved => "Team URL changed. The old URL no longer works.".to_owned(),
            GeneralNotice::Marked => {
                format!("{name} is now a break-glass member. No one can deactivate, remove, or demote them.")
            }
            GeneralNotice::Unmarked => format!("{name} is no longer a break-glass member."),
            GeneralNotice::EveryoneSignedOut => "Everyone was signed out.".to_owned(),
            GeneralNotice::KeysRevoked => {
                "All SCIM API keys revoked. Identity providers can no longer connect.".to_owned()
            }
        }
    }

    /// From the name in `?done=`.
    pub fn parse(name: &str) -> Option<Self> {
        GeneralNotice::ALL.into_iter().find(|notice| notice.name() == name)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn names_come_from_closed_lists() {
        for form in GeneralForm::ALL {
            assert_eq!(GeneralForm::parse(form.name()), Some(form));
            assert_eq!(GeneralNotice::parse(form.done().name()), Some(form.done()));
        }
        assert_eq!((GeneralForm::parse("delete"), GeneralNotice::parse("<b>")), (None, None));
    }
}
