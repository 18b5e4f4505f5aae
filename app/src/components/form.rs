//! Forms: plain ones, which the browser's part takes over (`browser::forms`).

use super::field::{InputKind, TextField};
use crate::{forms::Check, model::SubmittedForm};
use leptos::prelude::*;

/// A form of the kit.
#[component]
pub(crate) fn Form(
    /// The URL; `None` is the URL of the page.
    #[prop(optional, into)]
    action: Option<String>,
    /// The check of the values before the form is sent.
    #[prop(optional_no_strip, into)]
    check: Option<Check>,
    #[prop(optional)] class: Option<&'static str>,
    #[prop(optional)] id: Option<&'static str>,
    /// The accessible name.
    #[prop(optional)]
    label: Option<&'static str>,
    /// The `id` of the element with the name.
    #[prop(optional)]
    labelled_by: Option<&'static str>,
    /// Is the form reset when the browser shows the page again?
    #[prop(optional)]
    resets: bool,
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

/// The submit button, which may be disabled for a reason.
#[component]
pub(crate) fn Submit(
    /// The label: a verb.
    #[prop(into)]
    label: String,
    /// The label while the form is being sent: "Saving".
    #[prop(optional)]
    busy: Option<&'static str>,
    #[prop(optional)] class: Option<&'static str>,
    /// The name in the form, if it has one.
    #[prop(optional)]
    name: Option<&'static str>,
    /// The value for the name; "true" by default.
    #[prop(optional)]
    value: Option<String>,
    /// The `id` of the reason that the button is disabled.
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

/// A form with one field and its button.
#[component]
pub(crate) fn FieldForm(
    /// The prefix of the field's `id`: the form's name.
    scope: &'static str,
    action: String,
    /// The check of the value.
    check: Check,
    name: &'static str,
    label: &'static str,
    #[prop(optional)] kind: InputKind,
    /// The value of `autocomplete` for password managers.
    #[prop(optional)]
    autocomplete: Option<&'static str>,
    /// The value, unless the submitted form has another one.
    value: String,
    submission: SubmittedForm,
    button: &'static str,
    /// The `id` of the reason that the form is disabled.
    blocked: Option<&'static str>,
) -> impl IntoView {
    view! {
        <Form class="row-block settings-form" action=action check=check>
            <TextField
                scope=scope
                name=name
                label=label
                kind=kind
                autocomplete=autocomplete.unwrap_or("off")
                value=value
                submission=submission
                blocked=blocked
            />
            <Submit label=button busy="Saving" blocked=blocked/>
        </Form>
    }
}
