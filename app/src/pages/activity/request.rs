//! Requests of identity providers in the log: the operation, its result, and advice after a failure.

use super::exchange::{ExchangeDetails, duration};
use crate::{
    components::{
        avatar::Avatar,
        banner::Banner,
        icon::Icon,
        local_time::{Moment, TimeFormat},
        number::thousands,
    },
    model::{Exchange, FailedPart, ProviderRequest, Read, Reads, RequestFailure, Via, Why},
};
use domain::{UnixMs, scim_operation::ScimOperation};
use leptos::prelude::*;

/// The maximum length of a reason in the line itself. The details contain the whole reason.
const REASON: usize = 140;

/// A request as one line with details.
#[component]
pub(super) fn RequestEvent(
    request: ProviderRequest,
    exchange: Option<Exchange>,
    now: UnixMs,
    /// Is the line open?
    open: bool,
) -> impl IntoView {
    let ProviderRequest { at, address, via, request_line, operation, target, answer, failure, is_test } = request;
    let why = failure.as_ref().map(|failure| failure.why);
    let is_stranger = why == Some(Why::WrongSecret);
    let (did, object) = sentence(operation, target, why, &via.key_name, &request_line);
    let reason = failure.as_ref().filter(|_| !is_stranger).and_then(reason).map(|reason| [": ", &reason].concat());
    let has_body = exchange
        .as_ref()
        .and_then(|exchange| exchange.request_body.as_ref())
        .is_some_and(|request_body| !request_body.text.is_empty());
    let tile_text = if is_stranger { "?".to_owned() } else { tile_text(&via) };
    let sender = via.clone();
    let (kind, reason_kind) = (operation.name(), why.map(code));
    view! {
        <details class="event" data-testid="event" data-kind=kind data-why=reason_kind open=open>
            <summary>
                <Moment at=at now=now kind=TimeFormat::Clock/>
                <Avatar name=tile_text tile=true/>
                <span>
                    {if is_stranger {
                        view! { <b>"Unknown caller"</b> }.into_any()
                    } else {
                        view! { <RequestSender via=sender/> }.into_any()
                    }}
                    " "
                    {did}
                    {object.map(|object| view! { " " <b>{object}</b> })}
                    {reason}
                </span>
                {if is_test {
                    // Without a colour, because a self-test expects this failure.
                    view! { <span class="badge">"Self-test · " {answer}</span> }.into_any()
                } else {
                    view! { <ResponseBadge answer=answer why=why/> }.into_any()
                }}
                <Icon name="right"/>
            </summary>
            <div class="event-detail">
                {failure
                    .filter(|_| !is_test)
                    .map(|failure| view! { <Help failure=failure operation=operation has_body=has_body/> })}
                <dl class="facts">
                    <KeyFact via=via/>
                    <dt>"When"</dt>
                    <dd>
                        <Moment at=at now=now kind=TimeFormat::Exact/>
                    </dd>
                    {address.map(|address| view! { <dt>"From"</dt> <dd>{address}</dd> })}
                </dl>
                {exchange.map(|exchange| view! { <ExchangeDetails exchange=exchange/> })}
            </div>
        </details>
    }
}

/// The sender: "Okta via key Production", or the key's name if the product is not recognized.
#[component]
pub(super) fn RequestSender(via: Via) -> impl IntoView {
    match via.client {
        Some(client) => view! {
            <b>{client}</b>
            " "
            <span class="muted">{["via key ", &via.key_name].concat()}</span>
        }
        .into_any(),
        None => view! { <b>{via.key_name}</b> }.into_any(),
    }
}

/// The text of the tile.
pub(super) fn tile_text(via: &Via) -> String {
    via.client.clone().unwrap_or_else(|| via.key_name.clone())
}

/// The key's name and hint.
#[component]
pub(super) fn KeyFact(via: Via) -> impl IntoView {
    view! {
        <dt>"Key"</dt>
        <dd>{via.key_name} {via.hint.map(|hint| view! { ", " <code>{hint}</code> })}</dd>
    }
}

/// Several reading requests as one line with details.
#[component]
pub(super) fn ReadsEvent(
    reads: Reads,
    now: UnixMs,
    /// The URL of the log; empty for this page.
    path: String,
) -> impl IntoView {
    let Reads { since, at, address, via, count, operations, requests } = reads;
    let times = |times: i64| [thousands(times).as_str(), if times == 1 { " time" } else { " times" }].concat();
    let what = operations.into_iter().map(|(operation, number)| [operation.did(false), ", ", &times(number)].concat());
    let what = capital(&what.collect::<Vec<_>>().join("; "));
    let sender = via.clone();
    view! {
        <details class="event" data-testid="event" data-kind="reads" data-count=count.to_string()>
            <summary>
                <Moment at=at now=now kind=TimeFormat::Clock/>
                <Avatar name=tile_text(&via) tile=true/>
                <span>
                    <RequestSender via=sender/>
                    " sent "
                    <b>{thousands(count)}</b>
                    " read requests"
                </span>
                <ResponseBadge answer="OK".to_owned() why=None/>
                <Icon name="right"/>
            </summary>
            <div class="event-detail">
                <dl class="facts">
                    <KeyFact via=via/>
                    <dt>"What"</dt>
                    <dd>{what}</dd>
                    <dt>"When"</dt>
                    <dd>
                        <Moment at=since now=now kind=TimeFormat::Exact/>
                        " to "
                        <Moment at=at now=now kind=TimeFormat::Exact/>
                    </dd>
                    {address.map(|address| view! { <dt>"From"</dt> <dd>{address}</dd> })}
                </dl>
                <ul class="event-reads" tabindex="0" aria-label="Each request">
                    {requests.into_iter().map(|read| view! { <OneRead read=read now=now path=&path/> }).collect_view()}
                </ul>
            </div>
        </details>
    }
}

/// One of them, with a link to its details.
#[component]
fn OneRead<'a>(read: Read, now: UnixMs, path: &'a str) -> impl IntoView + use<> {
    let Read { id, at, request_line, answer, micros, notes } = read;
    let href = [path, "?request=", &id].concat();
    let notes = (!notes.is_empty()).then(|| ["Normalized: ", &notes.join("; ")].concat());
    view! {
        <li>
            <Moment at=at now=now kind=TimeFormat::Clock/>
            <span class="grow">
                <code>{request_line}</code>
                {notes.map(|notes| view! { " " <span class="hint">{notes}</span> })}
            </span>
            <span class="hint">{[&answer, ", ", &duration(micros)].concat()}</span>
            <a href=href aria-label=["Open request ", &id].concat()>"Open"</a>
        </li>
    }
}

/// The status: plain for a success, highlighted otherwise.
#[component]
fn ResponseBadge(answer: String, why: Option<Why>) -> impl IntoView {
    match why {
        None => view! {
            <span class="badge badge-plain" data-tone="success">
                <i class="dot"></i>
                {answer}
            </span>
        }
        .into_any(),
        Some(why) => view! {
            <span class="badge" data-tone=tone(why)>
                {answer}
            </span>
        }
        .into_any(),
    }
}

/// The reason of the failure, and advice.
#[component]
fn Help(failure: RequestFailure, operation: ScimOperation, has_body: bool) -> impl IntoView {
    let RequestFailure { why, detail, parts } = failure;
    let parts = parts.into_iter().map(|FailedPart { message, why }| {
        let helps = why.map(|why| [" ", advice(why, ScimOperation::Bulk, has_body)].concat());
        view! { <li data-testid="failed-operation">{message} "." {helps}</li> }
    });
    let parts = parts.collect_view();
    view! {
        <Banner tone=tone(why)>
            <p>
                <b>{detail.unwrap_or_else(|| headline(why).to_owned())}</b>
            </p>
            {(!parts.is_empty()).then(|| view! { <ul>{parts}</ul> })}
            <p>{advice(why, operation, has_body)}</p>
        </Banner>
    }
}

/// The reason in the line itself. The details of a parser's error are only in the details.
fn reason(failure: &RequestFailure) -> Option<String> {
    let detail = failure.detail.as_deref()?;
    let is_technical = detail.contains(" at line ") || detail.contains("expected `") || detail.contains("EOF ");
    Some(match failure.why {
        Why::Method => return None,
        Why::Malformed if detail.starts_with("filter") => "the filter isn't valid".to_owned(),
        Why::Malformed if is_technical => "the body isn't valid JSON".to_owned(),
        _ => shortened(detail),
    })
}

/// The operation and its target as a sentence.
fn sentence(
    operation: ScimOperation,
    target: Option<String>,
    why: Option<Why>,
    key_name: &str,
    request_line: &str,
) -> (String, Option<String>) {
    let quoted = target.map(|target| ["“", &target, "”"].concat());
    match why {
        None => (operation.did(quoted.is_some()).to_owned(), quoted),
        Some(Why::Partly) => (operation.did(false).to_owned(), None),
        Some(Why::WrongSecret) => ("sent an incorrect secret for key".to_owned(), Some(key_name.to_owned())),
        Some(Why::EndedKey) => ("sent a request that was refused".to_owned(), None),
        Some(Why::TooMany) => ("sent too many requests".to_owned(), None),
        Some(Why::Method) => ("used an unsupported method:".to_owned(), Some(shortened(request_line))),
        Some(_) => (["tried to ", operation.tried(quoted.is_some())].concat(), quoted),
    }
}

/// The reason, for tests.
const fn code(why: Why) -> &'static str {
    match why {
        Why::EndedKey => "ended-key",
        Why::WrongSecret => "wrong-secret",
        Why::Forbidden => "forbidden",
        Why::Missing => "missing",
        Why::Taken => "taken",
        Why::Outdated => "outdated",
        Why::TooLarge => "too-large",
        Why::TooMany => "too-many",
        Why::Unsupported => "unsupported",
        Why::Method => "method",
        Why::Partly => "partly",
        Why::Malformed => "malformed",
        Why::Fault => "fault",
        Why::Unanswered => "unanswered",
    }
}

const fn tone(why: Why) -> &'static str {
    match why {
        Why::Missing | Why::Outdated | Why::TooMany | Why::Unsupported | Why::Method | Why::Partly => "warning",
        Why::EndedKey
        | Why::WrongSecret
        | Why::Forbidden
        | Why::Taken
        | Why::TooLarge
        | Why::Malformed
        | Why::Fault
        | Why::Unanswered => "danger",
    }
}

/// The reason if the response had none.
const fn headline(why: Why) -> &'static str {
    match why {
        Why::EndedKey => "This key no longer works",
        Why::WrongSecret => "The secret is incorrect, so the sender doesn't have this key",
        Why::Forbidden => "This isn't allowed",
        Why::Missing => "No such member or group",
        Why::Taken => "This name is already taken",
        Why::Outdated => "It has changed since the provider last read it",
        Why::TooLarge => "The request was too large",
        Why::TooMany => "This key exceeded its rate limit",
        Why::Unsupported => "Not supported by the SCIM API",
        Why::Method => "This endpoint doesn't support that method",
        Why::Partly => "Some operations failed",
        Why::Malformed => "The request couldn't be read",
        Why::Fault => "Rollcall or its database had an error",
        Why::Unanswered => "No response: the provider disconnected, or the request took too long",
    }
}

const fn advice(why: Why, operation: ScimOperation, has_body: bool) -> &'static str {
    match why {
        Why::EndedKey => {
            "Something is still using an old key. Generate or roll a key in Authentication and add it to the provider."
        }
        Why::WrongSecret => {
            "If you recognize the IP address, paste the full key into that provider again. If you don't, there's nothing to do: the request got no access."
        }
        Why::Forbidden => {
            "Nothing was changed. If the provider should be able to do this, remove what blocks it here, then retry from the provider."
        }
        Why::Missing if operation.is_change() => {
            "Nothing was changed. The provider refers to a member or group that no longer exists in this team. Most providers create it again the next time it's assigned."
        }
        Why::Missing => {
            "This is normal: providers check before they create. If it keeps happening, unassign and reassign the person or group in the provider."
        }
        Why::Taken => {
            "Nothing was changed. Another member or group already uses this value. Change or remove one of them, then retry from the provider."
        }
        Why::Outdated => "Nothing was changed. The provider will read it again and retry automatically.",
        Why::TooLarge => "Nothing was changed. Have the provider send fewer members or operations per request.",
        Why::TooMany => {
            "Nothing was changed. Providers wait and retry automatically. The operator of this server can raise the limit."
        }
        Why::Unsupported => {
            "Nothing was changed. Check the base URL in the provider: it ends in /scim/v2. If it is right, the provider asks for something optional."
        }
        Why::Method => {
            "Nothing was changed. The base URL is right, but the provider or a proxy used a method this endpoint doesn't support. If the provider sent PATCH, make sure the proxy passes it through."
        }
        Why::Partly => {
            "All other operations succeeded. Fix what's listed here, then have the provider send these again."
        }
        Why::Malformed if !has_body => {
            "Nothing was changed. Correct the URL or filter, or contact whoever maintains the client."
        }
        Why::Malformed => "Nothing was changed. Compare the request below with the attribute mapping in the provider.",
        Why::Fault => {
            "Providers retry automatically. If it happens again, send the request ID to the operator of this server."
        }
        Why::Unanswered if operation.is_change() => {
            "The change may still have been made. Check the events above and below. Providers retry automatically."
        }
        Why::Unanswered => "Nothing was changed. Providers retry automatically.",
    }
}

fn shortened(reason: &str) -> String {
    match reason.char_indices().nth(REASON) {
        Some((end, _)) => [reason.get(..end).unwrap_or_default(), "…"].concat(),
        None => reason.to_owned(),
    }
}

fn capital(words: &str) -> String {
    let mut chars = words.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
