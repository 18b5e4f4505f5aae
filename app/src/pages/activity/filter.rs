//! The filter of the log: a form whose values are the page's query, so that a URL can be shared.

use crate::{
    components::{
        icon::Icon,
        toolbar::{Apply, SearchBox},
    },
    form_encoding,
    forms::search_check,
    model::{ActivityForm, Offer},
};
use domain::activity::filter::{ActivityFilter, ActivityOutcome, ActivityPeriod, ActivitySource};
use leptos::prelude::*;

#[component]
pub(super) fn FilterForm(
    path: String,
    form: ActivityForm,
    /// The number of matches.
    match_count: Option<String>,
) -> impl IntoView {
    let ActivityForm { filter, people, keys } = form;
    let all_url = (!filter.is_everything()).then(|| path.clone());
    let ActivityFilter { by, result, within, member, .. } = filter;
    let actors = [
        (ActivitySource::Anyone, "Anyone"),
        (ActivitySource::People, "People"),
        (ActivitySource::Providers, "Providers"),
    ];
    view! {
        <form class="toolbar" role="search" aria-label="Activity" method="get" action=path autocomplete="off" data-filter="" data-check=search_check(ActivityFilter::MEMBER)>
            <SearchBox
                name=ActivityFilter::MEMBER
                value=member
                placeholder="Person, group or request ID"
                label="Person, group or request ID"
                autocomplete="off"
                go=true
            />
            <ActivitySelect name=ActivityFilter::BY label="Actor">
                {actors
                    .into_iter()
                    .map(|(one, label)| view! { <ActivityOption value=one.name() label=label.to_owned() selected=one == by/> })
                    .collect_view()} <Offers label="People" offers=people by=by.clone()/>
                <Offers label="Keys" offers=keys by=by/>
            </ActivitySelect>
            <ActivitySelect name=ActivityFilter::RESULT label="Result">
                {ActivityOutcome::ALL
                    .into_iter()
                    .map(|one| {
                        let (value, label) = (one.name().to_owned(), one.label().to_owned());
                        view! { <ActivityOption value=value label=label selected=one == result/> }
                    })
                    .collect_view()}
            </ActivitySelect>
            <ActivitySelect name=ActivityFilter::WITHIN label="Time">
                {ActivityPeriod::ALL
                    .into_iter()
                    .map(|one| {
                        let (value, label) = (one.name().to_owned(), one.label().to_owned());
                        view! { <ActivityOption value=value label=label selected=one == within/> }
                    })
                    .collect_view()}
            </ActivitySelect>
            <Apply/>
            {all_url
                .map(|all_url| {
                    view! {
                        <a class="btn btn-quiet" href=all_url>
                            "Clear filters"
                        </a>
                    }
                })}
            {match_count.map(|match_count| view! { <span class="hint toolbar-count">{match_count} " " <span data-new-count></span></span> })}
        </form>
    }
}

/// The URL with this query.
pub(super) fn address(path: &str, query: &[(String, String)]) -> String {
    if query.is_empty() { path.to_owned() } else { [path, "?", &form_encoding::write(query)].concat() }
}

#[component]
fn ActivitySelect(name: &'static str, label: &'static str, children: Children) -> impl IntoView {
    view! {
        <span class="select">
            <select class="input" name=name aria-label=label>
                {children()}
            </select>
            <Icon name="down"/>
        </span>
    }
}

#[component]
fn Offers(label: &'static str, offers: Vec<Offer>, by: ActivitySource) -> impl IntoView {
    (!offers.is_empty()).then(|| {
        view! {
            <optgroup label=label>
                {offers
                    .into_iter()
                    .map(|offer| {
                        let selected = offer.by == by;
                        view! { <ActivityOption value=offer.by.name() label=offer.label selected=selected/> }
                    })
                    .collect_view()}
            </optgroup>
        }
    })
}

#[component]
fn ActivityOption(value: String, label: String, selected: bool) -> impl IntoView {
    view! {
        <option value=value selected=selected>
            {label}
        </option>
    }
}
