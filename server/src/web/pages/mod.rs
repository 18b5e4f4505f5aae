//! The pages: one handler each, which asks who is there, loads what is shown, and hands it over to the screens.

mod account;
mod activity;
mod authentication;
mod chooser;
mod connection;
mod forbidden;
mod general;
mod group;
mod groups;
mod guides;
mod invite;
mod member;
mod members;
mod self_test;
mod sign_in;
mod sign_out;
mod team;
mod verify;

pub(super) use account::{
    account, blocked as account_blocked, page as account_page, path as account_path, row as account_row,
    without_secrets,
};
pub(super) use activity::{activity, events as activity_events, export as activity_export};
pub(super) use authentication::{authentication, data, page as authentication_page};
pub(super) use chooser::chooser;
pub(super) use connection::load as connection;
pub(super) use forbidden::{forbidden, gone};
pub(super) use general::{
    carried as general_carried, general, page as general_page, path as general_path, typed as general_typed,
};
pub(super) use group::{Shown as GroupShown, group, page as group_page, role as group_role};
pub(super) use groups::{groups, path as groups_path};
pub(super) use guides::{guide, guide_events, guides};
pub(super) use invite::{invite_form, invite_join};
pub(super) use member::{MemberShown, content as member_content, member, page as member_page};
pub(super) use members::{
    ASK as MEMBERS_ASK, InviteState, ListPosition, chosen as members_chosen, content as members_content, members,
    page as members_page, path as members_path, source, status, whole_filter as members_filter,
};
pub(super) use self_test::{self_test, self_test_events, self_test_start};
pub(super) use sign_in::{sign_in, sign_in_form, team_sign_in, team_sign_in_form};
pub(super) use sign_out::sign_out;
pub(super) use team::team;
pub(super) use verify::{verify, verify_form};
