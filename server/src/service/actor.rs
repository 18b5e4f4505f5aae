//! The actor of a change.

use domain::{activity, id::MemberId, role::Role};

/// The actor of a change. The name and role of a member are read inside the transaction of the change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A signed-in member.
    Member {
        id: MemberId,
        /// The client's address, if known.
        address: Option<String>,
    },
    /// The operator, on the command line, with the authority of a Super Admin.
    Operator,
    /// Rollcall itself, during maintenance.
    Rollcall,
}

impl Actor {
    /// Whether the actor confirms with a typed name, because a page asks for it.
    pub(super) fn must_confirm(&self) -> bool {
        matches!(self, Actor::Member { .. })
    }
}

/// The actor of a change, as read at its start.
#[derive(Clone, Debug)]
pub(super) struct ActorInfo {
    /// The member. `None`: the operator, or Rollcall itself.
    pub(super) member: Option<(MemberId, String)>,
    pub(super) is_rollcall: bool,
    pub(super) role: Role,
    pub(super) address: Option<String>,
}

impl ActorInfo {
    pub(super) fn operator() -> Self {
        Self { member: None, is_rollcall: false, role: Role::SuperAdmin, address: None }
    }

    pub(super) fn rollcall() -> Self {
        Self { is_rollcall: true, ..Self::operator() }
    }

    /// The actor in a log entry.
    pub(super) fn in_log(&self) -> activity::ActivityActor {
        match &self.member {
            Some((_, name)) => activity::ActivityActor::Member { name: name.clone() },
            None if self.is_rollcall => activity::ActivityActor::System,
            None => activity::ActivityActor::Operator,
        }
    }
}
