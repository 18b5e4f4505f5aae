//! A change that an identity provider asks for.

use crate::scim_sync::error::{CommandError, ProvisioningError};
use crate::{
    ids,
    team_change::{log_entry::NewActivityEntry, orphaned_invites::revoke_orphaned_invites},
};
use domain::{
    UnixMs,
    activity::{ActivityActor, Entry},
    id::{ActivityId, MemberId},
    key::KeyId,
    role::Role,
};
use scim::Normalizations;
use std::{pin::Pin, time::Duration};
use store::{Claim, StoreError};
use tokio::{sync::oneshot, time::Instant};

/// Who asks.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    /// The key's id.
    pub(crate) key_id: KeyId,
    /// The key's name.
    pub(crate) key_name: String,
    /// The highest role that the key may touch: its maker's.
    pub(crate) ceiling: Role,
    /// From which address, as far as it is known.
    pub(crate) address: Option<String>,
    /// The id under which the request is recorded.
    pub(crate) request: Option<String>,
    /// Rollcall itself makes the change: it removes what a self-test created, or fills a demo. The state of the key and of the
    /// switch does not matter then.
    pub(crate) is_internal: bool,
}

/// A change to one team. It may be run more than once, each time on what the team is then.
pub(crate) trait Command: Send + Sync + 'static {
    /// What the client is told.
    type Output: Send + Sync + 'static;

    /// Makes the change, or says why not. Whatever it writes, it logs.
    fn make(&self, work: &mut CommandContext<'_>) -> impl Future<Output = Result<Self::Output, CommandError>> + Send;

    /// The member whom it is about, where the command names one.
    fn about(&self) -> Option<&MemberId> {
        None
    }
}

/// A resource, after a command was granted.
#[derive(Clone, Debug)]
pub(crate) struct Applied<R> {
    /// As it is now; a group without its members.
    pub(crate) resource: R,
    /// Was there anything to do?
    pub(crate) changed: bool,
    /// What was normalised on the way.
    pub(crate) notes: Normalizations,
}

/// Where a command is granted: the team is claimed.
pub(crate) struct CommandContext<'a> {
    pub(super) claim: &'a mut Claim,
    pub(super) now: UnixMs,
    pub(super) by: &'a Caller,
    pub(super) entries: &'a mut Vec<Entry>,
}

impl CommandContext<'_> {
    /// Adds an entry to the log.
    pub(super) fn log(&mut self, change: impl Into<NewActivityEntry>) {
        self.entries.push(entry(self.by, self.now, change.into()));
    }

    /// Makes an id for something new.
    pub(super) fn new_id(&self) -> String {
        ids::next(self.now)
    }
}

fn entry(by: &Caller, now: UnixMs, NewActivityEntry { change, member }: NewActivityEntry) -> Entry {
    Entry {
        id: ActivityId::new(ids::next(now)),
        at: now,
        actor: ActivityActor::Provider { key_name: by.key_name.clone(), key_id: by.key_id.clone() },
        address: by.address.clone(),
        request: by.request.clone(),
        member,
        change,
    }
}

/// What became of one try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CommandOutcome {
    /// Applied; perhaps there was nothing to do.
    Granted,
    /// ProvisioningError, before anything was written.
    Refused,
    /// ProvisioningError in the middle of it, or a fault: what was written in this transaction must not be kept.
    Spoiled,
    /// The database does not answer: nothing of this transaction is kept, and no other command of it is tried again.
    Unavailable,
}

/// A command that waits in line, whatever its kind.
pub(super) trait AnyCommand: Send + Sync {
    /// The member whom it is about, where it names one.
    fn about(&self) -> Option<&MemberId>;

    /// Which key asks for it.
    fn by(&self) -> &Caller;

    /// Nobody waits for the answer any more.
    fn is_abandoned(&self) -> bool;

    /// How long it has waited.
    fn waited(&self) -> Duration;

    /// Has it been refused for good? Then it is not tried again.
    fn is_refused(&self) -> bool;

    /// Was it tried, in the last transaction?
    fn was_tried(&self) -> bool;

    /// Refuses it for good.
    fn refuse(&mut self, why: ProvisioningError);

    /// Sets the highest role that the key may touch, as the claimed team says.
    fn set_ceiling(&mut self, ceiling: Role);

    /// Tries, and remembers what to tell.
    fn attempt<'a>(
        &'a mut self,
        claim: &'a mut Claim,
        now: UnixMs,
        entries: &'a mut Vec<Entry>,
    ) -> Pin<Box<dyn Future<Output = CommandOutcome> + Send + 'a>>;

    /// What the log says about the last try's refusal.
    fn log_of_refusal(&self, now: UnixMs) -> Option<Entry>;

    /// Tells what became of the last try.
    fn tell(self: Box<Self>);
}

/// A command, and who waits for it.
pub(super) struct QueuedCommand<C: Command> {
    command: C,
    by: Caller,
    queued_at: Instant,
    outcome: Option<Result<C::Output, CommandError>>,
    is_refused: bool,
    reply: oneshot::Sender<Result<C::Output, ProvisioningError>>,
}

impl<C: Command> QueuedCommand<C> {
    pub(super) fn new(command: C, by: Caller, reply: oneshot::Sender<Result<C::Output, ProvisioningError>>) -> Self {
        Self { command, by, queued_at: Instant::now(), outcome: None, is_refused: false, reply }
    }
}

impl<C: Command> AnyCommand for QueuedCommand<C> {
    fn about(&self) -> Option<&MemberId> {
        self.command.about()
    }

    fn by(&self) -> &Caller {
        &self.by
    }

    fn is_abandoned(&self) -> bool {
        self.reply.is_closed()
    }

    fn waited(&self) -> Duration {
        self.queued_at.elapsed()
    }

    fn is_refused(&self) -> bool {
        self.is_refused
    }

    fn was_tried(&self) -> bool {
        self.outcome.is_some()
    }

    fn refuse(&mut self, why: ProvisioningError) {
        self.outcome = Some(Err(CommandError::silent(why)));
        self.is_refused = true;
    }

    fn set_ceiling(&mut self, ceiling: Role) {
        self.by.ceiling = ceiling;
    }

    fn attempt<'a>(
        &'a mut self,
        claim: &'a mut Claim,
        now: UnixMs,
        entries: &'a mut Vec<Entry>,
    ) -> Pin<Box<dyn Future<Output = CommandOutcome> + Send + 'a>> {
        Box::pin(async move {
            let (written, logged) = (claim.writes(), entries.len());
            let mut work = CommandContext { claim, now, by: &self.by, entries };
            let mut outcome = self.command.make(&mut work).await;
            if outcome.is_ok() {
                match revoke_orphaned_invites(work.claim, now).await {
                    Ok(ended) => ended.into_iter().for_each(|said| work.log(said)),
                    Err(error) => outcome = Err(error.into()),
                }
            }
            let wrote = claim.writes() != written;
            let verdict = match &outcome {
                Ok(_) if wrote && entries.len() == logged => {
                    self.outcome = Some(Err(StoreError::Fault("a change without an entry".into()).into()));
                    return CommandOutcome::Spoiled;
                }
                Ok(_) => CommandOutcome::Granted,
                Err(CommandError { why: ProvisioningError::Scim(_) | ProvisioningError::GroupMoved, .. }) if !wrote => {
                    CommandOutcome::Refused
                }
                Err(CommandError { why: ProvisioningError::Store(StoreError::Unavailable(_)), .. }) => {
                    CommandOutcome::Unavailable
                }
                Err(_) => CommandOutcome::Spoiled,
            };
            if verdict != CommandOutcome::Granted {
                entries.truncate(logged);
            }
            self.outcome = Some(outcome);
            verdict
        })
    }

    fn log_of_refusal(&self, now: UnixMs) -> Option<Entry> {
        match &self.outcome {
            Some(Err(CommandError { log: Some(change), .. })) => {
                let said = NewActivityEntry { change: change.clone(), member: self.command.about().cloned() };
                Some(entry(&self.by, now, said))
            }
            _ => None,
        }
    }

    fn tell(self: Box<Self>) {
        let told = match self.outcome {
            Some(outcome) => outcome.map_err(|no| no.why),
            None => Err(ProvisioningError::Store(StoreError::Fault("a command was not tried".into()))),
        };
        // Whoever does not wait any more does not hear it; the change stays.
        let _ = self.reply.send(told);
    }
}
