//! The steps of a guide as data, and how they look.

use crate::components::{banner::Banner, copy_field::CopyField, icon::Icon};
use leptos::prelude::*;

/// One step in the provider's console.
pub(super) struct Step {
    pub(super) title: &'static str,
    pub(super) parts: Vec<Part>,
}

/// What a step says. Names of buttons and fields stand between pairs of asterisks.
pub(super) enum Part {
    Text(&'static str),
    Warning(String),
    /// What goes into which field.
    Values(Vec<(&'static str, Value)>),
    /// Several things of the same kind.
    Points(&'static [&'static str]),
    /// A longer text to paste: what it is, and the text.
    Paste(&'static str, String),
}

/// What goes into a field.
pub(super) enum Value {
    /// This, to be copied.
    Paste(String),
    /// What is chosen or said of it.
    Choose(&'static str),
}

/// What goes into a field, to be copied.
pub(super) fn paste(value: impl Into<String>) -> Value {
    Value::Paste(value.into())
}

/// The field of the key.
pub(super) const KEY: Value = Value::Choose("The key you copied in step 2");

/// Where a step stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum StepState {
    Done,
    Current,
    ToDo,
}

impl Step {
    /// Is the key entered here? Then a request that came says that this was done.
    pub(super) fn asks_for_key(&self) -> bool {
        let is_key = |(_, value): &(&str, Value)| matches!((value, &KEY), (Value::Choose(text), Value::Choose(key)) if text == key);
        self.parts.iter().any(|part| matches!(part, Part::Values(values) if values.iter().any(is_key)))
    }
}

/// What is still to do can be read without a press, and what there is to copy at any time; what is done folds up.
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
                    <h2>{is_done.then(|| view! { <span class="vh">"Done: "</span> })} {title}</h2>
                    <Icon name="right"/>
                </summary>
                <div class="step-body">
                    {parts
                        .into_iter()
                        .enumerate()
                        .map(|(index, part)| shown(format!("value.{number}.{index}"), part))
                        .collect_view()}
                </div>
            </details>
        </li>
    }
}

fn shown(id: String, part: Part) -> AnyView {
    match part {
        Part::Text(text) => view! { <p>{marked(text)}</p> }.into_any(),
        Part::Warning(text) => view! { <Banner tone="warning">{text}</Banner> }.into_any(),
        Part::Values(values) => view! {
            <dl class="facts values">
                {values
                    .into_iter()
                    .enumerate()
                    .map(|(index, (label, value))| {
                        let value = match value {
                            Value::Paste(value) => {
                                view! { <CopyField id=format!("{id}.{index}") label=label.to_owned() value=value/> }.into_any()
                            }
                            Value::Choose(text) => marked(text),
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
            <ul class="bullets">{points.iter().map(|point| view! { <li>{marked(point)}</li> }).collect_view()}</ul>
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

/// "Choose **Save**." with its names in bold.
fn marked(text: &'static str) -> AnyView {
    text.split("**")
        .enumerate()
        .map(|(index, piece)| match index % 2 {
            0 => piece.into_any(),
            _ => view! { <b>{piece}</b> }.into_any(),
        })
        .collect_view()
        .into_any()
}
