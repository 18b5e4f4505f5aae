//! The members of a group: search and paging.

use crate::{
    components::{
        avatar::Avatar,
        empty::Empty,
        toolbar::{SearchBox, SearchEnd},
    },
    forms::search_check,
    model::{GroupMembers, Member, MemberQuery},
    pages::members::{NameAndEmail, Pages, RoleCell, StatusBadge, around, match_count, range},
};
use leptos::prelude::*;

#[component]
pub(super) fn GroupMemberCard(
    data: GroupMembers,
    /// The number of members.
    count: i64,
    path: String,
    people: String,
    /// The URL of the Members page with this group's members.
    members_url: String,
) -> impl IntoView {
    let GroupMembers { search, rows, page, pages, total, has_more } = data;
    let query = MemberQuery { search: search.clone(), ..MemberQuery::default() };
    let range = range(page, pages, total, has_more, rows.len() as i64);
    let to = around(&rows, query, path.clone(), page);
    let (none, whole) = (rows.is_empty(), path.clone());
    let match_count = (!search.is_empty()).then(|| match_count(total, has_more));
    view! {
        <section class="card" aria-labelledby="people">
            <div class="card-head">
                <div>
                    <h2 id="people">"Members"</h2>
                    <p>"Your identity provider manages group membership."</p>
                </div>
                {(count > 0)
                    .then(|| {
                        view! {
                            <a class="btn" href=members_url>
                                "View in Members"
                            </a>
                        }
                    })}
            </div>
            {(count > 0)
                .then(|| {
                    view! {
                        <div class="row-block">
                            <Search search=search.clone() path=path.clone() match_count=match_count/>
                        </div>
                    }
                })}
            {if count == 0 {
                view! {
                    <Empty title="No members yet" state="no-members">"Members appear here when your identity provider adds them."</Empty>
                }
                    .into_any()
            } else if none {
                view! {
                    <Empty title="No members match" state="no-match">
                        "No one in this group matches your search. " <a href=whole>"Show all members of the group"</a> "."
                    </Empty>
                }
                    .into_any()
            } else {
                view! { <GroupMemberTable rows=rows people=people/> }.into_any()
            }}
            {(!none).then(|| view! { <Pages range=range to=to page=page pages=pages/> })}
        </section>
    }
}

#[component]
fn Search(search: String, path: String, match_count: Option<String>) -> impl IntoView {
    let all = match_count.is_some().then(|| path.clone());
    view! {
        <form class="toolbar" role="search" aria-label="Members of the group" method="get" action=path autocomplete="off" data-filter="" data-check=search_check(MemberQuery::SEARCH)>
            <SearchBox
                name=MemberQuery::SEARCH
                value=search
                placeholder="Name or email"
                label="Search by name or email"
                go=true
            />
            <SearchEnd reset_url=all match_count=match_count/>
        </form>
    }
}

#[component]
fn GroupMemberTable(rows: Vec<Member>, people: String) -> impl IntoView {
    view! {
        <div class="table-box">
            <table class="table" role="table" aria-labelledby="people">
                <thead role="rowgroup">
                    <tr role="row">
                        <th role="columnheader" scope="col" aria-sort="ascending">"Member"</th>
                        <th role="columnheader" scope="col">"Role"</th>
                        <th role="columnheader" scope="col">"Status"</th>
                    </tr>
                </thead>
                <tbody role="rowgroup">
                    {rows.into_iter().map(|member| view! { <GroupMemberRow member=member people=people.clone()/> }).collect_view()}
                </tbody>
            </table>
        </div>
    }
}

#[component]
fn GroupMemberRow(member: Member, people: String) -> impl IntoView {
    let href = [&people, "/", member.row.id.as_str()].concat();
    view! {
        <tr role="row" data-testid="member">
            <th role="rowheader" scope="row">
                <span class="table-identity">
                    <Avatar name=member.row.name.clone()/>
                    <NameAndEmail name=member.row.name.clone() email=member.row.email.clone() href=Some(href)/>
                </span>
            </th>
            <td role="cell" data-label="Role">
                <RoleCell member=member.clone()/>
            </td>
            <td role="cell" data-label="Status">
                <StatusBadge status=member.row.status/>
            </td>
        </tr>
    }
}
