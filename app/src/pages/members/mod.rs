//! `/teams/{slug}/settings/members`: the members with their roles and sources.

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
use bulk::{BulkForm, BulkRolesPreview, Refusals};
pub(super) use columns::{RoleCell, StatusBadge, labels};
use domain::{UnixMs, validation::text::capitalized};
use invite::{InviteButton, InviteDialog};
pub(crate) use invite::{InviteLink, InviteLinkProps};
use leptos::prelude::*;
pub(super) use pager::{Pages, around, match_count, range};
use reader::Reader;
use rows::MemberTable;
pub(super) use rows::NameAndEmail;
use toolbar::{Chip, ExportLink, MemberToolbar};

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

#[component]
pub(super) fn MembersPage(shell: Shell, data: Members, now: UnixMs) -> impl IntoView {
    let Members { query, rows, page, pages, total, has_more, may_manage, notice, bulk, invite, groups, .. } = data;
    let Members { me, may_change_super_admins, provider, from_directory, preview, notice_subject, .. } = data;
    let path = Section::Members.path(&shell.team.slug);
    let range = range(page, pages, total, has_more, rows.len() as i64);
    let to = around(&rows, query.clone(), path.clone(), page);
    let (none, all) = (rows.is_empty(), path.clone());
    let in_group = (!query.group.is_empty()).then(|| {
        let subject = groups.options.iter().find(|(id, _)| *id == query.group).map(|(_, name)| name.clone());
        let group = may_manage.then(|| [&Section::Groups.path(&shell.team.slug), "/", &query.group].concat());
        (subject, group)
    });
    let invite_hint = if may_manage { "" } else { " Only Admins and Super Admins can make changes." };
    let lead = [&lead(&shell.team.name, provider.as_deref(), from_directory), invite_hint].concat();
    let export = query.address(&[&path, "/export"].concat(), &[]);
    let success = notice.map(|notice| success(notice, bulk.changed_count, notice_subject.as_deref()).into_any());
    let unchanged =
        bulk.unchanged.then(|| "No changes. The selected members' roles were already set that way.".to_owned());
    let reader = Reader { me, may_manage, may_change_super_admins, provider };
    view! {
        <Head title="Members".to_owned() lead=lead>
            <div class="page-actions">
                <ExportLink href=export may_manage=may_manage/>
                <InviteButton may_manage=may_manage invite_hint=LEAD/>
            </div>
        </Head>
        {may_manage.then(|| view! { <InviteDialog form=invite path=path.clone()/> })}
        {preview.map(|effect| view! { <BulkRolesPreview effect=effect path=path.clone() query=query.clone()/> })}
        <Notices success=success unchanged=unchanged refusal=bulk.problem.clone()/>
        {(!bulk.refusals.is_empty()).then(|| view! { <Refusals refusals=bulk.refusals.clone()/> })}
        <MemberToolbar query=query.clone() path=path.clone() total=total has_more=has_more groups=groups/>
        {in_group.map(|(name, group)| view! { <Chip query=query.clone() name=name group=group path=path.clone()/> })}
        <section class="card" aria-label="Members">
            {if none {
                view! {
                    <Empty title="No members match" state="no-match">
                        "No one matches this search and these filters. Try part of a name or email, or "
                        <a href=all>"show all members"</a> "."
                    </Empty>
                }
                    .into_any()
            } else {
                let label = format!("Members, page {page} of {pages}");
                let (query, path, selected) = (query.clone(), path.clone(), bulk.selected_ids.clone());
                view! { <MemberTable rows=rows query=query path=path label=label selected=selected reader=reader now=now/> }
                    .into_any()
            }}
            {(!none)
                .then(|| {
                    view! {
                        <BulkForm
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

/// The sentence under the title: the source of the members, if there is one.
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

/// The sentence about the last change, with the number of changed members.
fn success(notice: MemberNotice, changed_count: Option<i64>, about: Option<&str>) -> String {
    match (notice, changed_count) {
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
    fn the_lead_names_the_source_of_members() {
        let expected = |directory| lead("Acme", Some("Okta"), directory);
        assert_eq!(
            expected(Some((Some(45), 48))),
            "Okta manages 45 of 48 members. Change their details and groups there."
        );
        assert!(expected(Some((Some(1), 2))).starts_with("Okta manages 1 of 2 members."));
        assert!(expected(Some((None, 90_000))).starts_with("Okta manages some members."));
        assert!(lead("Acme", Some("your identity provider"), Some((None, 90_000))).starts_with("Your identity"));
        assert!(expected(Some((Some(0), 2))).starts_with("People in Acme"));
        assert!(lead("Acme", None, None).starts_with("People in Acme"));
    }

    #[test]
    fn the_notice_of_a_bulk_change_has_a_number() {
        assert!(success(MemberNotice::RolesChanged, Some(1), None).contains("1 member."));
        assert!(success(MemberNotice::RolesChanged, Some(2), None).contains("2 members."));
        assert_eq!(success(MemberNotice::Removed, Some(2), Some("Ada")), "Ada was removed and signed out everywhere.");
    }
}
