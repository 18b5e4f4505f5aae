//! The links between accounts of identity providers and members.

use super::{MemberRecord, TeamTransaction, member_record::COLUMNS};
use crate::{
    StoreError,
    db::{
        row::Row,
        statement::{sql, sql_owned},
    },
};
use domain::{
    UnixMs,
    id::{MemberId, MethodId},
    member::MemberAllowed,
    provisioning::MayManage,
    sso::LinkAttribute,
    validation::text::fold,
};
use std::sync::LazyLock;

/// A new link.
pub struct NewLink<'a> {
    /// The method.
    pub method: &'a MethodId,
    /// The account's id at the identity provider.
    pub subject: &'a str,
    /// The member.
    pub member: &'a MemberId,
    /// The account's name at the identity provider, for pages.
    pub account: Option<&'a str>,
    /// The time.
    pub now: UnixMs,
}

impl TeamTransaction {
    /// The member whom this account is linked to, also a deleted one.
    pub async fn sso_linked_member(
        &mut self,
        method: &MethodId,
        subject: &str,
    ) -> Result<Option<MemberRecord>, StoreError> {
        static SQL: LazyLock<String> = LazyLock::new(|| {
            format!(
                "SELECT {COLUMNS} FROM members WHERE team_id = $1 AND id = \
                 (SELECT member_id FROM sso_links WHERE team_id = $1 AND method_id = $2 AND subject = $3)"
            )
        });
        let row = sql_owned(SQL.clone())
            .text(self.team.id.as_str())
            .text(method.as_str())
            .text(subject)
            .first(&mut *self.tx)
            .await?;
        row.as_ref().map(MemberRecord::read).transpose()
    }

    /// The members, also deleted ones, whose attribute equals the value. Each with whether this method has a link to the
    /// member.
    pub async fn sso_matches(
        &mut self,
        method: &MethodId,
        attribute: LinkAttribute,
        value: &str,
    ) -> Result<Vec<(MemberRecord, bool)>, StoreError> {
        let (column, value) = match attribute {
            LinkAttribute::UserName => ("user_name_key", fold(value)),
            LinkAttribute::ExternalId => ("external_id", value.to_owned()),
            LinkAttribute::Email => ("email_key", fold(value)),
        };
        let statement = format!(
            "SELECT {COLUMNS}, (SELECT COUNT(*) FROM sso_links l WHERE l.team_id = $1 AND l.method_id = $2 \
             AND l.member_id = members.id) AS links FROM members WHERE team_id = $1 AND {column} = $3 ORDER BY id LIMIT 20"
        );
        let rows = sql_owned(statement)
            .text(self.team.id.as_str())
            .text(method.as_str())
            .text(&value)
            .all(&mut *self.tx)
            .await?;
        let read = |row: &Row| Ok((MemberRecord::read(row)?, row.number("links")? > 0));
        rows.iter().map(read).collect()
    }

    /// Whether this method has a link to the member, also to a deleted one.
    pub async fn sso_is_linked(&mut self, method: &MethodId, member: &MemberId) -> Result<bool, StoreError> {
        let row =
            sql("SELECT COUNT(*) AS links FROM sso_links WHERE team_id = $1 AND member_id = $2 AND method_id = $3")
                .text(self.team.id.as_str())
                .text(member.as_str())
                .text(method.as_str())
                .first(&mut *self.tx)
                .await?;
        row.map_or(Ok(false), |row| Ok(row.number("links")? > 0))
    }

    /// Links an account to a member.
    ///
    /// # Errors
    /// [`StoreError::Conflict`]: the account or the member has a link of this method.
    pub async fn sso_link_insert(&mut self, link: &NewLink<'_>) -> Result<(), StoreError> {
        let statement =
            sql("INSERT INTO sso_links (team_id, method_id, subject, member_id, account, linked_at, last_sign_in_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $6)")
            .text(self.team.id.as_str())
            .text(link.method.as_str())
            .text(link.subject)
            .text(link.member.as_str())
            .opt_text(link.account)
            .number(link.now);
        self.write(statement).await?;
        Ok(())
    }

    /// Records a sign-in with the account.
    pub async fn sso_link_touch(
        &mut self,
        (method, subject): (&MethodId, &str),
        account: Option<&str>,
        now: UnixMs,
    ) -> Result<(), StoreError> {
        let statement = sql("UPDATE sso_links SET last_sign_in_at = $4, account = $5 \
             WHERE team_id = $1 AND method_id = $2 AND subject = $3")
        .text(self.team.id.as_str())
        .text(method.as_str())
        .text(subject)
        .number(now)
        .opt_text(account);
        self.write(statement).await?;
        Ok(())
    }

    /// Ends the sign-ins through a method of the account with this subject, of the session at the identity provider, or of both.
    /// Returns the number of ended sign-ins.
    pub async fn sso_sign_ins_end(
        &mut self,
        method: &MethodId,
        subject: Option<&str>,
        provider_session: Option<&str>,
    ) -> Result<u64, StoreError> {
        let statement = sql("DELETE FROM sign_ins WHERE team_id = $1 AND method_id = $2 \
             AND (CAST($3 AS TEXT) IS NULL OR member_id = \
             (SELECT member_id FROM sso_links WHERE team_id = $1 AND method_id = $2 AND subject = $3)) \
             AND (CAST($4 AS TEXT) IS NULL OR provider_session = $4)")
        .text(self.team.id.as_str())
        .text(method.as_str())
        .opt_text(subject)
        .opt_text(provider_session);
        self.write(statement).await
    }

    /// Removes the link between a member and an account of the method. Returns the account's id. `None`: there is no link.
    pub async fn sso_link_delete(
        &mut self,
        method: &MethodId,
        member: &MemberId,
        _: MemberAllowed,
    ) -> Result<Option<String>, StoreError> {
        let link = sql("SELECT subject FROM sso_links WHERE team_id = $1 AND member_id = $2 AND method_id = $3")
            .text(self.team.id.as_str())
            .text(member.as_str())
            .text(method.as_str())
            .first(&mut *self.tx)
            .await?;
        let Some(link) = link else { return Ok(None) };
        let statement = sql("DELETE FROM sso_links WHERE team_id = $1 AND member_id = $2 AND method_id = $3")
            .text(self.team.id.as_str())
            .text(member.as_str())
            .text(method.as_str());
        self.write(statement).await?;
        link.text("subject").map(Some)
    }

    /// The number of the method's links.
    pub async fn sso_links_count(&mut self, method: &MethodId) -> Result<i64, StoreError> {
        let row = sql("SELECT COUNT(*) AS links FROM sso_links WHERE team_id = $1 AND method_id = $2")
            .text(self.team.id.as_str())
            .text(method.as_str())
            .first(&mut *self.tx)
            .await?;
        row.map_or(Ok(0), |row| row.number("links"))
    }

    /// Removes all links of the method. Returns their number.
    pub async fn sso_links_delete(&mut self, method: &MethodId, _: MayManage) -> Result<u64, StoreError> {
        let statement = sql("DELETE FROM sso_links WHERE team_id = $1 AND method_id = $2")
            .text(self.team.id.as_str())
            .text(method.as_str());
        self.write(statement).await
    }

    /// Marks a response as used. `false`: it was used before. A response that is not stored (an OpenID Connect one) is stored as
    /// used.
    pub async fn sso_response_use(
        &mut self,
        method: &MethodId,
        (id, request_id): (&str, &str),
        (now, expires_at): (UnixMs, UnixMs),
    ) -> Result<bool, StoreError> {
        let statement = sql("INSERT INTO sso_responses (team_id, method_id, id, request_id, used_at, expires_at) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (team_id, method_id, id) \
             DO UPDATE SET used_at = excluded.used_at, identity = NULL WHERE sso_responses.used_at IS NULL")
        .text(self.team.id.as_str())
        .text(method.as_str())
        .text(id)
        .text(request_id)
        .number(now)
        .number(expires_at);
        Ok(self.write(statement).await? == 1)
    }
}
