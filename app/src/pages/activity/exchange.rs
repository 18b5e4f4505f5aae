//! A request and its response, without secrets.

use crate::model::{Exchange, Wire};
use leptos::prelude::*;

/// The request and the response, with their bodies.
#[component]
pub(super) fn ExchangeDetails(exchange: Exchange) -> impl IntoView {
    let Exchange { id, method, path, answer, micros, user_agent, notes, request_body, response_body } = exchange;
    let request_line = [&method, " ", &path].concat();
    let name = user_agent.clone();
    let (request, response_line) = (request_line.clone(), answer.clone());
    let has_response = answer != NO_ANSWER;
    let id_of_answer = id.clone();
    view! {
        <dl class="facts">
            <dt>"Request"</dt>
            <dd>
                <code>{request_line}</code>
            </dd>
            <dt>"Response"</dt>
            <dd>{answer}</dd>
            <dt>"Duration"</dt>
            <dd>{duration(micros)}</dd>
            {name.map(|name| view! { <dt>"Client"</dt> <dd>{name}</dd> })}
            {(!notes.is_empty())
                .then(|| {
                    view! {
                        <dt>"Normalized"</dt>
                        <dd>
                            <ul>{notes.into_iter().map(|note| view! { <li>{note}</li> }).collect_view()}</ul>
                        </dd>
                    }
                })}
            <dt>"Request ID"</dt>
            <dd>
                <code>{id}</code>
            </dd>
        </dl>
        <div class="exchange">
            <HttpMessage label="Request" line=request wire=request_body>
                "Authorization: Bearer " <span class="exchange-redacted">"redacted"</span> "\n"
                {user_agent.map(|name| ["User-Agent: ", &name, "\n"].concat())}
            </HttpMessage>
            {has_response
                .then(|| {
                    view! {
                        <HttpMessage label="Response" line=response_line wire=response_body>
                            {["Content-Type: application/scim+json\nX-Request-Id: ", &id_of_answer, "\n"].concat()}
                        </HttpMessage>
                    }
                })}
        </div>
    }
}

/// The placeholder of a missing response.
const NO_ANSWER: &str = "No response";

/// One message: first line, headers and body. It scrolls by itself, so it must be focusable by keyboard.
#[component]
fn HttpMessage(label: &'static str, line: String, wire: Option<Wire>, children: Children) -> impl IntoView {
    let (text, note) = wire.map_or((String::new(), None), |wire| (wire.text, wire.note));
    let body = if text.is_empty() { text } else { ["\n", &text].concat() };
    view! {
        <figure class="exchange-message">
            <figcaption>
                <span>{label}</span>
                <code>{line}</code>
                {note.map(|note| view! { <span class="hint">{note}</span> })}
            </figcaption>
            <pre tabindex="0">{children()} {body}</pre>
        </figure>
    }
}

/// "under 1 ms", "1.4 ms", "18 ms".
pub(super) fn duration(micros: i64) -> String {
    match micros {
        ..1_000 => "under 1 ms".to_owned(),
        1_000..10_000 => {
            let tenths = micros / 100;
            format!("{}.{} ms", tenths / 10, tenths % 10)
        }
        _ => format!("{} ms", micros / 1_000),
    }
}

#[cfg(test)]
mod tests {
    use super::duration;

    #[test]
    fn times_in_milliseconds() {
        for (micros, text) in [
            (0, "under 1 ms"),
            (999, "under 1 ms"),
            (1_449, "1.4 ms"),
            (9_999, "9.9 ms"),
            (18_400, "18 ms"),
            (-5, "under 1 ms"),
        ] {
            assert_eq!(duration(micros), text);
        }
    }
}
