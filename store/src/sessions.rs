//! Browser sessions and their sign-ins.

use crate::{
    Store, StoreError, TeamRow,
    batches::SKEW,
    db::{row::Row, statement::sql},
    retry,
    teams::team_columns,
};
use domain::{
    HOUR, MINUTE, UnixMs,
    id::{MemberId, MethodId, TeamId},
    role::Roles,
};
use serde::{Deserialize, Serialize};

/// A session ends after this time without a request.
pub const IDLE_LIFETIME: UnixMs = 30 * MINUTE;
/// A session ends after this time in any case.
pub const ABSOLUTE_LIFETIME: UnixMs = 12 * HOUR;

/// A request that was sent with a session's old id before a renewal is accepted for this time. Later the old id grants
/// no access.
const UNDER_WAY: UnixMs = MINUTE / 2;

/// A session that has not ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// The start of the session.
    pub created_at: UnixMs,
    /// The last use, to the minute.
    pub last_seen_at: UnixMs,
    /// The sign-ins, the oldest first: one per team, of active members only.
    pub sign_ins: Vec<ActiveSignIn>,
}

/// The origin of a sign-in, as far as it is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The label of the browser and its system, from a closed list: see [`domain::user_agent::label`].
    pub browser: Option<String>,
    /// The client's address.
    pub address: Option<String>,
    /// When the person proved who they are, if that was not just now (single sign-on). 0: not known.
    pub verified_at: Option<UnixMs>,
    /// When the sign-in ends, if the identity provider limits it.
    pub ends_at: Option<UnixMs>,
    /// The SSO method, if the sign-in was through one.
    pub method: Option<MethodId>,
    /// The session at the identity provider.
    pub provider_session: Option<String>,
    /// The sealed ID token, for the sign-out at the identity provider.
    pub id_token: Option<String>,
}

/// A signed-in member in their current state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActiveSignIn {
    /// The member's id.
    pub member_id: MemberId,
    /// The display name.
    pub name: String,
    /// The email address, or else the userName.
    pub email: String,
    /// The effective roles.
    pub roles: Roles,
    /// The time of the sign-in.
    pub signed_in_at: UnixMs,
    /// The time of the last proof of identity.
    pub verified_at: UnixMs,
    /// The team.
    pub team: TeamRow,
}

impl Store {
    /// A member's last 50 sessions, the last used first: `session_id`, `token_hash`, `signed_in_at`, `browser`,
    /// `address`, `last_seen_at`.
    pub(crate) async fn sessions_of(&self, team: &TeamId, id: &MemberId, now: UnixMs) -> Result<Vec<Row>, StoreError> {
        sql("SELECT i.session_id, s.token_hash, i.signed_in_at, i.browser, i.address, s.last_seen_at FROM sign_ins i \
             JOIN sessions s ON s.id = i.session_id WHERE i.team_id = $1 AND i.member_id = $2 AND s.last_seen_at > $3 \
             AND s.created_at > $4 \
             ORDER BY s.last_seen_at DESC, i.signed_in_at DESC LIMIT 50")
        .text(team.as_str())
        .text(id.as_str())
        .number(now - IDLE_LIFETIME)
        .number(now - ABSOLUTE_LIFETIME)
        .all(&self.reader)
        .await
    }

    /// The session with this hash and its sign-ins: one statement. `None` if there is none, or it has ended at `now`.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn session_load(&self, hash: &str, now: UnixMs) -> Result<Option<SessionRow>, StoreError> {
        const SQL: &str = concat!(
            "SELECT s.created_at AS session_created_at, s.last_seen_at, i.signed_in_at, i.verified_at, \
             m.id AS member_id, m.display_name, COALESCE(m.email, m.user_name) AS email, m.roles, m.group_roles, ",
            team_columns!(),
            ", t.deleted_at AS team_deleted_at \
             FROM sessions s LEFT JOIN sign_ins i ON i.session_id = s.id AND (i.ends_at IS NULL OR i.ends_at > $5) \
             LEFT JOIN members m ON m.team_id = i.team_id AND m.id = i.member_id AND m.status = 'active' \
             LEFT JOIN teams t ON t.id = m.team_id \
             WHERE s.token_hash = $1 AND s.last_seen_at > $2 AND s.created_at > $3 AND s.created_at <= $4 \
             ORDER BY i.signed_in_at, i.member_id"
        );
        let query = sql(SQL)
            .text(hash)
            .number(now - IDLE_LIFETIME)
            .number(now - ABSOLUTE_LIFETIME)
            .number(now + SKEW)
            .number(now);
        let rows = query.inline().all(&self.reader).await?;
        let Some(first) = rows.first() else { return Ok(None) };
        let mut session = SessionRow {
            created_at: first.number("session_created_at")?,
            last_seen_at: first.number("last_seen_at")?.min(now),
            sign_ins: Vec::with_capacity(rows.len()),
        };
        for row in &rows {
            let Some(member_id) = row.opt_text("member_id")? else { continue };
            if row.opt_number("team_deleted_at")?.is_some() {
                continue;
            }
            let verified_at = row.number("verified_at")?;
            session.sign_ins.push(ActiveSignIn {
                member_id: MemberId::new(member_id),
                name: row.text("display_name")?,
                email: row.text("email")?,
                roles: row.roles()?,
                signed_in_at: row.number("signed_in_at")?.min(now),
                // A time from a wrong clock would count until the clock reaches it.
                verified_at: if verified_at > now + SKEW { 0 } else { verified_at },
                team: TeamRow::read(row)?,
            });
        }
        Ok(Some(session))
    }

    /// Creates a session without a sign-in.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn session_create(&self, hash: &str, now: UnixMs) -> Result<(), StoreError> {
        sql("INSERT INTO sessions (id, token_hash, created_at, last_seen_at) VALUES ($1, $1, $2, $2)")
            .text(hash)
            .number(now)
            .run(&self.writer)
            .await?;
        Ok(())
    }

    /// Gives the session a new id. `false`: the session does not exist any longer.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn session_rename(&self, old: &str, new: &str) -> Result<bool, StoreError> {
        self.session_renew(old, new, 0).await
    }

    /// Like [`Self::session_rename`], and records the time, so that requests on their way with the old id find the
    /// session: see [`Store::session_successor`].
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn session_renew(&self, old: &str, new: &str, now: UnixMs) -> Result<bool, StoreError> {
        let renamed =
            sql("UPDATE sessions SET token_hash = $2, previous_token_hash = $1, renewed_at = $3 WHERE token_hash = $1")
                .text(old)
                .text(new)
                .number(now);
        Ok(renamed.run(&self.writer).await? > 0)
    }

    /// The current hash of the session that had this one until its recent renewal.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn session_successor(&self, old: &str, now: UnixMs) -> Result<Option<String>, StoreError> {
        let row = sql("SELECT token_hash FROM sessions WHERE previous_token_hash = $1 AND renewed_at > $2 LIMIT 1")
            .text(old)
            .number(now - UNDER_WAY)
            .first(&self.writer)
            .await?;
        row.map(|row| row.text("token_hash")).transpose()
    }

    /// The permanent id of the session with this hash, which a renewal does not change; `None` if the session does not
    /// exist.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn session_id(&self, hash: &str) -> Result<Option<String>, StoreError> {
        let row = sql("SELECT id FROM sessions WHERE token_hash = $1").text(hash).inline().first(&self.reader).await?;
        row.map(|row| row.text("id")).transpose()
    }

    /// Ends the session.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn session_delete(&self, hash: &str) -> Result<(), StoreError> {
        sql("DELETE FROM sessions WHERE token_hash = $1").text(hash).run(&self.writer).await?;
        Ok(())
    }

    /// Records the use of the session, at most once a minute.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn session_touch(&self, hash: &str, now: UnixMs) -> Result<(), StoreError> {
        sql(
            "UPDATE sessions SET last_seen_at = $2 WHERE token_hash = $1 AND (last_seen_at <= $3 OR last_seen_at > $2)",
        )
        .text(hash)
        .number(now)
        .number(now - MINUTE)
        .run(&self.writer)
        .await?;
        Ok(())
    }

    /// Signs an active member in, and ends another sign-in to the same team in this session. `false`: the session does
    /// not exist, or the member may not sign in any longer.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn sign_in_add(
        &self,
        hash: &str,
        (team, member): (&TeamId, &MemberId),
        from: &Origin,
        now: UnixMs,
    ) -> Result<bool, StoreError> {
        retry!(attempt, async {
            let mut tx = self.begin(&attempt).await?;
            sql(
            "DELETE FROM sign_ins WHERE team_id = $1 AND session_id IN (SELECT id FROM sessions WHERE token_hash = $2)",
        )
        .text(team.as_str())
        .text(hash)
        .run(&mut *tx)
        .await?;
            let added = sql(
                "INSERT INTO sign_ins (team_id, session_id, member_id, signed_in_at, verified_at, browser, address, ends_at, \
             method_id, provider_session, id_token) \
             SELECT m.team_id, s.id, m.id, $4, CAST($7 AS BIGINT), CAST($5 AS TEXT), CAST($6 AS TEXT), CAST($8 AS BIGINT), CAST($9 AS TEXT), \
             CAST($10 AS TEXT), CAST($11 AS TEXT) FROM sessions s, members m \
             WHERE m.team_id = $1 AND s.token_hash = $2 AND m.id = $3 AND m.status = 'active' \
             ON CONFLICT (team_id, session_id) DO UPDATE SET member_id = excluded.member_id, \
             signed_in_at = excluded.signed_in_at, verified_at = excluded.verified_at, browser = excluded.browser, \
             address = excluded.address, ends_at = excluded.ends_at, method_id = excluded.method_id, \
             provider_session = excluded.provider_session, id_token = excluded.id_token",
            )
            .text(team.as_str())
            .text(hash)
            .text(member.as_str())
            .number(now)
            .opt_text(from.browser.as_deref())
            .opt_text(from.address.as_deref())
            .number(from.verified_at.unwrap_or(now))
            .opt_number(from.ends_at)
            .opt_text(from.method.as_ref().map(MethodId::as_str))
            .opt_text(from.provider_session.as_deref())
            .opt_text(from.id_token.as_deref())
            .run(&mut *tx)
            .await?;
            if added > 0 {
                sql("UPDATE members SET last_sign_in_at = $3 WHERE team_id = $1 AND id = $2")
                    .text(team.as_str())
                    .text(member.as_str())
                    .number(now)
                    .run(&mut *tx)
                    .await?;
            }
            tx.commit().await?;
            Ok(added > 0)
        })
    }

    /// Sets members' last sign-ins without creating sessions, for demo teams.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn members_signed_in(&self, team: &TeamId, times: &[(MemberId, UnixMs)]) -> Result<(), StoreError> {
        retry!(attempt, async {
            let mut tx = self.begin(&attempt).await?;
            for (member, at) in times {
                sql("UPDATE members SET last_sign_in_at = $3 WHERE team_id = $1 AND id = $2")
                    .text(team.as_str())
                    .text(member.as_str())
                    .number(*at)
                    .run(&mut *tx)
                    .await?;
            }
            tx.commit().await
        })
    }

    /// Records a proof of identity of a signed-in member. `false`: the member is not signed in any longer.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn sign_in_verify(
        &self,
        hash: &str,
        (team, member): (&TeamId, &MemberId),
        now: UnixMs,
    ) -> Result<bool, StoreError> {
        let verified = sql("UPDATE sign_ins SET verified_at = $4 WHERE team_id = $1 AND member_id = $3 \
             AND session_id IN (SELECT id FROM sessions WHERE token_hash = $2)")
        .text(team.as_str())
        .text(hash)
        .text(member.as_str())
        .number(now)
        .run(&self.writer)
        .await?;
        Ok(verified > 0)
    }

    /// Deletes ended sessions. Returns their number.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn sessions_sweep(&self, now: UnixMs) -> Result<u64, StoreError> {
        self.in_batches(|| {
            sql("DELETE FROM sessions WHERE id IN \
                 (SELECT id FROM sessions WHERE last_seen_at <= $1 OR created_at <= $2 LIMIT $3) \
                 AND (last_seen_at <= $1 OR created_at <= $2)")
            .number(now - IDLE_LIFETIME)
            .number(now - ABSOLUTE_LIFETIME)
        })
        .await
    }
}
