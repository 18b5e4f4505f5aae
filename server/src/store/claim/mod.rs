//! A change to a team: one transaction, from claiming the team to the entry in the log.

mod keys;
mod members;
mod methods;
mod teams;

pub(crate) use keys::NewKey;
pub(crate) use members::{NewMember, Person};
pub(crate) use methods::{NewMethod, Secret};
pub(crate) use teams::NewTeam;

use super::{
    Store, StoreError, TeamRow,
    run::{sql, within},
    teams::team_columns,
};
use domain::activity::Entry;
use sqlx::{Any, Transaction};

/// A team that is claimed for a change: until this is committed or dropped, everybody else who wants to change the same
/// team waits.
///
/// Architecture invariant: whatever was written through this is kept only by [`commit`](Self::commit), which wants the
/// log's entry. Dropped, or left unchanged, it is as if nothing had been. What only some may write takes the proof that
/// they may ([`domain::provisioning`]).
pub struct Claim {
    all: Transaction<'static, Any>,
    team: TeamRow,
}

impl std::fmt::Debug for Claim {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Claim").field("team", &self.team.slug).finish_non_exhaustive()
    }
}

impl Store {
    /// Claims the team with this slug.
    ///
    /// # Errors
    /// [`StoreError::NoTeam`], [`StoreError::Unavailable`].
    pub(crate) async fn claim(&self, slug: &str) -> Result<Claim, StoreError> {
        const SQL: &str =
            concat!("UPDATE teams SET revision = revision + 1 WHERE slug = $1 RETURNING ", team_columns!(""));
        let mut all = self.begin().await?;
        let row = sql(SQL).text(slug).first(&mut *all).await?.ok_or(StoreError::NoTeam)?;
        let team = TeamRow::read(&row)?;
        Ok(Claim { all, team })
    }
}

impl Claim {
    /// The team as it was when it was claimed.
    pub(crate) fn team(&self) -> &TeamRow {
        &self.team
    }

    /// Keeps the change, together with its entries in the log: at least one.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`]: then nothing was kept, or, where the connection broke at the very end, it is not
    /// known whether all of it was.
    pub(crate) async fn commit(mut self, first: Entry, more: Vec<Entry>) -> Result<(), StoreError> {
        for entry in std::iter::once(first).chain(more) {
            sql("INSERT INTO activity (id, team_id, at, actor, address, what, body) VALUES ($1, $2, $3, $4, $5, $6, $7)")
                .text(entry.id.as_str())
                .text(self.team.id.as_str())
                .number(entry.at)
                .text(&json(&entry.actor)?)
                .maybe_text(entry.address.as_deref())
                .text(entry.change.name())
                .text(&json(&entry.change)?)
                .run(&mut *self.all)
                .await?;
        }
        within(self.all.commit()).await
    }

    /// Gives the team free: nothing was to be changed.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub(crate) async fn leave_unchanged(self) -> Result<(), StoreError> {
        within(self.all.rollback()).await
    }
}

fn json(value: &impl serde::Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Fault(error.to_string()))
}
