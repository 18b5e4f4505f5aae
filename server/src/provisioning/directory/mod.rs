//! What identity providers change: members and groups.
//!
//! A change that is asked for is a [`Wish`]. Wishes of one team that come at the same time are granted together, in one
//! transaction ([`line`]): each is answered only when it is on disk, and the disk is waited for once. What a large change of a
//! group comes to is computed before its transaction ([`membership`]).

pub(crate) mod access;
mod difference;
mod group_requests;
mod groups;
mod line;
mod matching;
mod membership;
pub(crate) mod own;
mod person;
mod planning;
mod refused;
mod sign_in;
mod users;
mod wish;

pub(crate) use access::AccessError;
pub(crate) use groups::DeleteGroup;
pub(crate) use line::Directory;
pub(crate) use person::document_of;
pub(crate) use refused::Refused;
pub(crate) use users::{CreateUser, DeleteUser, PatchUser, ReplaceUser};
pub(crate) use wish::{Granted, Provider, Wish};
