//! Dialogs that want the team's name typed.

use crate::{
    components::{dialog::FormDialog, field::TextField, notice::Alert},
    forms::{Check, Rule},
    model::{GeneralForm, SubmittedForm, general_field},
};
use leptos::prelude::*;

/// The `id` of the reason why the reader may not change the team.
pub(super) const BLOCKED: &str = "general-blocked";

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
    sent: SubmittedForm,
    /// How it is checked.
    #[prop(optional)]
    rule: Option<Rule>,
    /// More fields.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let id = form.name();
    let refused = sent.refused.clone();
    let alone = children.is_none();
    let check = Check::new(rule.unwrap_or(Rule::Confirmation)).knows("confirm", team.as_str());
    // A field that is wrong takes the focus itself.
    let start = refused.is_some() && sent.problems.is_empty();
    view! {
        <FormDialog
            id=id
            open=open
            action=[&path, "/", id].concat()
            check=check
            title=title.into_any()
            lead=lead
            button=button
            danger=true
            start=start
        >
            <Alert why=refused/>
            {children.map(|children| children())}
            <TextField
                scope=id
                name=general_field::CONFIRMATION
                label=["Type ", &team, " to confirm"].concat()
                sent=sent
                start=alone
            />
        </FormDialog>
    }
}
