//! Changes of invites.

use crate::team_transaction::{TeamTransaction, authorization::OpenLink};
use crate::{
    StoreError,
    db::{row::Row, statement::sql},
    roles::is_super_admin,
};
use domain::{UnixMs, id::MemberId, role::Roles};

/// An open invite whose sender may have lost the authority for its role.
#[derive(Clone, Debug)]
pub struct InviteToRecheck {
    /// The invited member.
    pub member: MemberId,
    /// The roles of the invite.
    pub roles: Roles,
    /// The name of the sender.
    pub sender: String,
    /// The current roles of the sender; `None` if they cannot sign in.
    pub sender_roles: Option<Roles>,
}

/// The team's open invites from members who are not active Super Admins.
const TO_RECHECK: &str = concat!(
    "SELECT m.id, m.roles AS invited_roles, b.display_name AS sender, b.status, b.roles, b.group_roles \
     FROM invites i JOIN members m ON m.team_id = i.team_id AND m.id = i.member_id \
     JOIN members b ON b.team_id = i.team_id AND b.id = i.invited_by_id \
     WHERE i.team_id = $1 AND m.status = 'invited' AND (b.status <> 'active' OR NOT (",
    is_super_admin!("b."),
    "))"
);

impl TeamTransaction {
    /// Writes the invite of a member with the times of sending and expiry. It replaces an earlier one.
    pub async fn invite_write(
        &mut self,
        id: &MemberId,
        hash: &str,
        (by_id, by): (Option<&MemberId>, &str),
        (sent_at, expires_at): (UnixMs, UnixMs),
    ) -> Result<(), StoreError> {
        let statement = sql("INSERT INTO invites (team_id, member_id, token_hash, invited_by, sent_at, expires_at, invited_by_id) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (team_id, member_id) DO UPDATE SET token_hash = excluded.token_hash, \
             invited_by = excluded.invited_by, invited_by_id = excluded.invited_by_id, sent_at = excluded.sent_at, expires_at = excluded.expires_at")
        .text(self.team.id.as_str())
        .text(id.as_str())
        .text(hash)
        .text(by)
        .number(sent_at)
        .number(expires_at)
        .opt_text(by_id.map(MemberId::as_str));
        self.write(statement).await?;
        Ok(())
    }

    /// The member of the team whose invite has this hash and is open at `now`.
    pub async fn invited_by_link(
        &mut self,
        hash: &str,
        now: UnixMs,
    ) -> Result<Option<(MemberId, OpenLink)>, StoreError> {
        let row = sql("SELECT member_id FROM invites WHERE team_id = $1 AND token_hash = $2 AND expires_at > $3")
            .text(self.team.id.as_str())
            .text(hash)
            .number(now)
            .first(&mut *self.tx)
            .await?;
        row.map(|row| Ok((MemberId::new(row.text("member_id")?), OpenLink(())))).transpose()
    }

    /// The open invites whose senders may have lost their authority, if this transaction reduced anyone's. The call
    /// resets that state.
    pub async fn invites_to_recheck(&mut self) -> Result<Vec<InviteToRecheck>, StoreError> {
        if !std::mem::take(&mut self.authority_reduced) {
            return Ok(Vec::new());
        }
        let rows = sql(TO_RECHECK).text(self.team.id.as_str()).all(&mut *self.tx).await?;
        let read = |row: &Row| {
            Ok(InviteToRecheck {
                member: MemberId::new(row.text("id")?),
                roles: Roles::from_bits(row.number("invited_roles")?),
                sender: row.text("sender")?,
                sender_roles: if row.text("status")? == "active" { Some(row.roles()?) } else { None },
            })
        };
        rows.iter().map(read).collect()
    }

    /// Deletes the invite of a member, if there is one.
    pub(crate) async fn invite_end(&mut self, id: &MemberId) -> Result<(), StoreError> {
        let statement = sql("DELETE FROM invites WHERE team_id = $1 AND member_id = $2");
        self.write(statement.text(self.team.id.as_str()).text(id.as_str())).await?;
        Ok(())
    }

    /// Sets the password of a member who accepts an invite.
    pub async fn invited_password_set(&mut self, id: &MemberId, hash: &str) -> Result<(), StoreError> {
        let statement = sql("UPDATE members SET password_hash = $3 WHERE team_id = $1 AND id = $2");
        self.write(statement.text(self.team.id.as_str()).text(id.as_str()).text(hash)).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::TO_RECHECK;
    use crate::db::query_plans;

    #[tokio::test]
    async fn open_invites_are_found_without_reading_the_whole_team() {
        for plan in query_plans::of_a_new_database().await.of(TO_RECHECK).await {
            assert!(plan.contains("SEARCH i USING INDEX invites_pkey (team_id=?)") && !plan.contains("SCAN"), "{plan}");
        }
    }
}
