//! 404: nothing here, or nothing for anyone who asks. Both look the same.

use super::message::Message;
use crate::{
    model::{Gone, Team},
    return_to,
};
use leptos::prelude::*;

/// No such page.
#[component]
pub(super) fn NotFoundPage(
    /// In the frame of a team?
    framed: bool,
    /// The address: anyone who signs in to its team comes back to it.
    here: String,
) -> impl IntoView {
    view! {
        <Message
            framed=framed
            title="This page doesn't exist"
            lead="The link may be wrong, the page may have been removed, or it belongs to a team you're not signed in to."
        >
            <a class="btn btn-primary" href="/">"Go to your team"</a>
            <a class="btn" href=return_to::sign_in_path(&here)>"Sign in to another team"</a>
        </Message>
    }
}

/// No such member or group in this team: mistyped, or removed while someone had it open.
#[component]
pub(super) fn GonePage(
    /// The team.
    team: Team,
    /// What is not there.
    what: Gone,
) -> impl IntoView {
    let (title, lead, list, label) = match what {
        Gone::Member => (
            "Member not found",
            "The link may be wrong, or the member was removed from the team. Nothing was changed.",
            "members",
            "All members",
        ),
        Gone::Group => (
            "Group not found",
            "The link may be wrong, or your identity provider deleted the group. Nothing was changed.",
            "groups",
            "All groups",
        ),
    };
    let href = ["/teams/", &team.slug, "/settings/", list].concat();
    view! {
        <Message framed=true title=title lead=lead>
            <a class="btn btn-primary" href=href>{label}</a>
        </Message>
    }
}
