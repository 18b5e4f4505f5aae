//! Every change to a team: what the page, the command line and (for members) the SCIM API share.
//!
//! Each change goes the same way, in one transaction: claim the team, ask who makes the change and in which role, ask the
//! rule ([`domain::provisioning`]), check what was typed, write, add the entry to the log, commit.
//!
//! Nothing here knows HTTP. Every use case fails with a [`domain::Error`]; a failure of the database is logged once, where it
//! becomes one.

mod account;
mod actor;
mod adoption;
mod general;
mod groups;
mod invites;
mod keys;
mod members;
pub mod metadata;
mod method_difference;
mod methods;
mod scim_switch;
mod teams;
mod unit_of_work;

pub use account::SessionSelection;
pub use actor::Actor;
pub use adoption::ADOPTION_CONSENT;
pub use invites::{INVITE_LIFETIME, InviteAcceptance, NewInvite, invite_accept};
pub use keys::NewScimKey;
pub(crate) use members::MOST as MOST_MEMBERS;
pub use members::RoleEdit;
pub use teams::NewPerson;
pub use unit_of_work::Service;
