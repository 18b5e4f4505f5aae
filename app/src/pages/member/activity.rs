//! The log about a member.

use crate::{components::empty::Empty, form_encoding, model::Event, pages::Section, pages::activity::Events};
use domain::{UnixMs, activity::filter::ActivityFilter, id::MemberId};
use leptos::prelude::*;

/// The newest lines, and a link to all of them. `team`: its slug.
#[component]
pub(super) fn MemberActivity(team: String, id: MemberId, events: Vec<Event>, now: UnixMs) -> impl IntoView {
    let query = form_encoding::write(&ActivityFilter::about(id).write());
    let path = Section::Activity.path(&team);
    let all = [&path, "?", &query].concat();
    let none = events.is_empty();
    view! {
        <section class="card" aria-labelledby="activity">
            <div class="card-head">
                <div>
                    <h2 id="activity">"Activity"</h2>
                    <p>"Changes to this member by people and providers."</p>
                </div>
                <a class="btn" href=all>"View in Activity"</a>
            </div>
            {none
                .then(|| {
                    view! {
                        <Empty title="No activity yet">
                            "Changes to this member, and requests about them, appear here."
                        </Empty>
                    }
                })}
            <Events events=events now=now path=path/>
        </section>
    }
}
