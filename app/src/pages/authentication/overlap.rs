//! Changing the end of a rolled key.

use super::{
    form::SettingsForm,
    state::{State, submission},
};
use crate::{
    api::keys::SetOverlap,
    components::{
        dialog::{Cancel, Title, lead_id},
        field::FieldNote,
        form::Submit,
        notice::Alert,
    },
    forms::{Check, Rule},
    model::{ReturnedForm, SubmittedForm},
    return_to,
};
use domain::{
    key::{KeyId, Overlap},
    validation::field_error::Field,
};
use leptos::{prelude::*, server_fn::ServerFn};

/// "When should the old key stop working?", for a rolled key in its overlap.
pub(super) fn content(state: State, returned: &ReturnedForm, key_id: &KeyId) -> Option<AnyView> {
    let tail = rolled(state, key_id)?;
    let id = returned.dialog.id();
    let (key_id, submission) = (key_id.to_string(), submission(returned, &[Field::Overlap]));
    let choices = overlaps(&submission, returned);
    let view = view! {
        <SettingsForm state=state action=SetOverlap::PATH check=Check::new(Rule::Overlap)>
            <input type="hidden" name=return_to::ID value=key_id/>
            <div>
                <Title dialog=&id start=true>"When should the old key stop working?"</Title>
                <p class="muted" id=lead_id(&id)>
                    "The key ending in " {tail} ", counted from now. The new key isn't affected."
                </p>
            </div>
            {choices}
            <Alert why=submission.refusal/>
            <div class="dialog-actions">
                <Cancel dialog=&id/>
                <Submit label="Save" busy="Saving" class="btn btn-primary"/>
            </div>
        </SettingsForm>
    };
    Some(view.into_any())
}

/// "End the old key now?", for a rolled key in its overlap.
pub(super) fn end(state: State, returned: &ReturnedForm, key_id: &KeyId) -> Option<AnyView> {
    let tail = rolled(state, key_id)?;
    let id = returned.dialog.id();
    let (key_id, submission) = (key_id.to_string(), submission(returned, &[]));
    let view = view! {
        <SettingsForm state=state action=SetOverlap::PATH check=Check::new(Rule::Overlap)>
            <input type="hidden" name=return_to::ID value=key_id/>
            <input type="hidden" name=Field::Overlap.name() value=Overlap::None.name()/>
            <div>
                <Title dialog=&id>"End the old key now?"</Title>
                <p class="muted" id=lead_id(&id)>
                    "The key ending in " {tail} " stops working immediately."
                </p>
            </div>
            <Alert why=submission.refusal/>
            <div class="dialog-actions">
                <Cancel dialog=&id start=true/>
                <Submit label="End key" busy="Ending" class="btn btn-danger"/>
            </div>
        </SettingsForm>
    };
    Some(view.into_any())
}

/// The last characters of a rolled key in its overlap.
fn rolled(state: State, key_id: &KeyId) -> Option<String> {
    state.with(|facts| {
        let key = facts.usable_key(key_id).filter(|key| key.replaced_by.is_some())?;
        Some(key.tail.clone())
    })
}

/// The choices for the overlap of the old key.
pub(super) fn overlaps(submission: &SubmittedForm, returned: &ReturnedForm) -> AnyView {
    let (scope, selected) = (returned.dialog.id(), selected(returned));
    let problem = submission.error(Field::Overlap.name());
    let note = [&scope, ".overlap.note"].concat();
    let described = problem.as_ref().map(|_| note.clone());
    view! {
        <fieldset class="field" aria-describedby=described>
            <legend>"The old key stops working"</legend>
            <div class="field-choices">
                {Overlap::ALL
                    .map(|overlap| {
                        let hint = (overlap == Overlap::None).then_some("Requests fail until your provider has the new key");
                        view! {
                            <label>
                                <input
                                    type="radio"
                                    name=Field::Overlap.name()
                                    value=overlap.name()
                                    checked=overlap == selected
                                    aria-describedby=hint.map(|_| [&scope, ".at-once"].concat())
                                />
                                <span>{overlap.label()}</span>
                                {hint.map(|hint| {
                                    view! {
                                        <span class="hint" id=[&scope, ".at-once"].concat() aria-hidden="true">
                                            {hint}
                                        </span>
                                    }
                                })}
                            </label>
                        }
                    })
                    .into_iter()
                    .collect_view()}
            </div>
            <FieldNote id=note name=Field::Overlap.name() problem=problem/>
        </fieldset>
    }
    .into_any()
}

/// The preselected overlap.
fn selected(returned: &ReturnedForm) -> Overlap {
    returned.value(Field::Overlap).and_then(|value| Overlap::parse(value).ok()).unwrap_or_default()
}
