//! The parts of the forms above lists. Their fields are the page's query.

use super::icon::Icon;
use domain::validation::text::SEARCH_MAX;
use leptos::prelude::*;

/// The search field.
#[component]
pub(crate) fn SearchBox(
    name: &'static str,
    value: String,
    /// What it placeholder, which lists the searched attributes.
    placeholder: &'static str,
    /// The accessible name.
    label: &'static str,
    #[prop(optional)] autocomplete: Option<&'static str>,
    /// Is the icon a submit button?
    #[prop(optional)]
    go: bool,
) -> impl IntoView {
    view! {
        <span class="search-box">
            {match go {
                true => {
                    view! {
                        <button class="search-box-button" aria-label="Search" title="Search">
                            <Icon name="search"/>
                        </button>
                    }
                        .into_any()
                }
                false => view! { <Icon name="search"/> }.into_any(),
            }}
            <input
                class="input"
                type="search"
                name=name
                value=value
                maxlength=SEARCH_MAX.to_string()
                placeholder=placeholder
                aria-label=label
                autocomplete=autocomplete
            />
        </span>
    }
}

/// The button that applies the filters. With scripts they apply at once, except by keyboard. By keyboard, one can move
/// through all options of a filter, and apply them here.
#[component]
pub(crate) fn Apply() -> impl IntoView {
    view! {
        <noscript>
            <button class="btn">"Apply"</button>
        </noscript>
        <button class="btn" data-apply="" hidden>
            "Apply"
        </button>
    }
}

/// The buttons that apply and reset the filters, and the number of matches.
#[component]
pub(crate) fn SearchEnd(
    /// The URL without filters, if there are any.
    reset_url: Option<String>,
    match_count: Option<String>,
) -> impl IntoView {
    view! {
        <Apply/>
        {reset_url.map(|href| view! { <a class="btn btn-quiet" href=href>"Clear"</a> })}
        {match_count.map(|match_count| view! { <span class="hint toolbar-count">{match_count}</span> })}
    }
}

#[component]
pub(crate) fn FilterSelect(
    name: &'static str,
    /// The accessible name.
    label: &'static str,
    /// The label of the empty choice.
    #[prop(optional_no_strip)]
    any: Option<&'static str>,
    /// Names and labels.
    options: Vec<(&'static str, &'static str)>,
    selected: Option<&'static str>,
    /// The `id` of the form, if the select is outside of it.
    #[prop(optional)]
    form: Option<&'static str>,
) -> impl IntoView {
    view! {
        <span class="select">
            <select class="input" name=name aria-label=label form=form>
                {any.map(|any| view! { <option value="">{any}</option> })}
                {options
                    .into_iter()
                    .map(|(value, label)| {
                        view! { <option value=value selected=selected == Some(value)>{label}</option> }
                    })
                    .collect_view()}
            </select>
            <Icon name="down"/>
        </span>
    }
}
