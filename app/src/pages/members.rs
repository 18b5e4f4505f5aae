//! `/teams/{slug}/settings/members`: who is in the team, what they may do, and where they come from.

mod actions;
mod bulk;
mod invite;
mod pager;
mod rows;
mod toolbar;

use crate::{
    components::{
        empty::Empty,
        head::{Head, LEAD},
        number::thousands,
        said::Said,
        shell::Section,
    },
    model::{MemberNotice, Members, Shell},
};
use bulk::{Ask, Bulk};
use domain::UnixMs;
use invite::{InviteButton, InviteDialog};
pub(crate) use invite::{InviteLink, InviteLinkProps};
use leptos::prelude::*;
pub(super) use pager::{Pages, around, found, range};
pub(super) use rows::{Known, RoleCell, StatusBadge, labels};
use rows::{Reader, Rows};
use toolbar::{Chip, Export, Toolbar};

/// Who is in the team: one page of what was asked for.
#[component]
pub(super) fn MembersPage(shell: Shell, data: Members, now: UnixMs) -> impl IntoView {
    let Members { query, rows, page, pages, total, and_more, may_manage, notice, bulk, invite, groups, .. } = data;
    let Members { me, may_change_super_admins, provider, from_directory, sure, .. } = data;
    let path = Section::Members.path(&shell.team.slug);
    let range = range(page, pages, total, and_more, rows.len() as i64);
    let to = around(&rows, query.clone(), path.clone(), page);
    let (none, all) = (rows.is_empty(), path.clone());
    let in_group = (!query.group.is_empty()).then(|| {
        let named = groups.offered.iter().find(|(id, _)| *id == query.group).map(|(_, name)| name.clone());
        let group = may_manage.then(|| [&Section::Groups.path(&shell.team.slug), "/", &query.group].concat());
        (named, group)
    });
    let who = if may_manage { "" } else { " Admins and Super Admins can change them." };
    let lead = [&lead(&shell.team.name, provider.as_deref(), from_directory), who].concat();
    let export = query.address(&[&path, "/export"].concat(), &[]);
    let done = notice.map(|notice| done(notice, bulk.changed));
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
        <Said done=done refused=bulk.problem.clone()/>
        <Toolbar query=query.clone() path=path.clone() total=total and_more=and_more groups=groups/>
        {in_group.map(|(name, group)| view! { <Chip query=query.clone() name=name group=group path=path.clone()/> })}
        <section class="card" aria-label="Members">
            {if none {
                view! {
                    <Empty title="No members match">
                        "Nobody is found by this search and these filters. "
                        <a href=all>"Show all members"</a> ", or look for a part of a name or address."
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
            let (of, verb) = (thousands(all), if count == 1 { "comes" } else { "come" });
            let members = if all == 1 { "member" } else { "members" };
            format!(
                "{} of {of} {members} {verb} from {provider}. Their details and groups are changed there.",
                thousands(count)
            )
        }
        (Some(provider), Some((None, _))) => {
            format!("The details and groups of members who come from {provider} are changed there.")
        }
        _ => ["The people of ", team, ", what they may do, and where they come from."].concat(),
    }
}

/// What was done; after a change of several, to how many.
fn done(notice: MemberNotice, changed: Option<i64>) -> String {
    match (notice, changed) {
        (MemberNotice::RolesChanged, Some(0)) => {
            "Nothing was changed: the roles of everybody who was chosen are like this already.".to_owned()
        }
        (MemberNotice::RolesChanged, Some(count)) => {
            let members = if count == 1 { " member" } else { " members" };
            ["The roles were changed: ", &thousands(count), members, ". They count from now on."].concat()
        }
        _ => notice.words().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lead_says_where_members_come_from() {
        let says = |directory| lead("Acme", Some("Okta"), directory);
        assert_eq!(
            says(Some((Some(45), 48))),
            "45 of 48 members come from Okta. Their details and groups are changed there."
        );
        assert!(says(Some((Some(1), 2))).starts_with("1 of 2 members comes from Okta."));
        assert!(says(Some((None, 90_000))).contains("members who come from Okta"));
        assert!(says(Some((Some(0), 2))).starts_with("The people of Acme"));
        assert!(lead("Acme", None, None).starts_with("The people of Acme"));
    }

    #[test]
    fn a_change_of_several_says_of_how_many() {
        assert!(done(MemberNotice::RolesChanged, Some(0)).starts_with("Nothing was changed"));
        assert!(done(MemberNotice::RolesChanged, Some(1)).contains("1 member."));
        assert!(done(MemberNotice::RolesChanged, Some(2)).contains("2 members."));
        assert_eq!(done(MemberNotice::Removed, Some(2)), MemberNotice::Removed.words());
    }
}
