//! What the page tells about the last change: one line on top, that screen readers announce.

use super::state::State;
use crate::components::erased::maybe;
use crate::{components::banner::Banner, model::Notice};
use leptos::prelude::*;

/// What is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// It was done.
    Done(Notice),
    /// One SSO method was kept enabled, the others are not.
    KeptOne,
    /// It was not done: why.
    Failed(String),
}

/// What was just done, or why not.
#[component]
pub(super) fn Notices(state: State) -> impl IntoView {
    let done = move || match state.told.get()? {
        Told::Done(notice) => Some(sentence(state, notice)),
        // Not reactive, like all that was told: it is not told again when the data changes.
        Told::KeptOne => {
            let name = state.peek(|known| known.only_method().map(|method| method.name.clone()))?;
            Some([&name, " is the one enabled SSO method now."].concat().into_any())
        }
        Told::Failed(_) => None,
    };
    let failed = move || match state.told.get()? {
        Told::Failed(why) => Some(why),
        _ => None,
    };
    view! {
        <div class="told">
            <div role="status">
                {maybe(move || done().map(|text| view! { <Banner tone="success">{text}</Banner> }.into_any()))}
            </div>
            {maybe(move || failed().map(|text| view! { <Banner tone="danger" role="alert">{text}</Banner> }.into_any()))}
        </div>
    }
}

fn sentence(state: State, notice: Notice) -> AnyView {
    match notice {
        Notice::ScimOn if state.peek(|known| known.usable().next().is_some()) => {
            "SCIM provisioning is on, and its keys work again.".into_any()
        }
        Notice::ScimOn => view! { "SCIM provisioning is on. Next, "<a href="#keys">"generate a key"</a>"." }.into_any(),
        Notice::ScimOff => "SCIM provisioning is off. Requests from your identity provider are refused.".into_any(),
        Notice::MethodAdded => "The SSO method was added. Enable it when you are ready.".into_any(),
        Notice::MethodSaved => "The SSO method was saved.".into_any(),
        Notice::MethodDeleted => "The SSO method was deleted.".into_any(),
        Notice::KeyRevoked => "The key was revoked. It no longer works.".into_any(),
        Notice::OverlapChanged => "The old key's end was changed.".into_any(),
    }
}
