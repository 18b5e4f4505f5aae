//! Dialogs with the team's name as a confirmation.

use crate::{
    components::{dialog::FormDialog, field::TextField, notice::Alert},
    forms::{Check, Rule},
    model::{GeneralForm, SubmittedForm, general_field},
};
use leptos::prelude::*;

/// The `id` of the reason why the reader may not change the team.
pub(super) const BLOCKED: &str = "general-blocked";

/// The consequences of an action, and the form with the team's name.
#[component]
pub(super) fn Confirm(
    /// The form. Its name is the dialog's `id`.
    form: GeneralForm,
    /// The page's path. The action's URL is below it.
    path: String,
    title: &'static str,
    /// The consequences.
    lead: &'static str,
    button: &'static str,
    team: String,
    /// Is it open?
    open: bool,
    submission: SubmittedForm,
    /// The check of the form.
    #[prop(optional)]
    rule: Option<Rule>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let id = form.name();
    let refusal = submission.refusal.clone();
    let alone = children.is_none();
    let check = Check::new(rule.unwrap_or(Rule::Confirmation)).knows("confirm", team.as_str());
    // An invalid field gets the focus itself.
    let start = refusal.is_some() && submission.errors.is_empty();
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
            <Alert why=refusal/>
            {children.map(|children| children())}
            <TextField
                scope=id
                name=general_field::CONFIRMATION
                label=["Type ", &team, " to confirm"].concat()
                submission=submission
                start=alone
            />
        </FormDialog>
    }
}
