//! `GET /teams/{slug}/settings/groups/{id}?q=..&page=..&role=..&done=..`: Admins and Super Admins alone.

use super::preview;
use crate::{
    auth::SignedIn,
    web::{
        forbidden::{forbidden, gone},
        members,
        request::{PageError, PageRequest},
    },
};
use app::{
    form_encoding,
    model::{Gone, GroupMembers, GroupPage, MemberQuery},
    pages::Content,
};
use axum::{extract::Path, http::StatusCode, response::Response};
use domain::{group_role, id::ActivityId, role::Role, validation::text::fold};
use store::{InGroup, MemberFilter};

pub(in crate::web) async fn detail(
    request: PageRequest,
    Path((slug, id)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let signed_in = request.in_team(&slug).await?;
    let asked = request.query_value(GroupPage::ROLE).and_then(|name| group_role::parse(&name).ok());
    let done = request.done.clone().map(ActivityId::new);
    page(&request, &signed_in, StatusCode::OK, &id, GroupShown { asked, done, ..GroupShown::default() }).await
}

/// What the page shows beside the group.
#[derive(Debug, Default)]
pub(super) struct GroupShown {
    /// The role whose effect is asked for.
    pub(super) asked: Option<Option<Role>>,
    /// The entry of what was just done.
    pub(super) done: Option<ActivityId>,
    /// Did the group give the chosen role already?
    pub(super) unchanged: bool,
    /// Why the last change was not made.
    pub(super) problem: Option<String>,
}

/// The page; the 403 page for everyone who may not change what groups give.
pub(super) async fn page(
    request: &PageRequest,
    signed_in: &SignedIn,
    status: StatusCode,
    id: &str,
    shown: GroupShown,
) -> Result<Response, PageError> {
    if !signed_in.role().manages_authentication() {
        return forbidden(request, signed_in, "Groups").await;
    }
    let (store, team) = (&request.state.store, &signed_in.me.team);
    let Some(row) = store.group_row(&team.id, id).await? else { return Ok(gone(request, signed_in, Gone::Group)) };
    let pairs = form_encoding::parse(request.query());
    let at = members::ListPosition::of(&pairs);
    let search = at.query.search.clone();
    let at = at.of_query(MemberQuery { search: search.clone(), ..MemberQuery::default() });
    let in_group = InGroup { id: row.id.clone(), members: row.member_count };
    let filter = MemberFilter { search: fold(&search), group: Some(in_group), ..MemberFilter::default() };
    let known = search.is_empty().then_some(row.member_count);
    let found = members::find(store, &team.id, team.member_count, &at, &filter, known).await?;
    let managed_by = match team.scim_on {
        true => Some(store.provider_name(&team.id).await?.unwrap_or_else(|| "Your identity provider".to_owned())),
        false => None,
    };
    let preview = match shown.asked {
        Some(to) => Some(preview::of((store, &team.id), signed_in.role(), &row, to).await?),
        None => None,
    };
    let notice = match &shown.done {
        Some(entry) => preview::notice(store, &team.id, entry).await?,
        None => None,
    };
    let page = GroupPage {
        members: GroupMembers {
            search,
            rows: found.rows,
            page: found.page,
            pages: found.pages,
            total: found.total,
            and_more: found.and_more,
        },
        id: row.id,
        name: row.name,
        external_id: row.external_id,
        managed_by,
        member_count: row.member_count,
        role: row.role,
        created_at: row.created_at,
        updated_at: row.updated_at,
        preview,
        notice,
        unchanged: shown.unchanged.then(|| "No change. The group already assigned this.".to_owned()),
        problem: shown.problem,
    };
    Ok(request.team_page(status, signed_in, Content::team(page)))
}
