//! The old and new value of each attribute.

use super::facts::attribute;
use domain::activity::AttributeChange;
use leptos::prelude::*;

/// One line per attribute.
#[component]
pub(super) fn Differences(differences: Vec<AttributeChange>) -> impl IntoView {
    view! {
        <table class="differences">
            <caption class="visually-hidden">"Changes"</caption>
            <thead>
                <tr>
                    <th scope="col">"Field"</th>
                    <th scope="col">"Before"</th>
                    <th scope="col">"After"</th>
                </tr>
            </thead>
            <tbody>
                {differences
                    .into_iter()
                    .map(|difference| {
                        view! {
                            <tr>
                                <th scope="row">{capital(attribute(&difference.attribute))}</th>
                                <td>{side(difference.was)}</td>
                                <td>{side(difference.is)}</td>
                            </tr>
                        }
                    })
                    .collect_view()}
            </tbody>
        </table>
    }
}

fn side(value: Option<String>) -> AnyView {
    match value {
        Some(value) => value.into_any(),
        None => view! { <span class="muted">"Nothing"</span> }.into_any(),
    }
}

fn capital(words: &str) -> String {
    let mut chars = words.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
