//! A request and its answer, as they went over the wire, without what is secret.

use crate::model::{Exchange, Wire};
use leptos::prelude::*;

/// What was asked and answered, and both bodies.
#[component]
pub(super) fn Exchanged(exchange: Exchange) -> impl IntoView {
    let Exchange { id, method, path, answer, micros, user_agent, notes, sent, answered } = exchange;
    let has_bodies = sent.is_some() || answered.is_some();
    let asked = [&method, " ", &path].concat();
    view! {
        <dl class="facts">
            <dt>"Request"</dt>
            <dd>
                <code>{asked}</code>
            </dd>
            <dt>"Answer"</dt>
            <dd>{answer}</dd>
            <dt>"Took"</dt>
            <dd>{took(micros)}</dd>
            {user_agent.map(|name| view! { <dt>"Client"</dt> <dd>{name}</dd> })}
            {(!notes.is_empty())
                .then(|| {
                    view! {
                        <dt>"Normalised"</dt>
                        <dd>
                            <ul>{notes.into_iter().map(|note| view! { <li>{note}</li> }).collect_view()}</ul>
                        </dd>
                    }
                })}
            <dt>"Record ID"</dt>
            <dd>
                <code>{id}</code>
            </dd>
        </dl>
        {has_bodies
            .then(|| {
                view! {
                    <div class="exchange">
                        {sent.map(|wire| view! { <Body label="What was sent" wire=wire/> })}
                        {answered.map(|wire| view! { <Body label="What was answered" wire=wire/> })}
                    </div>
                }
            })}
    }
}

/// One body. It scrolls by itself, so the keyboard has to get to it.
#[component]
fn Body(label: &'static str, wire: Wire) -> impl IntoView {
    let Wire { text, note } = wire;
    view! {
        <figure class="http">
            <figcaption>
                <span>{label}</span>
                {note.map(|note| view! { <span class="hint">{note}</span> })}
            </figcaption>
            {(!text.is_empty()).then(|| view! { <pre tabindex="0">{text}</pre> })}
        </figure>
    }
}

/// "0.4 ms", "18 ms".
fn took(micros: i64) -> String {
    match micros {
        ..10_000 => {
            let tenths = micros.max(0) / 100;
            format!("{}.{} ms", tenths / 10, tenths % 10)
        }
        _ => format!("{} ms", micros / 1_000),
    }
}

#[cfg(test)]
mod tests {
    use super::took;

    #[test]
    fn times_in_milliseconds() {
        for (micros, text) in [(0, "0.0 ms"), (449, "0.4 ms"), (9_999, "9.9 ms"), (18_400, "18 ms"), (-5, "0.0 ms")] {
            assert_eq!(took(micros), text);
        }
    }
}
