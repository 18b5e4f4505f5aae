//! `GET /teams/{slug}/settings/members?q=..&status=..&source=..&role=..&group=..&sort=..&page=..`.

use super::bulk_preview::{self, BulkPreview};
use crate::{
    auth::SignedIn,
    web::request::{PageError, PageRequest, value},
};
use app::{
    form_encoding,
    model::{
        BulkChange, BulkEffect, GroupChoice, InviteForm, Member, MemberNotice, MemberQuery, Members, SubmittedForm,
    },
    pages::Content,
    return_to,
};
use axum::{extract::Path, http::StatusCode, response::Response};
use domain::{
    UnixMs,
    activity::ActivityActor,
    id::{MemberId, TeamId},
    role::Role,
    validation::text::fold,
};
use std::str::FromStr as _;
use store::{
    ExpectedSize, InGroup, LARGE, MemberFilter, MemberRow, MemberStatus, PageStart, RowGroups, SearchResult, Store,
    StoreError,
};

/// Members on one page.
const SIZE: i64 = 50;
/// What is found is counted up to here. So many members are also the furthest that a page may be from one that is known.
const COUNTED: i64 = 1_000;
/// The names that are shown of a member's groups; the others are counted.
const NAMED: i64 = 2;
/// So many groups can be chosen here; the others on their own page.
const OFFERED: i64 = 200;

pub(in crate::web) async fn list(request: PageRequest, Path(slug): Path<String>) -> Result<Response, PageError> {
    let signed_in = request.in_team(&slug).await?;
    let pairs = form_encoding::parse(request.query());
    let notice = request.done.as_deref().and_then(MemberNotice::parse);
    let chosen = pairs.iter().filter(|(name, _)| name == "member").map(|(_, id)| id.clone()).collect();
    let role = value(&pairs, "chosen").and_then(|name| Role::from_str(&name).ok());
    let changed = value(&pairs, "changed").and_then(|changed| changed.parse().ok());
    let bulk = BulkChange { chosen, role, changed, ..BulkChange::default() };
    let (sure, bulk) = match bulk_preview::preview(&request, &signed_in, &pairs, &bulk).await? {
        BulkPreview::About(effect) => (Some(effect), bulk),
        BulkPreview::Refused(refused) => (None, BulkChange { refused, ..bulk }),
        BulkPreview::Unchanged => (None, BulkChange { unchanged: true, ..bulk }),
        BulkPreview::Nothing => (None, bulk),
    };
    let invited = InviteState { sure, ..InviteState::of(&pairs) };
    let content = content(&request, &signed_in, ListPosition::of(&pairs), notice, bulk, invited).await?;
    Ok(request.team_page(StatusCode::OK, &signed_in, content))
}

/// The list's path.
pub(in crate::web) fn path(slug: &str) -> String {
    ["/teams/", slug, "/settings/members"].concat()
}

/// What is asked for, and from where on.
pub(in crate::web) struct ListPosition {
    pub(in crate::web) query: MemberQuery,
    page: i64,
    after: Option<MemberId>,
    before: Option<MemberId>,
}

impl ListPosition {
    pub(in crate::web) fn of(pairs: &[(String, String)]) -> Self {
        let id = |name| value(pairs, name).filter(|id| !id.is_empty()).map(MemberId::new);
        Self {
            query: MemberQuery::parse(pairs),
            page: value(pairs, "page").and_then(|page| page.parse().ok()).unwrap_or(1),
            after: id("after"),
            before: id("before"),
        }
    }

    /// The same place in another list.
    pub(in crate::web) fn of_query(self, query: MemberQuery) -> Self {
        Self { query, ..self }
    }
}

/// One page of the members that were asked for.
pub(in crate::web) struct MemberResults {
    pub(in crate::web) rows: Vec<Member>,
    pub(in crate::web) page: i64,
    pub(in crate::web) pages: i64,
    pub(in crate::web) total: i64,
    pub(in crate::web) and_more: bool,
}

/// The page, with what came back or was done.
pub(in crate::web) async fn page(
    request: &PageRequest,
    signed_in: &SignedIn,
    status: StatusCode,
    at: ListPosition,
    notice: Option<MemberNotice>,
    bulk: BulkChange,
) -> Result<Response, PageError> {
    let content = content(request, signed_in, at, notice, bulk, InviteState::default()).await?;
    Ok(request.team_page(status, signed_in, content))
}

/// The dialogs: the form that invites someone, as it came back, and what is asked before several are changed.
#[derive(Debug, Default)]
pub(in crate::web) struct InviteState {
    pub(in crate::web) sure: Option<BulkEffect>,
    pub(in crate::web) open: bool,
    pub(in crate::web) sent: SubmittedForm,
    pub(in crate::web) taken: Option<(String, String)>,
}

impl InviteState {
    /// From the address of the page.
    fn of(pairs: &[(String, String)]) -> Self {
        let open = value(pairs, return_to::DIALOG).as_deref() == Some(InviteForm::ID);
        let is_its = |(name, _): &&(String, String)| matches!(name.as_str(), InviteForm::EMAIL | InviteForm::ROLE);
        let typed = if open { pairs.iter().filter(is_its).cloned().collect() } else { Vec::new() };
        Self { open, sent: SubmittedForm { typed, ..SubmittedForm::default() }, taken: None, sure: None }
    }
}

/// What the page shows.
pub(in crate::web) async fn content(
    request: &PageRequest,
    signed_in: &SignedIn,
    at: ListPosition,
    notice: Option<MemberNotice>,
    bulk: BulkChange,
    invited: InviteState,
) -> Result<Content, PageError> {
    let (store, team) = (&request.state.store, &signed_in.me.team);
    let (groups, in_group) = groups(store, &team.id, &at.query.group).await?;
    let filter = MemberFilter { group: in_group, ..filter(&at.query) };
    // The team and its groups are counted already.
    let known = match &filter.group {
        None if filter.is_everybody() => Some(team.member_count),
        Some(group) if filter == MemberFilter::of_group(group.clone()) => Some(group.members),
        _ => None,
    };
    let found = find(store, &team.id, team.member_count, &at, &filter, known).await?;
    let provider = match team.scim_on {
        true => Some(store.provider_name(&team.id).await?.unwrap_or_else(|| "your identity provider".to_owned())),
        false => None,
    };
    let from_directory = match provider {
        Some(_) => {
            let others = store.members_from_elsewhere(&team.id, COUNTED + 1).await?;
            Some(((others <= COUNTED).then_some(team.member_count - others), team.member_count))
        }
        None => None,
    };
    let invite = InviteForm {
        open: invited.open,
        sent: invited.sent,
        taken: invited.taken,
        may_invite_super_admins: signed_in.role() == Role::SuperAdmin,
        provider: provider.clone().filter(|_| signed_in.role().manages_authentication()),
    };
    let may_manage = signed_in.role().manages_authentication();
    // Who cannot change members does not learn either which of them are the ways in for emergencies.
    let shown = |member: Member| {
        let row = MemberRow { break_glass: member.row.break_glass && may_manage, ..member.row };
        Member { row, ..member }
    };
    let members = Members {
        query: at.query,
        rows: found.rows.into_iter().map(shown).collect(),
        page: found.page,
        pages: found.pages,
        total: found.total,
        and_more: found.and_more,
        may_manage,
        notice,
        done_about: request.done_about.clone(),
        bulk,
        groups,
        invite,
        me: signed_in.me.member_id.clone(),
        may_change_super_admins: signed_in.role() == Role::SuperAdmin,
        provider,
        from_directory,
        sure: invited.sure,
    };
    Ok(Content::team(members))
}

/// One page of what `filter` finds, in the order and at the place of `at`. `known`: how many there are, where that need not
/// be counted; `team_size`: how many members the team has.
pub(in crate::web) async fn find(
    store: &Store,
    team: &TeamId,
    team_size: i64,
    at: &ListPosition,
    filter: &MemberFilter,
    known: Option<i64>,
) -> Result<MemberResults, StoreError> {
    let order = at.query.sort;
    let hits = searched(store, team, team_size, filter).await?;
    let known = known.or(hits.as_ref().map(SearchResult::count));
    let place = at.after.clone().map(PageStart::After).or(at.before.clone().map(PageStart::Before));
    // A small team is counted whole, and a large one for anyone who asks for a page that only an exact count can number.
    let by_number = place.is_none() && at.page > COUNTED / SIZE;
    let most = if by_number { i64::MAX } else { if_small(team_size) };
    let counted = match known {
        Some(known) => known,
        None => store.members_count(team, filter, most).await?,
    };
    let and_more = known.is_none() && counted >= most;
    let total = if and_more { COUNTED } else { counted };
    let known_pages = ((total + SIZE - 1) / SIZE).max(1);
    let amount = if counted > COUNTED || filter.is_everybody() { ExpectedSize::Many } else { ExpectedSize::Few };
    let list = async |place: &PageStart, size| match &hits {
        Some(hits) => store.members_found(team, hits, order, place, size).await,
        None => store.members_list(team, (filter, amount), order, place, size).await,
    };

    let (mut page, mut rows) = (at.page.max(1), Vec::new());
    if let Some(place) = &place {
        // One more than is shown says whether there are more.
        rows = list(place, if at.after.is_some() { SIZE + 1 } else { SIZE }).await?;
    }
    if rows.is_empty() {
        page = page.min(known_pages);
        // From the end where that is nearer.
        let (place, size) = if !and_more && page > known_pages / 2 && page > 1 {
            let behind = (total - page * SIZE).max(0);
            (PageStart::End(behind), if page == known_pages { total - (page - 1) * SIZE } else { SIZE })
        } else {
            (PageStart::Start((page - 1) * SIZE), SIZE + 1)
        };
        rows = list(&place, size).await?;
    }
    let more = rows.len() as i64 > SIZE || at.before.is_some();
    rows.truncate(usize::try_from(SIZE).unwrap_or_default());
    let pages = if and_more { known_pages.max(if more { page + 1 } else { page }) } else { known_pages };
    let rows = with_beside(store, team, rows).await?;
    Ok(MemberResults { rows, page: page.min(pages), pages, total, and_more })
}

/// Up to where is counted.
const fn if_small(team_size: i64) -> i64 {
    if team_size < LARGE { LARGE } else { COUNTED + 1 }
}

/// The rows, with what stands beside them.
async fn with_beside(store: &Store, team: &TeamId, rows: Vec<MemberRow>) -> Result<Vec<Member>, StoreError> {
    let off = |row: &&MemberRow| row.status == MemberStatus::Deactivated;
    let ids: Vec<&MemberId> = rows.iter().map(|row| &row.id).collect();
    let mut groups = store.members_groups(team, &ids, NAMED).await?;
    let ids: Vec<&MemberId> = rows.iter().filter(off).map(|row| &row.id).collect();
    let mut ended = store.members_deactivated(team, &ids).await?;
    let shown = |row: MemberRow| {
        let (groups, ended) = (groups.remove(&row.id).unwrap_or_default(), ended.remove(&row.id));
        listed(row, groups, ended)
    };
    Ok(rows.into_iter().map(shown).collect())
}

/// Whom the filter finds in a large team, as far as that is known in memory.
async fn searched(
    store: &Store,
    team: &TeamId,
    team_size: i64,
    filter: &MemberFilter,
) -> Result<Option<SearchResult>, StoreError> {
    let searches = !filter.search.is_empty();
    if team_size < LARGE {
        return Ok(None);
    }
    if !searches {
        store.member_index_prepare(team);
    }
    // Everyone, and all of a group, stand in an index.
    if searches || !filter.is_everybody() && filter.group.is_none() {
        return store.members_search(team, filter).await;
    }
    Ok(None)
}

/// The groups that can be asked for, and the one with the id `asked`, which is then among them.
async fn groups(store: &Store, team: &TeamId, asked: &str) -> Result<(GroupChoice, Option<InGroup>), StoreError> {
    let mut offered = store.group_names(team, OFFERED + 1).await?;
    let more = offered.len() as i64 > OFFERED;
    offered.truncate(usize::try_from(OFFERED).unwrap_or_default());
    let in_group = in_group(store, team, asked).await?;
    if let Some((group, Some(name))) = &in_group
        && !offered.iter().any(|(id, _)| *id == group.id)
    {
        offered.push((group.id.clone(), name.clone()));
    }
    Ok((GroupChoice { offered, more }, in_group.map(|(group, _)| group)))
}

/// The group with the id `asked`, and its name. One that the team does not have is without members and without a name.
async fn in_group(store: &Store, team: &TeamId, asked: &str) -> Result<Option<(InGroup, Option<String>)>, StoreError> {
    if asked.is_empty() {
        return Ok(None);
    }
    Ok(Some(match store.group_row(team, asked).await? {
        Some(row) => (InGroup { id: row.id, members: row.member_count }, Some(row.name)),
        None => (InGroup { id: String::new(), members: 0 }, None),
    }))
}

/// What is asked for, as the database knows it.
pub(in crate::web) async fn whole_filter(
    store: &Store,
    team: &TeamId,
    query: &MemberQuery,
) -> Result<MemberFilter, StoreError> {
    let group = in_group(store, team, &query.group).await?.map(|(group, _)| group);
    Ok(MemberFilter { group, ..filter(query) })
}

/// The same, whatever the group is.
fn filter(query: &MemberQuery) -> MemberFilter {
    MemberFilter {
        group: None,
        search: fold(&query.search),
        status: query.status,
        source: query.source,
        role: query.role,
    }
}

fn listed(row: MemberRow, groups: RowGroups, ended: Option<(ActivityActor, UnixMs)>) -> Member {
    let by = |actor| match actor {
        ActivityActor::Member { name } => name,
        ActivityActor::Provider { key_name, .. } => key_name,
        ActivityActor::Operator => "the operator".to_owned(),
        ActivityActor::System => "Rollcall".to_owned(),
    };
    Member { row, groups, deactivated: ended.map(|(actor, at)| (by(actor), at)) }
}
