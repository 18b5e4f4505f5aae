//! The role that a group gives to its members. Admins and Super Admins set it; the identity provider decides who is in the group.

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

/// How long someone at a page waits for the members of a large group; what is left then is done by the server.
const PATIENCE: Duration = Duration::from_secs(5);
/// No one is at work who has not done a portion for this long.
pub(super) const LEFT_AFTER: UnixMs = 10_000;

impl Service<'_> {
    /// Sets the role that a group gives to its members; `None`: no role. Returns the id of the log's entry.
    ///
    /// In a group of more than [`PORTION`](store::BATCH_SIZE) members each gets or loses the role within the next seconds, a
    /// portion in one transaction, so that others can make changes in between. Until then they have the roles from before.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`], [`Error::Denied`]; [`Unchanged::GroupRole`].
    pub async fn group_map(&self, team: &str, group: &str, to: Option<Role>) -> Result<ActivityId, Error> {
        retry!(attempt, async {
            let mut work = self.begin(&attempt, team).await?;
            if !work.who.role.manages_authentication() {
                return Err(Error::Forbidden);
            }
            let (name, from) = work.tx.group_mapping(group).await?.ok_or(Error::NotFound)?;
            let step = RoleChange { from, to };
            let (all, examples): (Vec<MemberCohort>, Vec<String>) =
                work.tx.group_cohorts(group).await?.into_iter().unzip();
            let allowed = match review(work.who.role, step, &all) {
                Ok(allowed) => allowed,
                Err(denial) => {
                    let member = denial.example(&examples).map(str::to_owned);
                    if let MappingDenial::Member(_, why) = denial {
                        // The refused attempt is logged.
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
            let figures = MappingImpact::of(&all, step);
            let (gained, lost) = (figures.gain.max(0).cast_unsigned(), figures.lose.max(0).cast_unsigned());
            let entry = work.commit_one(Change::GroupMapped { name, from, to: step.to, gained, lost }).await?;
            if !is_over {
                let until = matches!(self.actor, Actor::Member { .. }).then(|| Instant::now() + PATIENCE);
                if let Err(failure) = self.group_recount(&id, group, until).await {
                    // The role is set, and the rest is not forgotten.
                    tracing::warn!(%failure, "the members of a group get its role later");
                }
            }
            Ok(entry)
        })
    }

    /// Gives the members of a group, and takes from them, what its new role says: until all are done, or until a time.
    ///
    /// # Errors
    /// [`Error::Unavailable`]: what was done stays.
    async fn group_recount(&self, team: &TeamId, group: &str, until: Option<Instant>) -> Result<(), Error> {
        loop {
            let began = Instant::now();
            let is_over = retry!(attempt, async {
                let tx = self.store.begin_for_team_id(&attempt, team).await?;
                let mut work = UnitOfWork { tx, now: self.clock.now(), who: ActorInfo::rollcall() };
                let is_over = work.tx.group_recount(group, work.now).await?;
                work.commit_batch().await?;
                Ok::<_, Error>(is_over)
            })?;
            if is_over || until.is_some_and(|until| Instant::now() > until) {
                return Ok(());
            }
            pause(began).await;
        }
    }

    /// Goes on where the members of a group wait for its new role and no one is at work.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn groups_recount_left(&self) -> Result<(), Error> {
        for (team, group) in self.store.groups_left_to_recount(self.clock.now() - LEFT_AFTER).await? {
            self.group_recount(&team, &group, None).await?;
        }
        Ok(())
    }
}
