//! Members: the list and its export, one member, changes to one or several, and invites.

mod actions;
mod bulk;
mod bulk_preview;
mod csv;
mod detail;
mod export;
mod invite;
mod list;

pub(super) use {
    actions::{paths as action_paths, submit as submit_action},
    bulk::submit as submit_roles,
    detail::detail,
    export::export,
    invite::submit as submit_invite,
    list::{ListPosition, find, list},
};
