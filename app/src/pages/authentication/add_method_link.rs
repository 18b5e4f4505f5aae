//! The link to the form for a new SSO method.

use super::state::State;
use crate::model::{Dialog, ReturnedForm};
use leptos::prelude::*;

#[component]
pub(super) fn AddMethodLink(state: State) -> impl IntoView {
    let href = ReturnedForm::address(&state.slug(), &Dialog::AddMethod, &[]);
    view! {
        <a class="btn" href=href data-in-place="">
            "Add authentication method"
        </a>
    }
}
