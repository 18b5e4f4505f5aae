//! The beginning and the end of every change.

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
use store::{ActorStatus, Store, TeamTransaction, TransactionAttempt};

/// Changes to teams, with one actor.
#[derive(Debug)]
pub struct Service<'a> {
    pub(super) store: &'a Store,
    pub(super) secrets: &'a Secrets,
    pub(super) clock: &'a Clock,
    pub(super) actor: Actor,
}

impl<'a> Service<'a> {
    pub fn new(store: &'a Store, secrets: &'a Secrets, clock: &'a Clock, actor: Actor) -> Self {
        Self { store, secrets, clock, actor }
    }

    /// Locks the team, and reads the actor. The time is read after the lock, so that times in the log are in the order of the
    /// changes.
    ///
    /// # Errors
    /// [`Error::NotFound`]: there is no such team, or it is not this member's. [`Error::SignedOut`]: not an active member any
    /// longer.
    pub(super) async fn begin(&self, attempt: &TransactionAttempt, team: &str) -> Result<UnitOfWork, Error> {
        let mut tx = self.store.begin_for_team(attempt, team).await?;
        let actor = match &self.actor {
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
        Ok(UnitOfWork { tx, now: self.clock.now(), actor })
    }

    /// A member at a page has to type a name before a disruptive change.
    ///
    /// # Errors
    /// [`Error::Invalid`] with [`Field::Confirmation`].
    pub(super) fn confirm(&self, text: &str, name: &str) -> Result<(), Error> {
        if !self.actor.must_confirm() {
            return Ok(());
        }
        field_error::confirm(text, name)
            .map_err(|problem| Error::Invalid(FieldErrors::one(Field::Confirmation, problem)))
    }
}

/// A running change, with the team locked.
pub(super) struct UnitOfWork {
    pub(super) tx: TeamTransaction,
    pub(super) now: UnixMs,
    pub(super) actor: ActorInfo,
}

impl UnitOfWork {
    /// Whether the actor may manage and stop provisioning.
    pub(super) fn may_manage(&self) -> Result<MayManage, ProvisioningDenial> {
        review_role(self.actor.role)
    }

    /// Whether the actor may turn SCIM provisioning on and generate keys.
    pub(super) fn may_provision(&self, methods: &[SsoMethod]) -> Result<ProvisioningAllowed, ProvisioningDenial> {
        review(self.tx.team().plan, &enabled(methods), self.actor.role)
    }

    /// Commits the change with its log entry.
    pub(super) async fn commit(self, change: impl Into<NewActivityEntry>) -> Result<(), Error> {
        self.commit_all(change, Vec::<Change>::new()).await
    }

    /// Commits the change, and returns its log entry.
    pub(super) async fn commit_one(mut self, change: impl Into<NewActivityEntry>) -> Result<ActivityId, Error> {
        let entry = self.entry(change.into());
        let id = entry.id.clone();
        let more = self.revoke_invites().await?;
        self.tx.commit(entry, more).await?;
        Ok(id)
    }

    /// Commits the change with its log entries.
    pub(super) async fn commit_all(
        mut self,
        first: impl Into<NewActivityEntry>,
        more: Vec<impl Into<NewActivityEntry>>,
    ) -> Result<(), Error> {
        let first = self.entry(first.into());
        let mut more: Vec<Entry> = more.into_iter().map(|change| self.entry(change.into())).collect();
        more.extend(self.revoke_invites().await?);
        Ok(self.tx.commit(first, more).await?)
    }

    /// Commits a batch of a change whose entry was committed with the first one.
    pub(super) async fn commit_batch(mut self) -> Result<(), Error> {
        let entries = self.revoke_invites().await?;
        Ok(self.tx.commit_batch(entries).await?)
    }

    /// Revokes the invites that the change orphans, and returns their entries.
    async fn revoke_invites(&mut self) -> Result<Vec<Entry>, Error> {
        let entries = revoke_orphaned_invites(&mut self.tx, self.now).await?;
        Ok(entries.into_iter().map(|change| self.entry(change.into())).collect())
    }

    /// Ends without a change.
    pub(super) async fn rollback(self) -> Result<(), Error> {
        Ok(self.tx.rollback().await?)
    }

    fn entry(&self, NewActivityEntry { change, member }: NewActivityEntry) -> Entry {
        Entry {
            id: ActivityId::new(ids::next(self.now)),
            at: self.now,
            actor: self.actor.in_log(),
            address: self.actor.address.clone(),
            request: None,
            member,
            change,
        }
    }
}
