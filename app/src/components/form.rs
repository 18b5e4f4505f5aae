//! Forms: plain ones that work without JavaScript, taken over by the page once it is live.

#![cfg_attr(not(feature = "hydrate"), allow(dead_code, reason = "used by the browser's part"))]

use super::erased::{attr, change, maybe, submit, text};
use super::{banner::Banner, dom};
use domain::validation::field_error::{Field, FieldErrors};
use leptos::{ev, prelude::*};

/// A form as it is sent: names and values, in order.
pub(crate) type Pairs = Vec<(String, String)>;

/// What a form knows about itself. Copies share it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FormState(RwSignal<Inner>);

#[derive(Debug, Default)]
struct Inner {
    /// What is wrong with its fields.
    problems: FieldErrors,
    /// Why it could not be sent.
    trouble: Option<String>,
    /// The name and value of the button with which it is being sent (empty for one without a name).
    pending: Option<(String, String)>,
    /// The button with which it was last sent; from then on each change is checked.
    sent_with: Option<Pairs>,
}

impl FormState {
    /// A form that nobody has sent yet, or one that came back with problems.
    pub(crate) fn new(problems: FieldErrors, trouble: Option<String>) -> Self {
        let sent_with = (!problems.is_empty()).then(Pairs::new);
        Self(RwSignal::new(Inner { problems, trouble, pending: None, sent_with }))
    }

    /// The sentence about a field, if it has a problem. Reactive.
    pub(crate) fn problem(self, field: Field) -> Option<String> {
        self.0.with(|form| form.problems.of(field).map(ToString::to_string))
    }

    /// Is the form being sent? Reactive.
    pub(crate) fn is_pending(self) -> bool {
        self.0.with(|form| form.pending.is_some())
    }

    /// The answer came: the form can be sent again.
    pub(crate) fn end(self, problems: FieldErrors, trouble: Option<String>) {
        // The form may be gone by now, and its signal with it.
        let _ = self.0.try_update(|form| {
            form.pending = None;
            form.problems = problems;
            form.trouble = trouble;
        });
    }
}

/// A form. Without JavaScript it is posted to `action`; with it, it is checked first, and then `send` gets it.
#[component]
pub(crate) fn Form(
    /// Where it is posted to.
    action: String,
    /// What it knows about itself.
    state: FormState,
    /// What is wrong with what was typed; nothing is sent while something is.
    #[prop(optional_no_strip)]
    check: Option<Callback<Pairs, FieldErrors>>,
    /// Sends it, and calls [`FormState::end`] when the answer is there.
    send: Callback<Pairs>,
    /// The fields and buttons.
    children: Children,
) -> impl IntoView {
    let problems = move |pairs: &Pairs| check.map(|check| check.run(pairs.clone())).unwrap_or_default();
    let on_submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if state.0.with_untracked(|form| form.pending.is_some()) {
            return;
        }
        let (mut pairs, button) = read::submitted(&event);
        let pressed = button.first().cloned().unwrap_or_default();
        pairs.extend(button.iter().cloned());
        let problems = problems(&pairs);
        let ready = problems.is_empty();
        state.0.update(|form| {
            form.sent_with = Some(button);
            form.problems = problems;
            if ready {
                form.pending = Some(pressed);
                form.trouble = None;
            }
        });
        if ready {
            send.run(pairs);
        } else {
            dom::soon(|| _ = dom::focus_first_invalid());
        }
    };
    let on_input = move |event: ev::Event| {
        if let Some(button) = state.0.with_untracked(|form| form.sent_with.clone()) {
            let mut pairs = read::typed(&event);
            pairs.extend(button);
            let problems = problems(&pairs);
            state.0.update(|form| form.problems = problems);
        }
    };
    view! {
        <form method="post" action=action novalidate=true on:submit=submit(on_submit) on:input=change(on_input)>
            {children()}
        </form>
    }
}

/// Sends the form. While it is being sent it says so, and keeps its place.
#[component]
pub(crate) fn Submit(
    /// The form's state.
    state: FormState,
    /// What it says: a verb.
    #[prop(into)]
    label: String,
    /// What it says meanwhile: "Turning on".
    busy: &'static str,
    /// How it looks: "btn btn-primary".
    class: &'static str,
    /// The button's name in the form, where it has one.
    #[prop(optional)]
    name: &'static str,
    /// Its value then: "true", unless it says otherwise.
    #[prop(optional)]
    value: String,
) -> impl IntoView {
    let named = !name.is_empty();
    let value = if named && value.is_empty() { "true".to_owned() } else { value };
    let pressed = (name.to_owned(), value.clone());
    let is_busy = move || state.0.with(|form| form.pending.as_ref() == Some(&pressed));
    let is_busy_too = is_busy.clone();
    view! {
        <button
            class=class
            name=named.then_some(name)
            value=named.then_some(value)
            aria-busy=attr(move || is_busy().then_some("true"))
        >
            {text(move || if is_busy_too() { busy.to_owned() } else { label.clone() })}
        </button>
    }
}

/// Why the form could not be sent, in the form.
#[component]
pub(crate) fn Trouble(
    /// The form's state.
    state: FormState,
) -> impl IntoView {
    maybe(move || {
        let text = state.0.with(|form| form.trouble.clone())?;
        Some(view! {
            <Banner tone="danger" role="alert">
                {text}
            </Banner>
        })
    })
}

/// The value of a field.
pub(crate) fn value<'a>(pairs: &'a Pairs, name: &str) -> &'a str {
    pairs.iter().find(|(at, _)| at == name).map(|(_, value)| value.as_str()).unwrap_or_default()
}

#[cfg(feature = "hydrate")]
mod read {
    use super::Pairs;
    use crate::resume;
    use leptos::prelude::event_target;
    use wasm_bindgen::JsCast;
    use web_sys::{Element, Event, FormData, HtmlFormElement, SubmitEvent, UrlSearchParams};

    /// What a form that is being sent holds, and the name and value of the button that sends it.
    pub(super) fn submitted(event: &SubmitEvent) -> (Pairs, Pairs) {
        let button = event.submitter().and_then(|button| {
            let name = button.get_attribute("name")?;
            Some((name, button.get_attribute("value").unwrap_or_default()))
        });
        (pairs(&event_target::<HtmlFormElement>(event)), button.into_iter().collect())
    }

    /// What the form holds in which something is being typed.
    pub(super) fn typed(event: &Event) -> Pairs {
        let form = event_target::<Element>(event).closest("form").ok().flatten();
        form.map(|form| pairs(form.unchecked_ref())).unwrap_or_default()
    }

    fn pairs(form: &HtmlFormElement) -> Pairs {
        let written = FormData::new_with_form(form)
            .and_then(|data| UrlSearchParams::new_with_str_sequence_sequence(&data))
            .map(|written| String::from(written.to_string()));
        resume::parse(&written.unwrap_or_default())
    }
}

#[cfg(not(feature = "hydrate"))]
mod read {
    use super::Pairs;
    use leptos::ev::{Event, SubmitEvent};

    pub(super) fn submitted(_: &SubmitEvent) -> (Pairs, Pairs) {
        (Pairs::new(), Pairs::new())
    }

    pub(super) fn typed(_: &Event) -> Pairs {
        Pairs::new()
    }
}
