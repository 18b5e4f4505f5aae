//! `GET /teams/{slug}/settings/groups?q=..&sort=..&page=..`.

use crate::web::request::{PageError, PageRequest, value};
use app::{
    form_encoding,
    model::{GroupLine, GroupQuery, Groups},
    pages::Content,
};
use axum::{extract::Path, http::StatusCode, response::Response};
use domain::validation::text::fold;
use store::GroupRow;

/// Groups on one page.
const SIZE: i64 = 50;

pub(in crate::web) async fn list(request: PageRequest, Path(slug): Path<String>) -> Result<Response, PageError> {
    let signed_in = request.in_team(&slug).await?;
    let (store, team) = (&request.state.store, &signed_in.me.team);
    let pairs = form_encoding::parse(request.query());
    let query = GroupQuery::parse(&pairs);
    let search = fold(&query.search);
    let total = if search.is_empty() { team.group_count } else { store.groups_count(&team.id, &search).await? };
    let pages = ((total + SIZE - 1) / SIZE).max(1);
    let page = value(&pairs, "page").and_then(|page| page.parse().ok()).unwrap_or(1).clamp(1, pages);
    let rows = store.groups_list(&team.id, &search, query.sort, (page - 1) * SIZE, SIZE).await?;
    let groups = Groups {
        query,
        rows: rows.into_iter().map(group_line).collect(),
        page,
        pages,
        total,
        scim_on: team.scim_on,
        may_manage: signed_in.role().manages_authentication(),
    };
    Ok(request.team_page(StatusCode::OK, &signed_in, Content::team(groups)))
}

pub(super) fn path(slug: &str) -> String {
    ["/teams/", slug, "/settings/groups"].concat()
}

fn group_line(row: GroupRow) -> GroupLine {
    GroupLine { id: row.id, name: row.name, members: row.member_count, role: row.role, updated_at: row.updated_at }
}
