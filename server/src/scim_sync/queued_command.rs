//! Commands in the queue, with their outcomes and the channels for their responses.

use crate::{
    caller::Caller,
    scim_sync::{
        command::{Applied, Command, CommandContext, entry},
        error::ProvisioningError,
    },
    team_change::orphaned_invites::revoke_orphaned_invites,
};
use domain::{
    UnixMs,
    activity::{Change, Entry},
    id::MemberId,
    role::Role,
};
use std::time::Duration;
use store::{StoreError, TeamTransaction};
use tokio::{sync::oneshot, time::Instant};

/// A queued command of any type.
pub(super) struct QueuedCommand<C: Command + ?Sized = dyn Command> {
    caller: Caller,
    queued_at: Instant,
    outcome: Option<Result<Applied, ProvisioningError>>,
    is_rejected: bool,
    reply: oneshot::Sender<Result<Applied, ProvisioningError>>,
    command: C,
}

impl<C: Command> QueuedCommand<C> {
    pub(super) fn new(command: C, caller: Caller, reply: oneshot::Sender<Result<Applied, ProvisioningError>>) -> Self {
        Self { caller, queued_at: Instant::now(), outcome: None, is_rejected: false, reply, command }
    }
}

impl QueuedCommand {
    /// See [`Command::member`].
    pub(super) fn member(&self) -> Option<&MemberId> {
        self.command.member()
    }

    /// The key that it comes from.
    pub(super) fn caller(&self) -> &Caller {
        &self.caller
    }

    /// Whether the client has disconnected.
    pub(super) fn is_abandoned(&self) -> bool {
        self.reply.is_closed()
    }

    /// How long it has been queued.
    pub(super) fn waited(&self) -> Duration {
        self.queued_at.elapsed()
    }

    /// Whether it was rejected permanently. It is not executed again.
    pub(super) fn is_rejected(&self) -> bool {
        self.is_rejected
    }

    /// Whether the last transaction executed it.
    pub(super) fn was_executed(&self) -> bool {
        self.outcome.is_some()
    }

    /// Rejects it permanently.
    pub(super) fn reject(&mut self, why: ProvisioningError) {
        self.outcome = Some(Err(why));
        self.is_rejected = true;
    }

    /// Sets the highest role that the key may change, as read in the transaction.
    pub(super) fn set_max_role(&mut self, max_role: Role) {
        self.caller.max_role = max_role;
    }

    /// Executes the command and keeps its outcome. `false`: it failed after it had written, so the transaction has to be rolled
    /// back. A command that succeeded may have had nothing to change. One that was rejected before it wrote adds its entry to
    /// the log.
    ///
    /// # Errors
    /// [`StoreError::Serialization`]: a concurrent transaction ended this one, so it can run again.
    /// [`StoreError::Unavailable`]: no other command of the transaction is tried again.
    pub(super) async fn execute(
        &mut self,
        tx: &mut TeamTransaction,
        now: UnixMs,
        entries: &mut Vec<Entry>,
    ) -> Result<bool, StoreError> {
        let (written, logged) = (tx.writes(), entries.len());
        let mut context = CommandContext { tx, now, caller: &self.caller, entries };
        let mut outcome = self.command.apply(&mut context).await;
        if outcome.is_ok() {
            match revoke_orphaned_invites(context.tx, now).await {
                Ok(orphaned) => orphaned.into_iter().for_each(|(member, change)| context.log_member(&member, change)),
                Err(error) => outcome = Err(error.into()),
            }
        }
        let wrote = tx.writes() != written;
        if outcome.is_ok() && wrote && entries.len() == logged {
            outcome = Err(StoreError::Fault("a change without an entry".into()).into());
        }
        if outcome.is_err() {
            entries.truncate(logged);
        }
        let result = match self.outcome.insert(outcome) {
            Ok(_) => return Ok(true),
            Err(ProvisioningError::Store(StoreError::Serialization(_))) => {
                Err(StoreError::Serialization("a statement of a command".into()))
            }
            Err(ProvisioningError::Store(StoreError::Unavailable(_))) => {
                Err(StoreError::Unavailable("the database didn't answer a statement in time".into()))
            }
            Err(ProvisioningError::Scim(_) | ProvisioningError::Protected { .. } | ProvisioningError::GroupMoved) => {
                Ok(!wrote)
            }
            Err(_) => Ok(false),
        };
        if let Ok(true) = result {
            entries.extend(self.rejection_entry(now));
        }
        result
    }

    /// The activity entry about the last rejection, if it gets one.
    pub(super) fn rejection_entry(&self, now: UnixMs) -> Option<Entry> {
        match &self.outcome {
            Some(Err(ProvisioningError::Protected { name, why, .. })) => {
                let change = Change::MemberProtected { name: name.clone(), why: why.clone() };
                Some(entry(&self.caller, now, self.command.member(), change))
            }
            _ => None,
        }
    }

    /// Sends the outcome to the client.
    pub(super) fn respond(self: Box<Self>) {
        let response = match self.outcome {
            Some(outcome) => outcome,
            None => Err(ProvisioningError::Store(StoreError::Fault("a command was not tried".into()))),
        };
        // A client that has disconnected gets no response. The change stays.
        let _ = self.reply.send(response);
    }
}
