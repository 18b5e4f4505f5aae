//! Changing the team itself.

use super::Claim;
use crate::store::{
    Store, StoreError, TeamRow,
    run::{sql, within},
};
use domain::{
    UnixMs,
    id::TeamId,
    plan::Plan,
    provisioning::{Allowed, MayManage},
};

/// A team to be made.
#[derive(Debug)]
pub(crate) struct NewTeam {
    pub(crate) id: TeamId,
    pub(crate) slug: String,
    pub(crate) name: String,
    pub(crate) plan: Plan,
    pub(crate) created_at: UnixMs,
}

impl Store {
    /// Makes a team, and claims it.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] (the slug), [`StoreError::Unavailable`].
    pub(crate) async fn claim_new(&self, team: NewTeam) -> Result<Claim, StoreError> {
        let mut all = self.begin().await?;
        sql("INSERT INTO teams (id, slug, name, plan, created_at) VALUES ($1, $2, $3, $4, $5)")
            .text(team.id.as_str())
            .text(&team.slug)
            .text(&team.name)
            .text(team.plan.name())
            .number(team.created_at)
            .run(&mut *all)
            .await?;
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
        Ok(Claim::of(self, all, team, None))
    }
}

impl Claim {
    /// Deletes the team and everything that belongs to it, and ends: there is no log left to say so in.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`]: then nothing was deleted, or, where the connection broke at the very end, it is not known
    /// whether all of it was.
    pub(crate) async fn delete(mut self) -> Result<(), StoreError> {
        /// What names its team, those that others refer to last. Emails, invites, sign-ins and who is in a group go with their
        /// member or group.
        const OWN: [&str; 8] = [
            "DELETE FROM scim_connections WHERE team_id = $1",
            "DELETE FROM scim_hours WHERE team_id = $1",
            "DELETE FROM scim_requests WHERE team_id = $1",
            "DELETE FROM activity WHERE team_id = $1",
            "DELETE FROM scim_keys WHERE team_id = $1",
            "DELETE FROM sso_methods WHERE team_id = $1",
            "DELETE FROM groups WHERE team_id = $1",
            "DELETE FROM members WHERE team_id = $1",
        ];
        let id = self.team.id.as_str().to_owned();
        for statement in OWN {
            self.write(sql(statement).text(&id)).await?;
        }
        self.write(sql("DELETE FROM teams WHERE id = $1").text(&id)).await?;
        within(self.all.commit()).await?;
        self.news.tell(&self.team.id);
        Ok(())
    }

    /// Turns SCIM provisioning on.
    pub(crate) async fn scim_on(&mut self, _: Allowed) -> Result<(), StoreError> {
        self.set_scim(true).await
    }

    /// Turns SCIM provisioning off.
    pub(crate) async fn scim_off(&mut self, _: MayManage) -> Result<(), StoreError> {
        self.set_scim(false).await
    }

    async fn set_scim(&mut self, on: bool) -> Result<(), StoreError> {
        sql("UPDATE teams SET scim_on = $2 WHERE id = $1")
            .text(self.team.id.as_str())
            .flag(on)
            .run(&mut *self.all)
            .await?;
        Ok(())
    }

    /// Sets the plan.
    pub(crate) async fn set_plan(&mut self, plan: Plan) -> Result<(), StoreError> {
        sql("UPDATE teams SET plan = $2 WHERE id = $1")
            .text(self.team.id.as_str())
            .text(plan.name())
            .run(&mut *self.all)
            .await?;
        Ok(())
    }
}
