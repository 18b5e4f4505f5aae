//! Form fields: a label above, and a hint below, which an error replaces.
//!
//! The element for the error always exists, so that the browser's part only fills it in.

use super::icon::Icon;
use crate::model::SubmittedForm;
use leptos::prelude::*;

/// The kind of input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum InputKind {
    #[default]
    Line,
    /// An email address.
    Email,
    /// A password, whose value is never rendered.
    Password,
    /// A URL in one line.
    Url,
    /// Several lines of code, such as a certificate.
    Code,
    /// Another secret, whose value is never rendered or stored by the browser.
    Secret,
}

impl InputKind {
    const fn input_type(self) -> &'static str {
        match self {
            InputKind::Email => "email",
            InputKind::Password | InputKind::Secret => "password",
            InputKind::Line | InputKind::Url | InputKind::Code => "text",
        }
    }

    const fn is_secret(self) -> bool {
        matches!(self, InputKind::Password | InputKind::Secret)
    }
}

/// The label of a field.
pub(crate) enum Label {
    Plain(String),
    /// A request to enter this text as a confirmation.
    Confirm(String),
}

impl From<&str> for Label {
    fn from(text: &str) -> Self {
        Label::Plain(text.to_owned())
    }
}

impl From<String> for Label {
    fn from(text: String) -> Self {
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

#[component]
pub(crate) fn TextField(
    /// The prefix of the `id`: the `id` of the dialog, or the form's name.
    #[prop(into)]
    scope: String,
    name: &'static str,
    #[prop(into)] label: Label,
    #[prop(optional)] kind: InputKind,
    /// The value of `autocomplete` for password managers.
    #[prop(optional)]
    autocomplete: Option<&'static str>,
    /// The value, unless the submitted form has another one.
    #[prop(optional)]
    value: String,
    /// The hint; may be empty.
    #[prop(optional)]
    hint: &'static str,
    submission: SubmittedForm,
    /// Does the focus start here? For a refused form, it starts at its first error instead.
    #[prop(optional)]
    start: bool,
    /// The `id` of the reason that the field is disabled.
    #[prop(optional_no_strip)]
    blocked: Option<&'static str>,
    /// A larger field, on the pages outside of a team.
    #[prop(optional)]
    large: bool,
) -> impl IntoView {
    let id = [&scope, ".", name].concat();
    let problem = submission.error(name);
    let is_wrong = problem.is_some();
    let focus = is_wrong || start && submission.errors.is_empty() && submission.refusal.is_none();
    let value = if kind.is_secret() { None } else { Some(submission.value(name).unwrap_or(value)) };
    let described = described_by(&note_id(&id), is_wrong, !hint.is_empty(), blocked);
    let autocomplete = autocomplete.unwrap_or("off");
    let note = note_id(&id);
    let control = match kind {
        InputKind::Code => view! {
            <textarea
                class="input"
                id=id.clone()
                name=name
                rows="4"
                spellcheck="false"
                autocomplete=autocomplete
                autofocus=focus
                aria-invalid=is_wrong.then_some("true")
                aria-describedby=described
                inner_html=escaped(&value.unwrap_or_default())
            ></textarea>
        }
        .into_any(),
        _ => view! {
            <input
                class=if large { "input input-lg" } else { "input" }
                id=id.clone()
                name=name
                type=kind.input_type()
                inputmode=(kind == InputKind::Url).then_some("url")
                autocomplete=autocomplete
                autocapitalize=(kind != InputKind::Line).then_some("none")
                spellcheck="false"
                value=value
                readonly=blocked.is_some()
                autofocus=focus
                aria-invalid=is_wrong.then_some("true")
                aria-describedby=described
            />
        }
        .into_any(),
    };
    view! {
        <div class="field">
            <label for=id>{label.view()}</label>
            {control}
            <FieldNote id=note name=name problem=problem hint=hint/>
        </div>
    }
}

#[component]
pub(crate) fn SelectField(
    /// The prefix of the `id`: the `id` of the dialog, or the form's name.
    #[prop(into)]
    scope: String,
    name: &'static str,
    label: &'static str,
    /// The hint; may be empty.
    #[prop(optional)]
    hint: &'static str,
    submission: SubmittedForm,
    /// Does the focus start here?
    #[prop(optional)]
    start: bool,
    /// The `id` of the reason that the field is disabled.
    #[prop(optional_no_strip)]
    blocked: Option<&'static str>,
    children: Children,
) -> impl IntoView {
    let id = [&scope, ".", name].concat();
    let note = note_id(&id);
    let problem = submission.error(name);
    let is_wrong = problem.is_some();
    let described = described_by(&note, is_wrong, !hint.is_empty(), blocked);
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <span class="select">
                <select
                    class="input"
                    id=id
                    name=name
                    autocomplete="off"
                    disabled=blocked.is_some()
                    autofocus=is_wrong || start
                    aria-invalid=is_wrong.then_some("true")
                    aria-describedby=described
                >
                    {children()}
                </select>
                <Icon name="down"/>
            </span>
            <FieldNote id=note name=name problem=problem hint=hint/>
        </div>
    }
}

#[component]
pub(crate) fn Options(
    /// Values and labels, in order.
    options: Vec<(&'static str, &'static str)>,
    selected: &'static str,
) -> impl IntoView {
    options
        .into_iter()
        .map(|(value, label)| view! { <option value=value selected=value == selected>{label}</option> })
        .collect_view()
}

/// The text below a field: the error, or else the hint.
#[component]
pub(crate) fn FieldNote(
    /// The `id` of the error. The `id` of the hint starts with it.
    id: String,
    name: &'static str,
    problem: Option<String>,
    /// The hint; may be empty.
    #[prop(optional)]
    hint: &'static str,
) -> impl IntoView {
    let is_wrong = problem.is_some();
    let hint_id = hint_id(&id);
    view! {
        <p class="field-error" id=id data-error=name hidden=!is_wrong>
            <Icon name="alert"/>
            <span>{problem}</span>
        </p>
        {(!hint.is_empty())
            .then(|| {
                view! {
                    <p class="hint" id=hint_id data-hint="" hidden=is_wrong>
                        {hint}
                    </p>
                }
            })}
    }
}

/// The `id` of the error of a control.
pub(crate) fn note_id(control: &str) -> String {
    [control, ".note"].concat()
}

fn hint_id(note: &str) -> String {
    [note, ".hint"].concat()
}

/// The value of `aria-describedby`: the error or the hint, then the reason that the control is disabled.
fn described_by(note: &str, is_wrong: bool, has_hint: bool, blocked: Option<&str>) -> Option<String> {
    let note = match (is_wrong, has_hint) {
        (true, _) => Some(note.to_owned()),
        (false, true) => Some(hint_id(note)),
        (false, false) => None,
    };
    let ids: Vec<String> = note.into_iter().chain(blocked.map(str::to_owned)).collect();
    (!ids.is_empty()).then(|| ids.join(" "))
}

/// Escapes the content of a `<textarea>`.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_control_is_described_by_the_visible_note() {
        assert_eq!(described_by("n", false, false, None), None);
        assert_eq!(described_by("n", false, true, None).as_deref(), Some("n.hint"));
        assert_eq!(described_by("n", true, true, Some("why")).as_deref(), Some("n why"));
        assert_eq!(described_by("n", false, false, Some("why")).as_deref(), Some("why"));
    }
}
