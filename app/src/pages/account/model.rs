//! The account page of a member.

use crate::model::SubmittedForm;
use domain::member::MemberSession;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountPage {
    pub name: String,
    /// `None` if the member only has a userName.
    pub email: Option<String>,
    /// The userName, if it differs from the email address.
    pub user_name: Option<String>,
    pub has_password: bool,
    /// The reasons that actions are disabled.
    pub blocked: Blocked,
    /// The member's sessions in this team, the last used first.
    pub sessions: Vec<MemberSession>,
    /// The result of the last form.
    pub notice: Option<AccountNotice>,
    /// A submitted form that was refused.
    pub submission: Option<(AccountForm, SubmittedForm)>,
}

impl AccountPage {
    /// A form as it came back, or an empty one.
    pub fn submitted(&self, form: AccountForm) -> SubmittedForm {
        let returned = self.submission.as_ref().filter(|(which, _)| *which == form);
        returned.map(|(_, submitted)| submitted.clone()).unwrap_or_default()
    }
}

/// The reason that each action is disabled, if it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blocked {
    pub name: Option<String>,
    /// `None` if the member only has a userName.
    pub email: Option<String>,
    pub password: Option<String>,
    pub leave: Option<String>,
}

domain::names! {
    /// A form of the account page. The names are in URLs, and are the prefixes of `id`s.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    pub enum AccountForm {
        Name = "name",
        Email = "email",
        Password = "password",
        SignOut = "sign-out",
        Leave = "leave",
    }
}

/// The names of the account page's fields.
pub mod account_field {
    use domain::validation::field_error::Field;

    pub const NAME: &str = Field::Name.name();
    pub const EMAIL: &str = Field::Email.name();
    pub const CURRENT: &str = Field::CurrentPassword.name();
    pub const PASSWORD: &str = Field::Password.name();
    /// The mark of the session to end, or [`OTHERS`].
    pub const SESSION: &str = "session";
    pub const OTHERS: &str = "others";
}

domain::names! {
    /// The result of the last form. The names are in URLs.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    pub enum AccountNotice {
        NameChanged = "name-changed",
        EmailChanged = "email-changed",
        PasswordChanged = "password-changed",
        SignedOut = "signed-out",
        OthersSignedOut = "others-signed-out",
    }
}

impl AccountNotice {
    pub const fn words(self) -> &'static str {
        match self {
            AccountNotice::NameChanged => "Name changed.",
            AccountNotice::EmailChanged => "Email changed. Use it the next time you sign in.",
            AccountNotice::PasswordChanged => "Password changed. You've been signed out everywhere else.",
            AccountNotice::SignedOut => "Session signed out.",
            AccountNotice::OthersSignedOut => "All other sessions signed out.",
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn names_come_from_closed_lists() {
        for form in AccountForm::ALL {
            assert_eq!(AccountForm::from_name(form.name()), Some(form));
        }
        for notice in AccountNotice::ALL {
            assert_eq!(AccountNotice::from_name(notice.name()), Some(notice));
        }
        assert_eq!((AccountForm::from_name("delete"), AccountNotice::from_name("<b>")), (None, None));
    }
}
