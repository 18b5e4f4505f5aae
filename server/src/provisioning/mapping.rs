//! Which role a group gives, as Admins and Super Admins choose it. Who is in the group is not changed here.

use super::service::Service;
use crate::store::StoreError;
use app::failure::Failure;
use domain::{
    activity::Change,
    id::ActivityId,
    mapping::{Alike, Denial, Figures, Step, review},
    role::Role,
};

/// Why a group was not mapped. `Display` is the sentence that people read.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotMapped {
    /// The policy says no.
    #[error("The mapping was not saved. {0}.")]
    Denied(String),
    /// What was chosen is no role.
    #[error("Choose Admin, Billing, Developer or no role; nothing was changed.")]
    NoRole,
    /// Anything else.
    #[error(transparent)]
    Failed(#[from] Failure),
}

impl From<StoreError> for NotMapped {
    fn from(error: StoreError) -> Self {
        NotMapped::Failed(error.into())
    }
}

impl Service<'_> {
    /// Lets a group give another role (`Some(None)`: none) to its members; `None`: what was chosen is no role. Returns the
    /// entry of the log that says what came of it, or none if the group gave that role already.
    ///
    /// # Errors
    /// See [`NotMapped`].
    pub async fn group_map(
        &self,
        team: &str,
        group: &str,
        to: Option<Option<Role>>,
    ) -> Result<Option<ActivityId>, NotMapped> {
        let mut work = self.begin(team).await?;
        if !work.who.role.manages_authentication() {
            return Err(Failure::Forbidden.into());
        }
        let (name, from) = work.claim.group_mapping(group).await?.ok_or(Failure::NotFound)?;
        let step = Step { from, to: to.ok_or(NotMapped::NoRole)? };
        let (all, examples): (Vec<Alike>, Vec<String>) = work.claim.group_alike(group).await?.into_iter().unzip();
        let allowed = match review(work.who.role, step, &all) {
            Ok(allowed) => allowed,
            Err(denial) => {
                let refused = NotMapped::Denied(denial.about(&examples));
                if let Denial::Member(index, why) = denial {
                    // Somebody tried what must not be.
                    let name = examples.into_iter().nth(index).unwrap_or_default();
                    work.commit(Change::MemberProtected { name, why: why.to_string() }).await?;
                }
                return Err(refused);
            }
        };
        if step.is_none() {
            work.leave_unchanged().await?;
            return Ok(None);
        }
        work.claim.group_set_role(group, work.now, allowed).await?;
        let figures = Figures::of(&all, step);
        let (gained, lost) = (figures.gain.max(0).cast_unsigned(), figures.lose.max(0).cast_unsigned());
        let entry = work.commit_one(Change::GroupMapped { name, from, to: step.to, gained, lost }).await?;
        Ok(Some(entry))
    }
}
