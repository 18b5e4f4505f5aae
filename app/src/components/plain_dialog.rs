//! Dialogs of plain pages: native ones that hold a form, opened by native buttons, so that no script is needed.

use super::{
    dialog::{Cancel, Title, lead_id, title_id},
    icon::Icon,
};
use leptos::prelude::*;

/// A button that opens a dialog of the page, or that cannot be pressed for a reason that stands elsewhere.
#[component]
pub(crate) fn PlainOpens(
    /// The dialog's `id`.
    dialog: &'static str,
    /// How it looks.
    class: &'static str,
    /// What it says.
    label: &'static str,
    /// An icon before it; may be empty.
    #[prop(optional)]
    icon: &'static str,
    /// The `id` of the reason why it cannot be pressed.
    #[prop(optional_no_strip)]
    blocked: Option<&'static str>,
) -> impl IntoView {
    let free = blocked.is_none();
    view! {
        <button
            class=class
            type="button"
            command=free.then_some("show-modal")
            commandfor=free.then_some(dialog)
            aria-disabled=(!free).then_some("true")
            aria-describedby=blocked
        >
            {match icon {
                "" => label.into_any(),
                icon => view! { <Icon name=icon/> {label} }.into_any(),
            }}
        </button>
    }
}

/// A dialog that holds one form.
#[component]
pub(crate) fn PlainDialog(
    /// Its `id`.
    id: &'static str,
    /// Written open.
    open: bool,
    /// Where its form is posted to.
    action: String,
    /// Is what was typed checked by the server alone?
    #[prop(optional)]
    novalidate: bool,
    /// The title: a question, or the name of the task.
    title: AnyView,
    /// What will happen.
    lead: &'static str,
    /// What does it.
    button: &'static str,
    /// Red, for what destroys something.
    #[prop(optional)]
    danger: bool,
    /// Does the focus start at Cancel?
    #[prop(optional)]
    careful: bool,
    /// Does the focus start at the title? It does where it came back refused, so that the reason is read.
    #[prop(optional)]
    start: bool,
    /// Why it was refused, and the fields.
    children: Children,
) -> impl IntoView {
    view! {
        <dialog class="dialog" id=id open=open closedby="closerequest" aria-labelledby=title_id(id) aria-describedby=lead_id(id)>
            <form method="post" action=action novalidate=novalidate>
                <Title dialog=id start=start>{title}</Title>
                <p class="muted" id=lead_id(id)>
                    {lead}
                </p>
                {children()}
                <div class="actions">
                    <Cancel dialog=id start=careful/>
                    <button class=if danger { "btn btn-danger" } else { "btn btn-primary" }>{button}</button>
                </div>
            </form>
        </dialog>
    }
}
