//! Why a wish was not granted.

use super::access::AccessError;
use crate::budget::OverBudget;
use domain::activity::Change;
use std::{fmt, time::Duration};
use store::{StoreError, Unique};

/// Why a change was not made. Nothing of it was kept, and it is not made later either; only after
/// [`StoreError::Unconfirmed`] this is not known.
#[derive(Debug)]
pub(crate) enum Refused {
    /// The client's fault, or a rule: it is told.
    Scim(scim::Error),
    /// The database's fault.
    Store(StoreError),
    /// The key may not change the team any more.
    Access(AccessError),
    /// As many changes of the team wait as can.
    QueueFull,
    /// The change waited longer than this, and was not begun.
    WaitedTooLong(Duration),
    /// The change took longer than this, and was undone.
    TookTooLong(Duration),
    /// The request used up its budget before its transaction.
    Budget(OverBudget),
    /// The group moved between the computation of the change and its transaction, each time it was tried.
    GroupMoved,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refused::Scim(error) => error.fmt(f),
            Refused::Store(error) => error.fmt(f),
            Refused::Access(error) => write!(f, "the key cannot be used: {error:?}"),
            Refused::QueueFull => f.write_str("too many changes of this team wait"),
            Refused::WaitedTooLong(limit) => {
                write!(f, "The change waited for {} s and was not made", limit.as_secs())
            }
            Refused::TookTooLong(limit) => {
                write!(f, "The change took longer than {} s and was undone", limit.as_secs())
            }
            Refused::Budget(over) => over.fmt(f),
            Refused::GroupMoved => f.write_str("The group was changed by other requests at the same time"),
        }
    }
}

impl From<OverBudget> for Refused {
    fn from(over: OverBudget) -> Self {
        Refused::Budget(over)
    }
}

/// A refusal, with what the log says about it (for those that an admin has to know of).
#[derive(Debug)]
pub(crate) struct No {
    pub(super) why: Refused,
    pub(super) log: Option<Change>,
}

impl No {
    /// A refusal that the log does not mention.
    pub(super) fn silent(why: Refused) -> Self {
        No { why, log: None }
    }
}

impl From<scim::Error> for No {
    fn from(error: scim::Error) -> Self {
        No::silent(Refused::Scim(error))
    }
}

impl From<StoreError> for No {
    fn from(error: StoreError) -> Self {
        No::silent(match error {
            // Another process was faster.
            StoreError::Conflict(Unique::UserName) => Refused::Scim(user_name_taken()),
            StoreError::Quota(quota) => Refused::Scim(scim::Error::forbidden(sentence(&quota.to_string()))),
            other => Refused::Store(other),
        })
    }
}

fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// What is said about a userName that another member has.
pub(super) fn user_name_taken() -> scim::Error {
    scim::Error::uniqueness("userName: another User of this team has this value")
}
