//! The steps of a guide as data, and their components.

use crate::components::{banner::Banner, copy_field::CopyField, icon::Icon};
use leptos::prelude::*;

pub(super) struct Step {
    pub(super) title: &'static str,
    pub(super) parts: Vec<Part>,
}

/// The text of a step. Names of buttons and fields are between pairs of asterisks.
pub(super) enum Part {
    Text(&'static str),
    Warning(String),
    /// The values of fields.
    Values(Vec<(&'static str, Value)>),
    /// A list of instructions.
    Points(&'static [&'static str]),
    /// A longer text to paste, with its label.
    Paste(&'static str, String),
}

/// The value of a field.
pub(super) enum Value {
    /// A value to copy.
    Paste(String),
    /// A choice, or a description of the value.
    Choose(&'static str),
}

/// The value of a field, to be copied.
pub(super) fn paste(value: impl Into<String>) -> Value {
    Value::Paste(value.into())
}

pub(super) const KEY: Value = Value::Choose("The key you copied in step 2");

/// The state of a step.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum StepState {
    Done,
    Current,
    ToDo,
}

impl Step {
    /// Does the step require the key? Then a received request proves that it is done.
    pub(super) fn requires_key(&self) -> bool {
        let is_key = |(_, value): &(&str, Value)| matches!((value, &KEY), (Value::Choose(text), Value::Choose(key)) if text == key);
        self.parts.iter().any(|part| matches!(part, Part::Values(values) if values.iter().any(is_key)))
    }
}

/// A step. Open steps are unfolded, and so are steps with values to copy. Completed steps are folded.
#[component]
pub(super) fn StepView(number: usize, step: Step, state: StepState) -> impl IntoView {
    let Step { title, parts } = step;
    let has_values = parts.iter().any(|part| matches!(part, Part::Values(_) | Part::Paste(..)));
    let open = state != StepState::Done || has_values;
    let (name, is_done) = (if state == StepState::Done { "done" } else { "todo" }, state == StepState::Done);
    view! {
        <li class="step" data-state=name aria-current=(state == StepState::Current).then_some("step")>
            <span class="avatar" aria-hidden="true">
                {if is_done { view! { <Icon name="check"/> }.into_any() } else { number.to_string().into_any() }}
            </span>
            <details class="step-part" open=open>
                <summary>
                    <h2>{is_done.then(|| view! { <span class="visually-hidden">"Done: "</span> })} {title}</h2>
                    <Icon name="right"/>
                </summary>
                <div class="step-body">
                    {parts
                        .into_iter()
                        .enumerate()
                        .map(|(index, part)| instructions(format!("value.{number}.{index}"), part))
                        .collect_view()}
                </div>
            </details>
        </li>
    }
}

fn instructions(id: String, part: Part) -> AnyView {
    match part {
        Part::Text(text) => view! { <p>{with_bold_names(text)}</p> }.into_any(),
        Part::Warning(text) => {
            view! { <div data-testid="guide-warning"><Banner tone="warning">{text}</Banner></div> }.into_any()
        }
        Part::Values(values) => view! {
            <dl class="facts step-values">
                {values
                    .into_iter()
                    .enumerate()
                    .map(|(index, (label, value))| {
                        let value = match value {
                            Value::Paste(value) => {
                                view! { <CopyField id=format!("{id}.{index}") label=label.to_owned() value=value/> }.into_any()
                            }
                            Value::Choose(text) => with_bold_names(text),
                        };
                        view! {
                            <dt>{label}</dt>
                            <dd>{value}</dd>
                        }
                    })
                    .collect_view()}
            </dl>
        }
        .into_any(),
        Part::Points(points) => view! {
            <ul class="step-list">{points.iter().map(|point| view! { <li>{with_bold_names(point)}</li> }).collect_view()}</ul>
        }
        .into_any(),
        Part::Paste(label, value) => view! {
            <div>
                <h3>{label}</h3>
                <CopyField id=id label=label.to_owned() value=value/>
            </div>
        }
        .into_any(),
    }
}

/// The text with its names in bold: "Choose **Save**."
fn with_bold_names(text: &'static str) -> AnyView {
    text.split("**")
        .enumerate()
        .map(|(index, piece)| match index % 2 {
            0 => piece.into_any(),
            _ => view! { <b>{piece}</b> }.into_any(),
        })
        .collect_view()
        .into_any()
}
