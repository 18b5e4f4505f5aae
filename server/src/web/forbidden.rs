//! The 403 page, with the members who can help, and the 404 page for a resource that the team does not have (any longer).

use crate::{
    auth::SignedIn,
    web::request::{PageError, PageRequest},
};
use app::model::{Forbidden, Gone};
use app::pages::Content;
use axum::{http::StatusCode, response::Response};

pub(super) async fn forbidden(request: &PageRequest, signed_in: &SignedIn, page: &str) -> Result<Response, PageError> {
    let helpers = request.state.store.team_admins(&signed_in.me.team.id, &signed_in.me.member_id).await?;
    let helpers = helpers.into_iter().map(|helper| (helper.name, helper.email)).collect();
    let content = Content::Forbidden(Forbidden { page: page.to_owned(), helpers });
    Ok(request.team_page(StatusCode::FORBIDDEN, signed_in, content))
}

pub(super) fn gone(request: &PageRequest, signed_in: &SignedIn, what: Gone) -> Response {
    request.team_page(StatusCode::NOT_FOUND, signed_in, Content::Gone(what))
}
