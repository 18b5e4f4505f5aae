//! Dialogs that want the team's name typed.

use crate::{
    components::{plain::PlainField, plain_dialog::PlainDialog, said::Refused},
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
    let alone = children.is_none();
    // A field that is wrong takes the focus itself.
    let start = refused.is_some() && sent.problems.is_empty();
    view! {
        <PlainDialog
            id=id
            open=open
            action=[&path, "/", id].concat()
            novalidate=true
            title=title.into_any()
            lead=lead
            button=button
            danger=true
            start=start
        >
            <Refused why=refused/>
            {children.map(|children| children())}
            <PlainField
                scope=id
                name=general_field::CONFIRMATION
                label=["Type ", &team, " to confirm"].concat()
                sent=sent
                start=alone
            />
        </PlainDialog>
    }
}
