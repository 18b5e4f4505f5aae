//! `GET /teams/{slug}/settings/groups/{id}?q=..&page=..&role=..&done=..`: only for Admins and Super Admins.

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
    let preview_role = request.query_value(GroupPage::ROLE).and_then(|name| group_role::parse(&name).ok());
    let entry = request.notice.clone().map(ActivityId::new);
    page(&request, &signed_in, StatusCode::OK, &id, GroupPageState { preview_role, entry, ..GroupPageState::default() })
        .await
}

/// What the page besides the group.
#[derive(Debug, Default)]
pub(super) struct GroupPageState {
    /// The role to preview.
    pub(super) preview_role: Option<Option<Role>>,
    /// The entry of the last change.
    pub(super) entry: Option<ActivityId>,
    /// Whether the group already gave the chosen role.
    pub(super) unchanged: bool,
    /// The error of the last change.
    pub(super) problem: Option<String>,
}

/// The page. Roles that may not change mappings get the 403 page.
pub(super) async fn page(
    request: &PageRequest,
    signed_in: &SignedIn,
    status: StatusCode,
    id: &str,
    page_state: GroupPageState,
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
    let member_count = search.is_empty().then_some(row.member_count);
    let results = members::find(store, &team.id, team.member_count, &at, &filter, member_count).await?;
    let managed_by = match team.scim_on {
        true => Some(store.provider_name(&team.id).await?.unwrap_or_else(|| "Your identity provider".to_owned())),
        false => None,
    };
    let preview = match page_state.preview_role {
        Some(to) => Some(preview::of((store, &team.id), signed_in.role(), &row, to).await?),
        None => None,
    };
    let notice = match &page_state.entry {
        Some(entry) => preview::notice(store, &team.id, entry).await?,
        None => None,
    };
    let page = GroupPage {
        members: GroupMembers {
            search,
            rows: results.rows,
            page: results.page,
            pages: results.pages,
            total: results.total,
            has_more: results.and_more,
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
        unchanged: page_state.unchanged.then(|| "No change. The group already assigned this.".to_owned()),
        problem: page_state.problem,
    };
    Ok(request.team_page(status, signed_in, Content::team(page)))
}
