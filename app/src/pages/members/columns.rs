//! The columns of the table of members between the name and the menu. One entry has the header and the cell of each.

use crate::{
    components::local_time::{Moment, TimeFormat},
    model::{Member, MemberSort, MemberStatus},
};
use domain::{
    UnixMs,
    role::{Role, Roles},
};
use leptos::prelude::*;

/// A column of the table.
pub(super) struct Column {
    /// The header, and the cell's label when the table is stacked.
    pub(super) label: &'static str,
    /// The sort order of the header's link.
    pub(super) sort: Option<MemberSort>,
    /// The class of header and cell.
    pub(super) class: Option<&'static str>,
    /// The content of the cell. The time is that of the page.
    pub(super) cell: fn(&Member, UnixMs) -> AnyView,
}

/// Every column, from left to right.
pub(super) const COLUMNS: [Column; 5] = [
    Column {
        label: "Role",
        sort: Some(MemberSort::Role),
        class: None,
        cell: |member, _| view! { <RoleCell member=member.clone()/> }.into_any(),
    },
    Column {
        label: "Groups",
        sort: None,
        class: Some("table-optional"),
        cell: |member, _| {
            view! { <GroupsCell names=member.groups.names.clone() count=member.groups.count/> }.into_any()
        },
    },
    Column { label: "Source", sort: None, class: None, cell: |member, _| member.row.source.label().into_any() },
    Column {
        label: "Status",
        sort: Some(MemberSort::Status),
        class: None,
        cell: |member, now| view! { <StatusCell member=member.clone() now=now/> }.into_any(),
    },
    Column {
        label: "Last sign-in",
        sort: Some(MemberSort::LastSignIn),
        class: None,
        cell: |member, now| match member.row.last_sign_in_at {
            Some(at) => view! { <Moment at=at now=now kind=TimeFormat::Relative/> }.into_any(),
            None => view! { <span class="muted">"Never"</span> }.into_any(),
        },
    },
];

/// The roles of a member: the most powerful one, the group that gives it if it is not manual, and the other roles.
#[component]
pub(in crate::pages) fn RoleCell(member: Member) -> impl IntoView {
    let roles = member.row.roles();
    let highest = roles.highest();
    let from = (!member.row.own_roles.contains(highest)).then(|| {
        let group = member.groups.give.into_iter().find(|(role, _)| *role == highest).map(|(_, name)| name);
        ["from ", group.as_deref().unwrap_or("a group")].concat()
    });
    // Every member may do what a Developer may.
    let beside: Vec<&str> =
        roles.iter().filter(|role| !matches!(*role, Role::Developer) && *role != highest).map(Role::label).collect();
    let beside = (!beside.is_empty()).then(|| ["also ", &beside.join(", ")].concat());
    view! {
        <span>
            {highest.label()}
            {from.into_iter().chain(beside).map(|words| view! { " " <span class="table-sub table-sub-inline">{words}</span> }).collect_view()}
        </span>
    }
}

/// The names of the first groups, and the number of others.
#[component]
fn GroupsCell(names: Vec<String>, count: i64) -> impl IntoView {
    let more = count - i64::try_from(names.len()).unwrap_or_default();
    view! {
        <span class="table-names">
            {if names.is_empty() {
                view! { <span class="muted">"None"</span> }.into_any()
            } else {
                names.join(", ").into_any()
            }}
            {(more > 0).then(|| view! { " " <span class="muted">"+" {more}</span> })}
        </span>
    }
}

/// The status of a member, with its time and actor.
#[component]
fn StatusCell(member: Member, now: UnixMs) -> impl IntoView {
    let expired = member.row.invite_ends_at.is_some_and(|at| at <= now);
    view! {
        <span>
            {if expired {
                view! { <span class="badge badge-line">"Invite expired"</span> }.into_any()
            } else {
                view! { <StatusBadge status=member.row.status/> }.into_any()
            }}
            {member
                .deactivated
                .map(|(by, at)| {
                    view! {
                        " "
                        <span class="table-sub table-sub-inline">
                            "by " {by} ", " <Moment at=at now=now kind=TimeFormat::Inline/>
                        </span>
                    }
                })}
        </span>
    }
}

#[component]
pub(in crate::pages) fn StatusBadge(status: MemberStatus) -> impl IntoView {
    let (class, tone) = match status {
        MemberStatus::Active => ("badge badge-plain", Some("success")),
        MemberStatus::Invited => ("badge badge-plain", Some("accent")),
        MemberStatus::Deactivated | MemberStatus::Deleted => ("badge badge-line", None),
    };
    view! {
        <span class=class data-tone=tone>
            {tone.map(|_| view! { <i class="dot"></i> })}
            {status.label()}
        </span>
    }
}

/// "Super Admin, Billing".
pub(in crate::pages) fn labels(roles: Roles) -> String {
    let labels: Vec<&str> = roles.iter().map(|role| role.label()).collect();
    labels.join(", ")
}
