//! Browser sessions, and who is signed in with them.

use crate::{
    Store, StoreError, TeamRow,
    batches::SKEW,
    db::{row::Row, statement::sql},
    retry,
    teams::team_columns,
};
use domain::{
    HOUR, MINUTE, UnixMs,
    id::{MemberId, TeamId},
    role::Roles,
};
use serde::{Deserialize, Serialize};

/// A session that nothing was asked with for this long is over.
pub const IDLE_LIFETIME: UnixMs = 30 * MINUTE;
/// A session is over after this time, whatever happens.
pub const ABSOLUTE_LIFETIME: UnixMs = 12 * HOUR;

/// A request that set out with a session's old id is answered within this time of the renewal. Anyone who comes later has
/// nothing of the session.
const UNDER_WAY: UnixMs = MINUTE / 2;

/// A session that is not over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// When it began.
    pub created_at: UnixMs,
    /// When it was last used, to the minute.
    pub last_seen_at: UnixMs,
    /// Who is signed in, the oldest sign-in first: one member per team, active ones only.
    pub sign_ins: Vec<ActiveSignIn>,
}

/// From where someone signed in, as far as it is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The browser and its system in words, from a closed list: see [`domain::user_agent::label`].
    pub browser: Option<String>,
    /// The client's address.
    pub address: Option<String>,
}

/// A member who is signed in, as they are now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActiveSignIn {
    /// Which member.
    pub member_id: MemberId,
    /// The display name.
    pub name: String,
    /// The email address, else the userName.
    pub email: String,
    /// The effective roles.
    pub roles: Roles,
    /// When they signed in.
    pub signed_in_at: UnixMs,
    /// When they last proved who they are.
    pub verified_at: UnixMs,
    /// The team.
    pub team: TeamRow,
}

impl Store {
    /// Where a member is signed in (the last 50), the last used first: `session_id`, `token_hash`, `signed_in_at`, `browser`, `address`,
    /// `last_seen_at`.
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

    /// The session with this hash and everyone who is signed in with it: one statement. `None` when there is none, or
    /// when it is over at `now`.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn session_load(&self, hash: &str, now: UnixMs) -> Result<Option<SessionRow>, StoreError> {
        const SQL: &str = concat!(
            "SELECT s.created_at AS session_created_at, s.last_seen_at, i.signed_in_at, i.verified_at, \
             m.id AS member_id, m.display_name, COALESCE(m.email, m.user_name) AS email, m.roles, m.group_roles, ",
            team_columns!(),
            ", t.deleted_at AS team_deleted_at \
             FROM sessions s LEFT JOIN sign_ins i ON i.session_id = s.id \
             LEFT JOIN members m ON m.team_id = i.team_id AND m.id = i.member_id AND m.status = 'active' \
             LEFT JOIN teams t ON t.id = m.team_id \
             WHERE s.token_hash = $1 AND s.last_seen_at > $2 AND s.created_at > $3 AND s.created_at <= $4 \
             ORDER BY i.signed_in_at, i.member_id"
        );
        let query = sql(SQL).text(hash).number(now - IDLE_LIFETIME).number(now - ABSOLUTE_LIFETIME).number(now + SKEW);
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
                // Written with a wrong clock, it would count until the clock gets there.
                verified_at: if verified_at > now + SKEW { 0 } else { verified_at },
                team: TeamRow::read(row)?,
            });
        }
        Ok(Some(session))
    }

    /// Begins a session in which no one is signed in yet.
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

    /// Gives the session a new id. False: there is no such session any longer.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn session_rename(&self, old: &str, new: &str) -> Result<bool, StoreError> {
        self.session_renew(old, new, 0).await
    }

    /// The same, and notes when, so that requests that are under way with the old id find the session: see
    /// [`Store::session_successor`].
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

    /// The hash of the session that had this one until it was renewed a moment ago.
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

    /// The id that the session with this token keeps when it is renewed; none: there is no such session.
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

    /// Notes that the session was used; within a minute of the last note, nothing is written.
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

    /// Signs an active member in. Anyone who was signed in to the same team with this session is no longer. False: the
    /// session is gone, or the member may no longer sign in.
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
                "INSERT INTO sign_ins (team_id, session_id, member_id, signed_in_at, verified_at, browser, address) \
             SELECT m.team_id, s.id, m.id, $4, $4, CAST($5 AS TEXT), CAST($6 AS TEXT) FROM sessions s, members m \
             WHERE m.team_id = $1 AND s.token_hash = $2 AND m.id = $3 AND m.status = 'active' \
             ON CONFLICT (team_id, session_id) DO UPDATE SET member_id = excluded.member_id, \
             signed_in_at = excluded.signed_in_at, verified_at = excluded.verified_at, browser = excluded.browser, \
             address = excluded.address",
            )
            .text(team.as_str())
            .text(hash)
            .text(member.as_str())
            .number(now)
            .opt_text(from.browser.as_deref())
            .opt_text(from.address.as_deref())
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

    /// Notes when members last signed in, without a session that is left of it: for teams to try out.
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

    /// Notes that a signed-in member just proved who they are. False: they are not signed in any longer.
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

    /// Deletes the sessions that are over. Returns how many.
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
