//! What of the log is shown: a form whose state stands in the address, so that it can be shared and gone back to.

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

/// The form.
#[component]
pub(super) fn FilterForm(
    path: String,
    form: ActivityForm,
    /// How many there are.
    found: Option<String>,
) -> impl IntoView {
    let ActivityForm { filter, people, keys } = form;
    let everything = (!filter.is_everything()).then(|| path.clone());
    let ActivityFilter { by, result, within, member, .. } = filter;
    let everybody = [
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
            <Select name=ActivityFilter::BY label="Actor">
                {everybody
                    .into_iter()
                    .map(|(one, label)| view! { <Choice value=one.name() label=label.to_owned() chosen=one == by/> })
                    .collect_view()} <Offers label="People" offers=people by=by.clone()/>
                <Offers label="Keys" offers=keys by=by/>
            </Select>
            <Select name=ActivityFilter::RESULT label="Result">
                {ActivityOutcome::ALL
                    .into_iter()
                    .map(|one| {
                        let (value, label) = (one.name().to_owned(), one.label().to_owned());
                        view! { <Choice value=value label=label chosen=one == result/> }
                    })
                    .collect_view()}
            </Select>
            <Select name=ActivityFilter::WITHIN label="Time">
                {ActivityPeriod::ALL
                    .into_iter()
                    .map(|one| {
                        let (value, label) = (one.name().to_owned(), one.label().to_owned());
                        view! { <Choice value=value label=label chosen=one == within/> }
                    })
                    .collect_view()}
            </Select>
            <Apply/>
            {everything
                .map(|everything| {
                    view! {
                        <a class="btn btn-quiet" href=everything>
                            "Clear filters"
                        </a>
                    }
                })}
            {found.map(|found| view! { <span class="hint found">{found} " " <span data-added></span></span> })}
        </form>
    }
}

/// An address with this query.
pub(super) fn address(path: &str, query: &[(String, String)]) -> String {
    if query.is_empty() { path.to_owned() } else { [path, "?", &form_encoding::write(query)].concat() }
}

#[component]
fn Select(name: &'static str, label: &'static str, children: Children) -> impl IntoView {
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
                        let chosen = offer.by == by;
                        view! { <Choice value=offer.by.name() label=offer.label chosen=chosen/> }
                    })
                    .collect_view()}
            </optgroup>
        }
    })
}

#[component]
fn Choice(value: String, label: String, chosen: bool) -> impl IntoView {
    view! {
        <option value=value selected=chosen>
            {label}
        </option>
    }
}
