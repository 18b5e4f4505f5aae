//! Access checks of API keys. They run when a request arrives, and again in the transaction of each change, because a body may
//! take long to arrive and a Bulk long to run.

use crate::caller::Caller;
use domain::{
    UnixMs,
    key::{KeyId, KeyStatus, ScimKey},
    role::Role,
};
use scim::ScimError;
use std::collections::HashMap;
use store::{StoreError, TeamRow, TeamTransaction};
use time::{OffsetDateTime, macros::format_description};

/// Checks that an authenticated key may be used now. Its holder learns why it may not (RFC 6750, section 3.1).
///
/// # Errors
/// 401: the key has ended. 403: the team may not use SCIM. Errors of the key come before those of the team.
pub(crate) fn check(key: &ScimKey, team: &TeamRow, now: UnixMs) -> Result<(), ScimError> {
    match key.status(now) {
        KeyStatus::Active | KeyStatus::Expiring { .. } | KeyStatus::HandingOver { .. } => {}
        KeyStatus::Revoked { at } => return Err(ended(format!("was revoked on {}", date(at)))),
        KeyStatus::Expired { at } if key.replaced_by.is_some() => {
            return Err(ended(format!("was replaced by a new one and stopped working on {}", date(at))));
        }
        KeyStatus::Expired { at } => return Err(ended(format!("expired on {}", date(at)))),
    }
    if !team.scim_on {
        return Err(ScimError::forbidden(
            "SCIM provisioning is off for this team. An Admin can turn it on in Team settings > Authentication",
        ));
    }
    if !team.plan.has_scim() {
        let plan = team.plan;
        return Err(ScimError::forbidden(format!(
            "SCIM provisioning is part of the Enterprise plan. This team is on {plan}"
        )));
    }
    Ok(())
}

/// The highest role that this key may still change in the team. Takes one statement per transaction and key.
pub(super) async fn check_again(
    tx: &mut TeamTransaction,
    checked_keys: &mut HashMap<KeyId, Result<Role, ScimError>>,
    caller: &Caller,
    now: UnixMs,
) -> Result<Result<Role, ScimError>, StoreError> {
    if caller.is_internal {
        return Ok(Ok(caller.max_role));
    }
    if let Some(known) = checked_keys.get(&caller.key_id) {
        return Ok(known.clone());
    }
    let allowed = match tx.key_with_max_role(&caller.key_id).await? {
        Some((key, max_role)) => check(&key, tx.team(), now).map(|()| max_role),
        None => Err(unknown_key()),
    };
    checked_keys.insert(caller.key_id.clone(), allowed.clone());
    Ok(allowed)
}

/// The error for an unusable key. It is the same for a malformed key, an unknown key and a wrong secret.
pub(crate) fn unknown_key() -> ScimError {
    ScimError::unauthorized("Invalid SCIM API key")
}

fn ended(how: String) -> ScimError {
    ScimError::unauthorized(["This SCIM API key ", &how].concat())
}

/// A date in the form `2026-03-01 12:00 UTC`.
fn date(at: UnixMs) -> String {
    OffsetDateTime::from_unix_timestamp(at.div_euclid(1_000))
        .ok()
        .and_then(|at| at.format(format_description!("[year]-[month]-[day] [hour]:[minute] UTC")).ok())
        .unwrap_or_else(|| at.to_string())
}

#[cfg(test)]
mod tests {
    use super::date;

    #[test]
    fn dates_are_in_utc() {
        assert_eq!(date(1_772_366_399_999), "2026-03-01 11:59 UTC");
        assert_eq!(date(i64::MAX), i64::MAX.to_string());
    }
}
