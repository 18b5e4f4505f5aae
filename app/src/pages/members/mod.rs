//! `/teams/{slug}/settings/members`: who is in the team, what they may do, and where they come from.

mod actions;
mod bulk;
mod columns;
mod invite;
pub(crate) mod model;
mod pager;
mod reader;
mod rows;
mod toolbar;

use crate::{
    components::{
        empty::Empty,
        head::{Head, LEAD},
        notice::Notices,
        number::thousands,
    },
    model::{MemberNotice, Members, Shell},
    pages::{Section, TeamPage},
};
use bulk::{Ask, Bulk, Refusals};
pub(super) use columns::{RoleCell, StatusBadge, labels};
use domain::{UnixMs, validation::text::capitalized};
use invite::{InviteButton, InviteDialog};
pub(crate) use invite::{InviteLink, InviteLinkProps};
use leptos::prelude::*;
pub(super) use pager::{Pages, around, found, range};
use reader::Reader;
pub(super) use rows::Known;
use rows::Rows;
use toolbar::{Chip, Export, Toolbar};

impl TeamPage for Members {
    fn title(&self) -> &str {
        "Members"
    }

    fn section(&self) -> Option<Section> {
        Some(Section::Members)
    }

    fn view(self: Box<Self>, shell: Shell, now: UnixMs) -> AnyView {
        view! { <MembersPage shell=shell data=*self now=now/> }.into_any()
    }
}

/// Who is in the team: one page of what was asked for.
#[component]
pub(super) fn MembersPage(shell: Shell, data: Members, now: UnixMs) -> impl IntoView {
    let Members { query, rows, page, pages, total, and_more, may_manage, notice, bulk, invite, groups, .. } = data;
    let Members { me, may_change_super_admins, provider, from_directory, sure, done_about, .. } = data;
    let path = Section::Members.path(&shell.team.slug);
    let range = range(page, pages, total, and_more, rows.len() as i64);
    let to = around(&rows, query.clone(), path.clone(), page);
    let (none, all) = (rows.is_empty(), path.clone());
    let in_group = (!query.group.is_empty()).then(|| {
        let named = groups.offered.iter().find(|(id, _)| *id == query.group).map(|(_, name)| name.clone());
        let group = may_manage.then(|| [&Section::Groups.path(&shell.team.slug), "/", &query.group].concat());
        (named, group)
    });
    let who = if may_manage { "" } else { " Only Admins and Super Admins can make changes." };
    let lead = [&lead(&shell.team.name, provider.as_deref(), from_directory), who].concat();
    let export = query.address(&[&path, "/export"].concat(), &[]);
    let done = notice.map(|notice| done(notice, bulk.changed, done_about.as_deref()).into_any());
    let unchanged =
        bulk.unchanged.then(|| "No changes. The selected members' roles were already set that way.".to_owned());
    let reader = Reader { me, may_manage, may_change_super_admins, provider };
    view! {
        <Head title="Members".to_owned() lead=lead>
            <div class="page-acts">
                <Export href=export may_manage=may_manage/>
                <InviteButton may_manage=may_manage who=LEAD/>
            </div>
        </Head>
        {may_manage.then(|| view! { <InviteDialog form=invite path=path.clone()/> })}
        {sure.map(|effect| view! { <Ask effect=effect path=path.clone() query=query.clone()/> })}
        <Notices done=done unchanged=unchanged refused=bulk.problem.clone()/>
        {(!bulk.refused.is_empty()).then(|| view! { <Refusals refused=bulk.refused.clone()/> })}
        <Toolbar query=query.clone() path=path.clone() total=total and_more=and_more groups=groups/>
        {in_group.map(|(name, group)| view! { <Chip query=query.clone() name=name group=group path=path.clone()/> })}
        <section class="card" aria-label="Members">
            {if none {
                view! {
                    <Empty title="No members match">
                        "No one matches this search and these filters. Try part of a name or email, or "
                        <a href=all>"show all members"</a> "."
                    </Empty>
                }
                    .into_any()
            } else {
                let label = format!("Members, page {page} of {pages}");
                let (query, path, chosen) = (query.clone(), path.clone(), bulk.chosen.clone());
                view! { <Rows rows=rows query=query path=path label=label chosen=chosen reader=reader now=now/> }
                    .into_any()
            }}
            {(!none)
                .then(|| {
                    view! {
                        <Bulk
                            path=path.clone()
                            query=query.clone()
                            role=bulk.role
                            may_manage=may_manage
                            may_change_super_admins=may_change_super_admins
                        />
                    }
                })}
            {(!none).then(|| view! { <Pages range=range to=to page=page pages=pages/> })}
        </section>
    }
}

/// The sentence under the title: where members come from, once they come from somewhere.
fn lead(team: &str, provider: Option<&str>, from_directory: Option<(Option<i64>, i64)>) -> String {
    match (provider, from_directory) {
        (Some(provider), Some((Some(count), all))) if count > 0 => {
            let members = if all == 1 { "member" } else { "members" };
            format!(
                "{} manages {} of {} {members}. Change their details and groups there.",
                capitalized(provider),
                thousands(count),
                thousands(all)
            )
        }
        (Some(provider), Some((None, _))) => {
            format!("{} manages some members. Change their details and groups there.", capitalized(provider))
        }
        _ => ["People in ", team, ", their roles, and how they joined."].concat(),
    }
}

/// What was done; after a change of several, to how many.
fn done(notice: MemberNotice, changed: Option<i64>, about: Option<&str>) -> String {
    match (notice, changed) {
        (MemberNotice::RolesChanged, Some(count)) => {
            let members = if count == 1 { " member" } else { " members" };
            ["Roles changed for ", &thousands(count), members, ". They take effect right away."].concat()
        }
        _ => notice.words(about),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lead_says_where_members_come_from() {
        let says = |directory| lead("Acme", Some("Okta"), directory);
        assert_eq!(says(Some((Some(45), 48))), "Okta manages 45 of 48 members. Change their details and groups there.");
        assert!(says(Some((Some(1), 2))).starts_with("Okta manages 1 of 2 members."));
        assert!(says(Some((None, 90_000))).starts_with("Okta manages some members."));
        assert!(lead("Acme", Some("your identity provider"), Some((None, 90_000))).starts_with("Your identity"));
        assert!(says(Some((Some(0), 2))).starts_with("People in Acme"));
        assert!(lead("Acme", None, None).starts_with("People in Acme"));
    }

    #[test]
    fn a_change_of_several_says_of_how_many() {
        assert!(done(MemberNotice::RolesChanged, Some(1), None).contains("1 member."));
        assert!(done(MemberNotice::RolesChanged, Some(2), None).contains("2 members."));
        assert_eq!(done(MemberNotice::Removed, Some(2), Some("Ada")), "Ada was removed and signed out everywhere.");
    }
}
