//! Name, address and plan.

use super::dialog::{BLOCKED, Confirm};
use crate::{
    components::{
        dialog::OpenDialog,
        field::TextField,
        form::FieldForm,
        local_time::{Moment, TimeFormat},
    },
    forms::{Check, Rule},
    model::{General, GeneralForm, Team, general_field},
};
use domain::UnixMs;
use leptos::prelude::*;

#[component]
pub(super) fn TeamCard(team: Team, data: General, path: String, now: UnixMs) -> impl IntoView {
    let blocked = data.blocked.is_some().then_some(BLOCKED);
    let contact = data.contact.clone().unwrap_or_else(|| "the operator of this server".to_owned());
    let (name, slug) = (data.submitted(GeneralForm::Name), data.submitted(GeneralForm::Slug));
    let open = data.is_open(GeneralForm::Slug);
    view! {
        <section class="card" aria-labelledby="team">
            <div class="card-head">
                <div>
                    <h2 id="team">"Team"</h2>
                    <p>"Members see the name. The URL is part of every link to the team's pages."</p>
                </div>
            </div>
            <FieldForm
                scope="name"
                action=[&path, "/name"].concat()
                check=Check::new(Rule::TeamName)
                name=general_field::NAME
                label="Name"
                value=team.name.clone()
                submission=name
                button="Save name"
                blocked=blocked
            />
            <div class="row row-wrap">
                <div class="grow">
                    <b>"Team URL"</b>
                    <p class="muted">
                        <code>"/teams/" {team.slug.clone()}</code>
                    </p>
                </div>
                <OpenDialog dialog=GeneralForm::Slug.name() class="btn" label="Change URL" blocked=blocked/>
            </div>
            <div class="row-block">
                <dl class="facts">
                    <dt>"Plan"</dt>
                    <dd>{team.plan.label()}</dd>
                    <dt>"Created"</dt>
                    <dd>
                        <Moment at=data.created_at now=now kind=TimeFormat::Relative/>
                    </dd>
                </dl>
            </div>
            <p class="card-foot hint">
                <span data-testid="plan-contact">"To change the plan, contact " {contact} "."</span>
            </p>
        </section>
        {blocked
            .is_none()
            .then(|| {
                let value = team.slug.clone();
                view! {
                    <Confirm
                        form=GeneralForm::Slug
                        rule=Rule::TeamSlug
                        path=path
                        title="Change the team URL?"
                        lead="The team's pages move immediately. Old links and bookmarks stop working. No one is signed out, and members, keys, and the SCIM base URL don't change."
                        button="Change URL"
                        team=team.name
                        open=open
                        submission=slug.clone()
                    >
                        <TextField
                            scope="slug"
                            name=general_field::SLUG
                            label="New team URL: /teams/…"
                            hint="1–48 lowercase letters, numbers, or hyphens. Can't start or end with a hyphen."
                            value=value
                            submission=slug
                            start=true
                        />
                    </Confirm>
                }
            })}
    }
}
