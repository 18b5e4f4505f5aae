//! Search, filters and order: a form whose fields are the page's address.

use super::pager::found;
use crate::{
    components::{
        head::LEAD,
        icon::Icon,
        toolbar::{Choice, SearchBox, SearchEnd},
    },
    forms::search_check,
    model::{GroupChoice, MemberOrder, MemberQuery},
};
use domain::{
    member::{MemberSource, MemberStatus},
    role::Role,
};
use leptos::prelude::*;

/// What is asked for, and how many were found.
#[component]
pub(super) fn Toolbar(
    /// What is asked for.
    query: MemberQuery,
    /// The list's path.
    path: String,
    /// How many were found.
    total: i64,
    /// Are there more than that?
    and_more: bool,
    /// The groups that can be asked for.
    groups: GroupChoice,
) -> impl IntoView {
    let found = found(total, and_more);
    let status = MemberStatus::SHOWN.map(|status| (status.name(), status.label()));
    let source = MemberSource::ALL.map(|source| (source.name(), source.label()));
    let role = Role::ALL.map(|role| (role.name(), role.label()));
    let sort =
        MemberOrder::ALL.map(|order| (if order == MemberOrder::default() { "" } else { order.name() }, order.label()));
    let order = if query.sort == MemberOrder::default() { "" } else { query.sort.name() };
    let all = (!query.is_everybody()).then(|| path.clone());
    view! {
        <form class="toolbar" role="search" aria-label="Members" method="get" action=path autocomplete="off" data-filter="" data-check=search_check(MemberQuery::SEARCH)>
            <SearchBox
                name=MemberQuery::SEARCH
                value=query.search
                placeholder="Name or email"
                label="Search by name or email"
                go=true
            />
            <Choice name=MemberQuery::STATUS label="Status" any=Some("Any status") options=status.to_vec() chosen=query.status.map(MemberStatus::name)/>
            <Choice name=MemberQuery::SOURCE label="Source" any=Some("Any source") options=source.to_vec() chosen=query.source.map(MemberSource::name)/>
            <Choice name=MemberQuery::ROLE label="Role" any=Some("Any role") options=role.to_vec() chosen=query.role.map(Role::name)/>
            {(!groups.offered.is_empty()).then(|| view! { <InGroup groups=groups chosen=query.group.clone()/> })}
            <Choice name=MemberQuery::SORT label="Sort" any=None options=sort.to_vec() chosen=Some(order)/>
            <SearchEnd all=all found=Some(found)/>
        </form>
    }
}

/// What the list shows, as a file.
#[component]
pub(super) fn Export(
    /// Where the file is.
    href: String,
    /// May the reader have it?
    may_manage: bool,
) -> impl IntoView {
    view! {
        <a
            class="btn"
            href=may_manage.then_some(href)
            download=may_manage.then_some("members.csv")
            role=(!may_manage).then_some("link")
            aria-disabled=(!may_manage).then_some("true")
            aria-describedby=(!may_manage).then_some(LEAD)
        >
            "Export CSV"
        </a>
    }
}

/// One of the groups.
#[component]
fn InGroup(groups: GroupChoice, chosen: String) -> impl IntoView {
    view! {
        <span class="select select-short">
            <select class="input" name=MemberQuery::GROUP aria-label="Group">
                <option value="">"Any group"</option>
                {groups
                    .offered
                    .into_iter()
                    .map(|(id, name)| {
                        let selected = id == chosen;
                        view! { <option value=id selected=selected>{name}</option> }
                    })
                    .collect_view()}
                {groups.more.then(|| view! { <option disabled=true>"See all groups on the Groups page"</option> })}
            </select>
            <Icon name="down"/>
        </span>
    }
}

/// The group whose members are shown, and what shows all again.
#[component]
pub(super) fn Chip(
    /// What is asked for.
    query: MemberQuery,
    /// The group's name, if there is such a group.
    name: Option<String>,
    /// The group's page, for those who may open it.
    group: Option<String>,
    /// The list's path.
    path: String,
) -> impl IntoView {
    let without = MemberQuery { group: String::new(), ..query }.address(&path, &[]);
    let named = name.clone().unwrap_or_else(|| "(deleted)".to_owned());
    view! {
        <p class="chip">
            <span>
                "Group: "
                {match (name, group) {
                    (Some(name), Some(href)) => view! { <a href=href>{name}</a> }.into_any(),
                    _ => view! { <b>{named.clone()}</b> }.into_any(),
                }}
            </span>
            <a
                class="btn btn-quiet btn-icon"
                href=without
                aria-label=["Remove group filter: ", &named].concat()
            >
                <Icon name="x"/>
            </a>
        </p>
    }
}
