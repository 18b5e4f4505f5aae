//! Changes of members by identity providers.

use crate::team_transaction::{
    TeamTransaction, WriteAuthorization,
    usage::{TeamUsage, bytes},
};
use crate::{
    MemberSource, MemberStatus, StoreError,
    db::{
        row::Row,
        statement::{Statement, sql, sql_owned},
    },
    roles::{is_any_admin, is_super_admin},
};
use domain::{
    UnixMs,
    id::{MemberId, TeamId},
    member::{MemberAllowed, REMOVED, review_invite},
    role::{Role, Roles},
    user_name::Renames,
    validation::text::fold,
};
use std::sync::LazyLock;

/// A member with the data that a change depends on, including tombstones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberRecord {
    /// The member's id.
    pub id: MemberId,
    /// `userName`, folded for comparison.
    pub user_name_key: String,
    /// The email address for signing in.
    pub email: Option<String>,
    /// The email address, folded for comparison.
    pub email_key: Option<String>,
    /// `displayName`.
    pub display_name: String,
    /// `externalId`.
    pub external_id: Option<String>,
    /// The SCIM User as JSON, without `active`.
    pub document: String,
    /// The status.
    pub status: MemberStatus,
    /// Whether the document has `active`.
    pub active_present: bool,
    /// Who manages the member.
    pub source: MemberSource,
    /// The effective ones.
    pub roles: Roles,
    /// The manual roles.
    pub own_roles: Roles,
    /// The roles from groups, if there are any.
    pub group_roles: Option<Roles>,
    /// Whether the member is break-glass.
    pub break_glass: bool,
    /// The manual roles from before the removal, unless they were the roles of every removed member.
    pub removed_roles: Option<Roles>,
    /// The history of `userName`.
    pub renames: Renames,
    /// The end of the permission for an identity provider to adopt this Admin or Super Admin by email address.
    pub adoption_allowed_until: Option<UnixMs>,
    /// The number of changes.
    pub version: i64,
    /// The time of creation.
    pub created_at: UnixMs,
    /// The time of the last change.
    pub updated_at: UnixMs,
}

/// The new state of a member.
#[derive(Clone, Debug)]
pub struct MemberWrite<'a> {
    /// `userName`.
    pub user_name: &'a str,
    /// The email address for signing in.
    pub email: Option<&'a str>,
    /// The other addresses, for lookups.
    pub other_emails: &'a [String],
    /// `displayName`.
    pub display_name: &'a str,
    /// `externalId`.
    pub external_id: Option<&'a str>,
    /// The SCIM User as JSON, without `active`.
    pub document: &'a str,
    /// The status.
    pub status: MemberStatus,
    /// Does the document have `active`?
    pub active_present: bool,
    /// Who manages the member.
    pub source: MemberSource,
    /// The earlier values of `userName`.
    pub renames: Renames,
    /// The time of the change.
    pub now: UnixMs,
}

/// The columns that a [`MemberWrite`] sets.
macro_rules! written {
    () => {
        "user_name, user_name_key, email, email_key, display_name, display_name_key, external_id, document, status, \
         source, active_present, updated_at, renamed_at, user_name_freed"
    };
}

/// Their values, in order; `$1` and `$2` are the ids of the team and the member.
macro_rules! values {
    () => {
        "$3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16"
    };
}

impl MemberWrite<'_> {
    /// `$1` to `$16` of a statement with `written!` and `values!`.
    fn bind(&self, statement: Statement, team: &TeamId, id: &MemberId) -> Statement {
        statement
            .text(team.as_str())
            .text(id.as_str())
            .text(self.user_name)
            .text(&fold(self.user_name))
            .opt_text(self.email)
            .opt_text(self.email.map(fold).as_deref())
            .text(self.display_name)
            .text(&fold(self.display_name))
            .opt_text(self.external_id)
            .text(self.document)
            .text(self.status.name())
            .text(self.source.name())
            .flag(self.active_present)
            .number(self.now)
            .opt_number(self.renames.last)
            .flag(self.renames.freed)
    }
}

/// The columns of a [`MemberRecord`].
pub(crate) const COLUMNS: &str = "id, user_name_key, email, email_key, display_name, external_id, document, status, active_present, source, roles, \
                       group_roles, break_glass, version, created_at, updated_at, removed_roles, renamed_at, user_name_freed, \
                       adoption_allowed_until";

impl MemberRecord {
    pub(crate) fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: MemberId::new(row.text("id")?),
            user_name_key: row.text("user_name_key")?,
            email: row.opt_text("email")?,
            email_key: row.opt_text("email_key")?,
            display_name: row.text("display_name")?,
            external_id: row.opt_text("external_id")?,
            document: row.text("document")?,
            status: row.parse_enum("status", MemberStatus::from_name)?,
            active_present: row.flag("active_present")?,
            source: row.parse_enum("source", MemberSource::from_name)?,
            roles: row.roles()?,
            own_roles: Roles::from_bits(row.number("roles")?),
            group_roles: Some(row.number("group_roles")?).filter(|bits| *bits != 0).map(Roles::from_bits),
            break_glass: row.flag("break_glass")?,
            removed_roles: row.opt_number("removed_roles")?.map(Roles::from_bits),
            renames: Renames { last: row.opt_number("renamed_at")?, freed: row.flag("user_name_freed")? },
            adoption_allowed_until: row.opt_number("adoption_allowed_until")?,
            version: row.number("version")?,
            created_at: row.number("created_at")?,
            updated_at: row.number("updated_at")?,
        })
    }

    /// Is the member removed or deactivated, so that they cannot sign in unless someone restores them?
    pub fn is_gone(&self) -> bool {
        is_gone(self.status)
    }

    /// The manual roles before a removal, unless they equal those of every removed member.
    pub fn roles_before_removal(&self) -> Option<Roles> {
        self.removed_roles.or(Some(self.own_roles)).filter(|roles| *roles != REMOVED)
    }

    /// The history of the userName after a change, which may be a rename.
    pub fn renames_after(&self, user_name: &str, status: MemberStatus, now: UnixMs) -> Renames {
        let is_renamed = fold(user_name) != self.user_name_key;
        self.renames.after(is_renamed, self.is_gone(), is_gone(status), now)
    }
}

fn is_gone(status: MemberStatus) -> bool {
    matches!(status, MemberStatus::Deactivated | MemberStatus::Deleted)
}

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
            written!(),
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
            written!(),
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
