//! Commands: the changes that identity providers request.

use crate::{
    ids,
    scim_sync::error::ProvisioningError,
    team_change::{log_entry::NewActivityEntry, orphaned_invites::revoke_orphaned_invites},
};
use domain::{
    UnixMs,
    activity::{ActivityActor, Change, Entry},
    id::{ActivityId, MemberId},
    key::KeyId,
    role::Role,
};
use scim::Normalizations;
use std::{pin::Pin, time::Duration};
use store::{StoreError, TeamTransaction};
use tokio::{sync::oneshot, time::Instant};

/// The API key that authenticated the request.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    pub(crate) key_id: KeyId,
    pub(crate) key_name: String,
    /// Roles above this are out of reach: the role of the member who generated the key.
    pub(crate) max_role: Role,
    /// The client's address, where it is known.
    pub(crate) address: Option<String>,
    /// The request's id in the request log.
    pub(crate) request: Option<String>,
    /// Rollcall itself makes the change: it removes what a self-test created, or fills a demo. The state of the key and of the
    /// switch does not matter then.
    pub(crate) is_internal: bool,
}

/// A change to one team. It may run more than once, each time on the current state of the team, so it has no side effects.
pub(crate) trait Command: Send + Sync + 'static {
    /// The result for the client.
    type Output: Send + Sync + 'static;

    /// Makes the change. It logs whatever it writes.
    fn apply(
        &self,
        context: &mut CommandContext<'_>,
    ) -> impl Future<Output = Result<Self::Output, ProvisioningError>> + Send;

    /// The member that the command names, if it names one. A batch reads these members ahead.
    fn member(&self) -> Option<&MemberId> {
        None
    }
}

/// The result of a command.
#[derive(Clone, Debug)]
pub(crate) struct Applied<R> {
    /// The resource as it is now. A group comes without its members.
    pub(crate) resource: R,
    /// Whether anything changed.
    pub(crate) changed: bool,
    /// The normalizations of the request.
    pub(crate) notes: Normalizations,
}

/// What a command works on: the team's transaction, the time and the caller.
pub(crate) struct CommandContext<'a> {
    pub(super) tx: &'a mut TeamTransaction,
    pub(super) now: UnixMs,
    pub(super) caller: &'a Caller,
    pub(super) entries: &'a mut Vec<Entry>,
}

impl CommandContext<'_> {
    /// Adds an entry to the activity log.
    pub(super) fn log(&mut self, change: impl Into<NewActivityEntry>) {
        self.entries.push(entry(self.caller, self.now, change.into()));
    }

    /// Returns a new id.
    pub(super) fn new_id(&self) -> String {
        ids::next(self.now)
    }
}

fn entry(caller: &Caller, now: UnixMs, NewActivityEntry { change, member }: NewActivityEntry) -> Entry {
    Entry {
        id: ActivityId::new(ids::next(now)),
        at: now,
        actor: ActivityActor::Provider { key_name: caller.key_name.clone(), key_id: caller.key_id.clone() },
        address: caller.address.clone(),
        request: caller.request.clone(),
        member,
        change,
    }
}

/// How one execution ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CommandOutcome {
    /// The command succeeded. It may have had nothing to change.
    Applied,
    /// The command was rejected before it wrote anything.
    Rejected,
    /// The command failed after it had written, so the transaction has to be rolled back.
    RollBack,
    /// The database rolled the transaction back because of a concurrent one, so it can run again.
    Serialization,
    /// The database does not answer. The transaction is rolled back, and no other command of it is tried again.
    Unavailable,
}

/// A queued command of any type.
pub(super) trait AnyCommand: Send + Sync {
    /// See [`Command::member`].
    fn member(&self) -> Option<&MemberId>;

    /// The key that it comes from.
    fn caller(&self) -> &Caller;

    /// Whether the client has disconnected.
    fn is_abandoned(&self) -> bool;

    /// How long it has been queued.
    fn waited(&self) -> Duration;

    /// Whether it was rejected permanently. It is not executed again.
    fn is_rejected(&self) -> bool;

    /// Whether the last transaction executed it.
    fn was_executed(&self) -> bool;

    /// Rejects it permanently.
    fn reject(&mut self, why: ProvisioningError);

    /// Sets the highest role that the key may change, as read in the transaction.
    fn set_max_role(&mut self, max_role: Role);

    /// Executes the command and keeps its outcome.
    fn execute<'a>(
        &'a mut self,
        tx: &'a mut TeamTransaction,
        now: UnixMs,
        entries: &'a mut Vec<Entry>,
    ) -> Pin<Box<dyn Future<Output = CommandOutcome> + Send + 'a>>;

    /// The activity entry about the last rejection, if it gets one.
    fn rejection_entry(&self, now: UnixMs) -> Option<Entry>;

    /// Sends the outcome to the client.
    fn respond(self: Box<Self>);
}

/// A command and the channel for its response.
pub(super) struct QueuedCommand<C: Command> {
    command: C,
    caller: Caller,
    queued_at: Instant,
    outcome: Option<Result<C::Output, ProvisioningError>>,
    is_rejected: bool,
    reply: oneshot::Sender<Result<C::Output, ProvisioningError>>,
}

impl<C: Command> QueuedCommand<C> {
    pub(super) fn new(
        command: C,
        caller: Caller,
        reply: oneshot::Sender<Result<C::Output, ProvisioningError>>,
    ) -> Self {
        Self { command, caller, queued_at: Instant::now(), outcome: None, is_rejected: false, reply }
    }
}

impl<C: Command> AnyCommand for QueuedCommand<C> {
    fn member(&self) -> Option<&MemberId> {
        self.command.member()
    }

    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn is_abandoned(&self) -> bool {
        self.reply.is_closed()
    }

    fn waited(&self) -> Duration {
        self.queued_at.elapsed()
    }

    fn is_rejected(&self) -> bool {
        self.is_rejected
    }

    fn was_executed(&self) -> bool {
        self.outcome.is_some()
    }

    fn reject(&mut self, why: ProvisioningError) {
        self.outcome = Some(Err(why));
        self.is_rejected = true;
    }

    fn set_max_role(&mut self, max_role: Role) {
        self.caller.max_role = max_role;
    }

    fn execute<'a>(
        &'a mut self,
        tx: &'a mut TeamTransaction,
        now: UnixMs,
        entries: &'a mut Vec<Entry>,
    ) -> Pin<Box<dyn Future<Output = CommandOutcome> + Send + 'a>> {
        Box::pin(async move {
            let (written, logged) = (tx.writes(), entries.len());
            let mut context = CommandContext { tx, now, caller: &self.caller, entries };
            let mut outcome = self.command.apply(&mut context).await;
            if outcome.is_ok() {
                match revoke_orphaned_invites(context.tx, now).await {
                    Ok(orphaned) => orphaned.into_iter().for_each(|log_entry| context.log(log_entry)),
                    Err(error) => outcome = Err(error.into()),
                }
            }
            let wrote = tx.writes() != written;
            let outcome_kind = match &outcome {
                Ok(_) if wrote && entries.len() == logged => {
                    self.outcome = Some(Err(StoreError::Fault("a change without an entry".into()).into()));
                    return CommandOutcome::RollBack;
                }
                Ok(_) => CommandOutcome::Applied,
                Err(
                    ProvisioningError::Scim(_) | ProvisioningError::Protected { .. } | ProvisioningError::GroupMoved,
                ) if !wrote => CommandOutcome::Rejected,
                Err(ProvisioningError::Store(StoreError::Unavailable(_))) => CommandOutcome::Unavailable,
                Err(ProvisioningError::Store(StoreError::Serialization(_))) => CommandOutcome::Serialization,
                Err(_) => CommandOutcome::RollBack,
            };
            if outcome_kind != CommandOutcome::Applied {
                entries.truncate(logged);
            }
            self.outcome = Some(outcome);
            outcome_kind
        })
    }

    fn rejection_entry(&self, now: UnixMs) -> Option<Entry> {
        match &self.outcome {
            Some(Err(ProvisioningError::Protected { name, why, .. })) => {
                let change = Change::MemberProtected { name: name.clone(), why: why.clone() };
                let log_entry = NewActivityEntry { change, member: self.command.member().cloned() };
                Some(entry(&self.caller, now, log_entry))
            }
            _ => None,
        }
    }

    fn respond(self: Box<Self>) {
        let response = match self.outcome {
            Some(outcome) => outcome,
            None => Err(ProvisioningError::Store(StoreError::Fault("a command was not tried".into()))),
        };
        // A client that has disconnected gets no response. The change stays.
        let _ = self.reply.send(response);
    }
}
