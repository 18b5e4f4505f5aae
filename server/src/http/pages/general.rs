//! `GET /teams/{slug}/settings/general`.

use crate::http::visit::{Stop, Visit};
use app::model::{Content, General};
use axum::{extract::Path, http::StatusCode, response::Response};

pub(in crate::http) async fn general(visit: Visit, Path(slug): Path<String>) -> Result<Response, Stop> {
    let signed_in = visit.in_team(&slug).await?;
    let general = General { created_at: signed_in.me.team.created_at, contact: visit.state.config.contact.clone() };
    Ok(visit.team_page(StatusCode::OK, &signed_in, Content::General(general)))
}
