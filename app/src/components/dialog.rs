//! Dialogs: native `<dialog>`, which traps the focus, closes on Esc and gives the focus back by itself.

use super::dom;
use super::erased::{change, maybe};
use leptos::prelude::*;

/// A dialog. What stands in it is built anew whenever it was closed, so it always opens fresh.
///
/// It is named by the [`Title`] with the same `dialog`, and described by the element with the id `{id}.lead`.
#[component]
pub(crate) fn Modal(
    /// Its `id`: what buttons name in `commandfor`.
    id: String,
    /// Written open by the server, for a form that came back.
    open: bool,
    /// Where the focus goes when it closes and what opened it is gone: the `id` of a heading.
    home: &'static str,
    /// Runs when it closed, before it is built anew.
    #[prop(optional)]
    on_close: Option<Callback<()>>,
    /// What stands in it.
    #[prop(into)]
    content: ViewFn,
) -> impl IntoView {
    let built = RwSignal::new(true);
    let title = title_id(&id);
    let lead = lead_id(&id);
    let on_close = move |_| {
        if let Some(on_close) = on_close {
            on_close.run(());
        }
        built.set(false);
        // The dialog may be gone by then.
        dom::soon(move || _ = built.try_set(true));
        dom::give_focus_back(home);
    };
    view! {
        <dialog class="dialog" id=id open=open aria-labelledby=title aria-describedby=lead on:close=change(on_close)>
            {maybe(move || built.get().then(|| content.run()))}
        </dialog>
    }
}

/// The title of a dialog: a question, or the name of the task.
#[component]
pub(crate) fn Title(
    /// The dialog's `id`.
    #[prop(into)]
    dialog: String,
    /// Does the focus start here?
    #[prop(optional)]
    start: bool,
    /// The title.
    children: Children,
) -> impl IntoView {
    view! {
        <h2 id=title_id(&dialog) tabindex="-1" autofocus=start>
            {children()}
        </h2>
    }
}

/// Closes the dialog; nothing happens.
#[component]
pub(crate) fn Cancel(
    /// The dialog's `id`.
    #[prop(into)]
    dialog: String,
    /// Does the focus start here? It does where the other button destroys something.
    #[prop(optional)]
    start: bool,
) -> impl IntoView {
    view! {
        <button class="btn" type="button" command="close" commandfor=dialog autofocus=start>
            "Cancel"
        </button>
    }
}

/// The `id` of a dialog's title.
pub(crate) fn title_id(dialog: &str) -> String {
    [dialog, ".title"].concat()
}

/// The `id` of the text that describes a dialog.
pub(crate) fn lead_id(dialog: &str) -> String {
    [dialog, ".lead"].concat()
}
