//! The attributes of a member, as sent. They cannot be changed here.

use crate::{
    components::{
        icon::Icon,
        local_time::{Moment, TimeFormat},
    },
    model::MemberPage,
    pages::members::StatusBadge,
};
use domain::{UnixMs, member::MemberSource};
use leptos::prelude::*;

#[component]
pub(super) fn MemberProfile(data: MemberPage, now: UnixMs) -> impl IntoView {
    let from = match (&data.managed_by, data.source) {
        (Some(provider), _) => format!("Managed by {provider} through SCIM. Make changes there."),
        (None, MemberSource::Directory) => {
            "This member came from an identity provider. While SCIM provisioning is off, nothing updates this profile."
                .to_owned()
        }
        (None, MemberSource::Invited) => "Invited to the team.".to_owned(),
        (None, MemberSource::Manual) => "Added manually.".to_owned(),
    };
    view! {
        <section class="card" aria-labelledby="profile">
            <div class="card-head">
                <div>
                    <h2 id="profile">"Profile"</h2>
                    <p data-testid="managed-by">{from}</p>
                </div>
                <StatusBadge status=data.status/>
            </div>
            <div class="row-block">
                <dl class="facts facts-wide">
                    {data
                        .profile
                        .into_iter()
                        .map(|fact| {
                            view! {
                                <dt>{fact.label}</dt>
                                {fact.values.into_iter().map(|value| view! { <dd>{value}</dd> }).collect_view()}
                            }
                        })
                        .collect_view()} <dt>"Member since"</dt>
                    <dd>
                        <Moment at=data.created_at now=now kind=TimeFormat::Relative/>
                    </dd>
                    <dt>"Last sign-in"</dt>
                    <dd>
                        {match data.last_sign_in_at {
                            Some(at) => view! { <Moment at=at now=now kind=TimeFormat::Relative/> }.into_any(),
                            None => "Never".into_any(),
                        }}
                    </dd>
                </dl>
            </div>
            {data
                .break_glass
                .then(|| {
                    view! {
                        <p class="card-foot hint">
                            <span>
                                <Icon name="key"/>
                                "Break-glass: an emergency account."
                            </span>
                        </p>
                    }
                })}
        </section>
    }
}
