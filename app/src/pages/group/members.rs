//! Who is in the group: searched, a page at a time.

use crate::{
    components::{
        avatar::Avatar,
        empty::Empty,
        toolbar::{SearchBox, SearchEnd},
    },
    forms::search_check,
    model::{GroupMembers, Member, MemberQuery},
    pages::members::{Known, Pages, RoleCell, StatusBadge, around, found, range},
};
use leptos::prelude::*;

/// The group's members.
#[component]
pub(super) fn Members(
    /// One page of them.
    data: GroupMembers,
    /// How many there are.
    count: i64,
    /// The page's path.
    path: String,
    /// The Members page's path.
    people: String,
    /// The Members page with this group's members.
    listed: String,
) -> impl IntoView {
    let GroupMembers { search, rows, page, pages, total, and_more } = data;
    let query = MemberQuery { search: search.clone(), ..MemberQuery::default() };
    let range = range(page, pages, total, and_more, rows.len() as i64);
    let to = around(&rows, query, path.clone(), page);
    let (none, whole) = (rows.is_empty(), path.clone());
    let found = (!search.is_empty()).then(|| found(total, and_more));
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
                            <a class="btn" href=listed>
                                "View in Members"
                            </a>
                        }
                    })}
            </div>
            {(count > 0)
                .then(|| {
                    view! {
                        <div class="row-block">
                            <Search search=search.clone() path=path.clone() found=found/>
                        </div>
                    }
                })}
            {if count == 0 {
                view! {
                    <Empty title="No members yet">"Members appear here when your identity provider adds them."</Empty>
                }
                    .into_any()
            } else if none {
                view! {
                    <Empty title="No members match">
                        "No one in this group matches your search. " <a href=whole>"Show all members of the group"</a> "."
                    </Empty>
                }
                    .into_any()
            } else {
                view! { <Table rows=rows people=people/> }.into_any()
            }}
            {(!none).then(|| view! { <Pages range=range to=to page=page pages=pages/> })}
        </section>
    }
}

#[component]
fn Search(search: String, path: String, found: Option<String>) -> impl IntoView {
    let all = found.is_some().then(|| path.clone());
    view! {
        <form class="toolbar" role="search" aria-label="Members of the group" method="get" action=path autocomplete="off" data-filter="" data-check=search_check(MemberQuery::SEARCH)>
            <SearchBox
                name=MemberQuery::SEARCH
                value=search
                placeholder="Name or email"
                label="Search by name or email"
                go=true
            />
            <SearchEnd all=all found=found/>
        </form>
    }
}

#[component]
fn Table(rows: Vec<Member>, people: String) -> impl IntoView {
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
                    {rows.into_iter().map(|member| view! { <Row member=member people=people.clone()/> }).collect_view()}
                </tbody>
            </table>
        </div>
    }
}

#[component]
fn Row(member: Member, people: String) -> impl IntoView {
    let href = [&people, "/", member.row.id.as_str()].concat();
    view! {
        <tr role="row">
            <th role="rowheader" scope="row">
                <span class="who">
                    <Avatar name=member.row.name.clone()/>
                    <Known name=member.row.name.clone() email=member.row.email.clone() href=Some(href)/>
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
