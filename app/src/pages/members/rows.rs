//! The table of members.

use super::bulk;
use crate::{
    components::{
        avatar::Avatar,
        moment::{Kind, Moment},
    },
    model::{Member, MemberSort, MemberStatus},
};
use domain::{UnixMs, role::Roles};
use leptos::prelude::*;

/// One page of members.
#[component]
pub(super) fn Rows(
    /// The members.
    rows: Vec<Member>,
    /// The list's path.
    path: String,
    /// What the table is called.
    label: String,
    /// The column by which it is sorted.
    sort: MemberSort,
    /// The ids of those that are chosen, where somebody may choose.
    chosen: Option<Vec<String>>,
    /// The time of the page.
    now: UnixMs,
) -> impl IntoView {
    let by_name = (sort == MemberSort::Name).then_some("ascending");
    view! {
        <div class="table-box">
            <table class="table" role="table" aria-label=label>
                <thead role="rowgroup">
                    <tr role="row">
                        <th role="columnheader" scope="col" aria-sort=by_name>"Member"</th>
                        <th role="columnheader" scope="col">"Role"</th>
                        <th role="columnheader" scope="col">"Source"</th>
                        <th role="columnheader" scope="col">"Status"</th>
                        <th role="columnheader" scope="col" class="opt">"Last sign-in"</th>
                    </tr>
                </thead>
                <tbody role="rowgroup">
                    {rows
                        .into_iter()
                        .map(|member| {
                            let is_chosen = chosen.as_ref().map(|ids| ids.iter().any(|id| id == member.id.as_str()));
                            view! { <Row member=member path=path.clone() is_chosen=is_chosen now=now/> }
                        })
                        .collect_view()}
                </tbody>
            </table>
        </div>
    }
}

/// One member; a link to the member's page for those who may open it.
#[component]
fn Row(member: Member, path: String, is_chosen: Option<bool>, now: UnixMs) -> impl IntoView {
    let Member { id, name, email, own_roles, group_roles, status, source, last_sign_in_at } = member;
    let href = is_chosen.map(|_| [&path, "/", id.as_str()].concat());
    view! {
        <tr role="row" class=(status == MemberStatus::Deactivated).then_some("off")>
            <th role="rowheader" scope="row">
                <span class="who">
                    {is_chosen
                        .map(|is_chosen| view! { <bulk::Choose id=id.to_string() name=name.clone() is_chosen=is_chosen/> })}
                    <Avatar name=name.clone()/>
                    <Known name=name email=email href=href/>
                </span>
            </th>
            <td role="cell" data-label="Role">
                <RolesCell own=own_roles given=group_roles/>
            </td>
            <td role="cell" data-label="Source">
                {source.label()}
            </td>
            <td role="cell" data-label="Status">
                <StatusBadge status=status/>
            </td>
            <td role="cell" class="opt" data-label="Last sign-in">
                {match last_sign_in_at {
                    Some(at) => view! { <Moment at=at now=now kind=Kind::Relative/> }.into_any(),
                    None => view! { <span class="muted">"Never"</span> }.into_any(),
                }}
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

/// What a member may do: the roles given by hand, and those from groups apart.
#[component]
pub(in crate::pages) fn RolesCell(
    /// The roles given by hand.
    own: Roles,
    /// The roles given by groups, if there are any.
    given: Option<Roles>,
) -> impl IntoView {
    view! {
        <span>
            {labels(own)}
            {given
                .map(|roles| {
                    view! {
                        " "
                        <span class="sub sub-inline">"from groups: " {labels(roles)}</span>
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
