//! The pages that ask for a password.

use domain::{sso::SsoProvider, validation::field_error::FieldErrors};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignIn {
    /// The name and slug of the team of `/teams/{slug}/sign-in`. An unknown slug looks the same, with the slug as the
    /// name.
    pub team: Option<(String, String)>,
    pub host: String,
    /// The next page after signing in: a local path.
    pub next: Option<String>,
    pub email: String,
    /// The error of the last attempt.
    pub problem: Option<SignInProblem>,
    /// The team's enabled SSO methods.
    pub methods: Vec<SignInMethod>,
    /// Does the team require single sign-on? Then passwords are only for break-glass members.
    pub is_required: bool,
}

/// An SSO method that a sign-in can start with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInMethod {
    pub name: String,
    pub provider: SsoProvider,
    /// The URL that starts the sign-in: a local path.
    pub href: String,
}

/// The error of a sign-in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SignInProblem {
    /// Unknown person or wrong password, with the same sentence for both.
    Wrong,
    /// Too many attempts: wait this many seconds.
    Throttled(i64),
    /// Too many people are signing in now: try again in this many seconds.
    Busy(i64),
    /// The password matches in more teams than one sign-in supports: the first teams by name and slug.
    ManyTeams(Vec<(String, String)>),
    Invalid(FieldErrors),
    /// The session ended. The submitted values come back after signing in.
    Ended,
    /// The member has just left a team.
    Left,
    /// The database is unavailable.
    Unavailable,
}

impl SignInProblem {
    /// The seconds to wait, if waiting helps.
    pub const fn wait(&self) -> Option<i64> {
        match self {
            SignInProblem::Throttled(seconds) | SignInProblem::Busy(seconds) => Some(*seconds),
            _ => None,
        }
    }
}

/// The page on which a member confirms their identity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verify {
    /// The next page: a local path.
    pub next: String,
    /// The SSO methods through which the member can confirm their identity.
    pub methods: Vec<SignInMethod>,
    /// Does the member have a password?
    pub has_password: bool,
    /// The error of the last attempt.
    pub problem: Option<SignInProblem>,
}
