//! `/teams/{slug}/settings/general`.

use crate::{
    components::{
        head::Head,
        moment::{Kind, Moment},
    },
    model::{General, Shell},
};
use domain::UnixMs;
use leptos::prelude::*;

/// What the team is; the operator changes it.
#[component]
pub(super) fn GeneralPage(shell: Shell, data: General, now: UnixMs) -> impl IntoView {
    let team = shell.team;
    let contact = data.contact.unwrap_or_else(|| "your operator".to_owned());
    view! {
        <Head measure=true title="General".to_owned() lead=["What ", &team.name, " is called here, and what it has."].concat()/>
        <div class="measure">
            <section class="card" aria-labelledby="team">
                <div class="card-head">
                    <div>
                        <h2 id="team">"Team"</h2>
                        <p>"The operator of this Rollcall sets these."</p>
                    </div>
                </div>
                <div class="row-block">
                    <dl class="facts">
                        <dt>"Name"</dt>
                        <dd>{team.name}</dd>
                        <dt>"Slug"</dt>
                        <dd>
                            <code>{team.slug}</code>
                        </dd>
                        <dt>"Plan"</dt>
                        <dd>{team.plan.label()}</dd>
                        <dt>"Created"</dt>
                        <dd>
                            <Moment at=data.created_at now=now kind=Kind::Relative/>
                        </dd>
                    </dl>
                </div>
                <p class="card-foot hint">"To change the name or the plan, ask " {contact} "."</p>
            </section>
        </div>
    }
}
