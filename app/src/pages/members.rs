//! `/teams/{slug}/settings/members`: who is in the team, what they may do, and where they come from.

mod bulk;
mod invite;
mod pager;
mod rows;
mod toolbar;

use crate::{
    components::{
        empty::Empty,
        head::{Head, LEAD},
        said::Said,
        shell::Section,
    },
    model::{Members, Shell},
};
use bulk::Bulk;
use domain::UnixMs;
use invite::{InviteButton, InviteDialog};
pub(crate) use invite::{InviteLink, InviteLinkProps};
use leptos::prelude::*;
pub(super) use pager::{Pages, around, found, range};
use rows::Rows;
pub(super) use rows::{Known, RolesCell, StatusBadge, labels};
use toolbar::{Chip, Toolbar};

/// Who is in the team: one page of what was asked for.
#[component]
pub(super) fn MembersPage(shell: Shell, data: Members, now: UnixMs) -> impl IntoView {
    let Members { query, rows, page, pages, total, and_more, may_manage, notice, bulk, invite, groups } = data;
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
    let lead = ["The people of ", &shell.team.name, ", what they may do, and where they come from.", who].concat();
    view! {
        <Head title="Members".to_owned() lead=lead>
            <InviteButton may_manage=may_manage who=LEAD/>
        </Head>
        {may_manage.then(|| view! { <InviteDialog form=invite path=path.clone()/> })}
        <Said done=notice.map(|notice| notice.words().to_owned()) refused=bulk.problem.clone()/>
        <Toolbar query=query.clone() path=path.clone() total=total and_more=and_more may_manage=may_manage groups=groups/>
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
                let chosen = may_manage.then(|| bulk.chosen.clone());
                let path = path.clone();
                view! { <Rows rows=rows path=path label=label sort=query.sort chosen=chosen now=now/> }
                    .into_any()
            }}
            {(!none && may_manage)
                .then(|| view! { <Bulk path=path.clone() query=query.clone() role=bulk.role/> })}
            {(!none).then(|| view! { <Pages range=range to=to page=page pages=pages/> })}
        </section>
    }
}
