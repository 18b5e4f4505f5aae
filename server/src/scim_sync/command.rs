//! Commands: the changes that identity providers request.

use crate::{caller::Caller, ids, scim_sync::error::ProvisioningError};
use async_trait::async_trait;
use domain::{
    UnixMs,
    activity::{ActivityActor, Change, Entry},
    id::{ActivityId, MemberId},
};
use scim::Normalizations;
use store::{ScimResource, TeamTransaction};

/// A change to one team. It may run more than once, each time on the current state of the team, so it has no side effects.
#[async_trait]
pub(crate) trait Command: Send + Sync + 'static {
    /// Makes the change. Every write needs a log entry.
    async fn apply(&self, context: &mut CommandContext<'_>) -> Result<Applied, ProvisioningError>;

    /// The member that the command names, if it names one. A batch reads these members ahead.
    fn member(&self) -> Option<&MemberId> {
        None
    }
}

/// The result of a command.
#[derive(Debug)]
pub(crate) struct Applied {
    /// The resource as it is now. A group comes without its members. `None`: it was deleted.
    pub(crate) resource: Option<ScimResource>,
    /// Whether anything changed.
    pub(crate) changed: bool,
    /// The normalizations of the request.
    pub(crate) notes: Normalizations,
}

impl Applied {
    pub(super) fn new(resource: ScimResource, changed: bool) -> Self {
        Self { resource: Some(resource), changed, notes: Normalizations::new() }
    }

    pub(super) fn deleted() -> Self {
        Self { resource: None, changed: true, notes: Normalizations::new() }
    }
}

/// The context of a command: the team's transaction, the time and the caller.
pub(crate) struct CommandContext<'a> {
    pub(super) tx: &'a mut TeamTransaction,
    pub(super) now: UnixMs,
    pub(super) caller: &'a Caller,
    pub(super) entries: &'a mut Vec<Entry>,
}

impl CommandContext<'_> {
    /// Adds an entry to the activity log.
    pub(super) fn log(&mut self, change: Change) {
        self.entries.push(entry(self.caller, self.now, None, change));
    }

    /// Adds an entry about a member to the activity log.
    pub(super) fn log_member(&mut self, member: &MemberId, change: Change) {
        self.entries.push(entry(self.caller, self.now, Some(member), change));
    }

    /// Returns a new id.
    pub(super) fn new_id(&self) -> String {
        ids::next(self.now)
    }
}

/// An entry of the activity log about a change by this caller.
pub(super) fn entry(caller: &Caller, now: UnixMs, member: Option<&MemberId>, change: Change) -> Entry {
    Entry {
        id: ActivityId::new(ids::next(now)),
        at: now,
        actor: ActivityActor::Provider { key_name: caller.key_name.clone(), key_id: caller.key_id.clone() },
        address: caller.address.map(|address| address.to_string()),
        request: caller.request.as_deref().map(str::to_owned),
        member: member.cloned(),
        change,
    }
}
