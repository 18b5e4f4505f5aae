//! How every change begins and ends.

use super::actor::{Actor, ActorInfo};
use crate::team_change::orphaned_invites::revoke_orphaned_invites;
use crate::{clock::Clock, secrets::Secrets};
use crate::{ids, team_change::log_entry::NewActivityEntry};
use domain::Error;
use domain::{
    UnixMs,
    activity::{Change, Entry},
    id::ActivityId,
    provisioning::{MayManage, ProvisioningAllowed, ProvisioningDenial, review, review_role},
    sso::{SsoMethod, enabled},
    validation::field_error::{self, Field, FieldErrors},
};
use store::{ActorStatus, RetrySignal, Store, TeamTransaction};

/// Changes to teams, made by someone.
#[derive(Debug)]
pub struct Service<'a> {
    pub(super) store: &'a Store,
    pub(super) secrets: &'a Secrets,
    pub(super) clock: &'a Clock,
    pub(super) actor: Actor,
    /// Whether the change that runs can run again: see [`retry!`].
    pub(super) signal: RetrySignal,
}

/// Runs a change, written as an `async` block, and again while the database rolls it back because of a concurrent one and nothing
/// of it was committed. A macro, because the future of an async closure is not `Send` for every lifetime.
macro_rules! retry {
    ($service:expr, $change:expr) => {{
        let mut retries = 0;
        loop {
            let result = $change.await;
            let can_retry = $service.signal.take() && retries < store::RETRIES;
            if result.is_ok() || !can_retry {
                break result;
            }
            retries += 1;
            store::back_off(retries).await;
        }
    }};
}
pub(super) use retry;

impl<'a> Service<'a> {
    /// Changes that `actor` makes.
    pub fn new(store: &'a Store, secrets: &'a Secrets, clock: &'a Clock, actor: Actor) -> Self {
        Self { store, secrets, clock, actor, signal: RetrySignal::default() }
    }

    /// Claims the team, and looks up who makes the change. The time is read after the wait for the team, so that times
    /// in the log go the same way as the changes.
    ///
    /// # Errors
    /// [`Error::NotFound`]: no such team, or not this member's. [`Error::SignedOut`]: no longer an active member.
    pub(super) async fn begin(&self, team: &str) -> Result<UnitOfWork, Error> {
        let mut tx = self.store.begin_for_team(team).await?;
        tx.observe(&self.signal);
        let who = match &self.actor {
            Actor::Operator => ActorInfo::operator(),
            Actor::Rollcall => ActorInfo::rollcall(),
            Actor::Member { id, address } => match tx.actor_status(id).await? {
                ActorStatus::Active { name, roles } => {
                    let (member, address) = (Some((id.clone(), name)), address.clone());
                    ActorInfo { member, is_rollcall: false, role: roles.highest(), address }
                }
                ActorStatus::Inactive => return Err(Error::SignedOut),
                ActorStatus::NotAMember => return Err(Error::NotFound),
            },
        };
        Ok(UnitOfWork { tx, now: self.clock.now(), who })
    }

    /// Someone at a page has to type a name before something is stopped.
    ///
    /// # Errors
    /// [`Error::Invalid`] with [`Field::Confirmation`].
    pub(super) fn confirm(&self, typed: &str, name: &str) -> Result<(), Error> {
        if !self.actor.is_asked_to_confirm() {
            return Ok(());
        }
        field_error::confirm(typed, name)
            .map_err(|problem| Error::Invalid(FieldErrors::one(Field::Confirmation, problem)))
    }
}

/// A change that has begun: the team is claimed.
pub(super) struct UnitOfWork {
    pub(super) tx: TeamTransaction,
    pub(super) now: UnixMs,
    pub(super) who: ActorInfo,
}

impl UnitOfWork {
    /// May this person manage, and stop?
    pub(super) fn may_manage(&self) -> Result<MayManage, ProvisioningDenial> {
        review_role(self.who.role)
    }

    /// May SCIM provisioning be turned on, and keys be made?
    pub(super) fn may_provision(&self, methods: &[SsoMethod]) -> Result<ProvisioningAllowed, ProvisioningDenial> {
        review(self.tx.team().plan, &enabled(methods), self.who.role)
    }

    /// Keeps the change, with its entry in the log.
    pub(super) async fn commit(self, change: impl Into<NewActivityEntry>) -> Result<(), Error> {
        self.commit_all(change, Vec::<Change>::new()).await
    }

    /// Keeps the change, and returns the entry that says so.
    pub(super) async fn commit_one(mut self, change: impl Into<NewActivityEntry>) -> Result<ActivityId, Error> {
        let entry = self.entry(change.into());
        let id = entry.id.clone();
        let more = self.ended_invites().await?;
        self.tx.commit(entry, more).await?;
        Ok(id)
    }

    /// Keeps the change, with its entries in the log.
    pub(super) async fn commit_all(
        mut self,
        first: impl Into<NewActivityEntry>,
        more: Vec<impl Into<NewActivityEntry>>,
    ) -> Result<(), Error> {
        let first = self.entry(first.into());
        let mut more: Vec<Entry> = more.into_iter().map(|change| self.entry(change.into())).collect();
        more.extend(self.ended_invites().await?);
        Ok(self.tx.commit(first, more).await?)
    }

    /// Keeps a portion of a change whose entry was written with its first one.
    pub(super) async fn commit_batch(mut self) -> Result<(), Error> {
        let entries = self.ended_invites().await?;
        Ok(self.tx.commit_batch(entries).await?)
    }

    /// What goes with a change that took something from someone: invites that they may not give any longer.
    async fn ended_invites(&mut self) -> Result<Vec<Entry>, Error> {
        let ended = revoke_orphaned_invites(&mut self.tx, self.now).await?;
        Ok(ended.into_iter().map(|change| self.entry(change.into())).collect())
    }

    /// There is nothing to change.
    pub(super) async fn rollback(self) -> Result<(), Error> {
        Ok(self.tx.rollback().await?)
    }

    fn entry(&self, NewActivityEntry { change, member }: NewActivityEntry) -> Entry {
        Entry {
            id: ActivityId::new(ids::next(self.now)),
            at: self.now,
            actor: self.who.in_log(),
            address: self.who.address.clone(),
            request: None,
            member,
            change,
        }
    }
}
