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

/// One page of members.
#[component]
pub(super) fn Rows(
    /// The members.
    rows: Vec<Member>,
    /// What the list shows.
    query: MemberQuery,
    /// The list's path.
    path: String,
    /// What the table is called.
    label: String,
    /// The ids of those that are chosen.
    chosen: Vec<String>,
    /// Who reads it.
    reader: Reader,
    /// The time of the page.
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
                        <th role="columnheader" scope="col" class="opt">"Groups"</th>
                        <th role="columnheader" scope="col">"Source"</th>
                        {sortable(MemberSort::Status, "Status", false)}
                        {sortable(MemberSort::LastSignIn, "Last sign-in", false)}
                        <th role="columnheader" scope="col">
                            <span class="vh">"Actions"</span>
                        </th>
                    </tr>
                </thead>
                <tbody role="rowgroup">
                    {rows
                        .into_iter()
                        .map(|member| {
                            let is_chosen = chosen.iter().any(|id| id == member.id.as_str());
                            view! { <Row member=member path=path.clone() is_chosen=is_chosen reader=reader.clone() now=now/> }
                        })
                        .collect_view()}
                </tbody>
            </table>
        </div>
    }
}

/// The head of a column by which the list can be sorted: a link that sorts by it, or the other way round.
#[component]
fn Sortable(query: MemberQuery, path: String, by: MemberSort, label: &'static str, choose: bool) -> impl IntoView {
    let is_by = query.sort.by == by;
    let aria = is_by.then(|| query.sort.aria());
    let to = MemberOrder { by, reversed: is_by && !query.sort.reversed };
    let href = MemberQuery { sort: to, ..query }.address(&path, &[]);
    view! {
        <th role="columnheader" scope="col" aria-sort=aria>
            {choose.then(|| view! { <bulk::ChooseAll/> })}
            <a class="sort" href=href>
                {label}
                {aria.map(|way| view! { <Icon name=if way == "ascending" { "up" } else { "down" }/> })}
            </a>
        </th>
    }
}

/// One member; a link to the member's page for those who may open it.
#[component]
fn Row(member: Member, path: String, is_chosen: bool, reader: Reader, now: UnixMs) -> impl IntoView {
    let href = reader.may_manage.then(|| [&path, "/", member.id.as_str()].concat());
    let may_choose = reader.may_manage;
    let (id, name) = (member.id.to_string(), member.name.clone());
    let off = (member.status == MemberStatus::Deactivated).then_some("off");
    let menu = member.clone();
    view! {
        <tr role="row" class=off data-testid="member">
            <th role="rowheader" scope="row">
                <span class="who">
                    <bulk::Choose id=id name=name is_chosen=is_chosen may_choose=may_choose/>
                    <Avatar name=member.name.clone()/>
                    <Known name=member.name.clone() email=member.email.clone() href=href/>
                    {member
                        .break_glass
                        .then(|| view! { <span class="badge" data-tone="warning">"Break-glass"</span> })}
                </span>
            </th>
            <td role="cell" data-label="Role">
                <RoleCell member=member.clone()/>
            </td>
            <td role="cell" class="opt" data-label="Groups">
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
            <td role="cell" class="end">
                <Actions member=menu path=path reader=reader/>
            </td>
        </tr>
    }
}

/// Name and address; the name is a link where the member's page can be opened.
#[component]
pub(in crate::pages) fn Known(
    /// The name.
    name: String,
    /// The address.
    email: String,
    /// The member's page.
    href: Option<String>,
) -> impl IntoView {
    view! {
        <span>
            <b>
                {match href {
                    Some(href) => view! { <a href=href>{name}</a> }.into_any(),
                    None => name.into_any(),
                }}
            </b>
            " "
            <span class="sub">{email}</span>
        </span>
    }
}

/// What a member may do: the most powerful role, the group that gives it if no one did manually, and what comes beside it.
#[component]
pub(in crate::pages) fn RoleCell(
    /// The member.
    member: Member,
) -> impl IntoView {
    let roles = member.roles();
    let highest = roles.highest();
    let from = (!member.own_roles.contains(highest)).then(|| {
        let group = member.given_by.into_iter().find(|(role, _)| *role == highest).map(|(_, name)| name);
        ["from ", group.as_deref().unwrap_or("a group")].concat()
    });
    // Everyone may do what a Developer may.
    let beside: Vec<&str> =
        roles.iter().filter(|role| !matches!(*role, Role::Developer) && *role != highest).map(Role::label).collect();
    let beside = (!beside.is_empty()).then(|| ["also ", &beside.join(", ")].concat());
    view! {
        <span>
            {highest.label()}
            {from.into_iter().chain(beside).map(|words| view! { " " <span class="sub sub-inline">{words}</span> }).collect_view()}
        </span>
    }
}

/// The names of the first groups, and how many more there are.
#[component]
fn GroupsCell(names: Vec<String>, count: i64) -> impl IntoView {
    let more = count - i64::try_from(names.len()).unwrap_or_default();
    view! {
        <span class="names">
            {if names.is_empty() {
                view! { <span class="muted">"None"</span> }.into_any()
            } else {
                names.join(", ").into_any()
            }}
            {(more > 0).then(|| view! { " " <span class="muted">"+" {more}</span> })}
        </span>
    }
}

/// What a member is, since when, and by whom.
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
                .deactivated
                .map(|(by, at)| {
                    view! {
                        " "
                        <span class="sub sub-inline">
                            "by " {by} ", " <Moment at=at now=now kind=TimeFormat::Inline/>
                        </span>
                    }
                })}
        </span>
    }
}

/// What a member is.
#[component]
pub(in crate::pages) fn StatusBadge(
    /// What.
    status: MemberStatus,
) -> impl IntoView {
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
