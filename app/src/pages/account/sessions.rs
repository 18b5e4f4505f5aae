//! The member's own sessions, and their end.

use crate::{
    components::{
        form::{Form, Submit},
        session_origin::SessionOrigin,
    },
    model::account_field,
};
use domain::{UnixMs, member::MemberSession};
use leptos::prelude::*;

/// The sessions, the last used first.
#[component]
pub(super) fn AccountSessions(sessions: Vec<MemberSession>, path: String, now: UnixMs) -> impl IntoView {
    let action = [&path, "/sign-out"].concat();
    let others = sessions.iter().any(|session| !session.is_this);
    let end = action.clone();
    view! {
        <section class="card" aria-labelledby="sessions">
            <div class="card-head">
                <div>
                    <h2 id="sessions">"Sessions"</h2>
                    <p id="sessions-lead">
                        {if others {
                            "Browsers where you're signed in to this team."
                        } else {
                            "You're signed in to this team only in this browser."
                        }}
                    </p>
                </div>
                <Form action=action>
                    <input type="hidden" name=account_field::SESSION value=account_field::OTHERS/>
                    <Submit label="Sign out everywhere else" blocked=(!others).then_some("sessions-lead")/>
                </Form>
            </div>
            <ul class="rows" aria-labelledby="sessions">
                {sessions
                    .into_iter()
                    .map(|session| view! { <AccountSessionRow session=session action=end.clone() now=now/> })
                    .collect_view()}
            </ul>
        </section>
    }
}

#[component]
fn AccountSessionRow(session: MemberSession, action: String, now: UnixMs) -> impl IntoView {
    let MemberSession { mark, is_this, since, last_seen_at, browser, address } = session;
    let lead = ["session-", &mark].concat();
    let key = mark.clone();
    let part = if is_this { "this-session" } else { "other-session" };
    view! {
        <li class="row" data-testid=part data-key=key>
            <div class="grow" id=lead.clone()>
                <SessionOrigin browser=browser address=address since=since last_seen_at=last_seen_at now=now/>
            </div>
            {if is_this {
                view! { <span class="badge badge-line">"This browser"</span> }.into_any()
            } else {
                view! {
                    <Form action=action>
                        <input type="hidden" name=account_field::SESSION value=mark/>
                        <button class="btn" aria-describedby=lead>
                            "Sign out"
                        </button>
                    </Form>
                }
                    .into_any()
            }}
        </li>
    }
}
