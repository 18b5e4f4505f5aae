//! Search, filters and sort order: a form whose values are the page's query.

use super::pager::match_count;
use crate::{
    components::{
        head::LEAD,
        icon::Icon,
        toolbar::{FilterSelect, SearchBox, SearchEnd},
    },
    forms::search_check,
    model::{GroupChoice, MemberOrder, MemberQuery},
};
use domain::{
    member::{MemberSource, MemberStatus},
    role::Role,
};
use leptos::prelude::*;

/// The form, and the number of matches.
#[component]
pub(super) fn MemberToolbar(
    query: MemberQuery,
    path: String,
    /// The number of matches.
    total: i64,
    /// Are there more, because the count stopped?
    has_more: bool,
    groups: GroupChoice,
) -> impl IntoView {
    let match_count = match_count(total, has_more);
    let status = MemberStatus::SHOWN.map(|status| (status.name(), status.label()));
    let source = MemberSource::ALL.map(|source| (source.name(), source.label()));
    let role = Role::ALL.map(|role| (role.name(), role.label()));
    let sort =
        MemberOrder::ALL.map(|order| (if order == MemberOrder::default() { "" } else { order.name() }, order.label()));
    let order = if query.sort == MemberOrder::default() { "" } else { query.sort.name() };
    let all = (!query.matches_all()).then(|| path.clone());
    view! {
        <form class="toolbar" role="search" aria-label="Members" method="get" action=path autocomplete="off" data-filter="" data-check=search_check(MemberQuery::SEARCH)>
            <SearchBox
                name=MemberQuery::SEARCH
                value=query.search
                placeholder="Name or email"
                label="Search by name or email"
                go=true
            />
            <FilterSelect name=MemberQuery::STATUS label="Status" any=Some("Any status") options=status.to_vec() selected=query.status.map(MemberStatus::name)/>
            <FilterSelect name=MemberQuery::SOURCE label="Source" any=Some("Any source") options=source.to_vec() selected=query.source.map(MemberSource::name)/>
            <FilterSelect name=MemberQuery::ROLE label="Role" any=Some("Any role") options=role.to_vec() selected=query.role.map(Role::name)/>
            {(!groups.options.is_empty()).then(|| view! { <GroupSelect groups=groups selected=query.group.clone()/> })}
            <FilterSelect name=MemberQuery::SORT label="Sort" any=None options=sort.to_vec() selected=Some(order)/>
            <SearchEnd reset_url=all match_count=Some(match_count)/>
        </form>
    }
}

/// The link to the list as a file.
#[component]
pub(super) fn ExportLink(
    /// The URL of the file.
    href: String,
    /// May the reader download it?
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

#[component]
fn GroupSelect(groups: GroupChoice, selected: String) -> impl IntoView {
    view! {
        <span class="select select-short">
            <select class="input" name=MemberQuery::GROUP aria-label="Group">
                <option value="">"Any group"</option>
                {groups
                    .options
                    .into_iter()
                    .map(|(id, name)| {
                        let selected = id == selected;
                        view! { <option value=id selected=selected>{name}</option> }
                    })
                    .collect_view()}
                {groups.has_more.then(|| view! { <option disabled=true>"See all groups on the Groups page"</option> })}
            </select>
            <Icon name="down"/>
        </span>
    }
}

/// The group in the filter, and a link that removes the filter.
#[component]
pub(super) fn Chip(
    query: MemberQuery,
    /// The group's name, if the group exists.
    name: Option<String>,
    /// The group's page, if the reader may open it.
    group: Option<String>,
    path: String,
) -> impl IntoView {
    let without = MemberQuery { group: String::new(), ..query }.address(&path, &[]);
    let label = name.clone().unwrap_or_else(|| "(deleted)".to_owned());
    view! {
        <p class="filter-chip">
            <span>
                "Group: "
                {match (name, group) {
                    (Some(name), Some(href)) => view! { <a href=href>{name}</a> }.into_any(),
                    _ => view! { <b>{label.clone()}</b> }.into_any(),
                }}
            </span>
            <a
                class="btn btn-quiet btn-icon"
                href=without
                aria-label=["Remove group filter: ", &label].concat()
            >
                <Icon name="x"/>
            </a>
        </p>
    }
}
