//! Errors of commands.

use super::access::AccessError;
use crate::budget::OverBudget;
use domain::activity::Change;
use std::{fmt, time::Duration};
use store::{StoreError, Unique};

/// Why a command was not applied. Nothing of it is kept, and it is not executed later. After [`StoreError::Unconfirmed`]
/// the outcome is unknown.
#[derive(Debug)]
pub(crate) enum ProvisioningError {
    /// The request is wrong, or a rule forbids it.
    Scim(scim::ScimError),
    /// The database failed.
    Store(StoreError),
    /// The key may no longer change the team.
    Access(AccessError),
    /// The team's queue is full.
    QueueFull,
    /// The command waited longer than this and did not begin.
    WaitedTooLong(Duration),
    /// The command took longer than this and was rolled back.
    TookTooLong(Duration),
    /// The request used up its budget before its transaction.
    Budget(OverBudget),
    /// The group changed between the computation and its transaction, each time.
    GroupMoved,
}

impl fmt::Display for ProvisioningError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ProvisioningError::Scim(error) => error.fmt(f),
            ProvisioningError::Store(error) => error.fmt(f),
            ProvisioningError::Access(error) => write!(f, "the key can't be used: {error:?}"),
            ProvisioningError::QueueFull => f.write_str("too many changes of this team wait"),
            ProvisioningError::WaitedTooLong(limit) => {
                write!(f, "The change waited {} seconds and wasn't made", limit.as_secs())
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

/// An error of a command, with an activity entry if an admin has to know about it.
#[derive(Debug)]
pub(crate) struct CommandError {
    pub(super) error: ProvisioningError,
    pub(super) log: Option<Change>,
}

impl CommandError {
    /// An error without an activity entry.
    pub(super) fn without_entry(error: ProvisioningError) -> Self {
        CommandError { error, log: None }
    }
}

impl From<scim::ScimError> for CommandError {
    fn from(error: scim::ScimError) -> Self {
        CommandError::without_entry(ProvisioningError::Scim(error))
    }
}

impl From<StoreError> for CommandError {
    fn from(error: StoreError) -> Self {
        CommandError::without_entry(match error {
            // Another process took the name first.
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

pub(super) fn user_name_taken() -> scim::ScimError {
    scim::ScimError::uniqueness("userName: already in use by another User in this team")
}
