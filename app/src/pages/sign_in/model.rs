//! The pages that ask for a password.

use domain::validation::field_error::FieldErrors;
use serde::{Deserialize, Serialize};

/// The sign-in page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignIn {
    /// The team of `/teams/{slug}/sign-in`: its name and slug. A slug that does not exist looks the same: the name is
    /// then the slug.
    pub team: Option<(String, String)>,
    /// The host, under the title.
    pub host: String,
    /// Where to go afterwards: a local path.
    pub next: Option<String>,
    /// What was typed.
    pub email: String,
    /// Why it did not work.
    pub problem: Option<SignInProblem>,
}

/// Why a sign-in did not work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SignInProblem {
    /// Unknown person or wrong password: the same words for both.
    Wrong,
    /// Too many tries: wait this many seconds.
    Throttled(i64),
    /// Too many people are signing in at this moment: try again in this many seconds.
    Busy(i64),
    /// The password is right, for more teams than one sign-in is for. Those that were found, by name and slug.
    ManyTeams(Vec<(String, String)>),
    /// A field is empty or not an email address.
    Invalid(FieldErrors),
    /// The session ended; what was typed comes back after signing in.
    Ended,
    /// They just left a team.
    Left,
    /// The database could not be reached.
    Unavailable,
}

impl SignInProblem {
    /// How many seconds to wait, where that helps.
    pub const fn wait(&self) -> Option<i64> {
        match self {
            SignInProblem::Throttled(seconds) | SignInProblem::Busy(seconds) => Some(*seconds),
            _ => None,
        }
    }
}

/// The page that asks for the password once more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verify {
    /// Where to go afterwards: a local path.
    pub next: String,
    /// Why it did not work.
    pub problem: Option<SignInProblem>,
}
