//! The last step: the first request arrives. It changes to success by itself while the page is open.

use crate::{
    components::{
        icon::Icon,
        local_time::{Moment, TimeFormat},
    },
    model::{self, Connection, Guide},
    pages::Section,
    return_to,
};
use domain::UnixMs;
use leptos::prelude::*;

#[component]
pub(super) fn ConnectionStep(
    number: usize,
    slug: String,
    guide: Guide,
    connection: Option<Connection>,
    ready: bool,
    now: UnixMs,
) -> impl IntoView {
    let path = guide.path(&slug);
    let state = model::GuideProgress::of(connection.as_ref());
    let is_elsewhere = guide.is_elsewhere(connection.as_ref());
    let is_connected = !is_elsewhere && matches!(state, model::GuideProgress::Connected | model::GuideProgress::Member);
    let mark = model::GuideProgress::mark(guide, connection.as_ref());
    let follows =
        (ready && (is_elsewhere || state != model::GuideProgress::Member)).then(|| [&path, "/events"].concat());
    let activity = [&Section::Activity.path(&slug), "?actor=providers"].concat();
    let self_test = [&return_to::authentication_path(&slug), "/self-test"].concat();
    view! {
        <li
            class="step"
            data-state=if is_connected { "done" } else { "todo" }
        >
            <span class="avatar" aria-hidden="true">
                {if is_connected { view! { <Icon name="check"/> }.into_any() } else { number.to_string().into_any() }}
            </span>
            <div>
                <h2>{is_connected.then(|| view! { <span class="visually-hidden">"Done: "</span> })} "Wait for the first request"</h2>
                <div class="step-body">
                    <div class="card">
                        <div role="status" data-live=follows data-after=mark>
                            <ConnectionProgress slug=slug guide=guide connection=connection ready=ready now=now/>
                        </div>
                        <p class="card-foot hint">
                            <a href=path>"Check again"</a>
                            <a href=activity.clone()>"Activity"</a>
                            <a href=self_test>"Self-test"</a>
                        </p>
                        <details class="row-block small" data-testid="no-request-help">
                            <summary>"Nothing after a minute?"</summary>
                            <ul class="step-list">
                                <li>
                                    "Check that " {guide.provider()}
                                    " can reach the base URL over HTTPS with a publicly trusted certificate, and that the key has no spaces before or after it."
                                </li>
                                <li>{patience(guide)}</li>
                                <li>
                                    "Refused requests appear in " <a href=activity>"Activity"</a>
                                    " with the reason. A request with an unknown or incomplete key can't be matched to a team, so it isn't logged. Compare the last four characters of the key in the provider with those in step 2, and paste the whole key again if they differ."
                                </li>
                                <li>
                                    "The self-test sends the same requests as Okta and Entra ID to the base URL and tells you if something in front of Rollcall answers instead."
                                </li>
                            </ul>
                        </details>
                    </div>
                </div>
            </div>
        </li>
    }
}

const fn patience(guide: Guide) -> &'static str {
    match guide {
        Guide::Okta => "Okta sends requests when you test the connection and whenever someone is assigned or changes.",
        Guide::Entra => {
            "Entra ID syncs about every 40 minutes. Test Connection and Provision on demand send requests right away."
        }
        Guide::OneLogin => "OneLogin may be waiting for an administrator's approval. Look in Users > Provisioning.",
        Guide::JumpCloud => "JumpCloud sends requests when you test and activate the connection.",
        Guide::Ping => "Turn on both the connection and the rule.",
        Guide::Other => "Most providers have a button that tests the connection.",
    }
}

/// The received requests so far.
#[component]
pub(crate) fn ConnectionProgress(
    slug: String,
    guide: Guide,
    connection: Option<Connection>,
    ready: bool,
    now: UnixMs,
) -> impl IntoView {
    let state = model::GuideProgress::of(connection.as_ref());
    let Some(connection) = connection else {
        let (title, text) = match ready {
            true => ("Waiting for the first request…", "This page updates automatically. You can leave and come back."),
            false => ("Not ready yet", "Complete the first two steps to start waiting for a request."),
        };
        return view! {
            <div class="row">
                <i class="dot" class:dot-live=ready data-tone=if ready { "accent" } else { "neutral" }></i>
                <div class="grow">
                    <h3 data-testid="waiting" data-state=if ready { "waiting" } else { "not-ready" }>{title}</h3>
                    <p>{text}</p>
                </div>
            </div>
        }
        .into_any();
    };
    let members = Section::Members.path(&slug);
    let is_refused = state == model::GuideProgress::Refused;
    let sender = connection.sender();
    let capital = sender.get(..1).map(str::to_uppercase).unwrap_or_default() + sender.get(1..).unwrap_or_default();
    let is_elsewhere = guide.is_elsewhere(Some(&connection));
    let other =
        is_elsewhere.then(|| ["This came from ", connection.client.label(), ", not ", guide.label(), "."].concat());
    view! {
        <div class="row row-start" data-done=(state == model::GuideProgress::Member && !is_elsewhere).then_some("")>
            <i class="dot" data-tone=if is_refused { "warning" } else { "success" }></i>
            <div class="grow">
                <h3 data-testid="waiting" data-state=if is_refused { "refused" } else { "connected" }>{if is_refused { "A request arrived but was refused" } else { "Connected" }}</h3>
                <p>
                    {capital} " " {connection.deed()} ": " {connection.answer} ", "
                    <Moment at=connection.at now=now kind=TimeFormat::Inline/>
                </p>
                {is_refused
                    .then(|| {
                        view! {
                            // The link is outside of this element, because the next request replaces it and its focus.
                            <p>"See Activity for the reason and how to fix it."</p>
                        }
                    })}
                {match connection.first_member {
                    Some(name) if name.is_empty() => {
                        view! { <p data-testid="first-member">"Members were created. " <a href=members>"See the members"</a></p> }.into_any()
                    }
                    Some(name) => view! { <p data-testid="first-member">"First member: " <b>{name}</b> ". " <a href=members>"See the members"</a></p> }.into_any(),
                    None if is_refused => ().into_any(),
                    None => view! {
                        <p>"No members created yet. Assign one person first. " <a href=guide.path(&slug)>"Show the next step"</a></p>
                    }
                    .into_any(),
                }}
                {other.map(|text| view! { <p>{text}</p> })}
            </div>
        </div>
    }
    .into_any()
}
