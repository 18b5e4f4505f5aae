//! What identity providers change: members and groups.
//!
//! A change that is asked for is a [`Command`]. Commands of one team that come at the same time are granted together, in one
//! transaction ([`write_queue`]): each is answered only when it is on disk, and the disk is waited for once. What a large change of a
//! group comes to is computed before its transaction ([`membership`]).

pub(crate) mod access;
mod command;
mod difference;
mod error;
mod group_requests;
mod groups;
mod matching;
mod membership;
mod planning;
mod sign_in;
mod users;
mod write_queue;

pub(crate) use access::AccessError;
pub(crate) use command::{Applied, Caller};
pub(crate) use error::ProvisioningError;
pub(crate) use groups::DeleteGroup;
pub(crate) use users::{CreateUser, DeleteUser, PatchUser, ReplaceUser};
pub(crate) use write_queue::WriteQueue;
