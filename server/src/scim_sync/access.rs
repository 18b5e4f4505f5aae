//! Access checks of API keys. They run when a request arrives, and again in the transaction of each change, because a body may
//! take long to arrive and a Bulk long to run.

use domain::{
    UnixMs,
    key::{KeyStatus, ScimKey},
    plan::Plan,
};
use store::TeamRow;

/// Why an authenticated key cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AccessError {
    /// The key or its team was deleted.
    Unknown,
    /// A member revoked the key.
    Revoked { at: UnixMs },
    /// The key has expired.
    Expired { at: UnixMs },
    /// The key was replaced by a new one, and the overlap is over.
    Replaced { at: UnixMs },
    /// Provisioning is turned off.
    ScimOff,
    /// The plan does not include provisioning.
    Plan(Plan),
}

/// # Errors
/// See [`AccessError`]. Errors of the key come before those of the team.
pub(crate) fn check(key: &ScimKey, team: &TeamRow, now: UnixMs) -> Result<(), AccessError> {
    match key.status(now) {
        KeyStatus::Active | KeyStatus::Expiring { .. } | KeyStatus::HandingOver { .. } => {}
        KeyStatus::Revoked { at } => return Err(AccessError::Revoked { at }),
        KeyStatus::Expired { at } if key.replaced_by.is_some() => return Err(AccessError::Replaced { at }),
        KeyStatus::Expired { at } => return Err(AccessError::Expired { at }),
    }
    if !team.scim_on {
        return Err(AccessError::ScimOff);
    }
    if !team.plan.has_scim() {
        return Err(AccessError::Plan(team.plan));
    }
    Ok(())
}
