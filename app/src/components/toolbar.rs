//! What the forms above lists are made of; their fields are the page's address.

use super::icon::Icon;
use domain::validation::text::SEARCH_MAX;
use leptos::prelude::*;

/// Where one types what is looked for.
#[component]
pub(crate) fn SearchBox(
    /// The field's name.
    name: &'static str,
    /// What is looked for.
    value: String,
    /// What it takes, while nothing stands in it.
    placeholder: &'static str,
    /// What people hear.
    label: &'static str,
    /// What the browser may fill in.
    #[prop(optional)]
    autocomplete: Option<&'static str>,
    /// Is the icon the button that searches?
    #[prop(optional)]
    go: bool,
) -> impl IntoView {
    view! {
        <span class="search">
            {match go {
                true => {
                    view! {
                        <button class="search-go" aria-label="Search" title="Search">
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

/// What applies the filters. Where scripts run they apply at once, unless they are chosen by keys: anyone who goes through the
/// choices of one is not taken away from it, and finds this after them.
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

/// What applies the filters, what shows all again, and how many were found.
#[component]
pub(crate) fn SearchEnd(
    /// Where all are shown, unless they are.
    all: Option<String>,
    /// How many were found.
    found: Option<String>,
) -> impl IntoView {
    view! {
        <Apply/>
        {all.map(|href| view! { <a class="btn btn-quiet" href=href>"Clear"</a> })}
        {found.map(|found| view! { <span class="hint found">{found}</span> })}
    }
}

/// One of few.
#[component]
pub(crate) fn Choice(
    /// The field's name.
    name: &'static str,
    /// What people hear.
    label: &'static str,
    /// What stands for none of them.
    #[prop(optional_no_strip)]
    any: Option<&'static str>,
    /// Names and labels.
    options: Vec<(&'static str, &'static str)>,
    /// The name of the one that is chosen.
    chosen: Option<&'static str>,
    /// The `id` of the form that it belongs to, where it does not stand in it.
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
                        view! { <option value=value selected=chosen == Some(value)>{label}</option> }
                    })
                    .collect_view()}
            </select>
            <Icon name="down"/>
        </span>
    }
}
