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

/// A form of the account page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AccountForm {
    Name,
    Email,
    Password,
    SignOut,
    Leave,
}

impl AccountForm {
    pub const ALL: [AccountForm; 5] =
        [AccountForm::Name, AccountForm::Email, AccountForm::Password, AccountForm::SignOut, AccountForm::Leave];

    /// The name in URLs, and the prefix of `id`s.
    pub const fn name(self) -> &'static str {
        match self {
            AccountForm::Name => "name",
            AccountForm::Email => "email",
            AccountForm::Password => "password",
            AccountForm::SignOut => "sign-out",
            AccountForm::Leave => "leave",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        AccountForm::ALL.into_iter().find(|form| form.name() == name)
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

/// A form of the account page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AccountNotice {
    NameChanged,
    EmailChanged,
    PasswordChanged,
    SignedOut,
    OthersSignedOut,
}

impl AccountNotice {
    pub const ALL: [AccountNotice; 5] = [
        AccountNotice::NameChanged,
        AccountNotice::EmailChanged,
        AccountNotice::PasswordChanged,
        AccountNotice::SignedOut,
        AccountNotice::OthersSignedOut,
    ];

    /// The name in URLs, and the prefix of `id`s.
    pub const fn name(self) -> &'static str {
        match self {
            AccountNotice::NameChanged => "name-changed",
            AccountNotice::EmailChanged => "email-changed",
            AccountNotice::PasswordChanged => "password-changed",
            AccountNotice::SignedOut => "signed-out",
            AccountNotice::OthersSignedOut => "others-signed-out",
        }
    }

    pub const fn words(self) -> &'static str {
        match self {
            AccountNotice::NameChanged => "Name changed.",
            AccountNotice::EmailChanged => "Email changed. Use it the next time you sign in.",
            AccountNotice::PasswordChanged => "Password changed. You've been signed out everywhere else.",
            AccountNotice::SignedOut => "Session signed out.",
            AccountNotice::OthersSignedOut => "All other sessions signed out.",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        AccountNotice::ALL.into_iter().find(|notice| notice.name() == name)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn names_come_from_closed_lists() {
        for form in AccountForm::ALL {
            assert_eq!(AccountForm::parse(form.name()), Some(form));
        }
        for notice in AccountNotice::ALL {
            assert_eq!(AccountNotice::parse(notice.name()), Some(notice));
        }
        assert_eq!((AccountForm::parse("delete"), AccountNotice::parse("<b>")), (None, None));
    }
}
