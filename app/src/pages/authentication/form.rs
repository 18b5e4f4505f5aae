//! A form of this page. It contains the team's slug, because its URL is a server function's.

use super::state::State;
use crate::{components::form::Form, forms::Check, return_to};
use leptos::prelude::*;

#[component]
pub(super) fn SettingsForm(
    state: State,
    #[prop(into)] action: String,
    /// The check of the values.
    #[prop(optional_no_strip, into)]
    check: Option<Check>,
    children: Children,
) -> impl IntoView {
    view! {
        <Form action=action check=check>
            <input type="hidden" name=return_to::TEAM value=state.slug()/>
            {children()}
        </Form>
    }
}
