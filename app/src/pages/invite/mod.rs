//! `/invite/{token}`: an invited person joins the team. The form works without JavaScript. For an invalid link, the
//! page explains whom to contact.

pub(crate) mod model;

use super::{centered_page::CenteredPage, sign_in::wait};
use crate::{
    components::{
        field::{InputKind, TextField},
        form::{Form, Submit},
        notice::Alert,
    },
    forms::{Check, Rule},
    model::{InvitePage, Joining},
};
use leptos::prelude::*;

/// The form, or the reason that there is none.
#[component]
pub(super) fn InviteScreen(data: InvitePage) -> impl IntoView {
    match data {
        InvitePage::Open(joining) => view! { <Join joining=joining/> }.into_any(),
        InvitePage::Gone => view! {
            <CenteredPage
                title="This invite link doesn't work".to_owned()
                lead="It may have expired, been used or revoked, or be incomplete. Ask the person who invited you, or a team admin, for a new link."
                    .to_owned()
            >
                <p class="hint" data-testid="invite-gone">"Invite links work once and expire after 7 days."</p>
                <a class="btn btn-wide" href="/sign-in">
                    "Sign in"
                </a>
            </CenteredPage>
        }
            .into_any(),
        InvitePage::Wait(seconds) => view! {
            <CenteredPage
                title="Too many attempts".to_owned()
                lead=["Wait ", &wait(seconds), ", then open your invite link again."].concat()
            >
                <a class="btn btn-wide" href="/sign-in">
                    "Sign in"
                </a>
            </CenteredPage>
        }
            .into_any(),
    }
}

#[component]
fn Join(joining: Joining) -> impl IntoView {
    let Joining { team, email, invited_by, submission } = joining;
    let refusal = submission.refusal.clone();
    let join = ["Join ", &team].concat();
    let check = Check::new(Rule::Join).knows("email", email.as_str());
    view! {
        <CenteredPage
            title=join.clone()
            lead=[&invited_by, " invited you to join as ", &email, ". Enter your name and choose a password."].concat()
        >
            <Alert why=refusal/>
            // Without an action, the form is sent to the page's own URL, which contains the link's secret.
            <Form check=check>
                // The account for password managers.
                <input class="visually-hidden" type="email" autocomplete="username" tabindex="-1" aria-hidden="true" readonly=true value=email/>
                <TextField scope="join" name="name" label="Your name" autocomplete="name" submission=submission.clone()/>
                <TextField
                    scope="join"
                    name="password"
                    label="Password"
                    kind=InputKind::Password
                    autocomplete="new-password"
                    hint="Use at least 15 characters. Try a few words that only you would put together."
                    submission=submission
                />
                <Submit label=join busy="Joining" class="btn btn-primary btn-wide"/>
            </Form>
        </CenteredPage>
    }
}
