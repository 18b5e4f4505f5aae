//! `/teams/{slug}/settings/groups`: the groups of the identity provider, and the role that each gives.

pub(crate) mod model;
mod rows;

use crate::{
    components::{
        empty::Empty,
        head::Head,
        number::thousands,
        toolbar::{FilterSelect, SearchBox, SearchEnd},
    },
    forms::search_check,
    model::{GroupQuery, GroupSort, Groups, Shell},
    pages::{
        Section, TeamPage,
        members::{Pages, range},
    },
};
use domain::UnixMs;
use leptos::prelude::*;
use rows::GroupTable;

impl TeamPage for Groups {
    fn title(&self) -> &str {
        "Groups"
    }

    fn section(&self) -> Option<Section> {
        Some(Section::Groups)
    }

    fn view(self: Box<Self>, shell: Shell, now: UnixMs) -> AnyView {
        view! { <GroupsPage shell=shell data=*self now=now/> }.into_any()
    }
}

#[component]
pub(super) fn GroupsPage(shell: Shell, data: Groups, now: UnixMs) -> impl IntoView {
    let Groups { query, rows, page, pages, total, scim_on, may_manage } = data;
    let path = Section::Groups.path(&shell.team.slug);
    let authentication = may_manage.then(|| Section::Authentication.path(&shell.team.slug));
    let all = path.clone();
    let (none, has_any) = (rows.is_empty(), shell.groups > 0);
    let range = range(page, pages, total, false, rows.len() as i64);
    let authentication_hint = if may_manage { "" } else { " Only Admins and Super Admins can change this." };
    let lead = ["Groups from your identity provider, and the roles they assign.", authentication_hint].concat();
    let label = format!("Groups, page {page} of {pages}");
    let sort = query.sort;
    view! {
        <Head title="Groups".to_owned() lead=lead/>
        {has_any.then(|| view! { <GroupToolbar query=query.clone() path=path.clone() total=total/> })}
        <section class="card" aria-label="Groups">
            {match (none, has_any) {
                (true, true) => {
                    view! {
                        <Empty title="No groups match" state="no-match">
                            "No group names match. " <a href=all>"Show all groups"</a> "."
                        </Empty>
                    }
                        .into_any()
                }
                (true, false) => view! { <NoGroups scim_on=scim_on authentication=authentication/> }.into_any(),
                (false, _) => {
                    view! { <GroupTable rows=rows path=path.clone() label=label sort=sort may_open=may_manage now=now/> }
                        .into_any()
                }
            }}
            {(!none)
                .then(|| {
                    let to = Box::new(move |page| query.address(&path, page));
                    view! { <Pages range=range to=to page=page pages=pages/> }
                })}
        </section>
    }
}

/// Explains how groups are created.
#[component]
fn NoGroups(
    scim_on: bool,
    /// The Authentication page, if the reader may open it.
    authentication: Option<String>,
) -> impl IntoView {
    let page = || match authentication {
        Some(href) => view! { <a href=href>"Authentication"</a> }.into_any(),
        None => "Authentication".into_any(),
    };
    if scim_on {
        view! {
            <Empty title="No groups yet" state="scim-on">
                "Groups appear when your identity provider pushes them. Choose there which groups to send. Find the key and base URL in "
                {page()} "."
            </Empty>
        }
    } else {
        view! {
            <Empty title="No groups yet" state="scim-off">
                "Groups come from your identity provider. Turn on SCIM provisioning in " {page()}
                ", then choose which groups to send."
            </Empty>
        }
    }
}

/// Search and sort order: a form whose values are the page's query.
#[component]
fn GroupToolbar(query: GroupQuery, path: String, total: i64) -> impl IntoView {
    let value = |sort: GroupSort| if sort == GroupSort::default() { "" } else { sort.name() };
    let sort = GroupSort::ALL.map(|sort| (value(sort), sort.label()));
    let all = (!query.search.is_empty()).then(|| path.clone());
    let match_count = [thousands(total).as_str(), if total == 1 { " group" } else { " groups" }].concat();
    view! {
        <form class="toolbar" role="search" aria-label="Groups" method="get" action=path autocomplete="off" data-filter="" data-check=search_check(GroupQuery::SEARCH)>
            <SearchBox
                name=GroupQuery::SEARCH
                value=query.search
                placeholder="Group name"
                label="Search by name"
                go=true
            />
            <FilterSelect name=GroupQuery::SORT label="Sort" any=None options=sort.to_vec() selected=Some(value(query.sort))/>
            <SearchEnd reset_url=all match_count=Some(match_count)/>
        </form>
    }
}
