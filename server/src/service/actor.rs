//! Who makes a change.

use domain::{activity, id::MemberId, role::Role};

/// Who makes a change. Name and role of a member are looked up inside the transaction of the change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Someone who is signed in.
    Member {
        /// Who it is.
        id: MemberId,
        /// From which address, as far as it is known.
        address: Option<String>,
    },
    /// The operator, on the command line, with the authority of a Super Admin.
    Operator,
    /// Rollcall itself, cleaning up.
    Rollcall,
}

impl Actor {
    /// Is someone there whom a page can ask to type a name?
    pub(super) fn is_asked_to_confirm(&self) -> bool {
        matches!(self, Actor::Member { .. })
    }
}

/// Who makes a change, as the team knew them when the change began.
#[derive(Clone, Debug)]
pub(super) struct ActorInfo {
    /// The member; none: the operator, or Rollcall itself.
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

    /// As the log names them.
    pub(super) fn in_log(&self) -> activity::ActivityActor {
        match &self.member {
            Some((_, name)) => activity::ActivityActor::Member { name: name.clone() },
            None if self.is_rollcall => activity::ActivityActor::System,
            None => activity::ActivityActor::Operator,
        }
    }
}
