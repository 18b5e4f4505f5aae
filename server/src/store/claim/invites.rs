//! Changing invites.

use super::{Claim, grounds::OpenLink};
use crate::store::{StoreError, run::sql};
use domain::{UnixMs, id::MemberId};

impl Claim {
    /// Writes the invite of a member, sent at a time and open until another; the one before ends.
    pub(crate) async fn invite_write(
        &mut self,
        id: &MemberId,
        hash: &str,
        by: &str,
        (sent_at, expires_at): (UnixMs, UnixMs),
    ) -> Result<(), StoreError> {
        let statement = sql("INSERT INTO invites (member_id, token_hash, invited_by, sent_at, expires_at) \
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT (member_id) DO UPDATE SET token_hash = excluded.token_hash, \
             invited_by = excluded.invited_by, sent_at = excluded.sent_at, expires_at = excluded.expires_at")
        .text(id.as_str())
        .text(hash)
        .text(by)
        .number(sent_at)
        .number(expires_at);
        self.write(statement).await?;
        Ok(())
    }

    /// The member of the team whose invite has this hash and is still open at `now`.
    pub(crate) async fn invited_by_link(
        &mut self,
        hash: &str,
        now: UnixMs,
    ) -> Result<Option<(MemberId, OpenLink)>, StoreError> {
        let row = sql("SELECT i.member_id FROM invites i JOIN members m ON m.id = i.member_id \
             WHERE i.token_hash = $1 AND m.team_id = $2 AND i.expires_at > $3")
        .text(hash)
        .text(self.team.id.as_str())
        .number(now)
        .first(&mut *self.all)
        .await?;
        row.map(|row| Ok((MemberId::new(row.text("member_id")?), OpenLink(())))).transpose()
    }

    /// Ends the invite of a member, if there is one.
    pub(super) async fn invite_end(&mut self, id: &MemberId) -> Result<(), StoreError> {
        self.write(sql("DELETE FROM invites WHERE member_id = $1").text(id.as_str())).await?;
        Ok(())
    }

    /// Sets the password with which somebody joins.
    pub(crate) async fn password_choose(&mut self, id: &MemberId, hash: &str) -> Result<(), StoreError> {
        self.write(sql("UPDATE members SET password_hash = $2 WHERE id = $1").text(id.as_str()).text(hash)).await?;
        Ok(())
    }

    /// Forgets the password of somebody who was gone.
    pub(crate) async fn password_forget(&mut self, id: &MemberId) -> Result<(), StoreError> {
        self.write(sql("UPDATE members SET password_hash = NULL WHERE id = $1").text(id.as_str())).await?;
        Ok(())
    }
}
