//! Reading invites.

use crate::{Store, StoreError, db::statement::sql};
use domain::{
    UnixMs,
    id::{MemberId, TeamId},
};

/// An invite that can be accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenInvite {
    /// The team's id.
    pub team: TeamId,
    /// The team's name.
    pub team_name: String,
    /// The team's slug.
    pub team_slug: String,
    /// The email address of the invited person.
    pub email: String,
    /// The name of the member who sent it.
    pub invited_by: String,
}

/// An invite on pages of its team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentInvite {
    /// The name of the member who sent it.
    pub invited_by: String,
    /// The time of sending.
    pub sent_at: UnixMs,
    /// The end of the link's validity.
    pub expires_at: UnixMs,
}

impl Store {
    /// The invite with this hash, unless it is accepted, cancelled or expired at `now`.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn invite_open(&self, hash: &str, now: UnixMs) -> Result<Option<OpenInvite>, StoreError> {
        let row = sql("SELECT t.id AS team_id, t.name AS team_name, t.slug AS team_slug, \
             COALESCE(m.email, m.user_name) AS email, i.invited_by FROM invites i JOIN members m \
             ON m.team_id = i.team_id AND m.id = i.member_id JOIN teams t ON t.id = i.team_id WHERE i.token_hash = $1 AND i.expires_at > $2 \
             AND m.status = 'invited' AND t.deleted_at IS NULL")
        .text(hash)
        .number(now)
        .first(&self.reader)
        .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(OpenInvite {
            team: TeamId::new(row.text("team_id")?),
            team_name: row.text("team_name")?,
            team_slug: row.text("team_slug")?,
            email: row.text("email")?,
            invited_by: row.text("invited_by")?,
        }))
    }

    /// The invite of a member, including expired ones.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn invite_sent(&self, team: &TeamId, id: &MemberId) -> Result<Option<SentInvite>, StoreError> {
        let statement =
            sql("SELECT invited_by, sent_at, expires_at FROM invites WHERE team_id = $1 AND member_id = $2")
                .text(team.as_str())
                .text(id.as_str());
        let Some(row) = statement.first(&self.reader).await? else { return Ok(None) };
        Ok(Some(SentInvite {
            invited_by: row.text("invited_by")?,
            sent_at: row.number("sent_at")?,
            expires_at: row.number("expires_at")?,
        }))
    }
}
