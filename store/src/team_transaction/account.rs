//! Changing what belongs to one member alone: the password, the sign-ins.

use crate::team_transaction::TeamTransaction;
use crate::{StoreError, db::statement::sql};
use domain::{UnixMs, id::MemberId, member::self_service::SelfServiceAllowed};

impl TeamTransaction {
    /// Sets a member's own password.
    pub async fn password_set(
        &mut self,
        id: &MemberId,
        hash: &str,
        now: UnixMs,
        _: SelfServiceAllowed,
    ) -> Result<(), StoreError> {
        let statement = sql("UPDATE members SET password_hash = $3, updated_at = $4 WHERE team_id = $1 AND id = $2")
            .text(self.team.id.as_str())
            .text(id.as_str())
            .text(hash)
            .number(now);
        self.write(statement).await?;
        Ok(())
    }

    /// Signs a member out everywhere but in the session with this hash, or with the hash that it has since it was renewed while
    /// the request was under way; returns from how many browsers.
    pub async fn sign_ins_end_others(&mut self, id: &MemberId, keep: &str) -> Result<u64, StoreError> {
        let statement = sql("DELETE FROM sign_ins WHERE team_id = $1 AND member_id = $2 AND session_id NOT IN \
                 (SELECT id FROM sessions WHERE token_hash = $3 OR previous_token_hash = $3)")
        .text(self.team.id.as_str())
        .text(id.as_str())
        .text(keep);
        self.write(statement).await
    }

    /// Signs a member out in the session whose id begins with this mark; returns from how many browsers.
    pub async fn sign_ins_end_one(&mut self, id: &MemberId, mark: &str) -> Result<u64, StoreError> {
        let statement =
            sql("DELETE FROM sign_ins WHERE team_id = $1 AND member_id = $2 AND substr(session_id, 1, 16) = $3")
                .text(self.team.id.as_str())
                .text(id.as_str())
                .text(mark);
        // No session has a mark with a NUL in it.
        if mark.contains('\0') { Ok(0) } else { self.write(statement).await }
    }
}
