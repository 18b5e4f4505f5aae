//! Dialogs that want the team's name typed.

use crate::{
    components::{
        banner::Banner,
        dialog::{Cancel, Title, lead_id, title_id},
        plain::PlainField,
    },
    model::{GeneralForm, Sent, general_field},
};
use leptos::prelude::*;

/// Says what will happen, and sends the form once the team's name is typed.
#[component]
pub(super) fn Confirm(
    /// Which form; its name is the dialog's `id`.
    form: GeneralForm,
    /// The page's path; what is done has its own below it.
    path: String,
    /// The question.
    title: &'static str,
    /// What will happen.
    lead: &'static str,
    /// What does it.
    button: &'static str,
    /// The team's name.
    team: String,
    /// Does it stand open?
    open: bool,
    /// The form, as it came back.
    sent: Sent,
    /// More fields.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let id = form.name();
    let refused = sent.refused.clone();
    // A field that is wrong takes the focus itself.
    let start = open && sent.problems.is_empty();
    view! {
        <dialog class="dialog" id=id open=open closedby="closerequest" aria-labelledby=title_id(id) aria-describedby=lead_id(id)>
            <form method="post" action=[&path, "/", id].concat() novalidate=true>
                <Title dialog=id start=start>{title}</Title>
                <p class="muted" id=lead_id(id)>
                    {lead}
                </p>
                {refused.map(|refused| view! { <Banner tone="danger" role="alert">{refused}</Banner> })}
                {children.map(|children| children())}
                <PlainField
                    scope=id
                    name=general_field::CONFIRMATION
                    label=["Type ", &team, " to confirm"].concat()
                    sent=sent
                />
                <div class="actions">
                    <Cancel dialog=id/>
                    <button class="btn btn-danger">{button}</button>
                </div>
            </form>
        </dialog>
    }
}
