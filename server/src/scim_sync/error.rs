//! Why a command was not granted.

use super::access::AccessError;
use crate::budget::OverBudget;
use domain::activity::Change;
use std::{fmt, time::Duration};
use store::{StoreError, Unique};

/// Why a change was not made. Nothing of it was kept, and it is not made later either; only after
/// [`StoreError::Unconfirmed`] this is not known.
#[derive(Debug)]
pub(crate) enum ProvisioningError {
    /// The client's fault, or a rule: it is told.
    Scim(scim::ScimError),
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

impl fmt::Display for ProvisioningError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ProvisioningError::Scim(error) => error.fmt(f),
            ProvisioningError::Store(error) => error.fmt(f),
            ProvisioningError::Access(error) => write!(f, "the key cannot be used: {error:?}"),
            ProvisioningError::QueueFull => f.write_str("too many changes of this team wait"),
            ProvisioningError::WaitedTooLong(limit) => {
                write!(f, "The change waited for {} s and was not made", limit.as_secs())
            }
            ProvisioningError::TookTooLong(limit) => {
                write!(f, "The change took longer than {} s and was undone", limit.as_secs())
            }
            ProvisioningError::Budget(over) => over.fmt(f),
            ProvisioningError::GroupMoved => f.write_str("The group was changed by other requests at the same time"),
        }
    }
}

impl From<OverBudget> for ProvisioningError {
    fn from(over: OverBudget) -> Self {
        ProvisioningError::Budget(over)
    }
}

/// A refusal, with what the log says about it (for those that an admin has to know of).
#[derive(Debug)]
pub(crate) struct CommandError {
    pub(super) why: ProvisioningError,
    pub(super) log: Option<Change>,
}

impl CommandError {
    /// A refusal that the log does not mention.
    pub(super) fn silent(why: ProvisioningError) -> Self {
        CommandError { why, log: None }
    }
}

impl From<scim::ScimError> for CommandError {
    fn from(error: scim::ScimError) -> Self {
        CommandError::silent(ProvisioningError::Scim(error))
    }
}

impl From<StoreError> for CommandError {
    fn from(error: StoreError) -> Self {
        CommandError::silent(match error {
            // Another process was faster.
            StoreError::Conflict(Unique::UserName) => ProvisioningError::Scim(user_name_taken()),
            StoreError::Quota(quota) => {
                ProvisioningError::Scim(scim::ScimError::forbidden(sentence(&quota.to_string())))
            }
            other => ProvisioningError::Store(other),
        })
    }
}

fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// What is said about a userName that another member has.
pub(super) fn user_name_taken() -> scim::ScimError {
    scim::ScimError::uniqueness("userName: another User of this team has this value")
}
