//! Changes to a team, shared by pages, the command line and (for members) the SCIM API.
//!
//! Each change has the same steps in one transaction: lock the team, read the actor's role, review the rule
//! ([`domain::provisioning`]), validate the input, write, add the log entry, commit.
//!
//! Nothing here depends on HTTP. Every use case fails with a [`domain::Error`]. The conversion of a database error logs it, once.

mod account;
mod actor;
mod adoption;
mod general;
mod groups;
mod invites;
mod keys;
mod link_rule;
mod member_link;
mod members;
pub mod metadata;
mod method_difference;
mod methods;
mod scim_switch;
mod sso_sign_in;
mod sso_sign_out;
mod teams;
mod unit_of_work;

pub use account::SessionSelection;
pub use actor::Actor;
pub use adoption::ADOPTION_CONSENT;
pub use invites::{INVITE_LIFETIME, InviteAcceptance, NewInvite, invite_accept};
pub use keys::NewScimKey;
pub use link_rule::LinkRuleEdit;
pub use members::RoleEdit;
pub use sso_sign_in::{SsoResponse, SsoSignIn, SsoSignInError, SsoSignInPurpose, sso_sign_in};
pub use sso_sign_out::{ProviderSignOut, sso_sign_out};
pub use teams::NewPerson;
pub use unit_of_work::Service;
