//! A dialog of this page.

use super::state::State;
use crate::{components::dialog::Modal, model::Dialog};
use leptos::prelude::*;

/// A dialog of this page: open from the start when its form came back, and done with that when it closes.
#[component]
pub(super) fn PageDialog(
    /// The page.
    state: State,
    /// Which one.
    dialog: Dialog,
    /// Where the focus goes when it closes and what opened it is gone: the `id` of a heading.
    home: &'static str,
    /// What stands in it.
    #[prop(into)]
    content: ViewFn,
) -> impl IntoView {
    view! {
        <Modal
            id=dialog.id()
            open=state.starts_open(&dialog)
            home=home
            on_close=Callback::new(move |()| state.forget_returned())
            content=content
        />
    }
}
