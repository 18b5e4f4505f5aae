//! Who a verified response says the person is. Only the protocols' verifiers fill it.

use domain::{
    UnixMs,
    sso::{EmailVerified, NAME_ID, SUBJECT_MAX, SsoFact, SsoFailure},
};
use serde::{Deserialize, Serialize};

/// The identity of a person at an identity provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SsoIdentity {
    /// The account's id: `sub`, the NameID with its qualifiers, or the chosen attribute.
    pub subject: String,
    /// All claims or attributes by their full names, with the NameID as `NameID`.
    pub claims: Vec<(String, Vec<String>)>,
    /// When the person last proved who they are (`auth_time`, `AuthnInstant`), if the provider says so.
    pub authenticated_at: Option<UnixMs>,
    /// The session must end at this time (`SessionNotOnOrAfter`).
    pub session_ends_at: Option<UnixMs>,
    /// The session at the identity provider (`sid`, `SessionIndex`).
    pub provider_session: Option<String>,
}

/// The claims that hold a person's name, email and userName, the most common first. Entra ID uses the long names.
const EMAIL: [&str; 4] = [
    "email",
    "mail",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
    "urn:oid:0.9.2342.19200300.100.1.3",
];
const NAME: [&str; 4] = [
    "name",
    "displayName",
    "http://schemas.microsoft.com/identity/claims/displayname",
    "urn:oid:2.16.840.1.113730.3.1.241",
];

/// A refusal with the values that it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SsoRefusal {
    /// The reason.
    pub failure: SsoFailure,
    /// The values that the reason is about.
    pub facts: Vec<SsoFact>,
    /// The account, if the response was verified.
    pub account: Option<String>,
    /// The account's id, if the response was verified.
    pub subject: Option<String>,
    /// The value that the page's text names: see `app::model::SsoFailurePage::detail`.
    pub detail: Option<String>,
    /// The difference of the clocks in seconds. It is positive if the identity provider's is ahead.
    pub clock_difference: Option<i64>,
}

impl From<SsoFailure> for SsoRefusal {
    fn from(failure: SsoFailure) -> Self {
        Self { failure, facts: Vec::new(), account: None, subject: None, detail: None, clock_difference: None }
    }
}

impl SsoRefusal {
    /// With a value that the reason is about.
    #[must_use]
    pub fn with_fact(mut self, check: &str, expected: Option<String>, received: Option<String>) -> Self {
        self.facts.push(SsoFact { check: check.to_owned(), expected, received });
        self
    }

    /// With the verified identity.
    #[must_use]
    pub fn about(mut self, identity: &SsoIdentity) -> Self {
        self.account = Some(identity.account().to_owned());
        self.subject = Some(identity.subject.clone());
        self
    }
}

impl SsoIdentity {
    /// The only value of a claim. `None`: it is missing, empty, or has several values.
    pub fn claim(&self, name: &str) -> Option<&str> {
        let (_, values) = self.claims.iter().find(|(claim, _)| claim == name)?;
        match values.as_slice() {
            [value] if !value.trim().is_empty() => Some(value),
            _ => None,
        }
    }

    fn first_of(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|name| self.claim(name))
    }

    /// The email address that the provider sent.
    pub fn email(&self) -> Option<&str> {
        let is_address = |text: &&str| text.contains('@');
        self.first_of(&EMAIL)
            .or_else(|| self.claim("preferred_username").filter(is_address))
            .or_else(|| self.claim(NAME_ID).filter(is_address))
    }

    /// The person's name.
    pub fn display_name(&self) -> Option<&str> {
        self.first_of(&NAME)
    }

    /// What people call the account: its userName or email address, else its id.
    pub fn account(&self) -> &str {
        self.first_of(&["preferred_username", "email"]).or_else(|| self.email()).unwrap_or(&self.subject)
    }

    /// The provider's statement about the email address. An assertion has none.
    pub fn email_verified(&self) -> EmailVerified {
        match self.claim("email_verified") {
            Some("true") => EmailVerified::Yes,
            Some(_) => EmailVerified::No,
            None => EmailVerified::Absent,
        }
    }

    /// Checks that the subject can be stored.
    ///
    /// # Errors
    /// [`SsoFailure::BadResponse`].
    pub fn check(&self) -> Result<(), SsoRefusal> {
        if self.subject.is_empty() || self.subject.len() > SUBJECT_MAX || self.subject.contains('\0') {
            let length = format!("{} bytes", self.subject.len());
            let refusal = SsoRefusal::from(SsoFailure::BadResponse);
            return Err(refusal.with_fact("identifier", Some(format!("1 to {SUBJECT_MAX} bytes")), Some(length)));
        }
        Ok(())
    }
}
