//! `GET /teams/{slug}/settings/groups`.

use crate::http::visit::{Stop, Visit};
use app::model::{Content, Groups};
use axum::{extract::Path, http::StatusCode, response::Response};

pub(in crate::http) async fn groups(visit: Visit, Path(slug): Path<String>) -> Result<Response, Stop> {
    let signed_in = visit.in_team(&slug).await?;
    let rows = visit.state.store.groups_all(&signed_in.me.team.id).await?;
    Ok(visit.team_page(StatusCode::OK, &signed_in, Content::Groups(Groups { rows })))
}
