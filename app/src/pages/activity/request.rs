//! Requests of identity providers in the log: what they did or tried, and what helps when they failed.

use super::exchange::Exchanged;
use crate::{
    components::{
        avatar::Avatar,
        banner::Banner,
        icon::Icon,
        moment::{Kind, Moment},
        number::thousands,
    },
    model::{Exchange, ProviderRequest, Reads, RequestFailure, Why},
};
use domain::{UnixMs, operation::Operation};
use leptos::prelude::*;

/// The most characters of a reason in the line itself; all of it stands in what opens.
const REASON: usize = 140;

/// A request, in one line that opens.
#[component]
pub(super) fn RequestEvent(request: ProviderRequest, exchange: Option<Exchange>, now: UnixMs) -> impl IntoView {
    let ProviderRequest { at, address, key_name, operation, target, answer, failure, is_test } = request;
    let why = failure.as_ref().map(|failure| failure.why);
    let is_stranger = why == Some(Why::WrongSecret);
    let (who, mark) =
        if is_stranger { ("Unknown caller".to_owned(), "?".to_owned()) } else { (key_name.clone(), key_name.clone()) };
    let (did, object) = sentence(operation, target, why, &key_name);
    let reason = failure.as_ref().filter(|_| !is_stranger).and_then(|failure| failure.detail.as_deref()).map(shortened);
    let reason = reason.map(|reason| [": ", &reason].concat());
    view! {
        <details class="event">
            <summary>
                <Moment at=at now=now kind=Kind::Clock/>
                <Avatar name=mark tile=true/>
                <span>
                    <b>{who}</b>
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
                {failure.filter(|_| !is_test).map(|failure| view! { <Help failure=failure operation=operation/> })}
                <dl class="facts">
                    <dt>"Key"</dt>
                    <dd>{key_name}</dd>
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

/// Several requests that only read, in one line that opens.
#[component]
pub(super) fn ReadsEvent(reads: Reads, now: UnixMs) -> impl IntoView {
    let Reads { since, at, address, key_name, count, operations } = reads;
    let times = |times: i64| [thousands(times).as_str(), if times == 1 { " time" } else { " times" }].concat();
    view! {
        <details class="event">
            <summary>
                <Moment at=at now=now kind=Kind::Clock/>
                <Avatar name=key_name.clone() tile=true/>
                <span>
                    <b>{key_name.clone()}</b>
                    " made "
                    <b>{thousands(count)}</b>
                    " read requests"
                </span>
                <Answer answer="OK".to_owned() why=None/>
                <Icon name="right"/>
            </summary>
            <div class="event-detail">
                <dl class="facts">
                    <dt>"Key"</dt>
                    <dd>{key_name}</dd>
                    <dt>"What"</dt>
                    <dd>
                        <ul>
                            {operations
                                .into_iter()
                                .map(|(operation, number)| {
                                    view! { <li>{[capital(operation.did(false)).as_str(), ", ", &times(number)].concat()}</li> }
                                })
                                .collect_view()}
                        </ul>
                    </dd>
                    <dt>"When"</dt>
                    <dd>
                        <Moment at=since now=now kind=Kind::Exact/>
                        " to "
                        <Moment at=at now=now kind=Kind::Exact/>
                    </dd>
                    {address.map(|address| view! { <dt>"From"</dt> <dd>{address}</dd> })}
                </dl>
            </div>
        </details>
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
fn Help(failure: RequestFailure, operation: Operation) -> impl IntoView {
    let RequestFailure { why, detail } = failure;
    view! {
        <Banner tone=tone(why)>
            <p>
                <b>{detail.unwrap_or_else(|| headline(why).to_owned())}</b>
            </p>
            <p>{advice(why, operation)}</p>
        </Banner>
    }
}

/// What was done or tried, and to what.
fn sentence(
    operation: Operation,
    target: Option<String>,
    why: Option<Why>,
    key_name: &str,
) -> (String, Option<String>) {
    let quoted = target.map(|target| ["“", &target, "”"].concat());
    match why {
        None => (operation.did(quoted.is_some()).to_owned(), quoted),
        Some(Why::WrongSecret) => ("used a wrong secret for key".to_owned(), Some(key_name.to_owned())),
        Some(Why::EndedKey) => ("sent a request that was refused".to_owned(), None),
        Some(Why::TooMany) => ("sent too many requests".to_owned(), None),
        Some(_) => (["tried to ", operation.tried(quoted.is_some())].concat(), quoted),
    }
}

const fn tone(why: Why) -> &'static str {
    match why {
        Why::Missing | Why::Outdated | Why::TooMany | Why::Unsupported => "warning",
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
        Why::Malformed => "The request could not be understood",
        Why::Fault => "Rollcall or its database had a fault",
        Why::Unanswered => "There was no answer: the provider hung up, or it took too long",
    }
}

/// What to do, and where.
const fn advice(why: Why, operation: Operation) -> &'static str {
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
        Why::Malformed => {
            "Nothing was changed. Compare what was sent, below, with the attribute mapping in the provider."
        }
        Why::Fault => {
            "Providers retry by themselves. If it happens again, give the record's ID to whoever runs Rollcall."
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
