//! Changes of the team by its admins.

use crate::team_transaction::TeamTransaction;
use crate::{StoreError, db::statement::sql};
use domain::{id::MemberId, team::TeamAllowed};

impl TeamTransaction {
    /// Changes the team's name.
    pub async fn team_set_name(&mut self, name: &str, _: TeamAllowed) -> Result<(), StoreError> {
        let id = self.team.id.as_str().to_owned();
        self.write(sql("UPDATE teams SET name = $2 WHERE id = $1").text(&id).text(name)).await?;
        Ok(())
    }

    /// Changes the team's slug.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] (the slug).
    pub async fn team_set_slug(&mut self, slug: &str, _: TeamAllowed) -> Result<(), StoreError> {
        let id = self.team.id.as_str().to_owned();
        self.write(sql("UPDATE teams SET slug = $2 WHERE id = $1").text(&id).text(slug)).await?;
        Ok(())
    }

    /// Marks a member as break-glass, or removes the mark. Identity providers do not see it, so the version stays.
    pub async fn break_glass_set(&mut self, id: &MemberId, on: bool, _: TeamAllowed) -> Result<(), StoreError> {
        let statement = sql("UPDATE members SET break_glass = $3 WHERE team_id = $1 AND id = $2")
            .text(self.team.id.as_str())
            .text(id.as_str())
            .flag(on);
        self.write(statement).await?;
        Ok(())
    }

    /// Ends every sign-in of the team. Returns their number.
    pub async fn sign_ins_end_all(&mut self, _: TeamAllowed) -> Result<u64, StoreError> {
        let statement = sql("DELETE FROM sign_ins WHERE team_id = $1").text(self.team.id.as_str());
        self.write(statement).await
    }
}
