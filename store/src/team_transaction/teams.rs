//! Changes of teams.

use crate::team_transaction::TeamTransaction;
use crate::{DeletedTeam, Store, StoreError, TeamRow, TransactionAttempt, db::statement::sql};
use domain::{
    UnixMs,
    id::TeamId,
    plan::Plan,
    provisioning::{MayManage, ProvisioningAllowed},
};

/// A new team.
#[derive(Debug)]
pub struct NewTeam {
    /// The team's id.
    pub id: TeamId,
    /// The name in URLs.
    pub slug: String,
    /// The name that people see.
    pub name: String,
    /// The plan.
    pub plan: Plan,
    /// The time of creation.
    pub created_at: UnixMs,
}

impl Store {
    /// Creates a team, and locks it.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] (the slug), [`StoreError::Unavailable`].
    pub async fn begin_for_new_team(
        &self,
        attempt: &TransactionAttempt,
        team: NewTeam,
    ) -> Result<TeamTransaction, StoreError> {
        let statement = sql("INSERT INTO teams (id, slug, name, plan, created_at) VALUES ($1, $2, $3, $4, $5)")
            .text(team.id.as_str())
            .text(&team.slug)
            .text(&team.name)
            .text(team.plan.name())
            .number(team.created_at);
        let mut tx = self.begin(attempt).await?;
        statement.run(&mut *tx).await?;
        let team = TeamRow {
            id: team.id,
            slug: team.slug,
            name: team.name,
            plan: team.plan,
            scim_on: false,
            member_count: 0,
            group_count: 0,
            stored_bytes: 0,
            created_at: team.created_at,
        };
        Ok(TeamTransaction::of(self, tx, team, None))
    }
}

impl TeamTransaction {
    /// Marks the team as deleted, and commits without an entry, because the log is deleted too. Lookups no longer find
    /// the team, its keys and sign-ins grant no access, and its slug is free.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`]: the team is unchanged, or, if the connection broke during the commit, its state is
    /// unknown.
    pub async fn mark_deleted(mut self, now: UnixMs) -> Result<DeletedTeam, StoreError> {
        // No slug contains a colon.
        let statement = sql(
            "UPDATE teams SET deleted_at = $2, removal_at = $2, scim_on = 0, slug = 'deleted:' || id WHERE id = $1",
        )
        .text(self.team.id.as_str())
        .number(now);
        self.write(statement).await?;
        self.tx.commit().await?;
        self.listener.notify(&self.team.id);
        Ok(DeletedTeam { id: self.team.id, members: self.team.member_count })
    }

    /// Turns SCIM provisioning on.
    pub async fn scim_on(&mut self, _: ProvisioningAllowed) -> Result<(), StoreError> {
        self.set_scim(true).await
    }

    /// Turns SCIM provisioning off.
    pub async fn scim_off(&mut self, _: MayManage) -> Result<(), StoreError> {
        self.set_scim(false).await
    }

    async fn set_scim(&mut self, on: bool) -> Result<(), StoreError> {
        sql("UPDATE teams SET scim_on = $2 WHERE id = $1")
            .text(self.team.id.as_str())
            .flag(on)
            .run(&mut *self.tx)
            .await?;
        Ok(())
    }

    /// Sets the plan.
    pub async fn set_plan(&mut self, plan: Plan) -> Result<(), StoreError> {
        sql("UPDATE teams SET plan = $2 WHERE id = $1")
            .text(self.team.id.as_str())
            .text(plan.name())
            .run(&mut *self.tx)
            .await?;
        Ok(())
    }
}
