//! `GET /teams/{slug}/settings/members?q=..&status=..&source=..&role=..&sort=..&page=..`.

use crate::{
    auth::SignedIn,
    http::visit::{Stop, Visit, value},
    store::{self, MemberFilter, MemberRow, Place, Source, Status},
};
use app::{
    model::{
        BulkChange, Content, InviteForm, Member, MemberNotice, MemberQuery, MemberSort, MemberSource, MemberStatus,
        Members, Sent,
    },
    resume,
};
use axum::{extract::Path, http::StatusCode, response::Response};
use domain::{id::MemberId, role::Role, text::fold};
use std::str::FromStr as _;

/// Members on one page.
const SIZE: i64 = 50;
/// What is found is counted up to here. So many members are also the furthest that a page may be from one that is known.
const COUNTED: i64 = 1_000;

pub(in crate::http) async fn members(visit: Visit, Path(slug): Path<String>) -> Result<Response, Stop> {
    let signed_in = visit.in_team(&slug).await?;
    let pairs = resume::parse(visit.query());
    let notice = visit.query_value("done").and_then(|name| MemberNotice::parse(&name));
    let chosen = pairs.iter().filter(|(name, _)| name == "member").map(|(_, id)| id.clone()).collect();
    let role = value(&pairs, "chosen").and_then(|name| Role::from_str(&name).ok());
    let bulk = BulkChange { chosen, role, problem: None };
    let invited = Invited::of(&pairs);
    let content = content(&visit, &signed_in, At::of(&pairs), notice, bulk, invited).await?;
    Ok(visit.team_page(StatusCode::OK, &signed_in, content))
}

/// The list's path.
pub(in crate::http) fn path(slug: &str) -> String {
    ["/teams/", slug, "/settings/members"].concat()
}

/// What is asked for, and from where on.
pub(in crate::http) struct At {
    pub(in crate::http) query: MemberQuery,
    page: i64,
    after: Option<MemberId>,
    before: Option<MemberId>,
}

impl At {
    pub(in crate::http) fn of(pairs: &[(String, String)]) -> Self {
        let id = |name| value(pairs, name).filter(|id| !id.is_empty()).map(MemberId::new);
        Self {
            query: MemberQuery::parse(pairs),
            page: value(pairs, "page").and_then(|page| page.parse().ok()).unwrap_or(1),
            after: id("after"),
            before: id("before"),
        }
    }
}

/// The page, with what came back or was done.
pub(in crate::http) async fn page(
    visit: &Visit,
    signed_in: &SignedIn,
    status: StatusCode,
    at: At,
    notice: Option<MemberNotice>,
    bulk: BulkChange,
) -> Result<Response, Stop> {
    let content = content(visit, signed_in, at, notice, bulk, Invited::default()).await?;
    Ok(visit.team_page(status, signed_in, content))
}

/// The form that invites somebody, as it came back.
#[derive(Debug, Default)]
pub(in crate::http) struct Invited {
    pub(in crate::http) open: bool,
    pub(in crate::http) sent: Sent,
    pub(in crate::http) taken: Option<(String, String)>,
}

impl Invited {
    /// From the address of the page.
    fn of(pairs: &[(String, String)]) -> Self {
        let open = value(pairs, resume::DIALOG).as_deref() == Some(InviteForm::ID);
        let is_its = |(name, _): &&(String, String)| matches!(name.as_str(), InviteForm::EMAIL | InviteForm::ROLE);
        let typed = if open { pairs.iter().filter(is_its).cloned().collect() } else { Vec::new() };
        Self { open, sent: Sent { typed, ..Sent::default() }, taken: None }
    }
}

/// What the page shows.
pub(in crate::http) async fn content(
    visit: &Visit,
    signed_in: &SignedIn,
    at: At,
    notice: Option<MemberNotice>,
    bulk: BulkChange,
    invited: Invited,
) -> Result<Content, Stop> {
    let (store, team) = (&visit.state.store, &signed_in.me.team);
    let (filter, order) = (filter(&at.query), sort(at.query.sort));
    let counted = match filter.is_everybody() {
        true => team.member_count,
        false => store.members_count(&team.id, &filter, COUNTED + 1).await?,
    };
    let and_more = !filter.is_everybody() && counted > COUNTED;
    let total = if and_more { COUNTED } else { counted };
    let known_pages = ((total + SIZE - 1) / SIZE).max(1);
    let list = async |place: &Place, size| store.members_list(&team.id, &filter, order, place, size).await;

    let (mut page, mut rows) = (at.page.max(1), Vec::new());
    let place = at.after.clone().map(Place::After).or(at.before.clone().map(Place::Before));
    if let Some(place) = &place {
        // One more than is shown says whether there are more.
        rows = list(place, if at.after.is_some() { SIZE + 1 } else { SIZE }).await?;
    }
    if rows.is_empty() {
        page = page.min(known_pages);
        // From the end where that is nearer.
        let (place, size) = if !and_more && page > known_pages / 2 && page > 1 {
            let behind = (total - page * SIZE).max(0);
            (Place::End(behind), if page == known_pages { total - (page - 1) * SIZE } else { SIZE })
        } else {
            (Place::Start((page - 1) * SIZE), SIZE + 1)
        };
        rows = list(&place, size).await?;
    }
    let more = rows.len() as i64 > SIZE || at.before.is_some();
    rows.truncate(usize::try_from(SIZE).unwrap_or_default());
    let pages = if and_more { known_pages.max(if more { page + 1 } else { page }) } else { known_pages };
    let provider = match team.scim_on && signed_in.role().manages_authentication() {
        true => Some(store.provider_name(&team.id).await?.unwrap_or_else(|| "your identity provider".to_owned())),
        false => None,
    };
    let invite = InviteForm {
        open: invited.open,
        sent: invited.sent,
        taken: invited.taken,
        may_invite_super_admins: signed_in.role() == Role::SuperAdmin,
        provider,
    };
    let members = Members {
        query: at.query,
        rows: rows.into_iter().map(listed).collect(),
        page: page.min(pages),
        pages,
        total,
        and_more,
        may_manage: signed_in.role().manages_authentication(),
        notice,
        bulk,
        invite,
    };
    Ok(Content::Members(Box::new(members)))
}

/// What is asked for, as the database knows it.
pub(in crate::http) fn filter(query: &MemberQuery) -> MemberFilter {
    MemberFilter {
        search: fold(&query.search),
        status: query.status.map(|status| match status {
            MemberStatus::Active => Status::Active,
            MemberStatus::Invited => Status::Invited,
            MemberStatus::Deactivated => Status::Deactivated,
        }),
        source: query.source.map(|source| match source {
            MemberSource::Manual => Source::Manual,
            MemberSource::Invited => Source::Invited,
            MemberSource::Directory => Source::Directory,
        }),
        role: query.role,
    }
}

/// The order, as the database knows it.
pub(in crate::http) fn sort(sort: MemberSort) -> store::MemberSort {
    match sort {
        MemberSort::Name => store::MemberSort::Name,
        MemberSort::Email => store::MemberSort::Email,
        MemberSort::Newest => store::MemberSort::Newest,
    }
}

fn listed(row: MemberRow) -> Member {
    Member {
        status: status(row.status),
        source: source(row.source),
        id: row.id,
        name: row.name,
        email: row.email,
        own_roles: row.own_roles,
        group_roles: row.group_roles,
        last_sign_in_at: row.last_sign_in_at,
    }
}

/// What a member is, as pages show it.
pub(in crate::http) fn status(status: Status) -> MemberStatus {
    match status {
        Status::Active => MemberStatus::Active,
        Status::Invited => MemberStatus::Invited,
        Status::Deactivated | Status::Deleted => MemberStatus::Deactivated,
    }
}

/// Where a member comes from, as pages show it.
pub(in crate::http) fn source(source: Source) -> MemberSource {
    match source {
        Source::Manual => MemberSource::Manual,
        Source::Invited => MemberSource::Invited,
        Source::Directory => MemberSource::Directory,
    }
}
