//! 404: the page does not exist, or the reader may not know of it. Both look the same.

use super::message::MessagePage;
use crate::{
    model::{Gone, Team},
    return_to,
};
use leptos::prelude::*;

#[component]
pub(super) fn NotFoundPage(
    /// Is the page in the frame of a team?
    framed: bool,
    /// The URL, for the way back after signing in to its team.
    page_url: String,
) -> impl IntoView {
    view! {
        <MessagePage
            framed=framed
            title="This page doesn't exist"
            lead="The link may be wrong, the page may have been removed, or it belongs to a team you're not signed in to."
        >
            <a class="btn btn-primary" href="/">"Go to your team"</a>
            <a class="btn" href=return_to::sign_in_path(&page_url)>"Sign in to another team"</a>
        </MessagePage>
    }
}

/// The team has no such member, group or SSO method: it was mistyped, or removed while the page was open.
#[component]
pub(super) fn GonePage(team: Team, what: Gone) -> impl IntoView {
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
        Gone::SsoMethod => (
            "SSO method not found",
            "The link may be wrong, or someone deleted the SSO method. Nothing was changed.",
            "authentication",
            "All SSO methods",
        ),
    };
    let href = ["/teams/", &team.slug, "/settings/", list].concat();
    view! {
        <MessagePage framed=true title=title lead=lead>
            <a class="btn btn-primary" href=href>{label}</a>
        </MessagePage>
    }
}
