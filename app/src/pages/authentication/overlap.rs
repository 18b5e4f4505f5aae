//! Moving the moment at which a rolled key stops working.

use super::{
    keys::{HOME, key, tail},
    notice::Told,
    page_dialog::PageDialog,
    send::{Ask, AskForm, form_state},
    state::State,
};
use crate::components::erased::text;
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
    key::{KeyId, Overlap, ScimKey},
    problem::{Field, Problems},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// "When shall the old key stop working?"
#[component]
pub(super) fn OverlapKey(state: State, id: KeyId) -> impl IntoView {
    let key = key(state, id.clone());
    let dialog = Dialog::OverlapKey(id);
    view! {
        <PageDialog state=state dialog=dialog.clone() home=HOME content=move || view! { <Content state=state key=key dialog=dialog.clone()/> }/>
    }
}

#[component]
fn Content(state: State, key: Memo<Option<ScimKey>>, dialog: Dialog) -> impl IntoView {
    let html_id = dialog.id();
    let key_id = key.with_untracked(|key| key.as_ref().map(|key| key.id.to_string()).unwrap_or_default());
    let returned = state.returned(&dialog);
    let form = form_state(returned.as_ref());
    let ask = Ask::in_dialog(SetOverlap::PATH, dialog.clone(), HOME).then(Told::Done(Notice::OverlapChanged));
    view! {
        <AskForm state=state form=form ask=ask check=Callback::new(|pairs| check_overlap(&pairs))>
            <input type="hidden" name=resume::ID value=key_id/>
            <div>
                <Title dialog=&html_id start=true>
                    "When should the old key stop working?"
                </Title>
                <p class="muted" id=lead_id(&html_id)>
                    "The one ending in "
                    {text(move || tail(key))}
                    ". Counted from now. The new key is not touched."
                </p>
            </div>
            <Overlaps form=form scope=html_id.clone() chosen=overlap(returned.as_ref())/>
            <Trouble state=form/>
            <div class="actions">
                <Cancel dialog=&html_id/>
                <Submit state=form label="Save" busy="Saving" class="btn btn-primary"/>
            </div>
        </AskForm>
    }
    .into_any()
}

/// The choices for how long the old key works on.
#[component]
pub(super) fn Overlaps(form: FormState, scope: String, chosen: Overlap) -> impl IntoView {
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
pub(super) fn overlap(returned: Option<&Returned>) -> Overlap {
    let typed = returned.and_then(|returned| returned.value(Field::Overlap));
    typed.and_then(|value| Overlap::parse(value).ok()).unwrap_or_default()
}

/// What is wrong with the choice.
pub(super) fn check_overlap(pairs: &Pairs) -> Problems {
    let mut problems = Problems::default();
    problems.check(Field::Overlap, Overlap::parse(value(pairs, Field::Overlap.name())));
    problems
}
