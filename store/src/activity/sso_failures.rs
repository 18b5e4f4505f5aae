//! The failed sign-ins of an SSO method in the log, by reason.

use super::page::{REFUSED, first_id};
use crate::{Store, StoreError, db::statement::sql_owned};
use domain::{
    UnixMs,
    activity::Change,
    id::TeamId,
    key,
    sso::{SsoChange, SsoFailure},
};
use std::sync::LazyLock;

/// Upper bound of the entries that are read, because anyone can make a sign-in fail.
const READ: i64 = 2_000;

/// The failures with one reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailureCount {
    /// The reason.
    pub failure: SsoFailure,
    /// The number of failures.
    pub count: i64,
    /// The time of the last one.
    pub last_at: UnixMs,
}

/// The failed sign-ins of a method by reason, the last one first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MethodFailures {
    /// The reasons.
    pub reasons: Vec<FailureCount>,
    /// Are there more failures than were counted?
    pub has_more: bool,
}

/// The index is used only with its own condition, word for word.
static SQL: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT at, body FROM activity WHERE team_id = $1 AND id >= $2 AND at >= $3 AND {REFUSED} \
         AND kind = 'sso_sign_in_failed' ORDER BY id DESC LIMIT $4"
    )
});

impl Store {
    /// The failed sign-ins through the method with this name since a time. Entries have the name that the method had then.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn sso_failures(
        &self,
        team: &TeamId,
        method_name: &str,
        since: UnixMs,
    ) -> Result<MethodFailures, StoreError> {
        let rows = sql_owned(SQL.clone())
            .text(team.as_str())
            .text(&first_id(since))
            .number(since)
            .number(READ)
            .all(&self.reader)
            .await?;
        let has_more = i64::try_from(rows.len()).is_ok_and(|count| count >= READ);
        let mut reasons: Vec<FailureCount> = Vec::new();
        for row in &rows {
            let change: Change = row.parse_enum("body", |json| serde_json::from_str(&key::redact(json)).ok())?;
            let Change::Sso(SsoChange::SsoSignInFailed { method, failure, .. }) = change else { continue };
            if method != method_name {
                continue;
            }
            match reasons.iter_mut().find(|reason| reason.failure == failure) {
                Some(reason) => reason.count += 1,
                None => reasons.push(FailureCount { failure, count: 1, last_at: row.number("at")? }),
            }
        }
        Ok(MethodFailures { reasons, has_more })
    }
}

#[cfg(test)]
mod tests {
    use super::SQL;
    use crate::db::query_plans;

    #[tokio::test]
    async fn failures_are_found_by_the_index_of_what_was_rejected() {
        for plan in query_plans::of_a_new_database().await.of(&SQL).await {
            assert!(plan.contains("activity_refused (team_id=? AND id>?"), "{plan}");
        }
    }
}
