//! The pages: one handler each, which asks who is there, loads what is shown, and hands it over to the screens.

mod activity;
mod authentication;
mod chooser;
mod forbidden;
mod general;
mod group;
mod groups;
mod member;
mod members;
mod sign_in;
mod sign_out;
mod team;
mod verify;

pub(super) use activity::{activity, export as activity_export};
pub(super) use authentication::{authentication, data, page as authentication_page};
pub(super) use chooser::chooser;
pub(super) use forbidden::forbidden;
pub(super) use general::general;
pub(super) use group::{SAME as GROUP_SAME, Shown as GroupShown, group, page as group_page, role as group_role};
pub(super) use groups::{groups, path as groups_path};
pub(super) use member::{Shown, member, page as member_page};
pub(super) use members::{
    At, members, page as members_page, path as members_path, sort, source, status, whole_filter as members_filter,
};
pub(super) use sign_in::{sign_in, sign_in_form, team_sign_in, team_sign_in_form};
pub(super) use sign_out::sign_out;
pub(super) use team::team;
pub(super) use verify::{verify, verify_form};
