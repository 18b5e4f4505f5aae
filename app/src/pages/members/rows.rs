//! The table of members.

use super::{
    actions::Actions,
    bulk,
    columns::{COLUMNS, Column},
    reader::Reader,
};
use crate::{
    components::{avatar::Avatar, icon::Icon},
    model::{Member, MemberOrder, MemberQuery, MemberSort},
};
use domain::{UnixMs, member::MemberStatus};
use leptos::prelude::*;

#[component]
pub(super) fn MemberTable(
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
    let sortable = |by, label, class, first| {
        view! { <Sortable query=query.clone() path=path.clone() by=by label=label class=class choose=first/> }
    };
    view! {
        <div class="table-box">
            <table class="table table-members" role="table" aria-label=label>
                <thead role="rowgroup">
                    <tr role="row">
                        {sortable(MemberSort::Name, "Member", None, reader.may_manage)}
                        {COLUMNS
                            .iter()
                            .map(|Column { label, sort, class, .. }| match *sort {
                                Some(by) => sortable(by, *label, *class, false).into_any(),
                                None => {
                                    view! { <th role="columnheader" scope="col" class=*class>{*label}</th> }.into_any()
                                }
                            })
                            .collect_view()}
                        <th role="columnheader" scope="col">
                            <span class="visually-hidden">"Actions"</span>
                        </th>
                    </tr>
                </thead>
                <tbody role="rowgroup">
                    {rows
                        .into_iter()
                        .map(|member| {
                            let is_chosen = selected.iter().any(|id| id == member.row.id.as_str());
                            view! { <MemberTableRow member=member path=path.clone() is_chosen=is_chosen reader=reader.clone() now=now/> }
                        })
                        .collect_view()}
                </tbody>
            </table>
        </div>
    }
}

/// The head of a sortable column: a link that sorts by it, or reverses the order.
#[component]
fn Sortable(
    query: MemberQuery,
    path: String,
    by: MemberSort,
    label: &'static str,
    #[prop(optional_no_strip)] class: Option<&'static str>,
    choose: bool,
) -> impl IntoView {
    let is_by = query.sort.by == by;
    let aria = is_by.then(|| query.sort.aria());
    let to = MemberOrder { by, reversed: is_by && !query.sort.reversed };
    let href = MemberQuery { sort: to, ..query }.address(&path, &[]);
    view! {
        <th role="columnheader" scope="col" class=class aria-sort=aria>
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
fn MemberTableRow(member: Member, path: String, is_chosen: bool, reader: Reader, now: UnixMs) -> impl IntoView {
    let href = reader.may_manage.then(|| [&path, "/", member.row.id.as_str()].concat());
    let may_choose = reader.may_manage;
    let (id, name) = (member.row.id.to_string(), member.row.name.clone());
    let off = (member.row.status == MemberStatus::Deactivated).then_some("off");
    let menu = member.clone();
    view! {
        <tr role="row" class=off data-testid="member">
            <th role="rowheader" scope="row">
                <span class="table-identity">
                    <bulk::Choose id=id name=name is_chosen=is_chosen may_choose=may_choose/>
                    <Avatar name=member.row.name.clone()/>
                    <NameAndEmail name=member.row.name.clone() email=member.row.email.clone() href=href/>
                    {member
                        .row
                        .break_glass
                        .then(|| view! { <span class="badge" data-tone="warning">"Break-glass"</span> })}
                </span>
            </th>
            {COLUMNS
                .iter()
                .map(|Column { label, class, cell, .. }| {
                    view! { <td role="cell" class=*class data-label=*label>{cell(&member, now)}</td> }
                })
                .collect_view()}
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
