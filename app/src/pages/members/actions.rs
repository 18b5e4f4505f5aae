//! The menu of a member in the list, with the actions of the member's page. A disabled action keeps its place, with the
//! reason.

use super::reader::Reader;
use crate::{
    components::{head::LEAD, icon::Icon, menu::Menu},
    model::{Member, MemberAction},
    return_to,
};
use domain::{
    member::{MemberSource, MemberStatus},
    role::Role,
};
use leptos::prelude::*;

/// The menu, or a disabled button if the reader may not change members.
#[component]
pub(super) fn Actions(member: Member, path: String, reader: Reader) -> impl IntoView {
    let label = ["Actions for ", &member.row.name].concat();
    if !reader.may_manage {
        return view! {
            <button
                class="btn btn-quiet btn-icon"
                type="button"
                aria-disabled="true"
                aria-describedby=LEAD
                aria-label=label
            >
                <Icon name="dots"/>
            </button>
        }
        .into_any();
    }
    let page = [&path, "/", member.row.id.as_str()].concat();
    let id = ["member.", member.row.id.as_str(), ".menu"].concat();
    let (roles, ends) = (no_roles(&member, &reader), no_end(&member, &reader));
    let why_ends = ends.as_ref().map(|_| ["member.", member.row.id.as_str(), ".why"].concat());
    let why_roles = roles.as_ref().map(|_| match ends == roles {
        true => ["member.", member.row.id.as_str(), ".why"].concat(),
        false => ["member.", member.row.id.as_str(), ".why-roles"].concat(),
    });
    let note = roles
        .filter(|_| why_roles != why_ends)
        .map(|why| view! { <p class="item-note" id=why_roles.clone()>{why}</p> });
    let item = move |action, icon, label, danger, why: Option<String>| {
        let href = why.is_none().then(|| dialog(&page, action));
        view! { <MenuItem href=href icon=icon label=label danger=danger why=why/> }
    };
    let ending = match member.row.status {
        MemberStatus::Invited => view! {
            {item(MemberAction::Resend, "roll", "New invite link…", false, None)}
            {item(MemberAction::CancelInvite, "ban", "Revoke invite…", true, None)}
        }
        .into_any(),
        status => {
            let is_off = status == MemberStatus::Deactivated;
            let (action, label) = match is_off {
                true => (MemberAction::Reactivate, "Reactivate…"),
                false => (MemberAction::Deactivate, "Deactivate…"),
            };
            view! {
                {item(action, "ban", label, false, why_ends.clone())}
                {item(MemberAction::Remove, "x", "Remove…", true, why_ends.clone())}
                {ends.map(|why| view! { <p class="item-note" id=why_ends>{why}</p> })}
            }
            .into_any()
        }
    };
    view! {
        <Menu id=id label=label>
            <MenuItem href=Some([&path, "/", member.row.id.as_str()].concat()) icon="people" label="Open member" danger=false why=None/>
            {item(MemberAction::Roles, "shield", "Change roles…", false, why_roles)}
            {note}
            {ending}
        </Menu>
    }
    .into_any()
}

/// A link of the menu, or a disabled item.
#[component]
fn MenuItem(
    href: Option<String>,
    icon: &'static str,
    label: &'static str,
    danger: bool,
    why: Option<String>,
) -> impl IntoView {
    let blocked = href.is_none();
    view! {
        <a
            class="item"
            href=href
            role=blocked.then_some("link")
            aria-disabled=blocked.then_some("true")
            aria-describedby=why
            data-tone=(danger && !blocked).then_some("danger")
        >
            <Icon name=icon/>
            {label}
        </a>
    }
}

fn dialog(page: &str, action: MemberAction) -> String {
    [page, "?", return_to::DIALOG, "=", action.name()].concat()
}

/// The reason that the roles cannot be changed.
fn no_roles(member: &Member, reader: &Reader) -> Option<String> {
    let is_above = member.row.roles().contains(Role::SuperAdmin) && !reader.may_change_super_admins;
    is_above.then(|| "Only a Super Admin can change a Super Admin.".to_owned())
}

/// The reason that the membership cannot be ended or restored here.
fn no_end(member: &Member, reader: &Reader) -> Option<String> {
    match &reader.provider {
        Some(provider) if member.row.source == MemberSource::Directory => {
            return Some(["Managed by ", provider, ". Deactivate or remove them there."].concat());
        }
        _ => {}
    }
    if member.row.id == reader.me {
        return Some("You can't do this to yourself. Ask another Admin.".to_owned());
    }
    let is_held = member.row.break_glass && member.row.status == MemberStatus::Active;
    no_roles(member, reader)
        .or_else(|| is_held.then(|| "This is a break-glass member. Remove break-glass first.".to_owned()))
}
