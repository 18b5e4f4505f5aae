//! Changes of members by identity providers.

use crate::team_transaction::{
    TeamTransaction, WriteAuthorization,
    member_record::{COLUMNS, MemberRecord, MemberWrite, values, written_columns},
    usage::{TeamUsage, bytes},
};
use crate::{
    MemberSource, MemberStatus, StoreError,
    db::statement::{sql, sql_owned},
    roles::{is_any_admin, is_super_admin},
};
use domain::{
    UnixMs,
    id::MemberId,
    member::{MemberAllowed, REMOVED, review_invite},
    role::{Role, Roles},
    validation::text::fold,
};
use std::sync::LazyLock;

/// The change of the number of members by a member's new status. Deleted members do not count.
fn joins(before: &MemberRecord, status: MemberStatus) -> i64 {
    i64::from(status != MemberStatus::Deleted) - i64::from(before.status != MemberStatus::Deleted)
}

impl TeamTransaction {
    /// The members, including deleted ones, with this userName, this `externalId` or this email address.
    pub async fn members_like(
        &mut self,
        user_name: &str,
        external_id: Option<&str>,
        email: Option<&str>,
    ) -> Result<Vec<MemberRecord>, StoreError> {
        static SQL: LazyLock<String> = LazyLock::new(|| {
            format!(
                "SELECT {COLUMNS} FROM members WHERE team_id = $1 AND user_name_key = $2 \
                 UNION SELECT {COLUMNS} FROM members WHERE team_id = $1 AND external_id = $3 \
                 UNION SELECT {COLUMNS} FROM members WHERE team_id = $1 AND email_key = $4"
            )
        });
        let rows = sql_owned(SQL.clone())
            .text(self.team.id.as_str())
            .text(&fold(user_name))
            .opt_text(external_id)
            .opt_text(email.map(fold).as_deref())
            .all(&mut *self.tx)
            .await?;
        rows.iter().map(MemberRecord::read).collect()
    }

    /// A member of the team, unless deleted.
    pub async fn member(&mut self, id: &MemberId) -> Result<Option<MemberRecord>, StoreError> {
        if let Some(cached) = self.cache.take(id) {
            return Ok(Some(cached));
        }
        static SQL: LazyLock<String> = LazyLock::new(|| {
            format!("SELECT {COLUMNS} FROM members WHERE team_id = $1 AND id = $2 AND status <> 'deleted'")
        });
        let row = sql_owned(SQL.clone()).text(self.team.id.as_str()).text(id.as_str()).first(&mut *self.tx).await?;
        row.as_ref().map(MemberRecord::read).transpose()
    }

    /// Is there another active Super Admin?
    pub async fn has_another_super_admin(&mut self, id: &MemberId) -> Result<bool, StoreError> {
        // The first condition is that of the index. The second one selects Super Admins.
        const SQL: &str = concat!(
            "SELECT id FROM members WHERE team_id = $1 AND ",
            is_any_admin!(""),
            " AND ",
            is_super_admin!(""),
            " AND status = 'active' AND id <> $2 LIMIT 1"
        );
        let row = sql(SQL).text(self.team.id.as_str()).text(id.as_str()).first(&mut *self.tx).await?;
        Ok(row.is_some())
    }

    /// Adds a member for an identity provider, with the role Developer.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] (the userName), [`StoreError::Quota`].
    pub async fn member_provision(&mut self, id: &MemberId, member: &MemberWrite<'_>) -> Result<(), StoreError> {
        const SQL: &str = concat!(
            "INSERT INTO members (",
            written_columns!(),
            ", team_id, id, roles, created_at) VALUES (",
            values!(),
            ", $1, $2, $17, $14)"
        );
        self.grow(TeamUsage { members: 1, bytes: bytes(member.document), ..TeamUsage::default() })?;
        let role = Roles::from(Role::Developer).bits();
        let statement = member.bind(sql(SQL), &self.team.id, id).number(role);
        self.write_member(id, statement).await?;
        self.emails_add(id, member.other_emails).await
    }

    /// Writes a member, except the roles and the password. A removed member loses both.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] (the userName), [`StoreError::Quota`].
    pub async fn member_write(
        &mut self,
        before: &MemberRecord,
        member: &MemberWrite<'_>,
        _: impl Into<WriteAuthorization>,
    ) -> Result<(), StoreError> {
        const SQL: &str = concat!(
            "UPDATE members SET (",
            written_columns!(),
            ", version) = (",
            values!(),
            ", version + 1) WHERE team_id = $1 AND id = $2"
        );
        let bytes = bytes(member.document) - bytes(&before.document);
        self.grow(TeamUsage { members: joins(before, member.status), bytes, ..TeamUsage::default() })?;
        let statement = member.bind(sql(SQL), &self.team.id, &before.id);
        self.write_member(&before.id, statement).await?;
        if before.document != member.document {
            let statement = sql("DELETE FROM member_emails WHERE team_id = $1 AND member_id = $2")
                .text(self.team.id.as_str())
                .text(before.id.as_str());
            self.write_member(&before.id, statement).await?;
            self.emails_add(&before.id, member.other_emails).await?;
        }
        if before.status == MemberStatus::Deleted {
            let statement =
                sql("UPDATE members SET roles = $3, removed_roles = NULL, break_glass = 0, password_hash = NULL, \
                 adoption_allowed_until = NULL WHERE team_id = $1 AND id = $2")
                .text(self.team.id.as_str())
                .text(before.id.as_str())
                .number(REMOVED.bits());
            self.write_member(&before.id, statement).await?;
        }
        self.became(before, member.status).await
    }

    /// Removes a member from every group, ends every sign-in, and deletes the roles, the password, the break-glass mark
    /// and the invite. A tombstone remains, so that the id can be restored. Returns the number of ended sessions.
    pub async fn member_remove(
        &mut self,
        before: &MemberRecord,
        now: UnixMs,
        _: impl Into<WriteAuthorization>,
    ) -> Result<u64, StoreError> {
        self.grow(TeamUsage { members: joins(before, MemberStatus::Deleted), ..TeamUsage::default() })?;
        let sessions = self.sign_ins_end(&before.id).await?;
        self.groups_leave(&before.id, now).await?;
        let freed = before.renames.after(false, before.is_gone(), true, now).freed;
        let statement = sql("UPDATE members SET status = $3, version = version + 1, updated_at = $4, roles = $5, \
             removed_roles = $6, break_glass = 0, password_hash = NULL, adoption_allowed_until = NULL, user_name_freed = $7 \
             WHERE team_id = $1 AND id = $2")
        .text(self.team.id.as_str())
        .text(before.id.as_str())
        .text(MemberStatus::Deleted.name())
        .number(now)
        .number(REMOVED.bits())
        .opt_number(before.roles_before_removal().map(Roles::bits))
        .flag(freed);
        self.write_member(&before.id, statement).await?;
        self.became(before, MemberStatus::Deleted).await?;
        Ok(sessions)
    }

    /// Removes the userName from a tombstone, because another member has it now. A later match by userName no longer
    /// restores the tombstone.
    pub async fn user_name_release(&mut self, id: &MemberId) -> Result<(), StoreError> {
        let statement =
            sql("UPDATE members SET user_name_key = id WHERE team_id = $1 AND id = $2 AND status = 'deleted'")
                .text(self.team.id.as_str())
                .text(id.as_str());
        self.write(statement).await?;
        Ok(())
    }

    /// Marks a member as managed by the directory.
    pub async fn member_adopt(&mut self, id: &MemberId) -> Result<(), StoreError> {
        let statement = sql("UPDATE members SET source = $3 WHERE team_id = $1 AND id = $2")
            .text(self.team.id.as_str())
            .text(id.as_str())
            .text(MemberSource::Directory.name());
        self.write(statement).await?;
        Ok(())
    }

    /// Changes whether a member can sign in, and nothing else.
    pub async fn member_set_active(
        &mut self,
        before: &MemberRecord,
        is_active: bool,
        now: UnixMs,
        _: MemberAllowed,
    ) -> Result<(), StoreError> {
        let status = if is_active { MemberStatus::Active } else { MemberStatus::Deactivated };
        self.grow(TeamUsage { members: joins(before, status), ..TeamUsage::default() })?;
        let freed = before.renames.after(false, before.is_gone(), !is_active, now).freed;
        let statement =
            sql("UPDATE members SET status = $3, version = version + 1, updated_at = $4, user_name_freed = $5 \
             WHERE team_id = $1 AND id = $2")
            .text(self.team.id.as_str())
            .text(before.id.as_str())
            .text(status.name())
            .number(now)
            .flag(freed);
        self.write_member(&before.id, statement).await?;
        self.became(before, status).await
    }

    /// Sets the manual roles. Roles from groups are in another column, which stays the same.
    pub async fn member_set_roles(
        &mut self,
        id: &MemberId,
        roles: Roles,
        now: UnixMs,
        _: MemberAllowed,
    ) -> Result<(), StoreError> {
        // A confirmation of an adoption applied to the old roles.
        let statement = sql("UPDATE members SET roles = $3, version = version + 1, updated_at = $4, \
             adoption_allowed_until = NULL WHERE team_id = $1 AND id = $2")
        .text(self.team.id.as_str())
        .text(id.as_str())
        .number(roles.bits())
        .number(now);
        self.write(statement).await?;
        self.authority_reduced = true;
        Ok(())
    }

    /// Allows an identity provider to adopt a member by email address until a time. Identity providers do not see it,
    /// so the version stays.
    pub async fn adoption_allow(&mut self, id: &MemberId, until: UnixMs, _: MemberAllowed) -> Result<(), StoreError> {
        let statement = sql("UPDATE members SET adoption_allowed_until = $3 WHERE team_id = $1 AND id = $2")
            .text(self.team.id.as_str())
            .text(id.as_str())
            .number(until);
        self.write_member(id, statement).await?;
        Ok(())
    }

    /// Ends every sign-in of a member. Returns the number of ended sessions.
    pub async fn sign_ins_end(&mut self, id: &MemberId) -> Result<u64, StoreError> {
        let statement = sql("DELETE FROM sign_ins WHERE team_id = $1 AND member_id = $2");
        self.write_member(id, statement.text(self.team.id.as_str()).text(id.as_str())).await
    }

    /// Deletes the invite of a member who is no longer invited.
    async fn became(&mut self, before: &MemberRecord, status: MemberStatus) -> Result<(), StoreError> {
        // Only Admins and Super Admins invite members, so other senders have no open invites to recheck.
        let ends = before.status == MemberStatus::Active && status != MemberStatus::Active;
        self.authority_reduced |= ends && review_invite(before.roles.highest(), Role::Developer.into()).is_ok();
        if before.status == MemberStatus::Invited && status != MemberStatus::Invited {
            self.invite_end(&before.id).await?;
        }
        Ok(())
    }

    async fn emails_add(&mut self, id: &MemberId, emails: &[String]) -> Result<(), StoreError> {
        for email in emails {
            let statement = sql("INSERT INTO member_emails (team_id, member_id, email_key) VALUES ($1, $2, $3) \
                 ON CONFLICT (team_id, member_id, email_key) DO NOTHING")
            .text(self.team.id.as_str())
            .text(id.as_str())
            .text(&fold(email));
            self.write_member(id, statement).await?;
        }
        Ok(())
    }
}
