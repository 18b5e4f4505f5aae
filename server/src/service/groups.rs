//! The role that a group gives to its members. Admins and Super Admins set it. The identity provider decides about the members.

use super::{
    Actor,
    actor::ActorInfo,
    unit_of_work::{Service, UnitOfWork},
};
use domain::{
    Denial, Error, Unchanged, UnixMs,
    activity::Change,
    group_role::{MappingDenial, MappingImpact, MemberCohort, RoleChange, review},
    id::{ActivityId, TeamId},
    role::Role,
};
use std::time::{Duration, Instant};
use store::{pause, retry};

/// How long a request waits for the members of a large group. The server then completes the rest.
const PATIENCE: Duration = Duration::from_secs(5);
/// A worker without a batch for this long has stopped.
pub(super) const LEFT_AFTER: UnixMs = 10_000;

impl Service<'_> {
    /// Sets the role that a group gives to its members. `None`: no role. Returns the id of the log's entry.
    ///
    /// In a group of more than [`BATCH_SIZE`](store::BATCH_SIZE) members, each gets or loses the role within the next seconds. Each
    /// batch is one transaction, so that other changes can happen in between. Until then, members keep their previous roles.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`], [`Error::Denied`], [`Unchanged::GroupRole`].
    pub async fn group_map(&self, team: &str, group: &str, to: Option<Role>) -> Result<ActivityId, Error> {
        retry!(attempt, async {
            let mut work = self.begin(&attempt, team).await?;
            if !work.actor.role.manages_authentication() {
                return Err(Error::Forbidden);
            }
            let (name, from) = work.tx.group_mapping(group).await?.ok_or(Error::NotFound)?;
            let step = RoleChange { from, to };
            let (cohorts, examples): (Vec<MemberCohort>, Vec<String>) =
                work.tx.group_cohorts(group).await?.into_iter().unzip();
            let allowed = match review(work.actor.role, step, &cohorts) {
                Ok(allowed) => allowed,
                Err(denial) => {
                    let member = denial.example(&examples).map(str::to_owned);
                    if let MappingDenial::Member(_, why) = denial {
                        // The denied attempt is logged.
                        let name = member.clone().unwrap_or_default();
                        work.commit(Change::MemberProtected { name, why: why.to_string() }).await?;
                    }
                    return Err(Denial::Mapping { denial, member }.into());
                }
            };
            if step.is_none() {
                work.rollback().await?;
                return Err(Unchanged::GroupRole.into());
            }
            let is_over = work.tx.group_set_role(group, work.now, allowed).await?;
            let id = work.tx.team().id.clone();
            let impact = MappingImpact::of(&cohorts, step);
            let (gained, lost) = (impact.gain.max(0).cast_unsigned(), impact.lose.max(0).cast_unsigned());
            let entry = work.commit_one(Change::GroupMapped { name, from, to: step.to, gained, lost }).await?;
            if !is_over {
                let until = matches!(self.actor, Actor::Member { .. }).then(|| Instant::now() + PATIENCE);
                if let Err(failure) = self.group_recount(&id, group, until).await {
                    // The role is set, and the server completes the rest.
                    tracing::warn!(%failure, "the members of a group get its role later");
                }
            }
            Ok(entry)
        })
    }

    /// Applies the new role to the members of a group: until all are done, or until a time.
    ///
    /// # Errors
    /// [`Error::Unavailable`]. Completed batches stay.
    async fn group_recount(&self, team: &TeamId, group: &str, until: Option<Instant>) -> Result<(), Error> {
        loop {
            let started = Instant::now();
            let is_over = retry!(attempt, async {
                let tx = self.store.begin_for_team_id(&attempt, team).await?;
                let mut work = UnitOfWork { tx, now: self.clock.now(), actor: ActorInfo::rollcall() };
                let is_over = work.tx.group_recount(group, work.now).await?;
                work.commit_batch().await?;
                Ok::<_, Error>(is_over)
            })?;
            if is_over || until.is_some_and(|until| Instant::now() > until) {
                return Ok(());
            }
            pause(started).await;
        }
    }

    /// Continues for groups whose members wait for a new role, if no worker is active.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn groups_recount_unfinished(&self) -> Result<(), Error> {
        for (team, group) in self.store.unfinished_recounts(self.clock.now() - LEFT_AFTER).await? {
            self.group_recount(&team, &group, None).await?;
        }
        Ok(())
    }
}
