//! The page that stays closed, and who can help. Status 403.

use crate::{
    auth::SignedIn,
    http::visit::{Stop, Visit},
};
use app::model::{Content, Forbidden};
use axum::{http::StatusCode, response::Response};

pub(in crate::http) async fn forbidden(visit: &Visit, signed_in: &SignedIn, page: &str) -> Result<Response, Stop> {
    let helpers = visit.state.store.team_admins(&signed_in.me.team.id, &signed_in.me.member_id).await?;
    let content = Content::Forbidden(Forbidden { page: page.to_owned(), helpers });
    Ok(visit.team_page(StatusCode::FORBIDDEN, signed_in, content))
}
