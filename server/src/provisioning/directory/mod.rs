//! What identity providers change: members and groups.
//!
//! A change that is asked for is a [`Wish`]. Wishes of one team that come at the same time are granted together, in one
//! transaction ([`line`]): each is answered only when it is on disk, and the disk is waited for once.

mod difference;
mod groups;
mod line;
pub(crate) mod own;
mod person;
mod refused;
mod users;
mod wish;

pub(crate) use groups::{CreateGroup, DeleteGroup, PatchGroup, ReplaceGroup};
pub(crate) use line::Directory;
pub(crate) use person::document_of;
pub(crate) use refused::Refused;
pub(crate) use users::{CreateUser, DeleteUser, PatchUser, ReplaceUser};
pub(crate) use wish::{Granted, Provider, Wish};
