//! Fields of forms: a label above, a hint below, and in its place what is wrong.
//!
//! The place for what is wrong is always there, so that the browser's part only fills it in.

use super::icon::Icon;
use crate::model::SubmittedForm;
use leptos::prelude::*;

/// How a text is entered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum InputKind {
    /// One line.
    #[default]
    Line,
    /// An email address.
    Email,
    /// A password: never given back.
    Password,
    /// A URL in one line.
    Url,
    /// Several lines of code, such as a certificate.
    Code,
    /// Another secret: never given back, not remembered by the browser.
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

/// What people read above a field.
pub(crate) enum Label {
    /// This.
    Plain(String),
    /// That it wants this typed, to confirm.
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

/// A text field.
#[component]
pub(crate) fn TextField(
    /// What its `id` starts with: the `id` of the dialog, or the form's name.
    #[prop(into)]
    scope: String,
    /// The field's name.
    name: &'static str,
    /// What people read above it.
    #[prop(into)]
    label: Label,
    /// How it is entered.
    #[prop(optional)]
    kind: InputKind,
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
    sent: SubmittedForm,
    /// Does the focus start here? Where something came back wrong or refused, it starts there.
    #[prop(optional)]
    start: bool,
    /// The `id` of the reason why nothing can be typed.
    #[prop(optional_no_strip)]
    blocked: Option<&'static str>,
    /// A larger field, on the pages outside of a team.
    #[prop(optional)]
    large: bool,
) -> impl IntoView {
    let id = [&scope, ".", name].concat();
    let problem = sent.problem(name);
    let is_wrong = problem.is_some();
    let focus = is_wrong || start && sent.problems.is_empty() && sent.refused.is_none();
    let value = if kind.is_secret() { None } else { Some(sent.value(name).unwrap_or(value)) };
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

/// A choice from a list.
#[component]
pub(crate) fn SelectField(
    /// What its `id` starts with: the `id` of the dialog, or the form's name.
    #[prop(into)]
    scope: String,
    /// The field's name.
    name: &'static str,
    /// What people read above it.
    label: &'static str,
    /// What helps to choose; may be empty.
    #[prop(optional)]
    hint: &'static str,
    /// The form, as it came back.
    sent: SubmittedForm,
    /// Does the focus start here?
    #[prop(optional)]
    start: bool,
    /// The `id` of the reason why nothing can be chosen.
    #[prop(optional_no_strip)]
    blocked: Option<&'static str>,
    /// The `<option>`s.
    children: Children,
) -> impl IntoView {
    let id = [&scope, ".", name].concat();
    let note = note_id(&id);
    let problem = sent.problem(name);
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

/// Options by value and label.
#[component]
pub(crate) fn Options(
    /// Values and what people read, in order.
    options: Vec<(&'static str, &'static str)>,
    /// The value that is chosen.
    chosen: &'static str,
) -> impl IntoView {
    options
        .into_iter()
        .map(|(value, label)| view! { <option value=value selected=value == chosen>{label}</option> })
        .collect_view()
}

/// What stands below a field: what is wrong, else its hint.
#[component]
pub(crate) fn FieldNote(
    /// The `id` of what is wrong; the hint has one that starts with it.
    id: String,
    /// The field's name.
    name: &'static str,
    /// What is wrong.
    problem: Option<String>,
    /// The hint; may be empty.
    #[prop(optional)]
    hint: &'static str,
) -> impl IntoView {
    let is_wrong = problem.is_some();
    let hint_id = hint_id(&id);
    view! {
        <p class="error" id=id data-error=name hidden=!is_wrong>
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

/// The `id` of what is wrong with a control.
pub(crate) fn note_id(control: &str) -> String {
    [control, ".note"].concat()
}

fn hint_id(note: &str) -> String {
    [note, ".hint"].concat()
}

/// What describes a control: what is wrong, else the hint; then why it is blocked.
fn described_by(note: &str, is_wrong: bool, has_hint: bool, blocked: Option<&str>) -> Option<String> {
    let note = match (is_wrong, has_hint) {
        (true, _) => Some(note.to_owned()),
        (false, true) => Some(hint_id(note)),
        (false, false) => None,
    };
    let ids: Vec<String> = note.into_iter().chain(blocked.map(str::to_owned)).collect();
    (!ids.is_empty()).then(|| ids.join(" "))
}

/// For the inside of a `<textarea>`.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_control_is_described_by_what_is_shown() {
        assert_eq!(described_by("n", false, false, None), None);
        assert_eq!(described_by("n", false, true, None).as_deref(), Some("n.hint"));
        assert_eq!(described_by("n", true, true, Some("why")).as_deref(), Some("n why"));
        assert_eq!(described_by("n", false, false, Some("why")).as_deref(), Some("why"));
    }
}
