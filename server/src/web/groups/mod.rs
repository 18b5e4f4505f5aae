//! Groups: the list, one group, and the role that a group gives to its members.

mod detail;
mod list;
mod mapping;
mod preview;

pub(super) use {detail::detail, list::list, mapping::set_role};
