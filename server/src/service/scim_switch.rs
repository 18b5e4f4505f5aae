//! The SCIM provisioning switch.

use super::unit_of_work::Service;
use domain::Error;
use domain::activity::Change;
use store::retry;

impl Service<'_> {
    /// Turns SCIM provisioning on. If it is on, nothing changes.
    ///
    /// # Errors
    /// [`Error::Denied`] with every reason, and the errors of `begin`.
    pub async fn scim_turn_on(&self, team: &str) -> Result<(), Error> {
        retry!(attempt, async {
            let mut work = self.begin(&attempt, team).await?;
            let methods = work.tx.methods().await?;
            let allowed = work.may_provision(&methods);
            if work.tx.team().scim_on && work.may_manage().is_ok() {
                return work.rollback().await;
            }
            work.tx.scim_on(allowed?).await?;
            work.commit(Change::ScimTurnedOn).await
        })
    }

    /// Turns SCIM provisioning off. Members, groups, keys and settings stay. If it is off, nothing changes. `confirmation` is the
    /// team's name, which a member at a page has to type.
    ///
    /// # Errors
    /// [`Error::Denied`] (only because of the role), [`Error::Invalid`] (the confirmation), and the errors of `begin`.
    pub async fn scim_turn_off(&self, team: &str, confirmation: &str) -> Result<(), Error> {
        retry!(attempt, async {
            let mut work = self.begin(&attempt, team).await?;
            let may = work.may_manage()?;
            if !work.tx.team().scim_on {
                return work.rollback().await;
            }
            self.confirm(confirmation, &work.tx.team().name)?;
            work.tx.scim_off(may).await?;
            work.commit(Change::ScimTurnedOff).await
        })
    }
}
