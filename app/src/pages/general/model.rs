//! The General page: the team itself.

use crate::model::SubmittedForm;
use domain::UnixMs;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct General {
    pub created_at: UnixMs,
    pub usage: Vec<Usage>,
    /// The operator's contact for the plan, and for deleting the team.
    pub contact: Option<String>,
    /// The reason that the reader cannot change the team.
    pub blocked: Option<String>,
    /// The reason that the reader cannot mark break-glass members.
    pub break_glass_blocked: Option<String>,
    /// The reason that the reader cannot sign everyone out.
    pub everyone_blocked: Option<String>,
    /// The break-glass members; empty if the reader may not see them.
    pub break_glass: Vec<BreakGlassMember>,
    /// Other members who could be break-glass.
    pub candidates: Vec<BreakGlassMember>,
    /// The number of working SCIM API keys.
    pub keys: i64,
    /// The result of the last form.
    pub notice: Option<GeneralNotice>,
    /// The name of the member that the result is about.
    pub notice_subject: Option<String>,
    /// A submitted form that was refused.
    pub submission: Option<(GeneralForm, SubmittedForm)>,
}

impl General {
    /// A form as it came back, or an empty one.
    pub fn submitted(&self, form: GeneralForm) -> SubmittedForm {
        let returned = self.submission.as_ref().filter(|(which, _)| *which == form);
        returned.map(|(_, submitted)| submitted.clone()).unwrap_or_default()
    }

    /// Is the dialog of a form open? A form that changed nothing does not open it again.
    pub fn is_open(&self, form: GeneralForm) -> bool {
        self.submission.as_ref().is_some_and(|(which, submitted)| *which == form && submitted.unchanged.is_none())
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    pub of: UsageOf,
    pub used: i64,
    /// `None` is unlimited.
    pub limit: Option<i64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UsageOf {
    Members,
    Groups,
    Bytes,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BreakGlassMember {
    pub id: String,
    pub name: String,
    /// The email address, or else the userName.
    pub email: String,
    pub role: String,
    /// The reason that the member is no way in at the moment.
    pub warning: Option<String>,
}

domain::names! {
    /// A form of the General page. The names are in URLs, and are the `id`s of the dialogs.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    pub enum GeneralForm {
        /// Change the team's name.
        Name = "name",
        /// Change the team's slug.
        Slug = "slug",
        Mark = "mark",
        /// Remove the break-glass mark of a member.
        Unmark = "unmark",
        SignOut = "sign-out",
        RevokeKeys = "revoke-keys",
    }
}

impl GeneralForm {
    /// The notice after success.
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
    use domain::validation::field_error::Field;

    pub const NAME: &str = Field::Name.name();
    pub const SLUG: &str = Field::Slug.name();
    pub const MEMBER: &str = Field::Member.name();
    /// The team's name as a confirmation.
    pub const CONFIRMATION: &str = Field::Confirmation.name();
}

domain::names! {
    /// The result of the last form. The names are in URLs.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    pub enum GeneralNotice {
        Renamed = "renamed",
        Moved = "moved",
        Marked = "marked",
        Unmarked = "unmarked",
        EveryoneSignedOut = "everyone-signed-out",
        KeysRevoked = "keys-revoked",
    }
}

impl GeneralNotice {
    /// The sentence. `about`: the name of the member that it is about.
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
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn names_come_from_closed_lists() {
        for form in GeneralForm::ALL {
            assert_eq!(GeneralForm::from_name(form.name()), Some(form));
            assert_eq!(GeneralNotice::from_name(form.done().name()), Some(form.done()));
        }
        assert_eq!((GeneralForm::from_name("delete"), GeneralNotice::from_name("<b>")), (None, None));
    }
}
