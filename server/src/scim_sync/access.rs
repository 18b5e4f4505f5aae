//! May a key change its team now? Asked when a request arrives, and again in the transaction of each change, because the body
//! of a request may take long to arrive, and a Bulk long to run.

use domain::{
    UnixMs,
    key::{KeyStatus, ScimKey},
    plan::Plan,
};
use store::TeamRow;

/// Why a key that was proven cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AccessError {
    /// The key or its team is gone.
    Unknown,
    /// Somebody revoked the key.
    Revoked { at: UnixMs },
    /// The key's time is over.
    Expired { at: UnixMs },
    /// The key was replaced by a new one, and the overlap is over.
    Replaced { at: UnixMs },
    /// Provisioning is turned off.
    ScimOff,
    /// The plan does not include provisioning.
    Plan(Plan),
}

/// # Errors
/// See [`AccessError`]: first what is wrong with the key, then with the team.
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
