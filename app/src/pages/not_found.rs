//! 404: nothing here, or nothing for whoever asks. Both look the same.

use super::message::Message;
use leptos::prelude::*;

/// No such page.
#[component]
pub(super) fn NotFoundPage(
    /// In the frame of a team?
    framed: bool,
) -> impl IntoView {
    view! {
        <Message
            framed=framed
            title="This page doesn't exist"
            lead="The address is mistyped, or what was here is gone, or it belongs to a team that this browser is not signed in to."
        >
            <a class="btn btn-primary" href="/">"Go to your team"</a>
            <a class="btn" href="/sign-in">"Sign in to another team"</a>
        </Message>
    }
}
