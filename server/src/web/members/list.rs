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
use store::{
    ExpectedSize, InGroup, LARGE, MemberFilter, MemberRow, MemberStatus, PageStart, RowGroups, SearchResult, Store,
    StoreError,
};

/// Members on one page.
const SIZE: i64 = 50;
/// Results are counted up to here. This is also the largest offset of a page from a known place.
const COUNTED: i64 = 1_000;
/// The named groups of a member. The others are counted.
const NAMED: i64 = 2;
/// Upper bound of the groups in the filter. The other groups have their own page.
const OFFERED: i64 = 200;

pub(in crate::web) async fn list(request: PageRequest, Path(slug): Path<String>) -> Result<Response, PageError> {
    let signed_in = request.in_team(&slug).await?;
    let pairs = form_encoding::parse(request.query());
    let notice = request.notice.as_deref().and_then(MemberNotice::from_name);
    let chosen = pairs.iter().filter(|(name, _)| name == "member").map(|(_, id)| id.clone()).collect();
    let role = value(&pairs, "chosen").and_then(|name| Role::from_name(&name));
    let changed = value(&pairs, "changed").and_then(|changed| changed.parse().ok());
    let bulk = BulkChange { selected_ids: chosen, role, changed_count: changed, ..BulkChange::default() };
    let (sure, bulk) = match bulk_preview::preview(&request, &signed_in, &pairs, &bulk).await? {
        BulkPreview::About(effect) => (Some(effect), bulk),
        BulkPreview::Refused(refused) => (None, BulkChange { refusals: refused, ..bulk }),
        BulkPreview::Unchanged => (None, BulkChange { unchanged: true, ..bulk }),
        BulkPreview::Nothing => (None, bulk),
    };
    let invited = InviteState { sure, ..InviteState::of(&pairs) };
    let content = content(&request, &signed_in, ListPosition::of(&pairs), notice, bulk, invited).await?;
    Ok(request.team_page(StatusCode::OK, &signed_in, content))
}

pub(in crate::web) fn path(slug: &str) -> String {
    ["/teams/", slug, "/settings/members"].concat()
}

/// The query, and the place in the list.
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

/// One page of the matching members.
pub(in crate::web) struct MemberResults {
    pub(in crate::web) rows: Vec<Member>,
    pub(in crate::web) page: i64,
    pub(in crate::web) pages: i64,
    pub(in crate::web) total: i64,
    pub(in crate::web) and_more: bool,
}

/// The page, with a returned form or a notice.
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

/// The dialogs: the returned invite form, and the confirmation of a change to several members.
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
        Self { open, sent: SubmittedForm { values: typed, ..SubmittedForm::default() }, taken: None, sure: None }
    }
}

/// The page's content.
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
    // The count of the team and of each group is stored.
    let known = match &filter.group {
        None if filter.is_everybody() => Some(team.member_count),
        Some(group) if filter == MemberFilter::of_group(group.clone()) => Some(group.members),
        _ => None,
    };
    let results = find(store, &team.id, team.member_count, &at, &filter, known).await?;
    let provider = match team.scim_on {
        true => Some(store.provider_name(&team.id).await?.unwrap_or_else(|| "your identity provider".to_owned())),
        false => None,
    };
    let from_directory = match provider {
        Some(_) => {
            let others = store.members_outside_directory(&team.id, COUNTED + 1).await?;
            Some(((others <= COUNTED).then_some(team.member_count - others), team.member_count))
        }
        None => None,
    };
    let invite = InviteForm {
        open: invited.open,
        submission: invited.sent,
        existing_member: invited.taken,
        may_invite_super_admins: signed_in.role() == Role::SuperAdmin,
        provider: provider.clone().filter(|_| signed_in.role().manages_authentication()),
    };
    let may_manage = signed_in.role().manages_authentication();
    // Roles that cannot change members do not see which of them are break-glass members either.
    let hide_break_glass = |member: Member| {
        let row = MemberRow { break_glass: member.row.break_glass && may_manage, ..member.row };
        Member { row, ..member }
    };
    let members = Members {
        query: at.query,
        rows: results.rows.into_iter().map(hide_break_glass).collect(),
        page: results.page,
        pages: results.pages,
        total: results.total,
        has_more: results.and_more,
        may_manage,
        notice,
        notice_subject: request.done_about.clone(),
        bulk,
        groups,
        invite,
        me: signed_in.me.member_id.clone(),
        may_change_super_admins: signed_in.role() == Role::SuperAdmin,
        provider,
        from_directory,
        preview: invited.sure,
    };
    Ok(Content::team(members))
}

/// One page of the members that match `filter`, in the order and at the place of `at`. `known_total`: their count, if it is stored.
/// `team_size`: the count of the team's members.
pub(in crate::web) async fn find(
    store: &Store,
    team: &TeamId,
    team_size: i64,
    at: &ListPosition,
    filter: &MemberFilter,
    known_total: Option<i64>,
) -> Result<MemberResults, StoreError> {
    let order = at.query.sort;
    let results = searched(store, team, team_size, filter).await?;
    let known_total = known_total.or(results.as_ref().map(SearchResult::count));
    let place = at.after.clone().map(PageStart::After).or(at.before.clone().map(PageStart::Before));
    // A small team is counted completely. A large one is counted completely only for a page number beyond the counted pages.
    let by_number = place.is_none() && at.page > COUNTED / SIZE;
    let most = if by_number { i64::MAX } else { count_limit(team_size) };
    let count = match known_total {
        Some(known_total) => known_total,
        None => store.members_count(team, filter, most).await?,
    };
    let and_more = known_total.is_none() && count >= most;
    let total = if and_more { COUNTED } else { count };
    let known_pages = ((total + SIZE - 1) / SIZE).max(1);
    let amount = if count > COUNTED || filter.is_everybody() { ExpectedSize::Many } else { ExpectedSize::Few };
    let list = async |place: &PageStart, size| match &results {
        Some(results) => store.members_search_page(team, results, order, place, size).await,
        None => store.members_list(team, (filter, amount), order, place, size).await,
    };

    let (mut page, mut rows) = (at.page.max(1), Vec::new());
    if let Some(place) = &place {
        // One row more than the page shows whether there are more.
        rows = list(place, if at.after.is_some() { SIZE + 1 } else { SIZE }).await?;
    }
    if rows.is_empty() {
        page = page.min(known_pages);
        // From the end, if that is nearer.
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
    let rows = with_groups(store, team, rows).await?;
    Ok(MemberResults { rows, page: page.min(pages), pages, total, and_more })
}

/// The upper bound of counting.
const fn count_limit(team_size: i64) -> i64 {
    if team_size < LARGE { LARGE } else { COUNTED + 1 }
}

/// The rows with their groups and, for deactivated members, the end of their access.
async fn with_groups(store: &Store, team: &TeamId, rows: Vec<MemberRow>) -> Result<Vec<Member>, StoreError> {
    let off = |row: &&MemberRow| row.status == MemberStatus::Deactivated;
    let ids: Vec<&MemberId> = rows.iter().map(|row| &row.id).collect();
    let mut groups = store.members_groups(team, &ids, NAMED).await?;
    let ids: Vec<&MemberId> = rows.iter().filter(off).map(|row| &row.id).collect();
    let mut ends = store.members_deactivated(team, &ids).await?;
    let member = |row: MemberRow| {
        let (groups, end) = (groups.remove(&row.id).unwrap_or_default(), ends.remove(&row.id));
        member_model(row, groups, end)
    };
    Ok(rows.into_iter().map(member).collect())
}

/// The matches of the filter in a large team, if the index in memory can compute them.
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
    // An index of the database serves the whole team and all members of a group.
    if searches || !filter.is_everybody() && filter.group.is_none() {
        return store.members_search(team, filter).await;
    }
    Ok(None)
}

/// The groups of the filter. The selected one is always among them.
async fn groups(store: &Store, team: &TeamId, group_id: &str) -> Result<(GroupChoice, Option<InGroup>), StoreError> {
    let mut offered = store.group_names(team, OFFERED + 1).await?;
    let more = offered.len() as i64 > OFFERED;
    offered.truncate(usize::try_from(OFFERED).unwrap_or_default());
    let selected = find_group(store, team, group_id).await?;
    if let Some((group, Some(name))) = &selected
        && !offered.iter().any(|(id, _)| *id == group.id)
    {
        offered.push((group.id.clone(), name.clone()));
    }
    Ok((GroupChoice { options: offered, has_more: more }, selected.map(|(group, _)| group)))
}

/// The group with this id, and its name. A group that the team does not have has no members and no name.
async fn find_group(
    store: &Store,
    team: &TeamId,
    group_id: &str,
) -> Result<Option<(InGroup, Option<String>)>, StoreError> {
    if group_id.is_empty() {
        return Ok(None);
    }
    Ok(Some(match store.group_row(team, group_id).await? {
        Some(row) => (InGroup { id: row.id, members: row.member_count }, Some(row.name)),
        None => (InGroup { id: String::new(), members: 0 }, None),
    }))
}

/// The filter for the store.
pub(in crate::web) async fn whole_filter(
    store: &Store,
    team: &TeamId,
    query: &MemberQuery,
) -> Result<MemberFilter, StoreError> {
    let group = find_group(store, team, &query.group).await?.map(|(group, _)| group);
    Ok(MemberFilter { group, ..filter(query) })
}

/// The filter without its group.
fn filter(query: &MemberQuery) -> MemberFilter {
    MemberFilter {
        group: None,
        search: fold(&query.search),
        status: query.status,
        source: query.source,
        role: query.role,
    }
}

fn member_model(row: MemberRow, groups: RowGroups, end: Option<(ActivityActor, UnixMs)>) -> Member {
    let by = |actor| match actor {
        ActivityActor::Member { name } => name,
        ActivityActor::Provider { key_name, .. } => key_name,
        ActivityActor::Operator => "the operator".to_owned(),
        ActivityActor::System => "Rollcall".to_owned(),
    };
    Member { row, groups, deactivated: end.map(|(actor, at)| (by(actor), at)) }
}
