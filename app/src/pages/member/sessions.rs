//! The sessions of a member.

use crate::{
    components::{dialog::OpenDialog, session_origin::SessionOrigin},
    model::MemberAction,
};
use domain::{UnixMs, member::MemberSession};
use leptos::prelude::*;

/// The `id` of the reason that the sessions cannot be ended.
const REASON: &str = "sessions-reason";

/// The sessions, the last used first.
#[component]
pub(super) fn MemberSessions(
    sessions: Vec<MemberSession>,
    /// The reason that the reader cannot end them.
    #[prop(optional_no_strip)]
    blocked: Option<String>,
    now: UnixMs,
) -> impl IntoView {
    let none = sessions.is_empty();
    let reason = blocked.filter(|_| !none);
    let blocked = reason.is_some().then_some(REASON);
    view! {
        <section class="card" aria-labelledby="sessions">
            <div class="card-head">
                <div>
                    <h2 id="sessions">"Sessions"</h2>
                    <p>"Browsers where this member is signed in."</p>
                    {reason.map(|reason| view! { <p id=REASON>{reason}</p> })}
                </div>
                {(!none)
                    .then(|| view! { <OpenDialog dialog=MemberAction::SignOut.name() class="btn" label="Sign out everywhere" blocked=blocked/> })}
            </div>
            {none.then(|| view! { <div class="row-block muted">"Not signed in anywhere."</div> })}
            {(!none)
                .then(|| {
                    view! {
                        <ul class="rows" aria-labelledby="sessions">
                            {sessions
                                .into_iter()
                                .map(|session| {
                                    let part = if session.is_this { "this-session" } else { "other-session" };
                                    view! {
                                        <li class="row" data-testid=part>
                                            <div class="grow">
                                                <SessionOrigin
                                                    browser=session.browser
                                                    address=session.address
                                                    since=session.since
                                                    last_seen_at=session.last_seen_at
                                                    now=now
                                                />
                                            </div>
                                            {session.is_this.then(|| view! { <span class="badge badge-line">"This browser"</span> })}
                                        </li>
                                    }
                                })
                                .collect_view()}
                        </ul>
                    }
                })}
        </section>
    }
}
