//! Fields of plain forms: pages that are not made live write these.

use super::icon::Icon;
use crate::model::Sent;
use leptos::prelude::*;

/// A text field of a plain form: its label above, its problem (else its hint) below.
#[component]
pub(crate) fn PlainField(
    /// What its `id` starts with: the form's name.
    scope: &'static str,
    /// The field's name.
    name: &'static str,
    /// What people read above it.
    #[prop(into)]
    label: String,
    /// "text", "email", "password".
    #[prop(optional)]
    kind: Option<&'static str>,
    /// What a password manager may fill in.
    #[prop(optional)]
    autocomplete: Option<&'static str>,
    /// What stands in it, unless something else was typed.
    #[prop(optional)]
    value: String,
    /// What helps to fill it in; may be empty.
    #[prop(optional)]
    hint: &'static str,
    /// The form, as it came back.
    sent: Sent,
    /// Does the focus start here? Where something came back wrong or refused, it starts there.
    #[prop(optional)]
    start: bool,
    /// The `id` of the reason why nothing can be typed.
    #[prop(optional_no_strip)]
    blocked: Option<&'static str>,
) -> impl IntoView {
    let start = start && sent.problems.is_empty() && sent.refused.is_none();
    let id = [scope, ".", name].concat();
    let note = [&id, ".note"].concat();
    let problem = sent.problem(name);
    let wrong = problem.is_some();
    let kind = kind.unwrap_or("text");
    let value = if kind == "password" { None } else { Some(sent.value(name).unwrap_or(value)) };
    let noted = wrong || !hint.is_empty();
    let described = match (noted, blocked) {
        (true, Some(reason)) => Some([&note, " ", reason].concat()),
        (true, None) => Some(note.clone()),
        (false, reason) => reason.map(str::to_owned),
    };
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <input
                class="input"
                id=id
                name=name
                type=kind
                autocomplete=autocomplete.unwrap_or("off")
                autocapitalize=(kind != "text").then_some("none")
                spellcheck="false"
                value=value
                readonly=blocked.is_some()
                autofocus=wrong || start
                aria-invalid=wrong.then_some("true")
                aria-describedby=described
            />
            {match problem {
                Some(problem) => view! {
                    <p class="error" id=note>
                        <Icon name="alert"/>
                        <span>{problem}</span>
                    </p>
                }
                    .into_any(),
                None if hint.is_empty() => ().into_any(),
                None => view! {
                    <p class="hint" id=note>
                        {hint}
                    </p>
                }
                    .into_any(),
            }}
        </div>
    }
}

/// The button that sends a plain form; pressed in vain where there is a reason.
#[component]
pub(crate) fn PlainSubmit(
    /// What it says.
    label: &'static str,
    /// The `id` of the reason why it cannot be pressed.
    #[prop(optional_no_strip)]
    blocked: Option<&'static str>,
    /// How it looks.
    #[prop(optional)]
    class: Option<&'static str>,
) -> impl IntoView {
    let free = blocked.is_none();
    view! {
        <button
            class=class.unwrap_or("btn")
            type=if free { "submit" } else { "button" }
            aria-disabled=(!free).then_some("true")
            aria-describedby=blocked
        >
            {label}
        </button>
    }
}

/// A form of one field, with the button that sends it.
#[component]
pub(crate) fn PlainForm(
    /// What the field's `id` starts with: the form's name.
    scope: &'static str,
    /// Where it is posted to.
    action: String,
    /// The field's name.
    name: &'static str,
    /// What people read above it.
    label: &'static str,
    /// "text", "email".
    #[prop(optional)]
    kind: Option<&'static str>,
    /// What a password manager may fill in.
    #[prop(optional)]
    autocomplete: Option<&'static str>,
    /// What stands in it, unless something else was typed.
    value: String,
    /// The form, as it came back.
    sent: Sent,
    /// What the button says.
    button: &'static str,
    /// The `id` of the reason why it cannot be sent.
    blocked: Option<&'static str>,
) -> impl IntoView {
    view! {
        <form class="row-block settings" method="post" action=action novalidate=true>
            <PlainField
                scope=scope
                name=name
                label=label
                kind=kind.unwrap_or("text")
                autocomplete=autocomplete.unwrap_or("off")
                value=value
                sent=sent
                blocked=blocked
            />
            <PlainSubmit label=button blocked=blocked/>
        </form>
    }
}
