//! `GET /`: redirects to the only team, or lists the teams that this browser is signed in to. `GET /teams/{slug}`: redirects to
//! the first page for the role.

use super::account;
use crate::web::{
    request::{PageError, PageRequest},
    see_other,
};
use app::{pages::Content, return_to};
use axum::{extract::Path, http::StatusCode, response::Response};

pub(super) async fn chooser(request: PageRequest) -> Result<Response, PageError> {
    let visitor = request.visitor().await?;
    Ok(match visitor.sign_ins() {
        [] => see_other("/sign-in"),
        [only] => see_other(&format!("/teams/{}", only.team.slug)),
        _ => request.bare_page(StatusCode::OK, Content::Chooser(visitor.teams())),
    })
}

/// `GET /teams/{slug}` and `/teams/{slug}/settings`: redirects to the page on which the role can change most.
pub(super) async fn team(request: PageRequest, Path(slug): Path<String>) -> Result<Response, PageError> {
    let signed_in = request.in_team(&slug).await?;
    Ok(if signed_in.role().manages_authentication() {
        see_other(&return_to::authentication_path(&slug))
    } else {
        see_other(&account::path(&signed_in.me.team.slug))
    })
}
