//! Every change to a team: what the page, the command line and (for members) the SCIM API share.
//!
//! Each change goes the same way, in one transaction: claim the team, ask who makes the change and in which role, ask the
//! rule ([`domain::provisioning`]), check what was typed, write, add the entry to the log, commit.
//!
//! Nothing here knows HTTP; what is refused comes back as an [`app::error::AppError`], and its inner cause is logged
//! once, where it becomes one.

mod account;
mod actor;
mod adoption;
mod general;
mod invites;
mod keys;
mod mapping;
mod members;
pub mod metadata;
mod scim;
mod service;
mod sso;
mod sso_difference;
mod team;

pub use account::{NotYours, SessionSelection};
pub use actor::Actor;
pub use adoption::ADOPTION_CONSENT;
pub use general::NotSet;
pub use invites::{INVITE_LIFETIME, InviteAcceptance, NewInvite, NotInvited, NotJoined, invite_accept};
pub use keys::NewScimKey;
pub use mapping::NotMapped;
pub(crate) use members::MOST as MOST_MEMBERS;
pub use members::{NotChanged, RoleEdit};
pub use service::Service;
pub use team::{NewPerson, NotCreated};
