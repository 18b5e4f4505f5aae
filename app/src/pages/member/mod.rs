//! `/teams/{slug}/settings/members/{id}`: a member, their roles with reasons, and the actions on them.

mod activity;
mod dialogs;
mod membership;
pub(crate) mod model;
mod profile;
mod roles;
mod sessions;
mod sso;

use crate::{
    components::{head::Head, notice::Notices},
    model::{MemberAction, MemberPage, Shell},
    pages::{Section, TeamPage},
};
use activity::MemberActivity;
use dialogs::MemberDialogs;
use domain::UnixMs;
use leptos::prelude::*;
use membership::MembershipActions;
use profile::MemberProfile;
use roles::{MemberGroups, RoleCard};
use sessions::MemberSessions;
use sso::MemberSignIn;

impl TeamPage for MemberPage {
    fn title(&self) -> &str {
        &self.name
    }

    fn section(&self) -> Option<Section> {
        Some(Section::Members)
    }

    fn view(self: Box<Self>, shell: Shell, now: UnixMs) -> AnyView {
        view! { <MemberScreen shell=shell data=*self now=now/> }.into_any()
    }
}

/// One member.
#[component]
pub(super) fn MemberScreen(shell: Shell, data: MemberPage, now: UnixMs) -> impl IntoView {
    let all = Section::Members.path(&shell.team.slug);
    let path = [&all, "/", data.id.as_str()].concat();
    let groups = Section::Groups.path(&shell.team.slug);
    // An open dialog shows it itself.
    let problem = data.problem.clone().filter(|_| data.open.is_none());
    let blocked = |action| data.blocked(action).map(str::to_owned);
    let (roles_blocked, sessions_blocked) = (blocked(MemberAction::Roles), blocked(MemberAction::SignOut));
    let success = data.notice.map(|notice| notice.words(data.notice_subject.as_deref()));
    view! {
        <Head measure=true title=data.name.clone() lead=data.email.clone()/>
        <div class="measure">
            <p>
                <a href=all>"All members"</a>
            </p>
            <Notices success=success.map(IntoAny::into_any) unchanged=data.unchanged.clone() refusal=problem/>
            <MemberSignIn data=data.clone() team=shell.team.slug.clone() now=now/>
            <MemberProfile data=data.clone() now=now/>
            <RoleCard own=data.own_roles is_default=data.has_default_role() groups=data.groups.clone() path=groups.clone() blocked=roles_blocked/>
            <MemberGroups groups=data.groups.clone() path=groups/>
            <MemberSessions sessions=data.sessions.clone() blocked=sessions_blocked now=now/>
            <MemberActivity team=shell.team.slug id=data.id.clone() events=data.events.clone() now=now/>
            <MembershipActions data=data.clone() now=now/>
            <MemberDialogs data=data path=path/>
        </div>
    }
}
