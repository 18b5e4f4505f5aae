//! Errors of commands.

use crate::budget::OverBudget;
use scim::ScimError;
use std::{fmt, time::Duration};
use store::{StoreError, Unique};

/// Why a command was not applied. Nothing of it is kept, and it is not executed later. After [`StoreError::Unconfirmed`]
/// the outcome is unknown.
#[derive(Debug)]
pub(crate) enum ProvisioningError {
    /// The request is wrong, a rule forbids it, or the key may no longer change the team.
    Scim(ScimError),
    /// A rule protects a member. The activity log gets an entry with the member's name and the reason, because an admin has to
    /// know about it.
    Protected { error: ScimError, name: String, why: String },
    /// The database failed.
    Store(StoreError),
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
            ProvisioningError::Scim(error) | ProvisioningError::Protected { error, .. } => error.fmt(f),
            ProvisioningError::Store(error) => error.fmt(f),
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

impl From<ScimError> for ProvisioningError {
    fn from(error: ScimError) -> Self {
        ProvisioningError::Scim(error)
    }
}

impl From<StoreError> for ProvisioningError {
    fn from(error: StoreError) -> Self {
        match error {
            // Another process took the name first.
            StoreError::Conflict(Unique::UserName) => ProvisioningError::Scim(user_name_taken()),
            StoreError::Quota(quota) => ProvisioningError::Scim(ScimError::forbidden(sentence(&quota.to_string()))),
            other => ProvisioningError::Store(other),
        }
    }
}

fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

pub(super) fn user_name_taken() -> ScimError {
    ScimError::uniqueness("userName: already in use by another User in this team")
}
