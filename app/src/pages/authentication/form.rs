//! A form of this page: it carries the team's slug, because it goes to a server function.

use super::state::State;
use crate::{components::form::Form, forms::Check, return_to};
use leptos::prelude::*;

/// A form of this page.
#[component]
pub(super) fn TeamForm(
    /// The page.
    state: State,
    /// Where it is posted to.
    #[prop(into)]
    action: String,
    /// How its values are checked.
    #[prop(optional_no_strip, into)]
    check: Option<Check>,
    /// The fields and buttons.
    children: Children,
) -> impl IntoView {
    view! {
        <Form action=action check=check>
            <input type="hidden" name=return_to::TEAM value=state.slug()/>
            {children()}
        </Form>
    }
}
