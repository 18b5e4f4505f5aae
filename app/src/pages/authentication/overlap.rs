//! Moving the moment at which a rolled key stops working.

use super::{
    keys::HOME,
    notice::Told,
    send::{Ask, AskForm, form_state},
    state::State,
};
use crate::{
    api::keys::SetOverlap,
    components::{
        dialog::{Cancel, Title, lead_id},
        field::Note,
        form::{FormState, Pairs, Submit, Trouble, value},
    },
    model::{Dialog, Notice, Returned},
    resume,
};
use domain::{
    key::{KeyId, Overlap},
    validation::field_error::{Field, FieldErrors},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// "When should the old key stop working?", for a key that was rolled and still works.
pub(super) fn content(state: State, returned: &Returned, key_id: &KeyId) -> Option<AnyView> {
    let tail = state.peek(|known| {
        let key = known.usable_key(key_id).filter(|key| key.replaced_by.is_some())?;
        Some(key.tail.clone())
    })?;
    let id = returned.dialog.id();
    let (key_id, form) = (key_id.to_string(), form_state(returned));
    let ask = Ask::in_dialog(SetOverlap::PATH, &returned.dialog, HOME).then(Told::Done(Notice::OverlapChanged));
    let choices = overlaps(form, returned);
    let view = view! {
        <AskForm state=state form=form ask=ask check=Callback::new(|pairs| check_overlap(&pairs))>
            <input type="hidden" name=resume::ID value=key_id/>
            <div>
                <Title dialog=&id start=true>"When should the old key stop working?"</Title>
                <p class="muted" id=lead_id(&id)>
                    "The key ending in " {tail} ", counted from now. The new key isn't affected."
                </p>
            </div>
            {choices}
            <Trouble state=form/>
            <div class="actions">
                <Cancel dialog=&id/>
                <Submit state=form label="Save" busy="Saving" class="btn btn-primary"/>
            </div>
        </AskForm>
    };
    Some(view.into_any())
}

/// The choices for how long the old key works on.
pub(super) fn overlaps(form: FormState, returned: &Returned) -> AnyView {
    let (scope, chosen) = (returned.dialog.id(), chosen(returned));
    view! {
        <fieldset class="field">
            <legend>"The old key stops working"</legend>
            <div class="choices">
                {Overlap::ALL
                    .map(|overlap| {
                        let hint = (overlap == Overlap::None).then_some("Requests fail until your provider has the new key");
                        view! {
                            <label>
                                <input
                                    type="radio"
                                    name=Field::Overlap.name()
                                    value=overlap.value()
                                    checked=overlap == chosen
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
            <Note state=form field=Field::Overlap id=[&scope, ".overlap.note"].concat()/>
        </fieldset>
    }
    .into_any()
}

/// The overlap that is chosen at first.
fn chosen(returned: &Returned) -> Overlap {
    let usual = if matches!(returned.dialog, Dialog::EndKey(_)) { Overlap::None } else { Overlap::default() };
    returned.value(Field::Overlap).and_then(|value| Overlap::parse(value).ok()).unwrap_or(usual)
}

/// What is wrong with the choice.
pub(super) fn check_overlap(pairs: &Pairs) -> FieldErrors {
    let mut problems = FieldErrors::default();
    problems.check(Field::Overlap, Overlap::parse(value(pairs, Field::Overlap.name())));
    problems
}
