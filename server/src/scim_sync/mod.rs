//! Provisioning: the changes that identity providers make to members and groups.
//!
//! Each change is a [`Command`]. Commands of one team that arrive at the same time are committed in one transaction
//! ([`write_queue`]). A response is sent after the commit. A large change of a group is computed before its transaction
//! ([`computation`]).

pub(crate) mod access;
mod command;
mod computation;
mod create_user;
mod difference;
mod error;
mod group_members;
mod group_requests;
mod groups;
mod matching;
mod membership;
mod queued_command;
mod sign_in;
mod users;
mod write_queue;

pub(crate) use command::Applied;
pub(crate) use create_user::CreateUser;
pub(crate) use error::ProvisioningError;
pub(crate) use groups::DeleteGroup;
pub(crate) use users::{DeleteUser, PatchUser, ReplaceUser};
pub(crate) use write_queue::WriteQueue;
