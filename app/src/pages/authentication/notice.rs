//! The result of the last change: one line at the top, which screen readers announce.

use super::state::{NoticeKind, PageFacts, State};
use crate::{
    components::{notice::Notices, time::until},
    model::Notice,
};
use domain::key::KeyId;
use leptos::prelude::*;

#[component]
pub(super) fn PageNotices(state: State) -> impl IntoView {
    let (done, refused) = match state.notice() {
        Some(NoticeKind::Done(notice)) => (Some(sentence(state, notice)), None),
        Some(NoticeKind::EndMoved(key)) => (Some(state.with(|facts| end_moved(facts, &key)).into_any()), None),
        Some(NoticeKind::Failed(why)) => (None, Some(why)),
        None => (None, None),
    };
    view! { <Notices success=done refusal=refused/> }
}

fn sentence(state: State, notice: Notice) -> AnyView {
    match notice {
        Notice::ScimOn if state.with(|facts| facts.usable().next().is_some()) => {
            "SCIM provisioning is on, and its keys work again.".into_any()
        }
        Notice::ScimOn => view! { "SCIM provisioning is on. Next, "<a href="#keys">"generate a key"</a>"." }.into_any(),
        Notice::ScimOff => "SCIM provisioning is off. Requests from your identity provider are refused.".into_any(),
        Notice::MethodAdded => "SSO method added. Enable it when you're ready.".into_any(),
        Notice::MethodSaved => "SSO method saved.".into_any(),
        Notice::KeptOne => match state.with(|facts| facts.only_method().map(|method| method.name.clone())) {
            Some(name) => [&name, " is now the only enabled SSO method."].concat().into_any(),
            None => ().into_any(),
        },
        Notice::MethodDeleted => "SSO method deleted.".into_any(),
        Notice::KeyRevoked => "Key revoked.".into_any(),
        Notice::OverlapChanged => "The old key's end time changed.".into_any(),
    }
}

/// The end of the old key. It may be earlier than the selected one, because the key itself may expire earlier.
fn end_moved(facts: &PageFacts, key: &KeyId) -> String {
    match facts.key(key).map(|key| (key.status(facts.data.now).is_usable(), key.expires_at)) {
        Some((true, Some(end))) => ["The old key now stops working ", &until(end, facts.data.now), "."].concat(),
        _ => "The old key no longer works.".to_owned(),
    }
}
