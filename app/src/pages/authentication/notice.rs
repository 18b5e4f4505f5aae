//! What the page tells about the last change: one line on top, that screen readers announce.

use super::state::{Known, State};
use crate::components::erased::maybe;
use crate::{
    components::{banner::Banner, time::until},
    model::Notice,
};
use domain::key::KeyId;
use leptos::prelude::*;

/// What is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// It was done.
    Done(Notice),
    /// The end of this key, which was rolled, was moved.
    EndMoved(KeyId),
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
        Told::EndMoved(key) => Some(state.peek(|known| end_moved(known, &key)).into_any()),
        // Not reactive, like all that was told: it is not told again when the data changes.
        Told::KeptOne => {
            let name = state.peek(|known| known.only_method().map(|method| method.name.clone()))?;
            Some([&name, " is now the only enabled SSO method."].concat().into_any())
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
        Notice::MethodAdded => "SSO method added. Enable it when you're ready.".into_any(),
        Notice::MethodSaved => "SSO method saved.".into_any(),
        Notice::MethodDeleted => "SSO method deleted.".into_any(),
        Notice::KeyRevoked => "Key revoked.".into_any(),
        Notice::OverlapChanged => "The old key's end time changed.".into_any(),
    }
}

/// When the old key stops working now. That may be sooner than was chosen, where the key itself ends sooner.
fn end_moved(known: &Known, key: &KeyId) -> String {
    match known.key(key).map(|key| (key.status(known.data.now).is_usable(), key.expires_at)) {
        Some((true, Some(end))) => ["The old key now stops working ", &until(end, known.data.now), "."].concat(),
        _ => "The old key no longer works.".to_owned(),
    }
}
