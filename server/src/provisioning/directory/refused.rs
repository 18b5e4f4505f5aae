//! Why a wish was not granted.

use crate::store::{StoreError, Unique};
use domain::activity::Change;

/// Why a change was not made. Nothing of it was kept.
#[derive(Debug)]
pub(crate) enum Refused {
    /// The client's fault, or a rule: it is told.
    Scim(scim::Error),
    /// The database's fault.
    Store(StoreError),
}

/// A refusal, with what the log says about it (for those that an admin has to know of).
#[derive(Debug)]
pub(crate) struct No {
    pub(super) why: Refused,
    pub(super) log: Option<Change>,
}

impl From<scim::Error> for No {
    fn from(error: scim::Error) -> Self {
        No { why: Refused::Scim(error), log: None }
    }
}

impl From<StoreError> for No {
    fn from(error: StoreError) -> Self {
        let why = match error {
            // Another process was faster.
            StoreError::Conflict(Unique::UserName) => Refused::Scim(user_name_taken()),
            other => Refused::Store(other),
        };
        No { why, log: None }
    }
}

/// What is said about a userName that another member has.
pub(super) fn user_name_taken() -> scim::Error {
    scim::Error::uniqueness("userName: another User of this team has this value")
}
