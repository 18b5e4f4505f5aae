//! Requests of identity providers in the log: what they did or tried, and what helps when they failed.

use super::exchange::{Exchanged, took};
use crate::{
    components::{
        avatar::Avatar,
        banner::Banner,
        icon::Icon,
        moment::{Kind, Moment},
        number::thousands,
    },
    model::{Exchange, FailedPart, ProviderRequest, Read, Reads, RequestFailure, Via, Why},
};
use domain::{UnixMs, scim_operation::ScimOperation};
use leptos::prelude::*;

/// The most characters of a reason in the line itself; all of it stands in what opens.
const REASON: usize = 140;

/// A request, in one line that opens.
#[component]
pub(super) fn RequestEvent(
    request: ProviderRequest,
    exchange: Option<Exchange>,
    now: UnixMs,
    /// Opened from the start.
    open: bool,
) -> impl IntoView {
    let ProviderRequest { at, address, via, asked, operation, target, answer, failure, is_test } = request;
    let why = failure.as_ref().map(|failure| failure.why);
    let is_stranger = why == Some(Why::WrongSecret);
    let (did, object) = sentence(operation, target, why, &via.key_name, &asked);
    let reason = failure.as_ref().filter(|_| !is_stranger).and_then(reason).map(|reason| [": ", &reason].concat());
    let has_body =
        exchange.as_ref().and_then(|exchange| exchange.sent.as_ref()).is_some_and(|sent| !sent.text.is_empty());
    let mark = if is_stranger { "?".to_owned() } else { mark(&via) };
    let who = via.clone();
    view! {
        <details class="event" open=open>
            <summary>
                <Moment at=at now=now kind=Kind::Clock/>
                <Avatar name=mark tile=true/>
                <span>
                    {if is_stranger {
                        view! { <b>"Unknown caller"</b> }.into_any()
                    } else {
                        view! { <Through via=who/> }.into_any()
                    }}
                    " "
                    {did}
                    {object.map(|object| view! { " " <b>{object}</b> })}
                    {reason}
                </span>
                {if is_test {
                    // Not in colour: it was to come to this.
                    view! { <span class="badge">"Self-test · " {answer}</span> }.into_any()
                } else {
                    view! { <Answer answer=answer why=why/> }.into_any()
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
                        <Moment at=at now=now kind=Kind::Exact/>
                    </dd>
                    {address.map(|address| view! { <dt>"From"</dt> <dd>{address}</dd> })}
                </dl>
                {exchange.map(|exchange| view! { <Exchanged exchange=exchange/> })}
            </div>
        </details>
    }
}

/// Who asks: "Okta via key Production"; the key's name, where the product is not recognised.
#[component]
pub(super) fn Through(via: Via) -> impl IntoView {
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

/// What the tile beside it shows.
pub(super) fn mark(via: &Via) -> String {
    via.client.clone().unwrap_or_else(|| via.key_name.clone())
}

/// The key's name, and how it is told from others.
#[component]
pub(super) fn KeyFact(via: Via) -> impl IntoView {
    view! {
        <dt>"Key"</dt>
        <dd>{via.key_name} {via.hint.map(|hint| view! { ", " <code>{hint}</code> })}</dd>
    }
}

/// Several requests that only read, in one line that opens.
#[component]
pub(super) fn ReadsEvent(
    reads: Reads,
    now: UnixMs,
    /// The log's page; empty: this one.
    path: String,
) -> impl IntoView {
    let Reads { since, at, address, via, count, operations, requests } = reads;
    let times = |times: i64| [thousands(times).as_str(), if times == 1 { " time" } else { " times" }].concat();
    let what = operations.into_iter().map(|(operation, number)| [operation.did(false), ", ", &times(number)].concat());
    let what = capital(&what.collect::<Vec<_>>().join("; "));
    let who = via.clone();
    view! {
        <details class="event" data-count=count.to_string()>
            <summary>
                <Moment at=at now=now kind=Kind::Clock/>
                <Avatar name=mark(&via) tile=true/>
                <span>
                    <Through via=who/>
                    " made "
                    <b>{thousands(count)}</b>
                    " read requests"
                </span>
                <Answer answer="OK".to_owned() why=None/>
                <Icon name="right"/>
            </summary>
            <div class="event-detail">
                <dl class="facts">
                    <KeyFact via=via/>
                    <dt>"What"</dt>
                    <dd>{what}</dd>
                    <dt>"When"</dt>
                    <dd>
                        <Moment at=since now=now kind=Kind::Exact/>
                        " to "
                        <Moment at=at now=now kind=Kind::Exact/>
                    </dd>
                    {address.map(|address| view! { <dt>"From"</dt> <dd>{address}</dd> })}
                </dl>
                <ul class="reads" tabindex="0" aria-label="Each request">
                    {requests.into_iter().map(|read| view! { <OneRead read=read now=now path=&path/> }).collect_view()}
                </ul>
            </div>
        </details>
    }
}

/// One of them, and the way to all that is known of it.
#[component]
fn OneRead<'a>(read: Read, now: UnixMs, path: &'a str) -> impl IntoView + use<> {
    let Read { id, at, asked, answer, micros, notes } = read;
    let href = [path, "?request=", &id].concat();
    let notes = (!notes.is_empty()).then(|| ["Normalised: ", &notes.join("; ")].concat());
    view! {
        <li>
            <Moment at=at now=now kind=Kind::Clock/>
            <span class="grow">
                <code>{asked}</code>
                {notes.map(|notes| view! { " " <span class="hint">{notes}</span> })}
            </span>
            <span class="hint">{[&answer, ", ", &took(micros)].concat()}</span>
            <a href=href aria-label=["Open request ", &id].concat()>"Open"</a>
        </li>
    }
}

/// The answer: quiet when all is well, filled when it is worth a look.
#[component]
fn Answer(answer: String, why: Option<Why>) -> impl IntoView {
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

/// Why it failed, and what to do.
#[component]
fn Help(failure: RequestFailure, operation: ScimOperation, has_body: bool) -> impl IntoView {
    let RequestFailure { why, detail, parts } = failure;
    let parts = parts.into_iter().map(|FailedPart { said, why }| {
        let helps = why.map(|why| [" ", advice(why, ScimOperation::Bulk, has_body)].concat());
        view! { <li>{said} "." {helps}</li> }
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

/// What the line itself says of the reason. What a parser says stands only in what opens.
fn reason(failure: &RequestFailure) -> Option<String> {
    let detail = failure.detail.as_deref()?;
    let is_technical = detail.contains(" at line ") || detail.contains("expected `") || detail.contains("EOF ");
    Some(match failure.why {
        Why::Method => return None,
        Why::Malformed if detail.starts_with("filter") => "its filter could not be understood".to_owned(),
        Why::Malformed if is_technical => "what it sent is not JSON".to_owned(),
        _ => shortened(detail),
    })
}

/// What was done or tried, and to what.
fn sentence(
    operation: ScimOperation,
    target: Option<String>,
    why: Option<Why>,
    key_name: &str,
    asked: &str,
) -> (String, Option<String>) {
    let quoted = target.map(|target| ["“", &target, "”"].concat());
    match why {
        None => (operation.did(quoted.is_some()).to_owned(), quoted),
        Some(Why::Partly) => (operation.did(false).to_owned(), None),
        Some(Why::WrongSecret) => ("used a wrong secret for key".to_owned(), Some(key_name.to_owned())),
        Some(Why::EndedKey) => ("sent a request that was refused".to_owned(), None),
        Some(Why::TooMany) => ("sent too many requests".to_owned(), None),
        Some(Why::Method) => ("tried something that this address cannot do:".to_owned(), Some(shortened(asked))),
        Some(_) => (["tried to ", operation.tried(quoted.is_some())].concat(), quoted),
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

/// What is said where the answer said nothing.
const fn headline(why: Why) -> &'static str {
    match why {
        Why::EndedKey => "The key does not work any more",
        Why::WrongSecret => "The secret was wrong: whoever sent this does not have the key",
        Why::Forbidden => "This is not allowed",
        Why::Missing => "There is no such member or group",
        Why::Taken => "Something with this name exists already",
        Why::Outdated => "It has changed since the provider last looked",
        Why::TooLarge => "The request was too long",
        Why::TooMany => "The key made more requests than it may",
        Why::Unsupported => "The SCIM API does not have this",
        Why::Method => "The address is right, but what was to be done there is not possible",
        Why::Partly => "Some operations failed",
        Why::Malformed => "The request could not be understood",
        Why::Fault => "Rollcall or its database had a fault",
        Why::Unanswered => "There was no answer: the provider hung up, or it took too long",
    }
}

/// What to do, and where.
const fn advice(why: Why, operation: ScimOperation, has_body: bool) -> &'static str {
    match why {
        Why::EndedKey => {
            "Something still uses an old key. Generate or roll a key under Authentication and paste it into the provider."
        }
        Why::WrongSecret => {
            "If you know the address, paste the whole key into that provider again. If you don't, nothing more is needed: the request opened nothing."
        }
        Why::Forbidden => {
            "Nothing was changed. If the provider should be able to do this, change here what stands in its way, then retry in the provider."
        }
        Why::Missing if operation.is_change() => {
            "Nothing was changed. The provider remembers a member or group that this team does not have any more; most providers create it anew when it is assigned again."
        }
        Why::Missing => {
            "This is usual: providers look before they create. If it keeps coming back, unassign and assign the person or group in the provider."
        }
        Why::Taken => {
            "Nothing was changed. Find the other member or group with this name, change or remove one of the two, then retry in the provider."
        }
        Why::Outdated => "Nothing was changed. The provider reads it again and retries by itself.",
        Why::TooLarge => {
            "Nothing was changed. Let the provider send less at once: fewer members or operations in a request."
        }
        Why::TooMany => {
            "Nothing was changed. Providers wait and retry by themselves; a larger limit is set by whoever runs Rollcall."
        }
        Why::Unsupported => {
            "Nothing was changed. Check the base URL in the provider: it ends in /scim/v2. If it is right, the provider asks for something optional."
        }
        Why::Method => {
            "Nothing was changed. The base URL is right; the provider, or a proxy on the way, used a method that this address does not have. If providers send PATCH, let the proxy pass it on."
        }
        Why::Partly => {
            "All other operations were done. Put right what is named here, then let the provider send these again."
        }
        Why::Malformed if !has_body => {
            "Nothing was changed. Correct the address or the filter in the request, or ask who wrote the program that sends it."
        }
        Why::Malformed => {
            "Nothing was changed. Compare what was sent, below, with the attribute mapping in the provider."
        }
        Why::Fault => {
            "Providers retry by themselves. If it happens again, give the request's ID to whoever runs Rollcall."
        }
        Why::Unanswered if operation.is_change() => {
            "What was asked for may have been done all the same; the log above and below says whether it was. Providers retry by themselves."
        }
        Why::Unanswered => "Nothing was changed. Providers retry by themselves.",
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
