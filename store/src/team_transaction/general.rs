//! Changing the team itself, for its admins.

use crate::team_transaction::TeamTransaction;
use crate::{StoreError, db::statement::sql};
use domain::{id::MemberId, team::TeamAllowed};

impl TeamTransaction {
    /// Gives the team another name.
    pub async fn team_set_name(&mut self, name: &str, _: TeamAllowed) -> Result<(), StoreError> {
        let id = self.team.id.as_str().to_owned();
        self.write(sql("UPDATE teams SET name = $2 WHERE id = $1").text(&id).text(name)).await?;
        Ok(())
    }

    /// Gives the team another slug.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] (the slug).
    pub async fn team_set_slug(&mut self, slug: &str, _: TeamAllowed) -> Result<(), StoreError> {
        let id = self.team.id.as_str().to_owned();
        self.write(sql("UPDATE teams SET slug = $2 WHERE id = $1").text(&id).text(slug)).await?;
        Ok(())
    }

    /// Marks a member as break-glass, or takes the mark away. Identity providers do not see it: the version stays.
    pub async fn break_glass_set(&mut self, id: &MemberId, on: bool, _: TeamAllowed) -> Result<(), StoreError> {
        let statement = sql("UPDATE members SET break_glass = $3 WHERE team_id = $1 AND id = $2")
            .text(self.team.id.as_str())
            .text(id.as_str())
            .flag(on);
        self.write(statement).await?;
        Ok(())
    }

    /// Signs every member out everywhere; returns how many sign-ins that ended.
    pub async fn sign_ins_end_all(&mut self, _: TeamAllowed) -> Result<u64, StoreError> {
        let statement = sql("DELETE FROM sign_ins WHERE team_id = $1").text(self.team.id.as_str());
        self.write(statement).await
    }
}
