//! Fields of forms: a label above, a hint below, and in its place the problem if there is one.

use super::erased::{attr, change, maybe};
use super::{form::FormState, icon::Icon};
use domain::validation::field_error::Field;
use leptos::prelude::*;

/// How a text is entered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Kind {
    /// One line.
    #[default]
    Line,
    /// A URL in one line.
    Url,
    /// Several lines of code, such as a certificate.
    Code,
    /// A secret: never given back, not remembered by the browser.
    Secret,
}

/// What people read above a field.
pub(crate) enum Label {
    /// This.
    Plain(&'static str),
    /// That it wants this typed, to confirm.
    Confirm(String),
}

impl From<&'static str> for Label {
    fn from(text: &'static str) -> Self {
        Label::Plain(text)
    }
}

impl Label {
    fn view(self) -> AnyView {
        match self {
            Label::Plain(text) => text.into_any(),
            Label::Confirm(name) => view! { "Type "<b>{name}</b>" to confirm" }.into_any(),
        }
    }
}

/// A text field.
#[component]
pub(crate) fn TextField(
    /// The form that it belongs to.
    state: FormState,
    /// What its `id` starts with: the dialog's `id`.
    #[prop(into)]
    scope: String,
    /// Which field.
    field: Field,
    /// What people read above it.
    #[prop(into)]
    label: Label,
    /// What helps to fill it in.
    #[prop(optional)]
    hint: &'static str,
    /// How it is entered.
    #[prop(optional)]
    kind: Kind,
    /// What stands in it at first.
    #[prop(optional)]
    value: String,
    /// Does the focus start here?
    #[prop(optional)]
    start: bool,
) -> impl IntoView {
    let id = field_id(&scope, field);
    let note = note_id(&id);
    let invalid = attr(move || state.problem(field).map(|_| "true"));
    let described = {
        let note = note.clone();
        attr(move || (!hint.is_empty() || state.problem(field).is_some()).then(|| note.clone()))
    };
    let control = match kind {
        Kind::Code => view! {
            <textarea
                class="input input-code"
                id=id.clone()
                name=field.name()
                rows="4"
                spellcheck="false"
                autocomplete="off"
                autofocus=start
                aria-invalid=invalid
                aria-describedby=described
                inner_html=escaped(&value)
            ></textarea>
        }
        .into_any(),
        _ => view! {
            <input
                class="input"
                id=id.clone()
                name=field.name()
                type=if kind == Kind::Secret { "password" } else { "text" }
                inputmode=(kind == Kind::Url).then_some("url")
                spellcheck=(kind != Kind::Line).then_some("false")
                autocomplete="off"
                autofocus=start
                value=value
                aria-invalid=invalid
                aria-describedby=described
            />
        }
        .into_any(),
    };
    view! {
        <div class="field">
            <label for=id>{label.view()}</label>
            {control}
            <Note state=state field=field id=note hint=hint/>
        </div>
    }
}

/// A choice from a list.
#[component]
pub(crate) fn SelectField(
    /// The form that it belongs to.
    state: FormState,
    /// What its `id` starts with: the dialog's `id`.
    #[prop(into)]
    scope: String,
    /// Which field.
    field: Field,
    /// What people read above it.
    label: &'static str,
    /// Values and what people read, in order.
    options: Vec<(&'static str, &'static str)>,
    /// The value that is chosen at first.
    chosen: &'static str,
    /// Does the focus start here?
    #[prop(optional)]
    start: bool,
    /// Told about every choice.
    #[prop(optional)]
    on_choice: Option<Callback<String>>,
) -> impl IntoView {
    let id = field_id(&scope, field);
    let note = note_id(&id);
    let described = {
        let note = note.clone();
        attr(move || state.problem(field).map(|_| note.clone()))
    };
    let on_change = move |event| {
        if let Some(on_choice) = on_choice {
            on_choice.run(event_target_value(&event));
        }
    };
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <span class="select">
                <select
                    class="input"
                    id=id
                    name=field.name()
                    autocomplete="off"
                    autofocus=start
                    aria-invalid=attr(move || state.problem(field).map(|_| "true"))
                    aria-describedby=described
                    on:change=change(on_change)
                >
                    {options
                        .into_iter()
                        .map(|(value, label)| {
                            view! {
                                <option value=value selected=value == chosen>
                                    {label}
                                </option>
                            }
                        })
                        .collect_view()}
                </select>
                <Icon name="down"/>
            </span>
            <Note state=state field=field id=note hint=""/>
        </div>
    }
}

/// What stands below a field: its problem, else its hint.
#[component]
pub(crate) fn Note(
    /// The form that the field belongs to.
    state: FormState,
    /// Which field.
    field: Field,
    /// The `id` that the control's `aria-describedby` names.
    id: String,
    /// The hint; may be empty.
    #[prop(optional)]
    hint: &'static str,
) -> impl IntoView {
    maybe(move || match state.problem(field) {
        Some(problem) => Some(
            view! {
                <p class="error" id=id.clone()>
                    <Icon name="alert"/>
                    <span>{problem}</span>
                </p>
            }
            .into_any(),
        ),
        None if hint.is_empty() => None,
        None => Some(
            view! {
                <p class="hint" id=id.clone()>
                    {hint}
                </p>
            }
            .into_any(),
        ),
    })
}

/// The `id` of a field's control.
pub(crate) fn field_id(scope: &str, field: Field) -> String {
    [scope, ".", field.name()].concat()
}

/// The `id` of what stands below a control.
pub(crate) fn note_id(control: &str) -> String {
    [control, ".note"].concat()
}

/// For the inside of a `<textarea>`, which cannot be empty and a reactive text at the same time.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}
