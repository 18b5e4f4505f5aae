//! `/teams/{slug}/settings/groups/{id}`: a group, its members, and the role that it gives.

mod mapping;
mod members;
mod preview;

use crate::{
    components::{
        head::Head,
        local_time::{Moment, TimeFormat},
        notice::Notices,
        number::thousands,
    },
    model::{GroupPage, MemberQuery, Shell},
    pages::{Section, TeamPage},
};
use domain::UnixMs;
use leptos::prelude::*;
use mapping::Mapping;
use members::GroupMemberCard;

impl TeamPage for GroupPage {
    fn title(&self) -> &str {
        &self.name
    }

    fn section(&self) -> Option<Section> {
        Some(Section::Groups)
    }

    fn view(self: Box<Self>, shell: Shell, now: UnixMs) -> AnyView {
        view! { <GroupScreen shell=shell data=*self now=now/> }.into_any()
    }
}

/// One group.
#[component]
pub(super) fn GroupScreen(shell: Shell, data: GroupPage, now: UnixMs) -> impl IntoView {
    let groups = Section::Groups.path(&shell.team.slug);
    let path = [&groups, "/", &data.id].concat();
    let people = Section::Members.path(&shell.team.slug);
    let members_url = MemberQuery { group: data.id.clone(), ..MemberQuery::default() }.address(&people, &[]);
    let lead = match &data.managed_by {
        Some(provider) => {
            format!("{provider} manages this group through SCIM. Change its name and members there.")
        }
        None => "SCIM provisioning is off, so nothing is updating this group.".to_owned(),
    };
    let count = data.member_count;
    view! {
        <Head measure=true title=data.name.clone() lead=lead/>
        <div class="measure">
            <p>
                <a href=groups>"All groups"</a>
            </p>
            <Notices success=data.notice.clone().map(IntoAny::into_any) unchanged=data.unchanged.clone() refusal=data.problem.clone()/>
            <GroupSummary data=data.clone() now=now/>
            <Mapping data=data.clone() path=path.clone() people=people.clone()/>
            <GroupMemberCard data=data.members count=count path=path people=people members_url=members_url/>
        </div>
    }
}

/// The data of the group itself.
#[component]
fn GroupSummary(data: GroupPage, now: UnixMs) -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="about">
            <div class="card-head">
                <h2 id="about">"Group"</h2>
            </div>
            <div class="row-block">
                <dl class="facts facts-wide">
                    <dt>"Name"</dt>
                    <dd>{data.name}</dd>
                    <dt>"External ID"</dt>
                    <dd>
                        {match data.external_id {
                            Some(id) => view! { <code>{id}</code> }.into_any(),
                            None => view! { <span class="muted">"None"</span> }.into_any(),
                        }}
                    </dd>
                    <dt>"Members"</dt>
                    <dd>{thousands(data.member_count)}</dd>
                    <dt>"Created"</dt>
                    <dd>
                        <Moment at=data.created_at now=now kind=TimeFormat::Relative/>
                    </dd>
                    <dt>"Updated"</dt>
                    <dd>
                        <Moment at=data.updated_at now=now kind=TimeFormat::Relative/>
                    </dd>
                </dl>
            </div>
        </section>
    }
}
