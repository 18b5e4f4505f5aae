//! A change that an identity provider asks for.

use crate::scim_sync::error::{No, Refused};
use crate::{
    ids,
    team_change::{log_entry::Said, orphaned_invites::revoke_orphaned_invites},
};
use domain::{
    UnixMs,
    activity::{ActivityActor, Entry},
    id::{ActivityId, MemberId},
    key::KeyId,
    role::Role,
};
use scim::Notes;
use std::{pin::Pin, time::Duration};
use store::{Claim, StoreError};
use tokio::{sync::oneshot, time::Instant};

/// Who asks.
#[derive(Clone, Debug)]
pub(crate) struct Provider {
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
pub(crate) trait Wish: Send + Sync + 'static {
    /// What the client is told.
    type Made: Send + Sync + 'static;

    /// Makes the change, or says why not. Whatever it writes, it logs.
    fn make(&self, work: &mut Work<'_>) -> impl Future<Output = Result<Self::Made, No>> + Send;

    /// The member whom it is about, where the wish names one.
    fn about(&self) -> Option<&MemberId> {
        None
    }
}

/// A resource, after a wish was granted.
#[derive(Clone, Debug)]
pub(crate) struct Granted<R> {
    /// As it is now; a group without its members.
    pub(crate) resource: R,
    /// Was there anything to do?
    pub(crate) changed: bool,
    /// What was normalised on the way.
    pub(crate) notes: Notes,
}

/// Where a wish is granted: the team is claimed.
pub(crate) struct Work<'a> {
    pub(super) claim: &'a mut Claim,
    pub(super) now: UnixMs,
    pub(super) by: &'a Provider,
    pub(super) entries: &'a mut Vec<Entry>,
}

impl Work<'_> {
    /// Adds an entry to the log.
    pub(super) fn log(&mut self, change: impl Into<Said>) {
        self.entries.push(entry(self.by, self.now, change.into()));
    }

    /// Makes an id for something new.
    pub(super) fn new_id(&self) -> String {
        ids::next(self.now)
    }
}

fn entry(by: &Provider, now: UnixMs, Said { change, member }: Said) -> Entry {
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
pub(super) enum Verdict {
    /// Granted; perhaps there was nothing to do.
    Granted,
    /// Refused, before anything was written.
    Refused,
    /// Refused in the middle of it, or a fault: what was written in this transaction must not be kept.
    Spoiled,
    /// The database does not answer: nothing of this transaction is kept, and no other command of it is tried again.
    Unavailable,
}

/// A wish that waits in line, whatever its kind.
pub(super) trait Waiting: Send + Sync {
    /// The member whom it is about, where it names one.
    fn about(&self) -> Option<&MemberId>;

    /// Which key asks for it.
    fn by(&self) -> &Provider;

    /// Nobody waits for the answer any more.
    fn is_abandoned(&self) -> bool;

    /// How long it has waited.
    fn waited(&self) -> Duration;

    /// Has it been refused for good? Then it is not tried again.
    fn is_refused(&self) -> bool;

    /// Was it tried, in the last transaction?
    fn was_tried(&self) -> bool;

    /// Refuses it for good.
    fn refuse(&mut self, why: Refused);

    /// Sets the highest role that the key may touch, as the claimed team says.
    fn set_ceiling(&mut self, ceiling: Role);

    /// Tries, and remembers what to tell.
    fn attempt<'a>(
        &'a mut self,
        claim: &'a mut Claim,
        now: UnixMs,
        entries: &'a mut Vec<Entry>,
    ) -> Pin<Box<dyn Future<Output = Verdict> + Send + 'a>>;

    /// What the log says about the last try's refusal.
    fn log_of_refusal(&self, now: UnixMs) -> Option<Entry>;

    /// Tells what became of the last try.
    fn tell(self: Box<Self>);
}

/// A wish, and who waits for it.
pub(super) struct Asked<W: Wish> {
    wish: W,
    by: Provider,
    queued_at: Instant,
    outcome: Option<Result<W::Made, No>>,
    is_refused: bool,
    reply: oneshot::Sender<Result<W::Made, Refused>>,
}

impl<W: Wish> Asked<W> {
    pub(super) fn new(wish: W, by: Provider, reply: oneshot::Sender<Result<W::Made, Refused>>) -> Self {
        Self { wish, by, queued_at: Instant::now(), outcome: None, is_refused: false, reply }
    }
}

impl<W: Wish> Waiting for Asked<W> {
    fn about(&self) -> Option<&MemberId> {
        self.wish.about()
    }

    fn by(&self) -> &Provider {
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

    fn refuse(&mut self, why: Refused) {
        self.outcome = Some(Err(No::silent(why)));
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
    ) -> Pin<Box<dyn Future<Output = Verdict> + Send + 'a>> {
        Box::pin(async move {
            let (written, logged) = (claim.writes(), entries.len());
            let mut work = Work { claim, now, by: &self.by, entries };
            let mut outcome = self.wish.make(&mut work).await;
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
                    return Verdict::Spoiled;
                }
                Ok(_) => Verdict::Granted,
                Err(No { why: Refused::Scim(_) | Refused::GroupMoved, .. }) if !wrote => Verdict::Refused,
                Err(No { why: Refused::Store(StoreError::Unavailable(_)), .. }) => Verdict::Unavailable,
                Err(_) => Verdict::Spoiled,
            };
            if verdict != Verdict::Granted {
                entries.truncate(logged);
            }
            self.outcome = Some(outcome);
            verdict
        })
    }

    fn log_of_refusal(&self, now: UnixMs) -> Option<Entry> {
        match &self.outcome {
            Some(Err(No { log: Some(change), .. })) => {
                let said = Said { change: change.clone(), member: self.wish.about().cloned() };
                Some(entry(&self.by, now, said))
            }
            _ => None,
        }
    }

    fn tell(self: Box<Self>) {
        let told = match self.outcome {
            Some(outcome) => outcome.map_err(|no| no.why),
            None => Err(Refused::Store(StoreError::Fault("a wish was not tried".into()))),
        };
        // Whoever does not wait any more does not hear it; the change stays.
        let _ = self.reply.send(told);
    }
}
