//! The table of members.

use super::{actions::Actions, bulk, reader::Reader};
use crate::{
    components::{
        avatar::Avatar,
        icon::Icon,
        local_time::{Moment, TimeFormat},
    },
    model::{Member, MemberOrder, MemberQuery, MemberSort, MemberStatus},
};
use domain::{
    UnixMs,
    role::{Role, Roles},
};
use leptos::prelude::*;

#[component]
pub(super) fn Rows(
    rows: Vec<Member>,
    /// The query of the list.
    query: MemberQuery,
    path: String,
    /// The accessible name of the table.
    label: String,
    selected: Vec<String>,
    reader: Reader,
    now: UnixMs,
) -> impl IntoView {
    let sortable =
        |by, label, first| view! { <Sortable query=query.clone() path=path.clone() by=by label=label choose=first/> };
    view! {
        <div class="table-box">
            <table class="table table-members" role="table" aria-label=label>
                <thead role="rowgroup">
                    <tr role="row">
                        {sortable(MemberSort::Name, "Member", reader.may_manage)}
                        {sortable(MemberSort::Role, "Role", false)}
                        <th role="columnheader" scope="col" class="table-optional">"Groups"</th>
                        <th role="columnheader" scope="col">"Source"</th>
                        {sortable(MemberSort::Status, "Status", false)}
                        {sortable(MemberSort::LastSignIn, "Last sign-in", false)}
                        <th role="columnheader" scope="col">
                            <span class="visually-hidden">"Actions"</span>
                        </th>
                    </tr>
                </thead>
                <tbody role="rowgroup">
                    {rows
                        .into_iter()
                        .map(|member| {
                            let is_chosen = selected.iter().any(|id| id == member.id.as_str());
                            view! { <Row member=member path=path.clone() is_chosen=is_chosen reader=reader.clone() now=now/> }
                        })
                        .collect_view()}
                </tbody>
            </table>
        </div>
    }
}

/// The head of a sortable column: a link that sorts by it, or reverses the order.
#[component]
fn Sortable(query: MemberQuery, path: String, by: MemberSort, label: &'static str, choose: bool) -> impl IntoView {
    let is_by = query.sort.by == by;
    let aria = is_by.then(|| query.sort.aria());
    let to = MemberOrder { by, reversed: is_by && !query.sort.reversed };
    let href = MemberQuery { sort: to, ..query }.address(&path, &[]);
    view! {
        <th role="columnheader" scope="col" aria-sort=aria>
            {choose.then(|| view! { <bulk::ChooseAll/> })}
            <a class="table-sort" href=href>
                {label}
                {aria.map(|way| view! { <Icon name=if way == "ascending" { "up" } else { "down" }/> })}
            </a>
        </th>
    }
}

/// One member, with a link to the member's page if the reader may open it.
#[component]
fn Row(member: Member, path: String, is_chosen: bool, reader: Reader, now: UnixMs) -> impl IntoView {
    let href = reader.may_manage.then(|| [&path, "/", member.id.as_str()].concat());
    let may_choose = reader.may_manage;
    let (id, name) = (member.id.to_string(), member.name.clone());
    let off = (member.status == MemberStatus::Deactivated).then_some("off");
    let menu = member.clone();
    view! {
        <tr role="row" class=off>
            <th role="rowheader" scope="row">
                <span class="table-identity">
                    <bulk::Choose id=id name=name is_chosen=is_chosen may_choose=may_choose/>
                    <Avatar name=member.name.clone()/>
                    <NameAndEmail name=member.name.clone() email=member.email.clone() href=href/>
                    {member
                        .break_glass
                        .then(|| view! { <span class="badge" data-tone="warning">"Break-glass"</span> })}
                </span>
            </th>
            <td role="cell" data-label="Role">
                <RoleCell member=member.clone()/>
            </td>
            <td role="cell" class="table-optional" data-label="Groups">
                <GroupsCell names=member.groups.clone() count=member.group_count/>
            </td>
            <td role="cell" data-label="Source">
                {member.source.label()}
            </td>
            <td role="cell" data-label="Status">
                <StatusCell member=member.clone() now=now/>
            </td>
            <td role="cell" data-label="Last sign-in">
                {match member.last_sign_in_at {
                    Some(at) => view! { <Moment at=at now=now kind=TimeFormat::Relative/> }.into_any(),
                    None => view! { <span class="muted">"Never"</span> }.into_any(),
                }}
            </td>
            <td role="cell" class="table-end">
                <Actions member=menu path=path reader=reader/>
            </td>
        </tr>
    }
}

/// Name and address. The name is a link if the reader may open the member's page.
#[component]
pub(in crate::pages) fn NameAndEmail(name: String, email: String, href: Option<String>) -> impl IntoView {
    view! {
        <span>
            <b>
                {match href {
                    Some(href) => view! { <a href=href>{name}</a> }.into_any(),
                    None => name.into_any(),
                }}
            </b>
            " "
            <span class="table-sub">{email}</span>
        </span>
    }
}

/// The roles of a member: the most powerful one, the group that gives it if it is not manual, and the other roles.
#[component]
pub(in crate::pages) fn RoleCell(member: Member) -> impl IntoView {
    let roles = member.roles();
    let highest = roles.highest();
    let from = (!member.own_roles.contains(highest)).then(|| {
        let group = member.role_groups.into_iter().find(|(role, _)| *role == highest).map(|(_, name)| name);
        ["from ", group.as_deref().unwrap_or("a group")].concat()
    });
    // Every member may do what a Developer may.
    let other_roles: Vec<&str> =
        roles.iter().filter(|role| !matches!(*role, Role::Developer) && *role != highest).map(Role::label).collect();
    let other_roles = (!other_roles.is_empty()).then(|| ["also ", &other_roles.join(", ")].concat());
    view! {
        <span>
            {highest.label()}
            {from.into_iter().chain(other_roles).map(|words| view! { " " <span class="table-sub table-sub-inline">{words}</span> }).collect_view()}
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
    let expired = member.invite_ends_at.is_some_and(|at| at <= now);
    view! {
        <span>
            {if expired {
                view! { <span class="badge badge-line">"Invite expired"</span> }.into_any()
            } else {
                view! { <StatusBadge status=member.status/> }.into_any()
            }}
            {member
                .deactivation
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
        MemberStatus::Deactivated => ("badge badge-line", None),
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
