//! `/invite/{token}`: somebody who was invited joins the team. A plain form; whose link does not work learns whom to ask.

use super::gate::Gate;
use crate::{
    components::{plain::PlainField, said::Refused},
    model::{InvitePage, Joining},
};
use leptos::prelude::*;

/// The form, or why there is none.
#[component]
pub(super) fn InviteScreen(data: InvitePage) -> impl IntoView {
    match data {
        InvitePage::Open(joining) => view! { <Join joining=joining/> }.into_any(),
        InvitePage::Gone => view! {
            <Gate
                title="This invite link doesn't work".to_owned()
                lead="It was used already, it expired, it was cancelled, or it is not complete. Ask the person who invited you, or an admin of the team, for a new one."
                    .to_owned()
            >
                <p class="hint">"Links work for 7 days, and once."</p>
                <a class="btn btn-wide" href="/sign-in">
                    "Sign in"
                </a>
            </Gate>
        }
            .into_any(),
        InvitePage::Wait(seconds) => view! {
            <Gate
                title="Too many links were tried".to_owned()
                lead=format!("Wait {seconds} s, then open your invite link again.")
            >
                <a class="btn btn-wide" href="/sign-in">
                    "Sign in"
                </a>
            </Gate>
        }
            .into_any(),
    }
}

#[component]
fn Join(joining: Joining) -> impl IntoView {
    let Joining { team, email, invited_by, sent } = joining;
    let refused = sent.refused.clone();
    view! {
        <Gate
            title=["Join ", &team].concat()
            lead=[&invited_by, " invited you as ", &email, ". Choose a name and a password."].concat()
        >
            <Refused why=refused/>
            // No address: the form goes to the page's own, which holds the link's secret.
            <form method="post" novalidate=true>
                // For password managers: whose password this is.
                <input class="vh" type="email" autocomplete="username" tabindex="-1" aria-hidden="true" readonly=true value=email/>
                <PlainField scope="join" name="name" label="Your name" autocomplete="name" sent=sent.clone()/>
                <PlainField
                    scope="join"
                    name="password"
                    label="Password"
                    kind="password"
                    autocomplete="new-password"
                    hint="At least 15 characters. A few words that only you would put together are easy to remember."
                    sent=sent
                />
                <button class="btn btn-primary btn-wide">"Join the team"</button>
            </form>
        </Gate>
    }
}
