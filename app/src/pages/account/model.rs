//! The account page: what someone can do about themselves.

use crate::model::SubmittedForm;
use domain::member::MemberSession;
use serde::{Deserialize, Serialize};

/// The account page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountPage {
    /// The display name.
    pub name: String,
    /// The email address; none: the member has only a userName.
    pub email: Option<String>,
    /// What the identity provider calls the member, where it differs from the email address.
    pub user_name: Option<String>,
    /// Does the member have a password here?
    pub has_password: bool,
    /// Why things cannot be done here.
    pub blocked: Blocked,
    /// Where the member is signed in to this team, the last used first.
    pub sessions: Vec<MemberSession>,
    /// What was just done.
    pub notice: Option<AccountNotice>,
    /// A form that came back.
    pub sent: Option<(AccountForm, SubmittedForm)>,
}

impl AccountPage {
    /// A form as it came back, or an empty one.
    pub fn submitted(&self, form: AccountForm) -> SubmittedForm {
        let returned = self.sent.as_ref().filter(|(which, _)| *which == form);
        returned.map(|(_, submitted)| submitted.clone()).unwrap_or_default()
    }
}

/// Why something cannot be done here, in words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blocked {
    /// The name cannot be changed.
    pub name: Option<String>,
    /// Nor the email address.
    pub email: Option<String>,
    /// Nor the password.
    pub password: Option<String>,
    /// The team cannot be left.
    pub leave: Option<String>,
}

/// A form of the account page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AccountForm {
    /// The name.
    Name,
    /// The email address.
    Email,
    /// The password.
    Password,
    /// Ends sessions.
    SignOut,
    /// Leaves the team.
    Leave,
}

impl AccountForm {
    /// Every form.
    pub const ALL: [AccountForm; 5] =
        [AccountForm::Name, AccountForm::Email, AccountForm::Password, AccountForm::SignOut, AccountForm::Leave];

    /// The name in addresses, and what `id`s start with.
    pub const fn name(self) -> &'static str {
        match self {
            AccountForm::Name => "name",
            AccountForm::Email => "email",
            AccountForm::Password => "password",
            AccountForm::SignOut => "sign-out",
            AccountForm::Leave => "leave",
        }
    }

    /// From the name.
    pub fn parse(name: &str) -> Option<Self> {
        AccountForm::ALL.into_iter().find(|form| form.name() == name)
    }
}

/// The names of the account page's fields.
pub mod account_field {
    /// The display name.
    pub const NAME: &str = "name";
    /// The email address.
    pub const EMAIL: &str = "email";
    /// The password as it is.
    pub const CURRENT: &str = "current_password";
    /// The password as it is to be.
    pub const PASSWORD: &str = "password";
    /// The mark of the session to end, or [`OTHERS`].
    pub const SESSION: &str = "session";
    /// All sessions but this one.
    pub const OTHERS: &str = "others";
}

/// What was just done. The words live in the page, so a forged address can at worst say one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AccountNotice {
    /// The name was changed.
    NameChanged,
    /// The email address was changed.
    EmailChanged,
    /// The password was changed.
    PasswordChanged,
    /// A session was ended.
    SignedOut,
    /// All sessions but this one were ended.
    OthersSignedOut,
}

impl AccountNotice {
    /// Every notice.
    pub const ALL: [AccountNotice; 5] = [
        AccountNotice::NameChanged,
        AccountNotice::EmailChanged,
        AccountNotice::PasswordChanged,
        AccountNotice::SignedOut,
        AccountNotice::OthersSignedOut,
    ];

    /// The name in `?done=`.
    pub const fn name(self) -> &'static str {
        match self {
            AccountNotice::NameChanged => "name-changed",
            AccountNotice::EmailChanged => "email-changed",
            AccountNotice::PasswordChanged => "password-changed",
            AccountNotice::SignedOut => "signed-out",
            AccountNotice::OthersSignedOut => "others-signed-out",
        }
    }

    /// What people read.
    pub const fn words(self) -> &'static str {
        match self {
            AccountNotice::NameChanged => "Name changed.",
            AccountNotice::EmailChanged => "Email changed. Use it the next time you sign in.",
            AccountNotice::PasswordChanged => "Password changed. You've been signed out everywhere else.",
            AccountNotice::SignedOut => "Session signed out.",
            AccountNotice::OthersSignedOut => "All other sessions signed out.",
        }
    }

    /// From the name in `?done=`.
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
