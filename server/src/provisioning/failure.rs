//! What people are told when the database refuses.

use crate::store::{StoreError, Unique};
use app::failure::Failure;
use domain::problem::{Field, Problem, Problems};

/// The one place where an error of the database becomes what people read; what went wrong inside is logged here, and
/// nowhere else.
impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NoTeam => Failure::NotFound,
            StoreError::Conflict(Unique::MethodName) => {
                Failure::Invalid(Problems::one(Field::Name, Problem::MethodNameTaken))
            }
            StoreError::Quota(quota) => Failure::Quota(quota.to_string()),
            StoreError::Unavailable(_) => {
                tracing::error!(%error, "the database is not available");
                Failure::Unavailable
            }
            StoreError::Unconfirmed(_) => {
                tracing::error!(%error, "the database did not confirm a change");
                Failure::Unconfirmed
            }
            StoreError::Conflict(_)
            | StoreError::Corrupt(_)
            | StoreError::Url(_)
            | StoreError::Migration(_)
            | StoreError::Fault(_) => {
                tracing::error!(%error, "the database refused");
                Failure::Internal
            }
        }
    }
}
