//! Forms: plain ones, which the browser's part takes over (`browser::forms`).

use super::field::{InputKind, TextField};
use crate::{forms::Check, model::SubmittedForm};
use leptos::prelude::*;

/// A form that changes something.
#[component]
pub(crate) fn Form(
    /// Where it is posted to; none: the address of the page.
    #[prop(optional, into)]
    action: Option<String>,
    /// How its values are checked before it is sent.
    #[prop(optional_no_strip, into)]
    check: Option<Check>,
    /// How it looks.
    #[prop(optional)]
    class: Option<&'static str>,
    /// Its `id`.
    #[prop(optional)]
    id: Option<&'static str>,
    /// What people hear.
    #[prop(optional)]
    label: Option<&'static str>,
    /// The `id` of what names it.
    #[prop(optional)]
    labelled_by: Option<&'static str>,
    /// Is it reset when the browser shows the page again?
    #[prop(optional)]
    resets: bool,
    /// The fields and buttons.
    children: Children,
) -> impl IntoView {
    view! {
        <form
            class=class
            id=id
            method="post"
            action=action
            novalidate=true
            autocomplete=resets.then_some("off")
            aria-label=label
            aria-labelledby=labelled_by
            data-check=check.map(|check| check.write())
        >
            {children()}
        </form>
    }
}

/// The button that sends a form; pressed in vain where there is a reason.
#[component]
pub(crate) fn Submit(
    /// What it says: a verb.
    #[prop(into)]
    label: String,
    /// What it says while the form is being sent: "Saving".
    #[prop(optional)]
    busy: Option<&'static str>,
    /// How it looks.
    #[prop(optional)]
    class: Option<&'static str>,
    /// Its name in the form, where it has one.
    #[prop(optional)]
    name: Option<&'static str>,
    /// Its value then: "true", unless it says otherwise.
    #[prop(optional)]
    value: Option<String>,
    /// The `id` of the reason why it cannot be pressed.
    #[prop(optional_no_strip)]
    blocked: Option<&'static str>,
) -> impl IntoView {
    let is_free = blocked.is_none();
    view! {
        <button
            class=class.unwrap_or("btn")
            type=if is_free { "submit" } else { "button" }
            name=name
            value=name.map(|_| value.unwrap_or_else(|| "true".to_owned()))
            data-busy=busy
            aria-disabled=(!is_free).then_some("true")
            aria-describedby=blocked
        >
            {label}
        </button>
    }
}

/// A form of one field, with the button that sends it.
#[component]
pub(crate) fn FieldForm(
    /// What the field's `id` starts with: the form's name.
    scope: &'static str,
    /// Where it is posted to.
    action: String,
    /// How its value is checked.
    check: Check,
    /// The field's name.
    name: &'static str,
    /// What people read above it.
    label: &'static str,
    /// How it is entered.
    #[prop(optional)]
    kind: InputKind,
    /// What a password manager may fill in.
    #[prop(optional)]
    autocomplete: Option<&'static str>,
    /// What stands in it, unless something else was typed.
    value: String,
    /// The form, as it came back.
    sent: SubmittedForm,
    /// What the button says.
    button: &'static str,
    /// The `id` of the reason why it cannot be sent.
    blocked: Option<&'static str>,
) -> impl IntoView {
    view! {
        <Form class="row-block settings" action=action check=check>
            <TextField
                scope=scope
                name=name
                label=label
                kind=kind
                autocomplete=autocomplete.unwrap_or("off")
                value=value
                sent=sent
                blocked=blocked
            />
            <Submit label=button busy="Saving" blocked=blocked/>
        </Form>
    }
}
