//! `GET /teams/{slug}/settings/members?page=N`.

use crate::{
    http::visit::{Stop, Visit},
    store::{MemberRow, Source, Status},
};
use app::model::{Content, Member, MemberStatus, Members};
use axum::{extract::Path, http::StatusCode, response::Response};

/// Members on one page.
const SIZE: i64 = 50;

pub(in crate::http) async fn members(visit: Visit, Path(slug): Path<String>) -> Result<Response, Stop> {
    let signed_in = visit.in_team(&slug).await?;
    let team = &signed_in.me.team;
    let pages = ((team.member_count + SIZE - 1) / SIZE).max(1);
    let asked = visit.query_value("page").and_then(|page| page.parse().ok()).unwrap_or(1);
    let page = i64::clamp(asked, 1, pages);
    let rows = visit.state.store.members_page(&team.id, page, SIZE).await?;
    let members = Members { rows: rows.into_iter().map(listed).collect(), page, pages, total: team.member_count };
    Ok(visit.team_page(StatusCode::OK, &signed_in, Content::Members(members)))
}

fn listed(row: MemberRow) -> Member {
    let status = match row.status {
        Status::Active => MemberStatus::Active,
        Status::Invited => MemberStatus::Invited,
        Status::Deactivated | Status::Deleted => MemberStatus::Deactivated,
    };
    let from_directory = row.source == Source::Directory;
    Member { name: row.name, email: row.email, roles: row.roles, status, from_directory }
}
