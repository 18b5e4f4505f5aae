//! Changes of one member's own data: the password and the sign-ins.

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

    /// Ends a member's sign-ins except in the session with this hash, or with the hash that replaced it in a renewal
    /// during the request. Returns the number of ended sessions.
    pub async fn sign_ins_end_others(&mut self, id: &MemberId, keep: &str) -> Result<u64, StoreError> {
        let statement = sql("DELETE FROM sign_ins WHERE team_id = $1 AND member_id = $2 AND session_id NOT IN \
                 (SELECT id FROM sessions WHERE token_hash = $3 OR previous_token_hash = $3)")
        .text(self.team.id.as_str())
        .text(id.as_str())
        .text(keep);
        self.write(statement).await
    }

    /// Ends a member's sign-in in the session whose id begins with this mark. Returns the number of ended sessions.
    pub async fn sign_ins_end_one(&mut self, id: &MemberId, mark: &str) -> Result<u64, StoreError> {
        let statement =
            sql("DELETE FROM sign_ins WHERE team_id = $1 AND member_id = $2 AND substr(session_id, 1, 16) = $3")
                .text(self.team.id.as_str())
                .text(id.as_str())
                .text(mark);
        // No session id contains a NUL character.
        if mark.contains('\0') { Ok(0) } else { self.write(statement).await }
    }
}
